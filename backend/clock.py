"""The one reader of the clock; everything else is handed a ``Clock``."""

import time
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol


class Moment(NamedTuple):
    """One reading: ``at`` for people (UTC), ``seconds`` for durations (monotonic)."""

    at: datetime
    seconds: float


class Clock(Protocol):
    """Something that can be asked for the time."""

    def read(self) -> Moment:
        """Return the present moment."""
        ...

    def seconds(self) -> float:
        """Return the present moment's monotonic seconds alone, which costs less."""
        ...


class SystemClock:
    """The machine's clock."""

    def read(self) -> Moment:
        """Return the machine's present moment."""
        return Moment(datetime.now(UTC), time.monotonic())

    def seconds(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


def today(clock: Clock) -> date:
    """Return the clock's date in UTC."""
    return clock.read().at.date()


def timestamp(at: datetime) -> str:
    """Return ``at`` as ISO 8601 in UTC with milliseconds, ``2026-01-15T09:30:00.000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
