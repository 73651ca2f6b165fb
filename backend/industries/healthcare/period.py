"""What a date says of every patient's records: from when they are told, and what may come when.

Nothing here depends on a patient, so that it is worked out once a date. Numbers that meet arrays
are arrays without dimensions: beside an array these cost NumPy half of what its scalars cost.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.almanac import month_of, month_starts
from backend.industries.healthcare.catalogue import catalogue

BOOKED_DAYS: Final = 180
"""How far ahead appointments are booked."""

HISTORY_DAYS: Final = 1095
"""How far back visits and fills are told; whole calendar years are walked before that."""

PLAN_YEARS: Final = 4
"""How many plan years are walked, the date's included."""

SHORTEST_INTERVAL: Final = 90
SHORTEST_SUPPLY: Final = 30

_MOVED_DAYS: Final = 30
_BOOKED_LATE_DAYS: Final = 45
_SLOTS: Final = 8  # room for kinds of acute visits, so that a fifth moves no visit


@dataclass(frozen=True, slots=True, eq=False)
class Sudden:
    """When and why patients may come unplanned: *m* slots, one a month and kind of visit.

    ``start`` is the month's first day and ``days`` its length; ``rate`` the average patient's
    chance. ``reason`` is the kind's first occasion of ``reasons``; ``in_office`` marks kinds that
    keep working days, which an emergency department and urgent care do not.
    """

    slot: NDArray[np.int64]
    start: NDArray[np.int64]
    days: NDArray[np.int64]
    rate: NDArray[np.float64]
    reason: NDArray[np.int64]
    reasons: NDArray[np.int64]
    in_office: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The days around a date, as ordinals.

    Visits and fills are made from ``first``, January 1 three years back, and told from
    ``told_from``; what falls due from ``due_from`` on may be moved into them. Appointments are
    booked to the day before ``beyond``, or by habit to the days before ``booked_before``: the last
    of four is that of check-ups of who skips many of them. ``years`` holds the first days of all
    plan years but the first. ``visit_turns`` and ``supply_turns`` count as many intervals and
    supplies as may fall into the period; ``turns_a_series`` and ``supplies_a_course`` say how many
    those are.
    """

    today: NDArray[np.int64]
    first: NDArray[np.int64]
    due_from: NDArray[np.int64]
    told_from: NDArray[np.int64]
    beyond: NDArray[np.int64]
    booked_before: NDArray[np.int64]
    years: NDArray[np.int64]
    visit_turns: NDArray[np.int64]
    turns_a_series: NDArray[np.int64]
    supply_turns: NDArray[np.int64]
    supplies_a_course: NDArray[np.int64]
    sudden: Sudden


@lru_cache(maxsize=64)
def period(as_of: date) -> Period:
    """Return the period around a date."""
    today, first = as_of.toordinal(), date(as_of.year - PLAN_YEARS + 1, 1, 1)
    back, beyond = today - first.toordinal(), today + BOOKED_DAYS + 1
    turns = (beyond - 1 - first.toordinal()) // SHORTEST_INTERVAL + 3
    supplies = back // SHORTEST_SUPPLY + 4
    years = [date(year, 1, 1) for year in range(first.year + 1, as_of.year + 1)]
    return Period(
        today=np.array(today),
        first=np.array(first.toordinal()),
        due_from=np.array(first.toordinal() - _MOVED_DAYS),
        told_from=np.array(today - HISTORY_DAYS),
        beyond=np.array(beyond),
        booked_before=np.array([beyond, beyond, beyond, today + _BOOKED_LATE_DAYS]),
        years=np.array([day.toordinal() for day in years]),
        visit_turns=np.arange(turns),
        turns_a_series=np.array(turns),
        supply_turns=np.arange(supplies),
        supplies_a_course=np.array(supplies),
        sudden=_sudden(month_of(first), month_of(as_of)),
    )


def _sudden(first: int, last: int) -> Sudden:
    table = catalogue().occasion_arrays
    months, kinds = np.arange(first, last + 1), np.arange(len(table.acute))
    starts = month_starts(np.arange(first, last + 2))
    reason, reasons = np.tile(table.acute, (len(months), 1)).T
    return Sudden(
        slot=(months[:, None] * _SLOTS + kinds).ravel(),
        start=starts[:-1].repeat(len(kinds)),
        days=np.diff(starts).repeat(len(kinds)),
        rate=np.tile(table.acute_yearly / 12, len(months)),
        reason=reason,
        reasons=reasons,
        in_office=np.tile(kinds == 0, len(months)),
    )
