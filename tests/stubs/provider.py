"""A language model's provider on 127.0.0.1: real HTTP, whatever a script says, faults included.

Run as a program it streams tokens at a pace, for benchmarks::

    python tests/stubs/provider.py --tokens 2000 --pace-ms 0.5
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Exchange:
    """One request and the means to answer it, byte by byte."""

    def __init__(self, asked: Asked, provider: "Provider", writer: asyncio.StreamWriter) -> None:
        self.asked = asked
        self.provider = provider
        self._writer = writer
        self._chunked = False

    async def head(
        self,
        status: int = 200,
        content_type: str = "text/event-stream",
        *,
        headers: tuple[tuple[str, str], ...] = (),
        chunked: bool = True,
    ) -> None:
        """Send the status line and the headers; not ``chunked``: the body ends with the socket."""
        self._chunked = chunked
        framing = "Transfer-Encoding: chunked" if chunked else "Connection: close"
        lines = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {content_type}", framing]
        lines += [f"{name}: {value}" for name, value in headers]
        await self.bytes_as_they_are(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def bytes_as_they_are(self, data: bytes) -> None:
        """Write ``data`` outside any framing."""
        self._writer.write(data)
        await self._writer.drain()

    async def raw(self, data: bytes) -> None:
        """Send ``data`` as one piece of the body."""
        framed = b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data
        await self.bytes_as_they_are(framed)

    async def event(self, value: object) -> None:
        """Send ``value`` as the JSON of one event."""
        await self.raw(b"data: " + json.dumps(value).encode() + b"\n\n")

    async def text(self, *parts: str) -> None:
        """Send each part as one delta."""
        for part in parts:
            await self.event(delta(part))

    async def stop(self, reason: str | None = "stop", *, usage: bool = True) -> None:
        """Send the finish reason, the count of tokens and ``[DONE]``."""
        await self.event(ending(reason))
        if usage:
            await self.event(COUNTED)
        await self.raw(b"data: [DONE]\n\n")

    async def end(self) -> None:
        """End the body as it should be; the connection stays where the framing allows it."""
        if self._chunked:
            await self.bytes_as_they_are(b"0\r\n\r\n")
        else:
            self._writer.close()

    async def cut(self) -> None:
        """End the connection with the body unfinished."""
        self._writer.close()

    async def reset(self) -> None:
        """End the connection by a reset, unsent bytes dropped."""
        self._writer.transport.abort()

    async def silence(self) -> None:
        """Say nothing until the client leaves."""
        await self.provider.ended.wait()


Script: TypeAlias = Callable[[Exchange], Awaitable[None]]


def delta(text: str) -> dict[str, object]:
    """Return a chunk that brings ``text``."""
    return _chunk({"delta": {"content": text}, "finish_reason": None})


def ending(reason: str | None) -> dict[str, object]:
    """Return the chunk that ends a reply."""
    return _chunk({"delta": {}, "finish_reason": reason})


def _chunk(choice: dict[str, object]) -> dict[str, object]:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion.chunk",
        "created": 1_768_435_200,
        "model": "stub",
        "system_fingerprint": "fp_stub",
        "choices": [{"index": 0, "logprobs": None, **choice}],
        "usage": None,
    }


COUNTED = {
    "id": "chatcmpl-stub",
    "object": "chat.completion.chunk",
    "choices": [],
    "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
}


async def whole(exchange: Exchange) -> None:
    """Answer "Good morning." in three deltas, as a provider should."""
    await exchange.head()
    await exchange.text("Good ", "morn", "ing.")
    await exchange.stop()
    await exchange.end()


@dataclass
class Provider:
    """The running stub: what it was asked, and who is connected.

    Args:
        scripts: the n-th answers the n-th request; the last one all that follow.
        port: where it listens.
    """

    scripts: list[Script]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    called: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    open: set["Connection"] = field(default_factory=set)
    tasks: set[asyncio.Future[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Return the base URL for a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    def connect(self) -> "Connection":
        """Return the protocol of one more connection."""
        self.connections += 1
        return Connection(self)

    async def serve(self, connection: "Connection") -> None:
        """Answer the requests of one connection, until either side ends it."""
        reader, writer = connection.reader, connection.writer
        try:
            while not writer.is_closing() and (asked := await _read(reader)) is not None:
                await self._answer(asked, connection)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _answer(self, asked: Asked, connection: "Connection") -> None:
        script = self.scripts[min(len(self.asked), len(self.scripts) - 1)]
        self.asked.append(asked)
        self.called.set()
        running = asyncio.ensure_future(script(Exchange(asked, self, connection.writer)))
        gone = asyncio.ensure_future(connection.gone.wait())
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                connection.writer.close()
        finally:
            running.cancel()
            gone.cancel()
            await asyncio.gather(running, gone, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until every client has left."""
        await asyncio.gather(*self.tasks)

    async def close(self) -> None:
        """Let every silence end, put everybody out, and wait until they are out."""
        self.ended.set()
        for connection in tuple(self.open):
            connection.writer.transport.abort()
        await asyncio.gather(*self.tasks, return_exceptions=True)


class Connection(asyncio.StreamReaderProtocol):
    """One client's connection, which knows when the client has left."""

    def __init__(self, provider: Provider) -> None:
        self.reader = asyncio.StreamReader()
        self.gone = asyncio.Event()
        self._provider = provider
        super().__init__(self.reader, self._begin)

    def _begin(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self._provider.open.add(self)
        task = asyncio.ensure_future(self._provider.serve(self))
        self._provider.tasks.add(task)
        task.add_done_callback(self._provider.tasks.discard)

    def eof_received(self) -> bool:
        """Note that the client has closed its side."""
        self.gone.set()
        super().eof_received()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is over."""
        self.gone.set()
        self._provider.open.discard(self)
        super().connection_lost(exc)


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


@asynccontextmanager
async def provider(*scripts: Script) -> AsyncIterator[Provider]:
    """Run a provider that answers the n-th request by the n-th script, then by the last one."""
    stub = Provider(list(scripts) or [whole])
    server = await asyncio.get_running_loop().create_server(stub.connect, "127.0.0.1", 0)
    stub.port = server.sockets[0].getsockname()[1]
    try:
        yield stub
    finally:
        server.close()
        await stub.close()
        await server.wait_closed()


def paced(tokens: int, seconds: float) -> Script:
    """Return a script that sends ``tokens`` words, ``seconds`` apart, each in its own packet."""

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        for number in range(tokens):
            await exchange.text(f"word{number} ")
            await asyncio.sleep(seconds)
        await exchange.stop()
        await exchange.end()

    return script


async def _main(tokens: int, seconds: float) -> None:
    async with provider(paced(tokens, seconds)) as stub:
        print(stub.url, flush=True)  # noqa: T201 - whoever started this reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=2000)
    parser.add_argument("--pace-ms", type=float, default=0.5)
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_main(options.tokens, options.pace_ms / 1000))
