"""The calendar of a record: whole months around the days that are shown, and their pay days.

A record tells of the days from ``first`` to ``last``. What happens is worked out for whole
calendar months, from the month before the one that the day before ``first`` lies in, to the end
of the month of ``last``: every balance at the start of a month is a function of that month and the
one before, and of nothing that lies further back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.almanac import (
    month_of,
    month_starts,
    months_of,
    next_working_days,
    previous_working_days,
)

WEEKLY, BIWEEKLY, SEMIMONTHLY, MONTHLY, IRREGULAR, RETIRED = range(6)

LOOK_BACK: Final = 25
"""A purchase may come back within this many days, so that purchases are told from before."""

MONTHS_HISTORY: Final = 7
NEVER: Final = np.iinfo(np.int64).max

_WEDNESDAY, _THURSDAY, _FRIDAY = 3, 4, 5  # ordinal 1 was a Monday
_FIRST, _MIDDLE, _LATE = 1, 15, 25
_NEXT_PAY_WITHIN: Final = 40  # days; monthly pay has the longest gap
_LATE_SHIFT: Final = 4  # days that a holiday can move a pay day
_BENEFIT_WEEKS: Final = (2, 3, 4)
_FIRST_YEAR, _LAST_YEAR = 2014, 2048  # the almanac's

# the first calendar of each pattern in `Timeline.pay_days`
CALENDAR_OF: Final = np.array([0, 2, 6, 8, 10, 11])
BENEFIT_CALENDAR: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Days as ordinals, months by their position: 0 is the first that is worked out.

    ``numbers`` counts the months from January of the year 1, one more than are worked out.
    ``starts`` are the first days of the ``months`` months and the day after the last, ``days``
    all days from ``LOOK_BACK`` days before ``starts[0]`` on, ``month_at`` each one's month (-1
    before the first) and ``week_at`` its weekday (Monday is 0). ``pay_days`` holds the nominal and
    the actual pay days of each calendar, ``(2, p)``, ``next_pay`` the first pay day of each after
    ``last``. ``told_from`` is the first day of the first month of which everything is known,
    ``end`` the last day that is worked out.
    """

    first: int
    last: int
    month: int
    months: int
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    days: NDArray[np.int64]
    month_at: NDArray[np.int64]
    week_at: NDArray[np.int64]
    pay_days: tuple[NDArray[np.int64], ...]
    next_pay: tuple[int, ...]
    told_from: int
    end: int


def first_day(as_of: date, months_history: int) -> date:
    """Return the first of ``months_history`` whole months up to and including ``as_of``.

    Seven months up to 2026-01-15 begin on 2025-06-16; up to 2025-09-30 they begin on 2025-03-01,
    since there is no February 30.
    """
    month = month_of(as_of) - months_history
    start = int(month_starts(np.array([month]))[0])
    length = int(month_starts(np.array([month + 1]))[0]) - start
    return date.fromordinal(start + min(as_of.day, length))


@lru_cache(maxsize=64)
def timeline(as_of: date, months_history: int = MONTHS_HISTORY) -> Timeline:
    """Return the calendar of a record of so many months up to and including a date."""
    first, last = first_day(as_of, months_history), as_of
    month = month_of(first - timedelta(days=1)) - 1
    months = month_of(last) - month + 1
    starts = month_starts(np.arange(month, month + months + 1))
    days = np.arange(starts[0] - LOOK_BACK, starts[-1])
    calendars = _calendars(np.arange(starts[0], starts[-1] + _NEXT_PAY_WITHIN))
    actual = [previous_working_days(days) for days in calendars]
    return Timeline(
        first=first.toordinal(),
        last=last.toordinal(),
        month=month,
        months=months,
        numbers=np.arange(month, month + months + 1),
        starts=starts,
        days=days,
        month_at=np.maximum(months_of(days) - month, -1),
        week_at=(days - 1) % 7,
        pay_days=tuple(
            np.array([days, shifted])[:, (shifted >= starts[1]) & (shifted < starts[-1])]
            for days, shifted in zip(calendars, actual, strict=True)
        ),
        next_pay=tuple(_next(shifted, last.toordinal()) for shifted in actual),
        told_from=int(starts[1]),
        end=int(starts[-1]) - 1,
    )


def within_month(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each day if it is a working day, otherwise the nearest one of the same month.

    The next one where the month has one, the one before at the month's end.
    """
    first, table = _working_days_of_months()
    return table[days - first]


@cache
def _working_days_of_months() -> tuple[int, NDArray[np.int64]]:
    first = date(_FIRST_YEAR, 1, 1).toordinal()
    days = np.arange(first, date(_LAST_YEAR, 12, 31).toordinal() + 1)
    following = next_working_days(days)
    stays = months_of(following) == months_of(days)
    return first, np.where(stays, following, previous_working_days(days))


def _next(days: NDArray[np.int64], last: int) -> int:
    coming = days[days > last]
    return int(coming[0]) if len(coming) else NEVER


def _calendars(days: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the nominal pay days of each calendar; see ``pay.calendar_of`` for who has which."""
    days = np.append(days, np.arange(days[-1] + 1, days[-1] + 1 + _LATE_SHIFT))
    months = months_of(days)
    day = days - month_starts(months) + 1
    is_last = months_of(days + 1) > months
    odd_week = days // 7 % 2 == 1
    friday, thursday = days % 7 == _FRIDAY, days % 7 == _THURSDAY
    falls = [friday, thursday]
    falls += [friday & ~odd_week, friday & odd_week, thursday & ~odd_week, thursday & odd_week]
    falls += [(day == _FIRST) | (day == _MIDDLE), (day == _MIDDLE) | is_last]
    falls += [day == _LATE, is_last]
    falls += [np.zeros(len(days), dtype=np.bool_), day == _FIRST]
    nth = (day - 1) // 7 + 1
    falls += [(days % 7 == _WEDNESDAY) & (nth == week) for week in _BENEFIT_WEEKS]
    return [days[held] for held in falls]
