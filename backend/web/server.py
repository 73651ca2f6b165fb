"""The HTTP server in front of the application, with what uvicorn leaves open closed."""

import asyncio
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_HEADER_BYTES: Final = 7 * 1024
MAX_HEADERS: Final = 100
REQUEST_SECONDS: Final = 10.0
GRACE_SECONDS: Final = 5
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class GuardedHTTP(H11Protocol):
    """uvicorn's HTTP protocol with a deadline for the request, and a cap on what is upgraded.

    A connection that sends nothing, or half its headers, is otherwise kept for ever. A WebSocket
    handshake with a header line over 8 KiB is parsed a second time by a library that refuses it
    without an answer, and such sockets break the server's shutdown: the lifespan never ends.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's signature
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the deadline for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; the deadline ends with the first whole request."""
        super().data_received(data)
        if self.headers is not None:
            self._stop_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._stop_deadline()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:  # noqa: ANN401 - an h11 event
        """Hand the connection to the WebSocket protocol, unless its headers are too large."""
        self._stop_deadline()
        size = len(event.target) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEADER_BYTES or len(self.headers) > MAX_HEADERS:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
            return
        super().handle_websocket_upgrade(event)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def server_config(app: FastAPI, host: str, port: int, max_frame_bytes: int) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=GuardedHTTP,
        ws="websockets-sansio",
        ws_max_size=max_frame_bytes,
        ws_per_message_deflate=False,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve the application until a signal ends it; it is drained first."""
    max_frame_bytes: int = app.state.settings.max_frame_bytes
    uvicorn.Server(server_config(app, host, port, max_frame_bytes)).run()
