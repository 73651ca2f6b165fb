"""An OpenAI-compatible provider that only streams tokens, as fast or as slowly as it is asked to.

Run: ``python benchmarks/servers/provider.py PORT``. The last message of a request says what to
stream: ``{"tokens": 2000, "pace_ms": 1}``. With a pace each token is a write of its own, followed
by that pause; with ``0`` they are written as fast as the reader takes them.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Final

TOKENS: Final = (" check", "ing", " balance", " is", " about", " the", " same")
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def _event(choice: dict[str, object], usage: object = None) -> bytes:
    document = {
        "id": "chatcmpl-9f3c0c2bb7a14e0d",
        "object": "chat.completion.chunk",
        "created": 1_768_435_200,
        "model": "stub",
        "system_fingerprint": "fp_2f57f81c11",
        "choices": [{"index": 0, "logprobs": None, **choice}],
        "usage": usage,
    }
    return _chunk(b"data: " + json.dumps(document, separators=(",", ":")).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


_EVENTS: Final = [_event({"delta": {"content": token}, "finish_reason": None}) for token in TOKENS]
_TAIL: Final = (
    _event({"delta": {}, "finish_reason": "stop"}) + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"
)


async def _stream(writer: asyncio.StreamWriter, tokens: int, pace: float) -> None:
    writer.write(_HEAD)
    for number in range(tokens):
        writer.write(_EVENTS[number % len(_EVENTS)])
        await writer.drain()
        if pace:
            await asyncio.sleep(pace)
    writer.write(_TAIL)
    await writer.drain()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            asked = json.loads(await reader.readexactly(size))["messages"][-1]["content"]
            wish = json.loads(asked)
            await _stream(writer, wish["tokens"], wish["pace_ms"] / 1000)
    writer.close()


async def _main(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
