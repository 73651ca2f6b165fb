"""A WebSocket client on a blocking socket: the same few microseconds in front of every server."""

import json
import socket
from typing import Any, Final

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

PATIENCE: Final = 30.0


class LineClosedError(RuntimeError):
    """The server closed the socket, or refused it."""


class Line:
    """One socket; nothing is compressed.

    Args:
        port: where the server listens, on 127.0.0.1.
        path: the path with its query string.
    """

    def __init__(self, port: int, path: str) -> None:
        self._protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}{path}"), max_size=None)
        self._frames: list[Frame] = []
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        while self._protocol.state is not OPEN:
            self._read()

    def send(self, text: str) -> None:
        """Send a text frame."""
        self._protocol.send_text(text.encode())
        self._flush()

    def receive(self) -> str:
        """Return the next text message.

        Raises:
            LineClosedError: there will be none.
        """
        parts = []
        while True:
            frame = self._next()
            if frame.opcode in {Opcode.TEXT, Opcode.CONT}:
                parts.append(bytes(frame.data))
                if frame.fin:
                    return b"".join(parts).decode()

    def receive_json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the next message, which is JSON."""
        return json.loads(self.receive())

    def until(self, prefix: str) -> str:
        """Return the next message that begins with ``prefix``."""
        while not (message := self.receive()).startswith(prefix):
            pass
        return message

    def close(self) -> None:
        """Close the socket, and wait until the server has closed it too."""
        self._protocol.send_close(1000)
        self._flush()
        try:
            while self._socket.recv(65536):
                pass
        except OSError:
            pass
        self._socket.close()

    def _next(self) -> Frame:
        while not self._frames:
            self._read()
        return self._frames.pop(0)

    def _read(self) -> None:
        data = self._socket.recv(65536)
        if not data or self._protocol.handshake_exc is not None:
            raise LineClosedError(f"closed: {self._protocol.handshake_exc}")
        self._protocol.receive_data(data)
        events = self._protocol.events_received()
        self._frames += [event for event in events if isinstance(event, Frame)]
        self._flush()
        if any(frame.opcode is Opcode.CLOSE for frame in self._frames):
            raise LineClosedError(f"closed with {self._protocol.close_code}")

    def _flush(self) -> None:
        data = b"".join(self._protocol.data_to_send())
        if data:
            self._socket.sendall(data)
