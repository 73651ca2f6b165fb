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

import math
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

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
from backend.industries.segments import beside

Months: TypeAlias = NDArray[np.int64]

_LATE_FEE, _MINIMUM = np.array(LATE_FEE), np.array(MINIMUM)
_FIRST_DUE_DAY: Final = np.array(FIRST_DUE_DAY)
_ONE, _TWO, _HALF_A_DOLLAR, _DOLLAR = np.array(1), np.array(2), np.array(50), np.array(100)
_HALF, _TWELVE_HUNDRED_PERCENT = np.array(60_000), np.array(120_000)
_LATE_DAYS: Final = 2
LARGE_DAY: Final = 28
"""The day of the month on which a large purchase is charged to a card that is paid down."""


class Carried(NamedTuple):
    """What does not hang on purchases: by card and month, ``(c, months)``; cents.

    ``before`` is what is carried into a month, ``after`` into the next; ``late`` is 1 where the
    payment is.
    """

    before: Months
    after: Months
    interest: Months
    fee: Months
    large: Months
    late: Months


class Statements(NamedTuple):
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
    if not len(terms.row):
        none = np.empty((0, told.months), dtype=np.int64)
        return Carried(none, none, none, none, none, none)
    card = terms.columns
    place = (told.numbers[None] + card.phase) % card.period
    carried = card.top - place * card.step
    before = carried[:, :-1]
    forgets = lateness < beside(clients.traits.late)
    # never two months in a row: who forgets and did not the month before
    late = (forgets[:, 1:] > forgets[:, :-1]).astype(np.int64).take(terms.row, axis=0)
    late = late & card.carries | card.behind
    return Carried(
        before=before,
        after=carried[:, 1:],
        interest=(before * card.rate + _HALF) // _TWELVE_HUNDRED_PERCENT,
        fee=late * _LATE_FEE,
        large=(place[:, :-1] == card.period - _TWO) * (card.step * card.period),
        late=late,
    )


def statements(terms: CardTerms, carried: Carried, net: Months, told: Timeline) -> Statements:
    """Return the statements; ``net`` is what was bought less what came back, ``(c, months)``."""
    if not len(terms.row):
        none = np.empty((0, told.months - 1), dtype=np.int64)
        return Statements(none, none, none, none)
    card, days = terms.columns, _calendar(told)
    cost = (carried.interest + carried.fee)[:, :-1]
    principal = carried.before[:, 1:] + net[:, :-1]
    owed = principal + cost
    payment = owed - carried.after[:, 1:]
    unpaid = cost * card.behind
    balance = owed + unpaid
    asked = cost + unpaid + (principal + _HALF_A_DOLLAR) // _DOLLAR * (_ONE - card.behind)
    minimum = np.minimum(balance, np.maximum(asked, _MINIMUM))
    if np.count_nonzero(card.minimum):
        minimum = np.where(card.minimum, payment, minimum)
    due = beside((terms.due_day - _FIRST_DUE_DAY).take(terms.row))
    place = (due * _TWO + carried.late[:, 1:]) * days.months + days.place
    return Statements(
        balance=balance,
        payment=payment,
        minimum=minimum,
        paid_on=days.paid_on.take(place),
    )


class _Calendar(NamedTuple):
    """When cards are paid.

    ``paid_on`` is by due day, in time and late, and month from the second on, flat; ``place``,
    ``(1, months)``, counts these ``months``.
    """

    paid_on: NDArray[np.int64]
    months: NDArray[np.int64]
    place: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    due = [told.starts[1:-1] + (FIRST_DUE_DAY + day - 1) for day in range(DUE_DAYS)]
    return _Calendar(
        np.array([[previous_working_days(days), days + _LATE_DAYS] for days in due]).ravel(),
        np.array(told.months - 1),
        np.arange(told.months - 1)[None],
    )


def by_card(
    row: NDArray[np.int64],
    card: NDArray[np.int64],
    month: NDArray[np.int64],
    cents: NDArray[np.int64],
    shape: tuple[int, ...],
) -> NDArray[np.int64]:
    """Return sums by customer, card and month, of the shape ``(n, 3, months)``."""
    return by_slot((row * shape[1] + card) * shape[2] + month, cents, shape)


def by_slot(
    slot: NDArray[np.int64], cents: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return sums by places in an array of ``shape``, flat.

    Whole cents: a float holds their sum exactly.
    """
    summed = np.bincount(slot, weights=cents, minlength=math.prod(shape))
    return summed.astype(np.int64).reshape(shape)
