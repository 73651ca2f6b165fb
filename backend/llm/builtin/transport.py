"""An OpenAI-compatible endpoint inside the process: requests in, server-sent events out."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

import httpx2
from openai import AsyncOpenAI

from backend.llm.builtin.reply import reply
from backend.strictjson import dumps, kind, parse

MODEL_NAME: Final = "walkin-builtin"

Sleep: TypeAlias = Callable[[float], Awaitable[object]]
Message: TypeAlias = dict[str, str]

_TOKEN: Final = re.compile(r"\s*\S+\s*$|\s*\S+")
_CREATED: Final = 0
"""The protocol wants a time of creation; the built-in model reads no clock."""


def builtin_client(pace_ms: int = 0, sleep: Sleep = asyncio.sleep) -> AsyncOpenAI:
    """Return a client whose every request is answered here, without a network.

    Args:
        pace_ms: pause between two tokens, in milliseconds; 0 for none at all.
        sleep: what pauses, in seconds.
    """
    return AsyncOpenAI(
        api_key="none-needed",
        base_url="http://builtin.invalid/v1",
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=BuiltinTransport(pace_ms, sleep), trust_env=False),
    )


class BuiltinTransport(httpx2.AsyncBaseTransport):
    """Serves ``POST …/chat/completions``, streamed or whole; anything else is a 404."""

    def __init__(self, pace_ms: int = 0, sleep: Sleep = asyncio.sleep) -> None:
        self._pause = pace_ms / 1000
        self._sleep = sleep

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request as a provider would, errors included."""
        if request.method != "POST" or not request.url.path.endswith("/chat/completions"):
            return _refusal(404, f"{request.method} {request.url.path} is not served here")
        try:
            body = parse(await request.aread())
            messages = _messages(body)
        except ValueError as error:
            return _refusal(400, str(error))
        text = reply(messages)
        tokens = _TOKEN.findall(text)
        usage = _usage(messages, len(tokens))
        if body.get("stream") is not True:
            return httpx2.Response(200, json=_whole(text, usage))
        options = body.get("stream_options") or {}
        shown = usage if options.get("include_usage") is True else None
        return httpx2.Response(
            200,
            headers={"content-type": "text/event-stream; charset=utf-8"},
            stream=_Paced(_word_events(tokens), _last_events(shown), self._pause, self._sleep),
        )


class _Paced(httpx2.AsyncByteStream):
    """Events as bytes, once, with a pause between two words where one is asked for."""

    def __init__(
        self, words: Sequence[bytes], last: Sequence[bytes], pause: float, sleep: Sleep
    ) -> None:
        # one generator: whoever reads on after the end finds nothing, as on a network
        self._events = _paced(words, last, pause, sleep)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._events

    async def aclose(self) -> None:
        await self._events.aclose()


async def _paced(
    words: Sequence[bytes], last: Sequence[bytes], pause: float, sleep: Sleep
) -> AsyncGenerator[bytes, None]:
    for position, event in enumerate(words):
        if position and pause:
            await sleep(pause)
        yield event
    for event in last:
        yield event


def _messages(body: Any) -> list[Message]:  # noqa: ANN401 - any JSON value
    if not isinstance(body, dict):
        raise ValueError(f"the body is an object with messages, not {kind(body)}")  # noqa: TRY004 - a refused request, not a caller's mistake
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ValueError(f"messages is a list of at least one message, not {kind(messages)}")
    return [_message(message) for message in messages]


def _message(message: Any) -> Message:  # noqa: ANN401 - any JSON value
    role = message.get("role") if isinstance(message, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(role, str) or not isinstance(content, str):
        raise ValueError("a message is an object with role and content, both text")  # noqa: TRY004 - as above
    return {"role": role, "content": content}


def _usage(messages: Sequence[Message], written: int) -> dict[str, int]:
    read = sum(len(_TOKEN.findall(message["content"])) for message in messages)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _word_events(tokens: Sequence[str]) -> list[bytes]:
    return [
        _event(choices=[_choice({"role": "assistant", "content": token}, None)]) for token in tokens
    ]


def _last_events(usage: dict[str, int] | None) -> list[bytes]:
    events = [_event(choices=[_choice({}, "stop")])]
    if usage is not None:
        events.append(_event(choices=[], usage=usage))
    return [*events, b"data: [DONE]\n\n"]


def _event(**fields: object) -> bytes:
    head = {
        "id": "builtin",
        "object": "chat.completion.chunk",
        "created": _CREATED,
        "model": MODEL_NAME,
    }
    return f"data: {dumps({**head, **fields})}\n\n".encode()


def _choice(delta: dict[str, str], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _whole(text: str, usage: dict[str, int]) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "builtin",
        "object": "chat.completion",
        "created": _CREATED,
        "model": MODEL_NAME,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }


def _refusal(status: int, sentence: str) -> httpx2.Response:
    error = {"message": sentence, "type": "invalid_request_error", "param": None, "code": None}
    return httpx2.Response(status, json={"error": error})
