"""One WebSocket as ASGI gives it: accepted, refused, read, written, closed or dropped."""

import asyncio
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

from backend import strictjson
from backend.errors import WalkinError

_LINGER_SECONDS: Final = 10.0
_MAX_REASON_BYTES: Final = 123  # RFC 6455, 5.5: a control frame has at most 125 bytes


class SocketClosedError(WalkinError):
    """The client is gone."""


class Socket:
    """The three ASGI values of a WebSocket, with names for what is done with them."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send

    async def accept(self) -> None:
        """Wait for the handshake and accept it."""
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def refuse(self, status: int, sentence: str) -> None:
        """Answer the handshake with an HTTP error instead."""
        await self._receive()
        if "websocket.http.response" not in self.scope.get("extensions", {}):
            await self._send({"type": "websocket.close"})
            return
        body = strictjson.dumps({"detail": sentence}).encode()
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        start = {"type": "websocket.http.response.start", "status": status, "headers": headers}
        await self._send(start)
        await self._send({"type": "websocket.http.response.body", "body": body})

    async def read(self) -> str | bytes:
        """Return the next message.

        Raises:
            SocketClosedError: there will be none.
        """
        message: Message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise SocketClosedError(f"closed with {message.get('code')}")
        text: str | None = message.get("text")
        data: bytes | None = message.get("bytes")
        return text if text is not None else data or b""

    async def write(self, text: str) -> None:
        """Send a text frame; waits while the client is not reading."""
        await self._send({"type": "websocket.send", "text": text})

    async def close(self, code: int, reason: str) -> None:
        """Send a close frame, and see to it that the socket ends even if nobody reads it."""
        short = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
        await self._send({"type": "websocket.close", "code": code, "reason": short})
        # the transport's own close waits until everything is flushed, which may be never
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self.abort)

    def abort(self) -> None:
        """Drop the connection at once, without a close frame."""
        # ASGI has no word for it: uvicorn's `receive` is a method of the protocol that owns it
        protocol: Any = getattr(self._receive, "__self__", None)
        transport = getattr(protocol, "transport", None)
        # uvloop's transports are no subclasses of asyncio's
        abort = getattr(transport, "abort", None)
        if abort is not None:
            abort()
