"""A cable between browser and server that can be cut, as a phone's network is."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_PIECE = 65_536


class Cable:
    """Passes bytes from a port of its own to the server's, until it is cut.

    While it is cut, what is open is gone without a goodbye and what is new is refused at once.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._whole = threading.Event()
        self._whole.set()

    @property
    def url(self) -> str:
        """Return where the server is found through this cable."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._door.close()

    def cut(self) -> None:
        """End every connection, and refuse new ones until ``mend``."""
        self._whole.clear()
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self, port: int | None = None) -> None:
        """Let connections through again, to another server if its port is given."""
        self._target = self._target if port is None else port
        self._whole.set()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if self._whole.is_set():
                    self._join(near, socket.create_connection(("127.0.0.1", self._target)))
                else:
                    near.close()

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        with self._lock:
            self._open |= {near, far}
        left = [2]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(source, sink, left), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._lock:
            left[0] -= 1
            if left[0] == 0:
                self._open -= {source, sink}
                source.close()
                sink.close()
