"""One response of a model, read piece by piece into an answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final, cast

import aiohttp
import httpx2

from backend.errors import ModelError, ModelFailedError, ModelUnavailableError
from backend.llm.answer import Answer
from backend.llm.limits import ProviderLimits
from backend.llm.patience import Patience
from backend.llm.sse import EventReader, OversizeEventError

# the openai client's aiohttp transport lets some of aiohttp's own errors through
TRANSPORT_ERRORS: Final = (httpx2.HTTPError, aiohttp.ClientError, OSError)
BROKE_OFF: Final = "The connection to the language model broke off in the middle of its answer."
OVERSIZE: Final = "The language model's answer can not be read: one piece of it has no end."
SILENT: Final = "The language model fell silent in the middle of its answer."
SLOW: Final = "The language model did not begin to answer in time."


class Reading:
    """The reading of one response.

    Args:
        body: the response's bytes, as the network brings them.
        limits: how long to wait for them.
        due: when the first text must have come, in the loop's time.
    """

    __slots__ = ("_body", "_ended", "_events", "_limits", "_loop", "_patience", "_started",
                 "answer", "fault")  # fmt: skip

    def __init__(
        self, body: AsyncGenerator[bytes, None], limits: ProviderLimits, due: float
    ) -> None:
        self.answer = Answer()
        self.fault: ModelFailedError | None = None
        self._body = body
        self._limits = limits
        self._events = EventReader(limits.event_bytes)
        self._loop = asyncio.get_running_loop()
        self._patience = Patience(due)
        self._started = False
        self._ended = False

    async def next(self) -> bytes | None:
        """Return the next piece of the body; None when there is nothing more to wait for.

        Raises:
            ModelUnavailableError: nothing was said in time.
            ModelFailedError: it broke off, or fell silent.
        """
        if self.answer.done:
            return None
        try:
            return await self._patience.next(self._body)
        except TimeoutError:
            fault = _timeout(started=self._started)
        except TRANSPORT_ERRORS:
            fault = ModelFailedError(BROKE_OFF)
        if self._ended:
            return None  # the text is whole: only the count of tokens is missing
        raise fault

    def take(self, piece: bytes) -> str:
        """Take in a piece; return the text that it brings, which may be none.

        What is wrong with it is left in ``fault``, so that the text before it is not lost.
        """
        try:
            for event in self._events.read(piece):
                self.answer.take(event)
        except OversizeEventError:
            self.fault = ModelFailedError(OVERSIZE)
        except ModelFailedError as error:
            self.fault = error
        return self.answer.text()

    def renew(self, *, spoke: bool) -> None:
        """Begin the wait for the next piece; ``spoke`` says whether the last one had text."""
        if self.answer.ending is not None:
            if not self._ended:
                self._ended = True
                self._patience.until(self._loop.time() + self._limits.tail_seconds)
        elif spoke:
            self._started = True
            self._patience.until(self._loop.time() + self._limits.silence_seconds)

    async def linger(self) -> None:
        """Wait a moment for the end of the body."""
        with suppress(*TRANSPORT_ERRORS):  # a time-out is one of them
            async with asyncio.timeout(self._limits.linger_seconds):
                await anext(self._body, None)

    async def close(self) -> None:
        """Let go of the body and of the timer."""
        self._patience.close()
        with suppress(*TRANSPORT_ERRORS):
            await self._body.aclose()


def body_of(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """Return the bytes of a response, decoded where it is compressed against our wish."""
    if "content-encoding" in response.headers:
        return response.aiter_bytes()
    # past the response's own iterators, which cost more a token than the parsing does
    stream = cast("httpx2.AsyncByteStream", response.stream)
    return cast("AsyncGenerator[bytes, None]", aiter(stream))


def _timeout(*, started: bool) -> ModelError:
    return ModelFailedError(SILENT) if started else ModelUnavailableError(SLOW)
