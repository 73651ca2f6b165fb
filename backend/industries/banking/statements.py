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
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.almanac import previous_working_days
from backend.industries.banking.clients import Clients
from backend.industries.banking.terms import LATE_FEE, MINIMUM, CardTerms, interest_of
from backend.industries.banking.timeline import Timeline

_LATE_DAYS: Final = 2
LARGE_DAY: Final = 28
"""The day of the month on which a large purchase is charged to a card that is paid down."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What does not hang on purchases: by month, ``(n, 3, months)``; cents.

    ``before`` is what is carried into a month, ``after`` into the next.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    interest: NDArray[np.int64]
    fee: NDArray[np.int64]
    large: NDArray[np.int64]
    late: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements of the months from the second on, ``(n, 3, months - 1)``; cents, and days."""

    balance: NDArray[np.int64]
    payment: NDArray[np.int64]
    minimum: NDArray[np.int64]
    paid_on: NDArray[np.int64]


def carry(
    clients: Clients, terms: CardTerms, lateness: NDArray[np.float64], told: Timeline
) -> Carried:
    """Return what is carried, and what it costs, month by month.

    ``lateness`` are uniform draws of the months and of the one before, ``(n, months + 1)``.
    """
    months = told.month + np.arange(-1, told.months + 1)
    place = (months[1:] + terms.phase[:, :, None]) % terms.period[:, :, None]
    carried = terms.top[:, :, None] - place * terms.step[:, :, None]
    before = carried[:, :, :-1]
    charged = place[:, :, :-1] == terms.period[:, :, None] - 2
    forgets = lateness < clients.traits.late[:, None]
    # never two months in a row
    late = (forgets[:, 1:] & ~forgets[:, :-1])[:, None, :] & terms.carries[:, :, None]
    late |= terms.behind[:, :, None]
    return Carried(
        before=before,
        after=carried[:, :, 1:],
        interest=interest_of(before, terms.rate[:, :, None]),
        fee=late * LATE_FEE,
        large=charged * (terms.step * terms.period)[:, :, None],
        late=late,
    )


def statements(
    terms: CardTerms, carried: Carried, net: NDArray[np.int64], told: Timeline
) -> Statements:
    """Return the statements; ``net`` is what was bought less what came back, by month."""
    this, last = (slice(1, None), slice(None, -1))
    cost = carried.interest[:, :, last] + carried.fee[:, :, last]
    unpaid = terms.behind[:, :, None] * cost
    principal = carried.before[:, :, this] + net[:, :, last]
    balance = principal + cost + unpaid
    payment = balance - carried.after[:, :, this] - unpaid
    asked = cost + unpaid + np.where(terms.behind[:, :, None], 0, (principal + 50) // 100)
    minimum = np.minimum(balance, np.maximum(asked, MINIMUM))
    due = told.starts[1:-1] + terms.due_day[:, None] - 1
    paid_on = np.where(
        carried.late[:, :, this],
        (due + _LATE_DAYS)[:, None, :],
        previous_working_days(due)[:, None, :],
    )
    return Statements(
        balance=balance,
        payment=payment,
        minimum=np.where(terms.minimum[:, :, None], payment, minimum),
        paid_on=paid_on,
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
