"""Server-sent events out of a byte stream, wherever the network cut it.

The rules are those of the WHATWG HTML standard, section "Parsing an event stream": lines end
in LF, CR or CRLF, a blank line ends an event, its ``data`` lines are joined by LF, and an
event that the stream's end cut off is none.
"""

from collections.abc import Iterator

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class OversizeEventError(ValueError):
    """One line or one event is longer than the reader was told to hold."""


class EventReader:
    """Takes a stream's bytes in, gives its events' data out.

    Args:
        limit: how many bytes one line, and one event's data, may hold.
    """

    __slots__ = ("_after_cr", "_at_start", "_data", "_limit", "_size", "_tail")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tail = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._at_start = True

    def read(self, piece: bytes) -> Iterator[bytes]:
        """Yield the data of each event that ``piece`` completes, as undecoded bytes.

        To be iterated to its end before the next piece is handed in.

        Raises:
            OversizeEventError: after every event that was whole before the limit was passed.
        """
        piece = self._with_line_feeds(piece)
        end = piece.rfind(b"\n")
        if end < 0:
            self._keep(piece)
            return
        lines = piece[:end].split(b"\n")
        if self._tail:
            lines[0] = bytes(self._tail) + lines[0]
            self._tail.clear()
        if self._at_start:
            self._at_start = False
            lines[0] = lines[0].removeprefix(BYTE_ORDER_MARK)
        for line in lines:
            if line.startswith(b"data:"):
                self._add(line[5:].removeprefix(b" "))
            elif line == b"data":
                self._add(b"")
            elif not line and self._data:
                yield self._event()
        self._keep(piece[end + 1 :])

    def _with_line_feeds(self, piece: bytes) -> bytes:
        if self._after_cr and piece:
            # the CR has ended the line already: an LF right behind it belongs to it
            piece = piece.removeprefix(b"\n")
            self._after_cr = False
        if b"\r" not in piece:
            return piece
        self._after_cr = piece.endswith(b"\r")
        return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, rest: bytes) -> None:
        if len(self._tail) + len(rest) > self._limit:
            raise OversizeEventError(f"a line of more than {self._limit} bytes")
        self._tail += rest

    def _add(self, value: bytes) -> None:
        self._size += len(value) + 1
        if self._size > self._limit:
            raise OversizeEventError(f"an event of more than {self._limit} bytes")
        self._data.append(value)

    def _event(self) -> bytes:
        event = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        return event
