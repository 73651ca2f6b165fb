"""The door: who may open a socket, and every socket that is open."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from backend.chat.hub import Hub
from backend.clock import Clock
from backend.entropy import Entropy
from backend.errors import InputError
from backend.web.connection import Connection, ConnectionLimits
from backend.web.opening import read_opening
from backend.web.origin import Doorkeeper
from backend.web.socket import Socket
from backend.wire import CloseCode

_log = structlog.get_logger()

RECONNECT_AFTER_MS: Final = 1000
_FLUSH_SECONDS: Final = 2.0


@dataclass
class Gateway:
    """The ASGI endpoint of ``/ws``."""

    hub: Hub
    doorkeeper: Doorkeeper
    modes: Collection[str]
    clock: Clock
    entropy: Entropy
    limits: ConnectionLimits
    max_connections: int
    open_sockets: dict[Connection, asyncio.Task[None]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one handshake, and the connection that comes of it."""
        socket = Socket(scope, receive, send)
        refusal = self.doorkeeper.refusal(scope.get("scheme", "ws"), scope["headers"])
        if refusal is not None:
            await socket.refuse(403, refusal)
        elif self.hub.draining:
            await socket.refuse(503, "The server is going; come back in a moment.")
        else:
            await socket.accept()
            await self._serve(socket)

    async def _serve(self, socket: Socket) -> None:
        if len(self.open_sockets) >= self.max_connections:
            await socket.close(CloseCode.TOO_MANY_CONNECTIONS, "Too many connections just now.")
            return
        try:
            query = socket.scope["query_string"]
            asked = read_opening(query, self.modes, self.clock, self.entropy)
        except InputError as error:
            await socket.close(CloseCode.BAD_OPENING, str(error))
            return
        connection = Connection(socket, self.hub, self.clock, self.limits)
        task = asyncio.current_task()
        if task is None:  # pragma: no cover - a coroutine always runs in a task
            return
        self.open_sockets[connection] = task
        try:
            await connection.run(asked)
        finally:
            del self.open_sockets[connection]

    async def drain(self, seconds: float) -> None:
        """Let replies finish within ``seconds``, then close every socket with 1012."""
        await self.hub.drain(seconds, RECONNECT_AFTER_MS)
        for connection in self.open_sockets:
            connection.outbox.close(CloseCode.RESTART, "The server is going; come back.")
        if self.open_sockets:
            await asyncio.wait(self.open_sockets.values(), timeout=_FLUSH_SECONDS)
        for connection in self.open_sockets:
            connection.abort()
        _log.info("drain.finished")
