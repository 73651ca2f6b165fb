"""Premiums as they fell due and were paid: keyed by absolute month."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Policies, PremiumPayments
from backend.domain.person import People
from backend.industries.almanac import month_of, month_starts
from backend.industries.insurance.draws import Draws
from backend.industries.segments import offsets_of, owners_of
from backend.seeds import uniform

HISTORY_DAYS: Final = 365
_MONTHS: Final = 13
# how often a customer pays late, by assumption: most never, some now and then, a few often
_LATE_EDGES: Final = np.array([0.72, 0.93])
_LATE: Final = np.array([0.005, 0.10, 0.40])
_LATEST_DAYS: Final = 34
_LAST_DUE_DAY: Final = 28


def due_days(draws: Draws) -> NDArray[np.int64]:
    """Return the days of the month, 1 to 28, on which premiums fall due."""
    return 1 + (draws.due_day[:, 0] * _LAST_DUE_DAY).astype(np.int64)


def next_due(due_day: NDArray[np.int64], as_of: date) -> NDArray[np.int64]:
    """Return the next due days, ``as_of`` included, as ordinals."""
    this, coming = month_starts(month_of(as_of) + np.arange(2))
    due = this + due_day - 1
    return np.asarray(np.where(due >= as_of.toordinal(), due, coming + due_day - 1))


def make_payments(
    people: People,
    policies: Policies,
    premium: NDArray[np.int64],
    draws: Draws,
    as_of: date,
) -> PremiumPayments:
    """Return the premiums that fell due in the 365 days before ``as_of``.

    What is due or paid on ``as_of`` itself is still to come. One payment covers all policies. A
    late one comes 1 to 34 days after its due day, before a policy would lapse.

    Args:
        premium: a month's in this term and in the last, ``(policies, 2)``.
    """
    months = np.arange(month_of(as_of) - _MONTHS, month_of(as_of) + 1)
    due = month_starts(months) + due_days(draws)[:, None] - 1
    index = np.array([months * 2, months * 2 + 1])[None]
    drawn = uniform(people.keys, "insurance/payment", index)
    often = _LATE_EDGES.searchsorted(draws.late[:, 0], side="right")
    late = drawn[:, 0] < _LATE[often][:, None]
    delay = (1 + (drawn[:, 1] * _LATEST_DAYS).astype(np.int64)) * late
    age = as_of.toordinal() - due
    rows, columns = ((age > 0) & (age <= HISTORY_DAYS)).nonzero()
    paid_on = (due + delay)[rows, columns]
    each = instalments(policies, premium, due[owners_of(policies.offsets)])
    # every customer holds a policy, so no segment of the sum is empty
    amount = np.add.reduceat(each, policies.offsets[:-1], axis=0)
    return PremiumPayments(
        offsets=offsets_of(rows, len(people)),
        due=due[rows, columns],
        paid_on=paid_on * (paid_on < as_of.toordinal()),
        amount=amount[rows, columns],
    )


def instalments(
    policies: Policies, premium: NDArray[np.int64], due: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return what each policy asks on days of its last and present term, ``(policies, m)``."""
    present = due >= policies.term_start[:, None]
    return np.asarray(np.where(present, premium[:, :1], premium[:, 1:]))
