"""Premiums as they fell due and were paid: keyed by absolute month."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Policies, PremiumPayments
from backend.industries.insurance.draws import Draws
from backend.industries.insurance.period import Period
from backend.industries.segments import offsets_of, owners_of

HISTORY_DAYS: Final = 365
_HISTORY_DAYS: Final = np.array(HISTORY_DAYS)
# how often a customer pays late, by assumption: most never, some now and then, a few often
_LATE_EDGES: Final = np.array([0.72, 0.93])
_LATE: Final = np.array([0.005, 0.10, 0.40])
_LATEST_DAYS, _ONE = np.array(34.0), np.array(1)
_LAST_DUE_DAY: Final = np.array(28.0)


def due_days(draws: Draws) -> NDArray[np.int64]:
    """Return the days of the month, 1 to 28, on which premiums fall due."""
    return np.asarray(_ONE + (draws.due_day[:, 0] * _LAST_DUE_DAY).astype(np.int64))


def next_due(due_day: NDArray[np.int64], told: Period) -> NDArray[np.int64]:
    """Return the next due days, the date included, as ordinals."""
    due = told.due_starts[-1] + due_day
    return np.where(due >= told.today, due, told.coming + due_day)


def make_payments(
    policies: Policies,
    premium: NDArray[np.int64],
    due_day: NDArray[np.int64],
    luck: tuple[NDArray[np.float64], NDArray[np.float64]],
    told: Period,
) -> PremiumPayments:
    """Return the premiums that fell due in the 365 days before the date.

    What is due or paid on the date itself is still to come. One payment covers all policies. A
    late one comes 1 to 34 days after its due day, before a policy would lapse.

    Args:
        policies: all customers' policies.
        premium: a month's in this term and in the last, ``(policies, 2)``.
        due_day: each customer's day of the month, ``(n,)``.
        luck: a draw each that decides who pays late, ``(n, 1)``, and of each month whether it is
            paid late and how late, ``(n, 2, months)``.
        told: the months.
    """
    often, drawn = luck
    due = told.due_starts + due_day[:, None]
    chance = _LATE[_LATE_EDGES.searchsorted(often, side="right")]
    delay = _ONE + (drawn[:, 1] * _LATEST_DAYS).astype(np.int64)
    paid_on = due + delay * (drawn[:, 0] < chance)
    at = ((due < told.today) & (due >= told.today - _HISTORY_DAYS)).ravel().nonzero()[0]
    each = instalments(policies, premium, due[owners_of(policies.offsets)])
    # every customer holds a policy, so no segment of the sum is empty
    amount = np.add.reduceat(each, policies.offsets[:-1], axis=0)
    paid_on = paid_on.take(at)
    return PremiumPayments(
        offsets=offsets_of(at // len(told.due_months), len(due_day)),
        due=due.take(at),
        paid_on=paid_on * (paid_on < told.today),
        amount=amount.take(at),
    )


def instalments(
    policies: Policies, premium: NDArray[np.int64], due: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return what each policy asks on days of its last and present term, ``(policies, m)``."""
    present = due >= policies.term_start[:, None]
    return np.asarray(np.where(present, premium[:, :1], premium[:, 1:]))
