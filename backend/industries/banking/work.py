"""Work: who pays customers, on which pattern, and what is left after tax; no date takes part."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from backend.domain.person import People
from backend.industries.banking.catalogue import Names, catalogue
from backend.industries.banking.clients import Work
from backend.industries.banking.draws import Draws, Life
from backend.industries.banking.timeline import (
    BIWEEKLY,
    CALENDAR_OF,
    IRREGULAR,
    MONTHLY,
    RETIRED,
    SEMIMONTHLY,
    WEEKLY,
)
from backend.industries.life import sector_of
from backend.seeds import Curve

# what is left of a year's gross pay after tax and social insurance, own round figures
_KEPT: Final = Curve(
    (15_000.0, 40_000.0, 80_000.0, 150_000.0, 300_000.0), (0.92, 0.84, 0.78, 0.72, 0.65)
)
_KEPT_IN_RETIREMENT: Final = 0.07

_PAID_ON_FRIDAY: Final = 0.7  # the others on Thursday
_EARLY_DAYS: Final = 0.4  # paid on the 1st and 15th, or the 25th; the others at the month's end
_CALENDARS: Final[list[int]] = CALENDAR_OF.tolist()


class Sector(NamedTuple):
    """Who pays some people: the running shares of the patterns, and the family of names."""

    edges: list[float]
    payers: Names


def sectors_of(occupations: Sequence[str]) -> list[Sector]:
    """Return who pays people of these occupations."""
    return [_sector_of(occupation) for occupation in occupations]


@cache
def _sector_of(occupation: str) -> Sector:
    tables, sector = catalogue(), sector_of(occupation)
    # retired people have no shares: all their edges are 0, and the draw lies beyond each
    shares = tables.pay_shares.get(sector, (0.0,) * RETIRED)
    return Sector(list(accumulate(shares)), tables.payers[sector])


def pay_patterns(sectors: Sequence[Sector], drawn: Iterable[float]) -> list[int]:
    """Return how people of the sectors are paid, by uniform draws."""
    return [
        bisect_right(sector.edges, one * sector.edges[-1])
        for sector, one in zip(sectors, drawn, strict=True)
    ]


def make_work(
    people: People, draws: Draws, sectors: Sequence[Sector], pattern: Sequence[int]
) -> Work:
    """Return how the people are paid."""
    each = zip(people.income.tolist(), sectors, pattern, draws.lives, strict=True)
    return Work(*np.array([_work(*one) for one in each], dtype=np.int64).reshape(-1, 4).T)


def _work(
    income: int, sector: Sector, pattern: int, life: Sequence[float]
) -> tuple[int, int, int, int]:
    """Return one's columns of ``Work``."""
    kept = _KEPT.at(income / 100)
    if pattern == RETIRED:
        kept += _KEPT_IN_RETIREMENT
    net_year = round(income * kept)
    names = catalogue().contractors if pattern == IRREGULAR else sector.payers
    payer = names.first + int(life[Life.PAYER] * (names.patterns * catalogue().words))
    return net_year, net_year // 12, payer, calendar_of(pattern, life[Life.PAY_PHASE])


def calendar_of(pattern: int, phase: float) -> int:
    """Return which of ``Timeline.pay_days`` one has; ``phase`` in [0, 1) chooses in a pattern."""
    calendar = _CALENDARS[pattern]
    if pattern == WEEKLY:
        return calendar + (phase >= _PAID_ON_FRIDAY)
    if pattern == BIWEEKLY:
        return calendar + 2 * (phase >= _PAID_ON_FRIDAY) + (int(phase * 1024) & 1)
    return calendar + (pattern in {SEMIMONTHLY, MONTHLY} and phase >= _EARLY_DAYS)
