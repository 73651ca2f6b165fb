"""Cards month by month: what is carried, bought, charged, asked for and paid.

A statement closes on the last day of a month and is paid in the next. With ``carried(M)`` from the
card's terms and ``net(M)`` what was bought in month M less what came back in it:

    statement(M) = carried(M) + net(M-1) + interest(M-1) + fee(M-1) + unpaid
    payment(M) = statement(M) - carried(M+1) - unpaid

so that after the payment exactly ``carried(M+1)`` is left of the statement, and the balance at the
start of a month needs no month before the last one. ``interest(M)`` is a month's interest on
``carried(M)``, posted on the month's last day. ``unpaid`` is 0 but on a card that is one payment
behind: there it is what the month before asked for.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.almanac import previous_working_days
from backend.industries.banking.clients import Clients
from backend.industries.banking.terms import (
    DUE_DAYS,
    FIRST_DUE_DAY,
    LATE_FEE,
    MINIMUM,
    CardTerms,
)
from backend.industries.banking.timeline import Timeline

Months: TypeAlias = NDArray[np.int64]

_LATE_FEE: Final = np.array(LATE_FEE)
_HALF, _TWELVE_HUNDRED_PERCENT = np.array(60_000), np.array(120_000)
_LATE_DAYS: Final = 2
LARGE_DAY: Final = 28
"""The day of the month on which a large purchase is charged to a card that is paid down."""


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What does not hang on purchases: by card and month, ``(c, months)``; cents.

    ``before`` is what is carried into a month, ``after`` into the next.
    """

    before: Months
    after: Months
    interest: Months
    fee: Months
    large: Months
    late: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Statements of the months from the second on, ``(c, months - 1)``; cents, and days."""

    balance: Months
    payment: Months
    minimum: Months
    paid_on: Months


def carry(
    clients: Clients, terms: CardTerms, lateness: NDArray[np.float64], told: Timeline
) -> Carried:
    """Return what is carried, and what it costs, month by month.

    ``lateness`` are uniform draws of the months and of the one before, ``(n, months + 1)``.
    """
    card = terms.columns
    place = (_calendar(told).months + card.phase) % card.period
    carried = card.top - place * card.step
    before = carried[:, :-1]
    forgets = lateness < clients.traits.late[:, None]
    # never two months in a row
    late = (forgets[:, 1:] & ~forgets[:, :-1])[terms.row] & card.carries | card.behind
    return Carried(
        before=before,
        after=carried[:, 1:],
        interest=(before * card.rate + _HALF) // _TWELVE_HUNDRED_PERCENT,
        fee=late * _LATE_FEE,
        large=(place[:, :-1] == card.period - 2) * (card.step * card.period),
        late=late.astype(np.bool_),
    )


def statements(terms: CardTerms, carried: Carried, net: Months, told: Timeline) -> Statements:
    """Return the statements; ``net`` is what was bought less what came back, ``(c, months)``."""
    card, days = terms.columns, _calendar(told)
    cost = (carried.interest + carried.fee)[:, :-1]
    principal = carried.before[:, 1:] + net[:, :-1]
    owed = principal + cost
    payment = owed - carried.after[:, 1:]
    unpaid = cost * card.behind
    balance = owed + unpaid
    asked = cost + unpaid + (principal + 50) // 100 * (1 - card.behind)
    minimum = np.minimum(balance, np.maximum(asked, MINIMUM))
    due = (terms.due_day - FIRST_DUE_DAY)[terms.row]
    return Statements(
        balance=balance,
        payment=payment,
        minimum=np.where(card.minimum, payment, minimum),
        paid_on=days.paid_on[due[:, None], carried.late[:, 1:].astype(np.int64), days.place],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Calendar:
    """Months since the year 1, one more than are told; and when cards are paid.

    ``paid_on`` is by due day, in time and late, and month from the second on; ``place`` counts
    these months.
    """

    months: NDArray[np.int64]
    paid_on: NDArray[np.int64]
    place: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    due = [told.starts[1:-1] + (FIRST_DUE_DAY + day - 1) for day in range(DUE_DAYS)]
    return _Calendar(
        told.month + np.arange(told.months + 1),
        np.array([[previous_working_days(days), days + _LATE_DAYS] for days in due]),
        np.arange(told.months - 1),
    )


def by_card(
    row: NDArray[np.int64],
    card: NDArray[np.int64],
    month: NDArray[np.int64],
    cents: NDArray[np.int64],
    shape: tuple[int, int],
) -> NDArray[np.int64]:
    """Return sums by customer, card and month, ``(n, 3, months)``; a card of -1 is none.

    Whole cents: a float holds their sum exactly.
    """
    customers, months = shape
    at = (card >= 0).nonzero()[0]
    slot = (row[at] * MAX_CARDS + card[at]) * months + month[at]
    summed = np.bincount(slot, weights=cents[at], minlength=customers * MAX_CARDS * months)
    return summed.astype(np.int64).reshape(customers, MAX_CARDS, months)
