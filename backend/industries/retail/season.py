"""How likely an order is on each day of the years that lives are told in."""

from datetime import date, timedelta
from functools import cache
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.fact import Fact
from backend.industries.retail.reading import FOLDER, parsed
from backend.yamlfile import read_yaml

FIRST_DAY: Final = date(2014, 1, 1).toordinal()
LAST_DAY: Final = date(2046, 12, 31).toordinal()
_THURSDAY: Final = 3


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
