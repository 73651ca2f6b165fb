"""Waiting for the next piece of an answer, and no longer than a chat can."""

import asyncio
from collections.abc import AsyncIterator


class Patience:
    """A deadline for one wait after another, at the price of one timer for them all.

    ``asyncio.timeout`` sets up a timer for each wait, which costs as much a token as reading it.
    Here the timer stays where it is while the deadline moves on, and looks again when it rings.
    Only a wait is ever cut short, never what its caller does between two waits.

    Args:
        due: the first deadline, in the running loop's time.
    """

    __slots__ = ("_due", "_expired", "_loop", "_timer", "_waiting")

    def __init__(self, due: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._due = due
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._expired = False

    def until(self, due: float) -> None:
        """Move the deadline to ``due``, in the loop's time, later or earlier."""
        self._due = due
        if self._timer is not None and due < self._timer.when():
            self.close()

    def close(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def next(self, pieces: AsyncIterator[bytes]) -> bytes | None:
        """Return the next piece; None when there is no more.

        Raises:
            TimeoutError: it did not come before the deadline.
        """
        task = asyncio.current_task()
        cancelling = task.cancelling() if task is not None else 0
        self._waiting = task
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._ring)
        try:
            return await anext(pieces, None)
        except asyncio.CancelledError:
            # the count tells the timer's cancellation from one that came from outside meanwhile
            if self._expired and task is not None and task.uncancel() <= cancelling:
                raise TimeoutError from None
            raise
        finally:
            self._waiting = None

    def _ring(self) -> None:
        self._timer = None
        if self._waiting is None:
            return  # the next wait sets it up anew
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._ring)
            return
        self._expired = True
        self._waiting.cancel()
