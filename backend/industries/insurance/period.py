"""What a date says of every customer's insurance: the months of losses and of premiums.

Nothing here depends on a customer, so that it is worked out once a date. Numbers that meet arrays
are arrays without dimensions: beside an array these cost NumPy half of what its scalars cost.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.almanac import month_of, month_starts

CLAIMS_DAYS: Final = 1826
"""How far back claims are told: five years."""

_LOSS_MONTHS: Final = CLAIMS_DAYS // 28
_DUE_MONTHS: Final = 13


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The months before a date and the date's own, counted from January of the year 1.

    ``loss_months`` are those in which losses are told and ``due_months`` those in which premiums
    fell due. ``loss_starts`` are the first days of the former and ``loss_days`` their lengths;
    ``due_starts`` the days before the first ones of the latter, ``coming`` that of the next month.
    ``year`` is the month of the last January.
    """

    today: NDArray[np.int64]
    year: NDArray[np.int64]
    loss_months: NDArray[np.int64]
    loss_starts: NDArray[np.int64]
    loss_days: NDArray[np.int64]
    due_months: NDArray[np.int64]
    due_starts: NDArray[np.int64]
    coming: NDArray[np.int64]


@lru_cache(maxsize=64)
def period(as_of: date) -> Period:
    """Return the months up to that of a date."""
    month = month_of(as_of)
    losses, due = (
        np.arange(month - _LOSS_MONTHS, month + 1),
        np.arange(month - _DUE_MONTHS, month + 1),
    )
    starts = month_starts(losses)
    return Period(
        today=np.array(as_of.toordinal()),
        year=np.array((as_of.year - 1) * 12),
        loss_months=losses,
        loss_starts=starts,
        loss_days=month_starts(losses + 1) - starts,
        due_months=due,
        due_starts=month_starts(due) - 1,
        coming=month_starts(np.array(month + 1)) - 1,
    )
