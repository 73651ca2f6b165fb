"""The event log of one process."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Run:
    """The kept frames of one epoch; the first of them has the offset ``first``."""

    epoch: str
    first: int
    frames: deque[str] = field(default_factory=deque)
    size: int = 0


class MemoryEventLog:
    """Keeps the latest frames of each conversation, up to a number of characters.

    Args:
        max_chars: how much is kept a conversation; older frames are dropped, and a client that
            still wants them is given the whole history instead.
    """

    def __init__(self, max_chars: int) -> None:
        self._max_chars = max_chars
        self._runs: dict[str, _Run] = {}

    def __len__(self) -> int:
        return len(self._runs)

    async def start(self, key: str, epoch: str, offset: int) -> None:
        """Begin an epoch after ``offset``; the one before is forgotten."""
        self._runs[key] = _Run(epoch, offset + 1)

    async def append(self, key: str, epoch: str, offset: int, frame: str) -> None:
        """Keep a numbered frame.

        Raises:
            ValueError: the frame does not continue the epoch.
        """
        run = self._runs.get(key)
        if run is None or run.epoch != epoch or run.first + len(run.frames) != offset:
            raise ValueError(f"offset {offset} does not continue epoch {epoch!r}")
        run.frames.append(frame)
        run.size += len(frame)
        while run.size > self._max_chars:
            run.size -= len(run.frames.popleft())
            run.first += 1

    async def since(self, key: str, epoch: str, offset: int) -> tuple[str, ...] | None:
        """Return all frames after ``offset``, or None when not every one of them is kept."""
        run = self._runs.get(key)
        if run is None or run.epoch != epoch:
            return None
        skipped = offset + 1 - run.first
        if not 0 <= skipped <= len(run.frames):
            return None
        return tuple(run.frames)[skipped:]

    async def drop(self, key: str) -> None:
        """Forget a conversation's frames."""
        self._runs.pop(key, None)
