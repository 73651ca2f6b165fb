"""What customers hold on a date, as the records have it."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, MAX_CARDS, SAVINGS, Accounts
from backend.domain.person import People
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.posting import Posted
from backend.industries.banking.statements import Carried, Statements
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline
from backend.industries.life import EARLIEST_AS_OF

_OLDEST_ACCOUNT: Final = np.array(float(date(1988, 1, 1).toordinal()))
_YOUNGEST_HOLDER: Final = np.array(16 * 365.2425)
_LONGEST_RECORD: Final = 731  # days of 24 months; the youngest turn 16 so long before
_NEWEST_ACCOUNT: Final = np.array(float(EARLIEST_AS_OF.toordinal() - _LONGEST_RECORD))
_NO_DAYS, _NUMBERS = np.array(0.0), np.array(10_000.0)
_YEAR: Final = 365
_NEWEST: Final = 20  # days that a newcomer has been a customer at least


def opened_on(clients: Clients, last: int) -> NDArray[np.int64]:
    """Return the day on which each customer opened the first account, as of the day ``last``.

    Newcomers did on the latest day of their yearly cycle that is 20 days ago or more.
    """
    traits = clients.traits
    opened = _long_ago(clients.people, clients.draws.of(Life.OPENED))
    if not np.count_nonzero(traits.newcomer):
        return opened
    latest = last - _NEWEST
    return np.where(traits.newcomer, latest - (latest - traits.joined) % _YEAR, opened)


def make_accounts(
    clients: Clients,
    score: Sequence[int],
    terms: CardTerms,
    months: tuple[Carried, Statements],
    posted: Posted,
    told: Timeline,
    opened: NDArray[np.int64],
) -> Accounts:
    """Return the accounts on the last day of ``told``."""
    latest = np.zeros((len(clients), MAX_CARDS, len(_Latest._fields)), dtype=np.int64)
    if len(terms.row):
        latest[terms.row, terms.nth] = _latest(terms, months, told, opened)
    balance, minimum, to_pay, overdue, paid, paid_on = latest.transpose(2, 0, 1)
    return Accounts(
        opened=opened,
        last_four=(clients.draws.of(Life.LAST_FOUR) * _NUMBERS).astype(np.int64),
        checking=posted.closing[:, CHECKING],
        savings=posted.closing[:, SAVINGS],
        credit_score=np.array(score, dtype=np.int64),
        card_limit=terms.limit,
        card_balance=-posted.closing[:, CARD:],
        card_minimum=minimum,
        card_statement=balance,
        card_apr=terms.rate,
        card_overdue=overdue.astype(np.bool_),
        card_open=to_pay.astype(np.bool_),
        card_paid=paid,
        card_paid_on=paid_on,
        card_due=terms.due_day,
        statement_day=int(told.starts[-2]) - 1,
    )


class _Latest(NamedTuple):
    """The last statement of a card, and the last payment that the record shows, 0 without one."""

    balance: int
    minimum: int
    to_pay: bool
    overdue: bool
    paid: int
    paid_on: int


def _latest(
    terms: CardTerms,
    months: tuple[Carried, Statements],
    told: Timeline,
    opened: NDArray[np.int64],
) -> list[_Latest]:
    """Return how each card stands on the last day of ``told``."""
    carried, stated = months
    columns = (
        stated.payment, stated.paid_on, stated.balance[:, -1], stated.minimum[:, -1],
        carried.late[:, -1], terms.columns.behind.ravel(), terms.due_day.take(terms.row),
        opened.take(terms.row),
    )  # fmt: skip
    each = zip(*[column.tolist() for column in columns], strict=True)
    return [_last_of(told, *one) for one in each]


def _last_of(  # noqa: PLR0913, PLR0917 - each one a figure of the card's
    told: Timeline,
    payments: Sequence[int],
    days: Sequence[int],
    balance: int,
    minimum: int,
    late: bool,  # noqa: FBT001 - the statement's
    behind: bool,  # noqa: FBT001 - the card's
    due_day: int,
    opened: int,
) -> _Latest:
    """Return how a card stands on the last day of ``told``."""
    last, shown = told.last, max(opened, told.told_from)
    paid = [
        (cents, day)
        for cents, day in zip(payments, days, strict=True)
        if cents > 0 and shown <= day <= last
    ]
    settled = payments[-1] > 0 and shown <= days[-1] <= last
    to_pay = balance > 0 and not settled
    past_due = last - int(told.starts[-2]) >= due_day
    overdue = balance > 0 and (behind or (late and past_due and not settled))
    return _Latest(balance, minimum, to_pay, overdue, *(paid[-1] if paid else (0, 0)))


def _long_ago(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    # whoever is no newcomer is a customer before the first date that can be asked for, by as much
    # as the longest record reaches back
    first = np.maximum(people.birth + _YOUNGEST_HOLDER, _OLDEST_ACCOUNT)
    span = np.maximum(_NEWEST_ACCOUNT - first, _NO_DAYS)
    opened: NDArray[np.int64] = (first + drawn * span).astype(np.int64)
    return opened
