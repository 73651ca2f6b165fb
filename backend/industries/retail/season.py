"""How likely an order is on each day of the years that lives are told in."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.fact import Fact
from backend.industries.retail.reading import FOLDER, parsed
from backend.yamlfile import read_yaml

FIRST_DAY: Final = date(2014, 1, 1).toordinal()
LAST_DAY: Final = date(2046, 12, 31).toordinal()
CYCLE_DAYS: Final = 840
"""How long the cycles are in some of which a shopper stops for a while."""

_THURSDAY: Final = 3
_DAYS_A_WORD: Final = 4  # four days share the 64 bits of one draw, 16 for each


class SpecialDay(Fact):
    """A day of every year with a weight of its own."""

    month: int
    day: int
    factor: float


class BankLine(Fact):
    """How a bank shows a movement: see ``backend.domain.ledger.Purpose``."""

    id: str
    category: str
    description: str


class Chain(Fact):
    """``chain.yaml``."""

    name: str
    stores: tuple[str, ...]
    purposes: tuple[BankLine, BankLine, BankLine]
    weekdays: tuple[float, ...]
    months: tuple[float, ...]
    days: tuple[SpecialDay, ...]
    thanksgiving_friday: float
    thanksgiving_monday: float


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The days from ``first`` to ``last``, both included, and what is drawn for them.

    ``words`` are the indices of the days' words and ``start`` the day of the first one's first
    part; ``weights`` are those of all the parts' days, 0 outside the stretch. ``cycles`` are all
    that may touch the stretch, whatever a shopper's phase, and ``cycle_starts`` the days on which
    they begin if that is 0.
    """

    first: int
    last: int
    words: NDArray[np.int64]
    start: NDArray[np.int64]
    weights: NDArray[np.float64]
    cycles: NDArray[np.int64]
    cycle_starts: NDArray[np.int64]


@lru_cache(maxsize=64)
def stretch(first: int, last: int) -> Stretch:
    """Return the days from ``first`` to ``last`` with all that no shopper has a part in."""
    words = np.arange(first // _DAYS_A_WORD, last // _DAYS_A_WORD + 1)
    start = int(words[0]) * _DAYS_A_WORD
    weights = np.zeros(len(words) * _DAYS_A_WORD)
    weights[first - start : last + 1 - start] = day_weights()[
        first - FIRST_DAY : last + 1 - FIRST_DAY
    ]
    # a phase is less than a cycle
    cycles = np.arange(first // CYCLE_DAYS, (last + CYCLE_DAYS - 1) // CYCLE_DAYS + 1)
    starts = cycles * CYCLE_DAYS
    return Stretch(first, last, words, np.array(start), weights, cycles, starts)


@cache
def chain() -> Chain:
    """Return what is known of the chain, read once."""
    return parsed(read_yaml(FOLDER / "chain.yaml"), Chain)


@cache
def day_weights() -> NDArray[np.float64]:
    """Return the weight of every day from ``FIRST_DAY`` to ``LAST_DAY``; their mean is 1."""
    days = [date.fromordinal(day) for day in range(FIRST_DAY, LAST_DAY + 1)]
    weights = [_weight(day) for day in days]
    mean = fsum(weights) / len(weights)
    table = np.array([weight / mean for weight in weights])
    table.flags.writeable = False
    return table


@cache
def months_of_days() -> NDArray[np.int64]:
    """Return the month, from 0, of every day from ``FIRST_DAY`` to ``LAST_DAY``."""
    days = range(FIRST_DAY, LAST_DAY + 1)
    return np.array([date.fromordinal(day).month - 1 for day in days])


@cache
def month_shares() -> tuple[float, ...]:
    """Return how orders are spread over the months, January first; they sum to 1."""
    weights, months = day_weights().tolist(), months_of_days().tolist()
    parts: list[list[float]] = [[] for _ in range(12)]
    for weight, month in zip(weights, months, strict=True):
        parts[month].append(weight)
    return tuple(fsum(part) / fsum(weights) for part in parts)


def _weight(day: date) -> float:
    shape = chain()
    special = _special_days(day.year).get(day, 1.0)
    return shape.weekdays[day.weekday()] * shape.months[day.month - 1] * special


@cache
def _special_days(year: int) -> dict[date, float]:
    shape = chain()
    found = {date(year, day.month, day.day): day.factor for day in shape.days}
    november = date(year, 11, 1)
    thanksgiving = november + timedelta(days=(_THURSDAY - november.weekday()) % 7 + 21)
    found[thanksgiving + timedelta(days=1)] = shape.thanksgiving_friday
    found[thanksgiving + timedelta(days=4)] = shape.thanksgiving_monday
    return found
