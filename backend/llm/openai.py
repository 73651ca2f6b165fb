"""Any OpenAI-compatible endpoint, streamed through the ``openai`` client.

The client opens the request; the bytes of the answer are read here, because its own stream
builds a Pydantic model a token.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final, cast

import httpx2
from openai import APIConnectionError, APIStatusError, AsyncOpenAI

from backend.clock import Clock
from backend.errors import ModelFailedError, ModelUnavailableError
from backend.llm.endpoint import open_client
from backend.llm.limits import ProviderLimits
from backend.llm.reading import SLOW, TRANSPORT_ERRORS, Reading, body_of
from backend.llm.refusals import UNREACHABLE, asked_wait, is_retried, refusal
from backend.ports import ChatMessage, ModelChunk, TextChunk

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

__all__ = ["OpenAIModel", "ProviderLimits", "open_client"]

NO_STREAM: Final = {"text/html": "a web page", "application/json": "a single document"}


class OpenAIModel:
    """A model of an OpenAI-compatible endpoint, whatever transport its client has.

    Args:
        client: built once, and closed by ``close``.
        model: the model's name, as the endpoint knows it.
        limits: the patience.
        clock: for a ``Retry-After`` that is a date.
    """

    def __init__(
        self, client: AsyncOpenAI, model: str, limits: ProviderLimits, clock: Clock
    ) -> None:
        # the client's own retries would wait for two minutes where they are told to
        self._client = client.with_options(max_retries=0)
        # found once, as the service starts: the first look-up imports half of the SDK
        self._completions = self._client.chat.completions
        self._model = model
        self._limits = limits
        self._clock = clock

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self._model

    async def close(self) -> None:
        """Release the connections."""
        await self._client.close()

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[ModelChunk, None]:
        """Yield the answer's text as it comes, then exactly one ``Finish``, the last.

        Closing the generator, or cancelling the task that waits for it, closes the response.

        Raises:
            ModelUnavailableError: no answer began: not reached, refused, or silent.
            ModelFailedError: the answer can not be used: cut off, garbled, filtered, or never
                said to be finished. The text before the fault has been yielded.
        """
        due = asyncio.get_running_loop().time() + self._limits.first_token_seconds
        async with AsyncExitStack() as stack:
            response = await self._open(stack, messages, due)
            reading = Reading(body_of(response), self._limits, due)
            stack.push_async_callback(reading.close)
            while (piece := await reading.next()) is not None:
                if text := reading.take(piece):
                    yield TextChunk(text)
                if reading.fault is not None:
                    raise reading.fault
                reading.renew(spoke=bool(text))
                if text and self._limits.pause_seconds and reading.answer.ending is None:
                    # a token is often a read of its own; those that come now are read together
                    await asyncio.sleep(self._limits.pause_seconds)
            if rest := reading.answer.rest():
                yield TextChunk(rest)
            yield reading.answer.finish()
            await reading.linger()

    async def _open(
        self, stack: AsyncExitStack, messages: Sequence[ChatMessage], due: float
    ) -> httpx2.Response:
        try:
            async with asyncio.timeout_at(due):
                response = await self._attempts(stack, messages)
        except TimeoutError:
            raise ModelUnavailableError(SLOW) from None
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media in NO_STREAM:
            raise ModelFailedError(
                f"The language model's provider answered with {NO_STREAM[media]} where a stream"
                " was expected."
            )
        return response

    async def _attempts(
        self, stack: AsyncExitStack, messages: Sequence[ChatMessage]
    ) -> httpx2.Response:
        waits = iter(self._limits.retry_waits)
        while True:
            try:
                return await self._attempt(stack, messages)
            except APIStatusError as error:
                wait = self._wait(error, next(waits, None))
                fault = refusal(error.status_code)
            except (APIConnectionError, *TRANSPORT_ERRORS):
                wait = next(waits, None)
                fault = ModelUnavailableError(UNREACHABLE)
            if wait is None:
                raise fault
            await asyncio.sleep(wait)

    def _wait(self, error: APIStatusError, planned: float | None) -> float | None:
        if planned is None or not is_retried(error.status_code):
            return None
        wait = max(planned, asked_wait(error, self._clock) or 0.0)
        return wait if wait <= self._limits.longest_wait else None

    async def _attempt(
        self, stack: AsyncExitStack, messages: Sequence[ChatMessage]
    ) -> httpx2.Response:
        connect = self._limits.connect_seconds
        request = self._completions.with_streaming_response.create(
            model=self._model,
            messages=cast(
                "list[ChatCompletionMessageParam]",
                [{"role": message.role, "content": message.content} for message in messages],
            ),
            stream=True,
            stream_options={"include_usage": True},
            extra_headers={"Accept-Encoding": "identity"},
            # silence is watched here, because it is measured in text and not in bytes
            timeout=httpx2.Timeout(None, connect=connect, pool=connect),
        )
        return (await stack.enter_async_context(request)).http_response
