"""Days, months and working days over arrays of proleptic Gregorian ordinals.

Months are counted from January of the year 1 (0). US federal holidays follow 5 U.S.C. 6103 with
its observed days: a holiday on a Saturday is kept on Friday, one on a Sunday on Monday.
"""

from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

_UNIX_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTHS_OF_YEARS: Final = (1900, 2102)  # a month more than the last says how long that is
_MONDAY, _THURSDAY = 0, 3
_FIRST_YEAR, _LAST_YEAR = 2014, 2048
_JUNETEENTH_SINCE: Final = 2021


def month_of(day: date) -> int:
    """Return the month that ``day`` lies in."""
    return (day.year - 1) * 12 + day.month - 1


def months_of(ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the months that days lie in; years 1900 to 2100."""
    _, before, starts = _month_starts()
    return starts.searchsorted(ordinals, side="right") + before


def month_starts(months: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first days of months; years 1900 to 2100."""
    first, _, starts = _month_starts()
    return np.asarray(starts[months - first])


def federal_holidays(year: int) -> frozenset[date]:
    """Return the US federal holidays of a year, on the days on which they are observed.

    New Year's Day of the next year is among them when it is kept on December 31.
    """
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)]
    if year >= _JUNETEENTH_SINCE:
        fixed.append((6, 19))
    days = [_observed(date(year, month, day)) for month, day in fixed]
    days.append(_observed(date(year + 1, 1, 1)))
    days += [
        _nth_weekday(year, 1, _MONDAY, 3),
        _nth_weekday(year, 2, _MONDAY, 3),
        _nth_weekday(year, 6, _MONDAY, 1) - timedelta(days=7),
        _nth_weekday(year, 9, _MONDAY, 1),
        _nth_weekday(year, 10, _MONDAY, 2),
        _nth_weekday(year, 11, _THURSDAY, 4),
    ]
    return frozenset(day for day in days if day.year == year)


def next_working_days(ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each day if it is a working day, otherwise the next one; years 2014 to 2048."""
    first, table = _working_days("forward")
    return np.asarray(table[ordinals - first])


def previous_working_days(ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each day if it is a working day, otherwise the one before; years 2014 to 2048."""
    first, table = _working_days("backward")
    return np.asarray(table[ordinals - first])


@cache
def _month_starts() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the first month of the table, the one before it, and the first days of all."""
    months = [(year, month) for year in range(*_MONTHS_OF_YEARS) for month in range(1, 13)]
    starts = np.array([date(year, month, 1).toordinal() for year, month in months])
    starts.flags.writeable = False
    first = month_of(date(_MONTHS_OF_YEARS[0], 1, 1))
    # beside an array, an array without dimensions costs NumPy half of what a number does
    return np.array(first), np.array(first - 1), starts


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@cache
def _working_days(
    roll: Literal["forward", "backward"],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    years = range(_FIRST_YEAR, _LAST_YEAR + 1)
    holidays = [day for year in years for day in federal_holidays(year)]
    days = np.arange(
        np.datetime64(f"{_FIRST_YEAR}-01-01"), np.datetime64(f"{_LAST_YEAR + 1}-01-01")
    )
    shifted = np.busday_offset(
        days, 0, roll=roll, holidays=np.array(holidays, dtype="datetime64[D]")
    )
    table = shifted.astype(np.int64) + _UNIX_EPOCH
    table.flags.writeable = False
    return np.array(date(_FIRST_YEAR, 1, 1).toordinal()), table
