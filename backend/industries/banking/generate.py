"""From people to a bank's records of them, vectorised over the people."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, MAX_CARDS, SAVINGS, BankingRecords, Flows
from backend.domain.person import People
from backend.industries.banking.accounts import make_accounts, opened_on
from backend.industries.banking.balancing import balance
from backend.industries.banking.bills import make_bills, pay_bills
from backend.industries.banking.cards import card_spending
from backend.industries.banking.clients import Clients
from backend.industries.banking.everyday import make_habits
from backend.industries.banking.foreign import own_book, taken_in
from backend.industries.banking.lives import Reshape, clients_of
from backend.industries.banking.monthly import monthly
from backend.industries.banking.pay import next_pay, pay
from backend.industries.banking.posting import accounts_held, post
from backend.industries.banking.postings import joined
from backend.industries.banking.recurring import recurring
from backend.industries.banking.saving import saved
from backend.industries.banking.statements import carry, statements
from backend.industries.banking.terms import make_terms, scores_of
from backend.industries.banking.timeline import MONTHS_HISTORY, Timeline, timeline
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker, uniform

DAILY: Final = 180
"""How many days of checking balances are kept for the page's chart."""

_ELSEWHERE: Final = 0.06  # of net pay goes to what other modes' records tell of, own round figure


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    others: Sequence[FlowSource] = (),
    months_history: int = MONTHS_HISTORY,
    reshape: Reshape | None = None,
) -> BankingRecords:
    """Return the bank's records of the people up to and including ``as_of``.

    The ledger posts what the ``others`` hand it, beside what banking itself brings about.

    Args:
        people: who they are.
        as_of: the last day that is told.
        faker: for the others.
        others: the flows of the other modes.
        months_history: how many whole months the ledger tells, 1 to 24.
        reshape: natural traits to those that are to be lived instead; none lives the natural.
    """
    told = timeline(as_of, months_history)
    clients = clients_of(people, alone=not others, reshape=reshape)
    flows = [source(people, int(told.starts[0]), told.end, faker) for source in others]
    return records_of(clients, told, flows)


def records_of(clients: Clients, told: Timeline, flows: Sequence[Flows] = ()) -> BankingRecords:
    """Return the records of customers over the days of ``told``, with the flows of other modes."""
    score = scores_of(clients.draws)
    terms = make_terms(clients.people, clients.draws, clients.traits, score)
    bills = make_bills(clients)
    net = clients.work.net_month()
    elsewhere = 0 if clients.alone else (net * _ELSEWHERE).astype(np.int64)
    habits = make_habits(clients, bills.fixed() + terms.monthly_cost() + elsewhere)
    foreign, book = taken_in(flows) if flows else (None, own_book())
    spent = card_spending(clients, terms, bills, habits, foreign, told)
    lateness, luck = _of_months(clients, told)
    carried = carry(clients, terms, lateness, told)
    stated = statements(terms, carried, spent.net + carried.large, told)
    savings = saved(clients, bills.essential() + habits.essential, told)
    posted = joined(
        [
            pay(clients, told),
            monthly(clients, terms, carried, (stated, bills), savings, told),
            pay_bills(clients, bills, spent.card_of_bills, told),
            *spent.posted,
        ]
    )
    checking = balance(clients, posted, luck[:, 2:], told)
    opened = opened_on(clients, told.last)
    first = np.maximum(opened, told.first)
    base = np.empty((len(clients), CARD + MAX_CARDS), dtype=np.int64)
    base[:, CHECKING], base[:, SAVINGS] = checking.start, savings.before[:, 1]
    base[:, CARD:] = -stated.balance[:, :, 0]
    moved = joined([checking.moved, posted])
    moved = moved.take((moved.day >= told.told_from).nonzero()[0])
    held = accounts_held(terms.limit)
    done = post(moved, base, held, (first, told.last), book)
    accounts = make_accounts(clients, score, terms, (carried, stated), done, told, opened)
    return BankingRecords(
        accounts=accounts,
        ledger=done.ledger,
        recorded_from=first,
        daily=_daily(checking.daily, first, told),
        subscriptions=recurring(done.ledger, told.last),
        next_pay=next_pay(clients, told),
    )


def _of_months(clients: Clients, told: Timeline) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two draws of each month, from the one before the first on, ``(n, months + 1)``."""
    index = 2 * (told.month + np.arange(-1, told.months))
    drawn = uniform(clients.people.keys, "banking/month", np.concatenate([index, index + 1]))
    return drawn[:, : len(index)], drawn[:, len(index) :]


def _daily(
    balances: NDArray[np.int64], first: NDArray[np.int64], told: Timeline
) -> NDArray[np.int64]:
    end = told.last - told.told_from + 1
    shown = np.arange(max(end - DAILY, told.first - told.told_from), end)
    return np.where(shown + told.told_from >= first[:, None], balances[:, shown], 0)
