"""Accounts and movements as the records that the chat's kernels measure."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.datasets.dataset import WINDOWS
from backend.datasets.holdings import Holdings
from backend.domain.ledger import (
    CARD,
    CHECKING,
    SAVINGS,
    Accounts,
    BankingRecords,
    Ledger,
    Purpose,
)
from backend.domain.person import People
from backend.domain.signals import Column, SignalTable
from backend.industries.banking.recurring import recurring
from backend.industries.banking.signals import measure
from backend.industries.life import make_people
from backend.industries.segments import offsets_of
from backend.seeds import SeededFaker, customer_keys

_DAY_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class Lines:
    """Movements of some users, by user and day; ``slot`` is the account's place in a ledger."""

    offsets: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    merchant: NDArray[np.int64]
    slot: NDArray[np.int64]
    counts: NDArray[np.uint8]

    def of(self, rows: slice) -> "Lines":
        """Return the movements of some of the users."""
        offsets = self.offsets[rows.start : rows.stop + 1]
        part = slice(int(offsets[0]), int(offsets[-1]))
        return Lines(
            offsets=offsets - offsets[0],
            day=self.day[part],
            cents=self.cents[part],
            merchant=self.merchant[part],
            slot=self.slot[part],
            counts=self.counts[part],
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What *n* users hold on a date, whole cents: ``(n,)``, and ``(n, c)`` owed on cards."""

    checking: NDArray[np.int64]
    savings: NDArray[np.int64]
    owed: NDArray[np.int64]


def lines_of(row: NDArray[np.int64], columns: list[NDArray[np.int64]], users: int) -> Lines:
    """Return movements by user and day; within a day they stay as they come.

    Args:
        row: whose they are.
        columns: ``day``, ``cents``, ``merchant``, ``slot`` and ``counts``.
        users: how many users there are.
    """
    when = (row << _DAY_BITS) + columns[0]
    if not (when[1:] >= when[:-1]).all():
        order = when.argsort(kind="stable")
        row, columns = row[order], [column[order] for column in columns]
    day, cents, merchant, slot, counts = columns
    return Lines(offsets_of(row, users), day, cents, merchant, slot, counts.astype(np.uint8))


def held_by(holdings: Holdings, balance: NDArray[np.int64]) -> Held:
    """Return what users hold, from the balance of each account, owed money below zero."""
    owed = np.zeros_like(holdings.limit)
    is_card = holdings.slot >= CARD
    owed[holdings.owner[is_card], holdings.slot[is_card] - CARD] = -balance[is_card]
    users = len(holdings.users)
    checking, savings = (
        sums(holdings.owner[mask], balance[mask], users)
        for mask in (holdings.slot == CHECKING, holdings.slot == SAVINGS)
    )
    return Held(checking, savings, owed)


def sums(at: NDArray[np.int64], cents: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the sum of cents at each place, ``(count,)``."""
    # whole cents: a float holds their sum exactly
    return np.bincount(at, weights=cents, minlength=count).astype(np.int64)


def tables_of(
    holdings: Holdings, held: Held, lines: Lines, rows: slice, last: int
) -> list[SignalTable]:
    """Return the signals of some users, a table a window.

    Args:
        holdings: what all users hold.
        held: the same in cents on the day ``last``.
        lines: the movements of the users at ``rows``.
        rows: whom to measure.
        last: the last day that is looked at.
    """
    records = _records(holdings, held, lines, rows, last)
    found = measure(_nobody(), records, date.fromordinal(last), WINDOWS)
    return [_unsaid(table, holdings, rows) for table in found]


def _records(
    holdings: Holdings, held: Held, lines: Lines, rows: slice, last: int
) -> BankingRecords:
    """Return what the kernels read, of some users; what they do not look at is 0."""
    count = len(lines.offsets) - 1
    none, no_card = np.zeros(count, dtype=np.int64), np.zeros_like(held.owed[rows])
    ledger = Ledger(
        offsets=lines.offsets,
        day=lines.day,
        cents=lines.cents,
        purpose=np.zeros(len(lines.day), dtype=np.int64),
        merchant=lines.merchant,
        account=lines.slot,
        settles=lines.day,
        purposes=(Purpose("movement", "", ""),),
        merchants=("",),
        marks=np.zeros(1, dtype=np.uint8),
        counts=lines.counts,
    )
    accounts = Accounts(
        opened=none,
        last_four=none,
        checking=held.checking[rows],
        savings=held.savings[rows],
        credit_score=none,
        card_limit=holdings.limit[rows],
        card_balance=held.owed[rows],
        card_minimum=holdings.minimum[rows],
        card_statement=holdings.statement[rows],
        card_apr=no_card,
        card_overdue=holdings.overdue[rows],
        card_open=holdings.overdue[rows],
        card_paid=holdings.paid[rows],
        card_paid_on=no_card,
        card_due=none,
        statement_day=0,
    )
    return BankingRecords(
        accounts=accounts,
        ledger=ledger,
        recorded_from=none,
        daily=np.zeros((count, 0), dtype=np.int64),
        subscriptions=recurring(ledger, last),
        next_pay=none,
    )


def _unsaid(table: SignalTable, holdings: Holdings, rows: slice) -> SignalTable:
    """Return the table without what only liabilities can tell, of those whose tell nothing."""
    told = {
        "credit_is_overdue": holdings.told_overdue[rows],
        "credit_minimum_payment_only": holdings.told_minimum[rows],
    }
    return {
        name: Column(column.values, column.known & told[name]) if name in told else column
        for name, column in table.items()
    }


@cache
def _nobody() -> People:
    # the kernels look at records alone
    return make_people(customer_keys([], "nobody"), SeededFaker())
