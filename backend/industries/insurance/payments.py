"""Premiums as they fell due and were paid: keyed by absolute month."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Policies, PremiumPayments
from backend.domain.person import People
from backend.industries.almanac import month_of, month_starts
from backend.industries.segments import offsets_of, owners_of
from backend.seeds import uniform

HISTORY_DAYS: Final = 365
_MONTHS: Final = 13
# how often a customer pays late, by assumption: most never, some now and then, a few often
_LATE_EDGES: Final = np.array([0.72, 0.93])
_LATE: Final = np.array([0.005, 0.10, 0.40])
_LATEST_DAYS: Final = 34
_LAST_DUE_DAY: Final = 28


def due_days(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the days of the month, 1 to 28, on which uniform draws let premiums fall due."""
    return 1 + (drawn * _LAST_DUE_DAY).astype(np.int64)


def next_due(due_day: NDArray[np.int64], as_of: date) -> NDArray[np.int64]:
    """Return the next due days, ``as_of`` included, as ordinals."""
    this, coming = month_starts(month_of(as_of) + np.arange(2))
    due = this + due_day - 1
    return np.asarray(np.where(due >= as_of.toordinal(), due, coming + due_day - 1))


def make_payments(
    people: People, policies: Policies, due_day: NDArray[np.int64], as_of: date
) -> PremiumPayments:
    """Return the premiums that fell due in the 365 days before ``as_of``.

    What is due or paid on ``as_of`` itself is still to come. One payment covers all policies that
    had begun. A late one comes 1 to 34 days after its due day, before a policy would lapse.
    """
    months = np.arange(month_of(as_of) - _MONTHS, month_of(as_of) + 1)
    due = month_starts(months) + due_day[:, None] - 1
    drawn = uniform(people.keys, "insurance/payment", np.concatenate([months * 2, months * 2 + 1]))
    often = _LATE_EDGES.searchsorted(uniform(people.keys, "insurance/late"), side="right")
    late = drawn[:, : len(months)] < _LATE[often][:, None]
    delay = 1 + (drawn[:, len(months) :] * _LATEST_DAYS).astype(np.int64)
    paid_on = due + np.where(late, delay, 0)
    amount = _amounts(policies, due)
    age = as_of.toordinal() - due
    rows, columns = np.nonzero((age > 0) & (age <= HISTORY_DAYS) & (amount > 0))
    paid_on = paid_on[rows, columns]
    return PremiumPayments(
        offsets=offsets_of(rows, len(people)),
        due=due[rows, columns],
        paid_on=np.where(paid_on < as_of.toordinal(), paid_on, 0),
        amount=amount[rows, columns],
    )


def _amounts(policies: Policies, due: NDArray[np.int64]) -> NDArray[np.int64]:
    owner = owners_of(policies.offsets)
    begun = policies.start[:, None] <= due[owner]
    # every customer holds a policy, so no segment of the sum is empty
    return np.add.reduceat(begun * policies.premium[:, None], policies.offsets[:-1], axis=0)
