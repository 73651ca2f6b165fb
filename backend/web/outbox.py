"""The one writer of a socket: a bounded queue, and a deadline on every send."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, TypeAlias

from backend.wire import CloseCode

LAG_FRAMES: Final = 32

SendText: TypeAlias = Callable[[str], Awaitable[None]]
SendClose: TypeAlias = Callable[[int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Wire:
    """The three things that can be done to a socket. ``abort`` drops it without a word."""

    send: SendText
    close: SendClose
    abort: Callable[[], None]


class Outbox:
    """Frames on their way to one client.

    The server's own keepalive does not evict a client that never reads: its close waits until
    what was written is flushed. So each send has its own deadline here, and a socket that
    misses it is aborted.

    Args:
        wire: the socket.
        max_bytes: how much may wait; beyond it the client is closed with 4000.
        send_seconds: how long one send may take.
    """

    def __init__(self, wire: Wire, max_bytes: int, send_seconds: float) -> None:
        self._wire = wire
        self._max_bytes = max_bytes
        self._deadline = _Deadline(send_seconds)
        self._frames: deque[str] = deque()
        self._waiting = 0
        self._closing: tuple[int, str] | None = None
        self._sleep: asyncio.Future[None] | None = None
        self._calm: asyncio.Event | None = None

    @property
    def lagging(self) -> bool:
        """Whether so many frames wait that more text should wait with them."""
        return len(self._frames) >= LAG_FRAMES

    async def caught_up(self) -> None:
        """Wait until the client no longer lags, or is gone."""
        if self.lagging:
            self._calm = self._calm or asyncio.Event()
            await self._calm.wait()

    def put(self, frame: str) -> None:
        """Queue a frame; beyond the limit the client is put out instead."""
        if self._closing is not None:
            return
        self._waiting += _size(frame)
        if self._waiting > self._max_bytes:
            self._drop_frames()
            reason = f"More than {self._max_bytes} bytes wait for this reader."
            self.close(CloseCode.READER_TOO_SLOW, reason)
            return
        self._frames.append(frame)
        self._wake()

    def close(self, code: int, reason: str) -> None:
        """Close the socket after what is queued; the first close counts."""
        if self._closing is None:
            self._closing = (code, reason)
            self._wake()

    def hang_up(self) -> None:
        """Stop writing: the client is gone."""
        self._drop_frames()
        self.close(CloseCode.GOODBYE, "")

    async def run(self) -> None:
        """Write until the socket is closed; a client that does not read is aborted."""
        try:
            async with self._deadline:
                while not await self._write_next():
                    pass
        except (TimeoutError, OSError):
            self._wire.abort()
        finally:
            self._drop_frames()
            self._closing = self._closing or (CloseCode.GOODBYE, "")

    async def _write_next(self) -> bool:
        if self._frames:
            frame = self._frames[0]
            self._deadline.start()
            await self._wire.send(frame)
            self._deadline.stop()
            if self._frames:  # else they were dropped meanwhile
                self._frames.popleft()
                self._waiting -= _size(frame)
        elif self._closing is not None:
            self._deadline.start()
            await self._wire.close(*self._closing)
            return True
        else:
            self._sleep = asyncio.get_running_loop().create_future()
            await self._sleep
        self._calm_down()
        return False

    def _wake(self) -> None:
        if self._sleep is not None and not self._sleep.done():
            self._sleep.set_result(None)

    def _calm_down(self) -> None:
        if self._calm is not None and not self.lagging:
            self._calm.set()
            self._calm = None

    def _drop_frames(self) -> None:
        self._frames.clear()
        self._waiting = 0
        self._calm_down()


class _Deadline:
    """A time limit that is started and stopped for each send, without a timer for each.

    One timer stands while frames flow. When it rings it looks whether the send that runs now is
    overdue, and otherwise rings again when that one would be.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timeout = asyncio.timeout(None)

    async def __aenter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._timeout.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def start(self) -> None:
        """Begin to count for one send."""
        self._due = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._ring)

    def stop(self) -> None:
        """Stop counting: the send is over."""
        self._due = None

    def _ring(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._loop.time() >= self._due:
            self._timeout.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_at(self._due, self._ring)


def _size(frame: str) -> int:
    return len(frame) if frame.isascii() else len(frame.encode())
