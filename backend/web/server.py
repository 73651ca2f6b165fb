"""The HTTP server in front of the application, with what uvicorn leaves open closed."""

import asyncio
import logging
import sys
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from httptools import HttpParserCallbackError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.logs import SOCKET_LOG

MAX_HEADER_BYTES: Final = 7 * 1024
MAX_HEADERS: Final = 100
REQUEST_SECONDS: Final = 10.0
GRACE_SECONDS: Final = 5
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class _HeadTooLargeError(Exception):
    """Stops the parser; the client has been, or will be, told."""


class GuardedHTTP(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a deadline for the request, and a cap on its head.

    A connection that sends nothing, or half its headers, is otherwise kept for ever, and headers
    without end stay in memory. A WebSocket handshake with a header line over 8 KiB is parsed a
    second time by a library that refuses it without an answer, and such sockets break the server's
    shutdown: the lifespan never ends.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's signature
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the deadline for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a head that goes on too long is refused before it ends."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEADER_BYTES:
                self._in_head = False
                self._refuse()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop_deadline()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        """Hand the request on, unless its head is too large; the deadline is met."""
        self._in_head = False
        self._stop_deadline()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEADER_BYTES or len(self.headers) > MAX_HEADERS:
            raise _HeadTooLargeError
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a request that could not be parsed, and hang up."""
        # a parser that was stopped by a callback names the callback's error as the reason
        if isinstance(sys.exception(), HttpParserCallbackError):
            self._refuse()
        else:
            super().send_400_response(msg)

    def _refuse(self) -> None:
        self.transport.write(_TOO_LARGE)
        self.transport.close()

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class QuietSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol without its lines of who came and went.

    They hold the query string, where people put secrets; a conversation's own lines say more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's signature
        super().__init__(*args, **kwargs)
        self.logger = logging.getLogger(SOCKET_LOG)


def server_config(app: FastAPI, host: str, port: int, max_frame_bytes: int) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=GuardedHTTP,
        ws=QuietSocket,
        ws_max_size=max_frame_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve the application until a signal ends it; it is drained first."""
    max_frame_bytes: int = app.state.settings.max_frame_bytes
    uvicorn.Server(server_config(app, host, port, max_frame_bytes)).run()
