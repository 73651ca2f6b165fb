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
from backend.industries.banking.bills import bills_due, make_bills, pay_bills
from backend.industries.banking.cards import card_spending
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Dated, draw_dated
from backend.industries.banking.everyday import bought_when, make_habits, purchases
from backend.industries.banking.foreign import own_book, taken_in
from backend.industries.banking.lives import Lives, Reshape, clients_of
from backend.industries.banking.luck import luck_of
from backend.industries.banking.monthly import Standing, monthly
from backend.industries.banking.pay import next_pay, pay, pay_amounts, pay_days
from backend.industries.banking.posting import accounts_held, openings, post
from backend.industries.banking.postings import joined
from backend.industries.banking.recurring import recurring
from backend.industries.banking.saving import saved
from backend.industries.banking.statements import carry, statements
from backend.industries.banking.terms import make_terms, scores_of
from backend.industries.banking.timeline import MONTHS_HISTORY, Timeline, timeline
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker

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
        reshape: natural customers to the traits that they are to have instead.
    """
    told = timeline(as_of, months_history)
    draws, dated = draw_dated(people.keys, told)
    clients = clients_of(people, alone=not others, reshape=reshape, draws=draws)
    flows = [source(people, int(told.starts[0]), told.end, faker) for source in others]
    return records_of(clients, dated, told, flows)


def generate_led(
    people: People,
    as_of: date,
    faker: SeededFaker,
    others: Sequence[FlowSource],
    lives: Lives,
) -> BankingRecords:
    """Return the bank's records of people who lead the lives that a population asks for."""
    return generate(people, as_of, faker, others, lives.months_history, lives.reshape)


def records_of(
    clients: Clients, dated: Dated, told: Timeline, flows: Sequence[Flows] = ()
) -> BankingRecords:
    """Return the records of customers over the days of ``told``, with the flows of other modes."""
    score = scores_of(clients.draws)
    terms = make_terms(clients, score)
    bills = make_bills(clients)
    sums = bills.sums()
    fixed = sums.fixed + terms.monthly_cost()
    if not clients.alone:
        fixed += (clients.work.net_month * _ELSEWHERE).astype(np.int64)
    habits = make_habits(clients, fixed)
    foreign, book = taken_in(flows) if flows else (None, own_book())
    paid, due = pay_days(clients, told), bills_due(bills, told)
    bought = bought_when(habits, dated.purchases, told)
    luck = luck_of(
        clients.people.keys,
        bought.words(),
        (bought.amounts(), due.amounts(), pay_amounts(clients, paid)),
        (dated.luck[:, 2:], clients.traits.cushion_sigma),
    )
    purchased = purchases(clients, habits, bought, luck)
    spent = card_spending(clients, terms, sums.on_the_day, purchased, bought.month, foreign, told)
    carried = carry(clients, terms, dated.lateness, told)
    stated = statements(terms, carried, spent.net[terms.row, terms.nth] + carried.large, told)
    savings = saved(clients, sums.essential + habits.essential, told)
    standing = Standing(terms, carried, stated, savings, bills.saving_day())
    posted = joined(
        [
            pay(clients, paid, luck.pay, told),
            monthly(clients, standing, told),
            pay_bills(clients, bills, due, luck.bills, spent.card_of_bills, told),
            *spent.posted,
        ]
    )
    checking = balance(clients, posted, dated.luck[:, 2:], luck.cushions, told)
    opened = opened_on(clients, told.last)
    first = np.maximum(opened, told.first)
    base = np.zeros((len(clients), CARD + MAX_CARDS), dtype=np.int64)
    base[:, CHECKING], base[:, SAVINGS] = checking.start, savings.before[:, 1]
    base[:, CARD:][terms.row, terms.nth] = -stated.balance[:, 0]
    held = accounts_held(terms.limit)
    moved = joined([openings(held, first), checking.moved, posted])
    done = post(moved, base, held, (first, told.last, told.told_from), book)
    accounts = make_accounts(clients, score, terms, (carried, stated), done, told, opened)
    return BankingRecords(
        accounts=accounts,
        ledger=done.ledger,
        recorded_from=first,
        daily=_daily(checking.daily, first, told),
        subscriptions=recurring(done.ledger, told.last),
        next_pay=next_pay(clients, told),
    )


def _daily(
    balances: NDArray[np.int64], first: NDArray[np.int64], told: Timeline
) -> NDArray[np.int64]:
    end = told.last - told.told_from + 1
    start = max(end - DAILY, told.first - told.told_from)
    shown = balances[:, start:end].copy()
    hidden = first - (start + told.told_from)
    if np.count_nonzero(hidden > 0):
        shown *= np.arange(end - start) >= hidden[:, None]
    return shown
