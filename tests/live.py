"""A real server in a process of its own, and a plain WebSocket to it."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from backend import strictjson

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 15.0
WALKIN = (sys.executable, "-m", "backend.cli.app", "serve")
UVICORN = (sys.executable, "-m", "uvicorn", "backend.main:app")


@dataclass
class Server:
    """A running service."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def metric(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics")[2], re.MULTILINE)
        assert found, f"no metric {name}"
        return float(found[1])

    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        return self.process.wait(seconds)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    folder: Path, command: Sequence[str] = WALKIN, cwd: Path = ROOT, **environment: str
) -> Generator[Server, None, None]:
    """Start a server and wait until it is ready; kill it at the end if it still runs."""
    port = free_port()
    log = folder / f"server-{port}.log"
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WALKIN_", "OPENAI_"))
    }
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [*command, "--port", str(port)],
            cwd=cwd,
            env={**clean, "WALKIN_DATABASE_URL": f"sqlite:///{log}.db", **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


def _wait_until_ready(server: Server) -> None:
    for _ in range(600):
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended: {server.log.read_text()}")
        with suppress(OSError):
            if server.get("/readyz")[0] == 200:
                return
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(0.05)
    raise AssertionError(f"the server did not get ready: {server.log.read_text()}")


class Line:
    """A plain WebSocket: JSON in, JSON out, with a time-out around every wait."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[dict[str, Any]] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send(strictjson.dumps(frame))

    async def raw(self, data: str | bytes) -> None:
        await self.socket.send(data)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            frame: dict[str, Any] = strictjson.parse(await self.socket.recv())
        self.seen.append(frame)
        return frame

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return the next frame of a type whose fields are as said."""
        while True:
            frame = await self.next()
            if frame["type"] == kind and fields.items() <= frame.items():
                return frame

    async def closed(self) -> tuple[int, str]:
        """Read on until the socket is closed, and return the code and the reason."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as closed:
            if closed.rcvd is None:
                raise AssertionError("closed without a close frame") from closed
            return closed.rcvd.code, closed.rcvd.reason


@asynccontextmanager
async def dial(
    server: Server, query: str = "session_id=demo-1", **options: Any
) -> AsyncGenerator[Line, None]:
    target = f"{server.ws_url}/ws?{query}"
    async with connect(target, compression=None, max_size=None, **options) as socket:
        yield Line(socket)


@asynccontextmanager
async def session(
    server: Server, query: str = "session_id=demo-1", **options: Any
) -> AsyncGenerator[tuple[Line, dict[str, Any]], None]:
    """Open a socket and take in its ``session.ready``."""
    async with dial(server, query, **options) as line:
        yield line, await line.until("session.ready")
