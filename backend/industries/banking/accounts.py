"""What customers hold on a date, as the records have it."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, SAVINGS, Accounts
from backend.domain.person import People
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.posting import Posted
from backend.industries.banking.statements import Carried, Statements
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline
from backend.industries.life import EARLIEST_AS_OF

_OLDEST_ACCOUNT: Final = date(1988, 1, 1)
_YOUNGEST_HOLDER: Final = 16 * 365.2425
_LONGEST_RECORD: Final = 731  # days of 24 months; the youngest turn 16 so long before
_YEAR: Final = 365
_NEWEST: Final = 20  # days that a newcomer has been a customer at least


def opened_on(clients: Clients, last: int) -> NDArray[np.int64]:
    """Return the day on which each customer opened the first account, as of the day ``last``.

    Newcomers did on the latest day of their yearly cycle that is 20 days ago or more.
    """
    traits = clients.traits
    opened = _long_ago(clients.people, clients.draws.of(Life.OPENED))
    if not traits.newcomer.any():
        return opened
    latest = last - _NEWEST
    return np.where(traits.newcomer, latest - (latest - traits.joined) % _YEAR, opened)


def make_accounts(
    clients: Clients,
    score: NDArray[np.int64],
    terms: CardTerms,
    months: tuple[Carried, Statements],
    posted: Posted,
    told: Timeline,
    opened: NDArray[np.int64],
) -> Accounts:
    """Return the accounts on the last day of ``told``."""
    carried, stated = months
    cards = -posted.closing[:, CARD:]
    paid = (stated.payment > 0) & (stated.paid_on <= told.last)
    paid &= stated.paid_on >= np.maximum(opened, told.told_from)[:, None, None]
    settled = paid[:, :, -1]
    balance = stated.balance[:, :, -1]
    customers, cards_each, told_months = paid.shape
    latest = told_months - 1 - paid[:, :, ::-1].argmax(axis=2)
    latest += told_months * np.arange(customers * cards_each).reshape(customers, cards_each)
    ever = paid.any(axis=2)
    due = told.starts[-2] + terms.due_day - 1
    after_due = told.last > due
    late = carried.late[:, :, -1]
    overdue = (balance > 0) & (terms.behind | (late & after_due[:, None] & ~settled))
    return Accounts(
        opened=opened,
        last_four=(clients.draws.of(Life.LAST_FOUR) * 10_000).astype(np.int64),
        checking=posted.closing[:, CHECKING],
        savings=posted.closing[:, SAVINGS],
        credit_score=score,
        card_limit=terms.limit,
        card_balance=cards,
        card_minimum=stated.minimum[:, :, -1],
        card_statement=balance,
        card_apr=terms.rate,
        card_overdue=overdue,
        card_open=(balance > 0) & ~settled,
        card_paid=np.where(ever, stated.payment.ravel()[latest], 0),
        card_paid_on=np.where(ever, stated.paid_on.ravel()[latest], 0),
        card_due=terms.due_day,
        statement_day=int(told.starts[-2]) - 1,
    )


def _long_ago(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    # whoever is no newcomer is a customer before the first date that can be asked for, by as much
    # as the longest record reaches back
    first = np.maximum(people.birth + _YOUNGEST_HOLDER, float(_OLDEST_ACCOUNT.toordinal()))
    span = np.maximum(EARLIEST_AS_OF.toordinal() - _LONGEST_RECORD - first, 0.0)
    opened: NDArray[np.int64] = (first + drawn * span).astype(np.int64)
    return opened
