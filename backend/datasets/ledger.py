"""Somebody's accounts and transactions, measured by the kernels that measure a chat's customer."""

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.datasets.books import Lines, held_by, lines_of, sums, tables_of
from backend.datasets.dataset import DataSet
from backend.datasets.files import find_table
from backend.datasets.holdings import ACCOUNTS, NOWHERE, Holdings, read_holdings
from backend.datasets.movements import Movements, read_movements
from backend.datasets.people import described, read_users
from backend.domain.ledger import OPENING
from backend.domain.signals import SignalTable
from backend.errors import InputError

TRANSACTIONS: Final = "transactions"
SOON: Final = 7
"""Days: who first moves money so soon after the file's first day is on record from that day."""


def read_ledger(folder: Path, as_of: date | None, *, skip: bool = False) -> DataSet:
    """Return the data set of a folder of ``accounts`` and ``transactions``.

    ``users`` and ``liabilities`` are read where they are there. A customer's record begins with
    the first movement, or with the file's first day if that is at most ``SOON`` days earlier;
    what an account held before follows from its balance, which is taken as that of the file's
    last day, pending transactions not yet in it. An entry whose id is its account's and
    ``-opening`` says itself what the account held.

    Args:
        folder: where the files are.
        as_of: the last day that is looked at; that of the last transaction if left out.
        skip: leave out rows that can not be read, with a note, rather than refuse the file.

    Raises:
        InputError: a file is missing, or it or one of its rows can not be read.
    """
    notes: list[str] = []
    known = read_users(folder, notes, skip=skip)
    accounts = _needed(folder, ACCOUNTS)
    holdings = read_holdings(folder, accounts, known["user_id"], notes, skip=skip)
    path = _needed(folder, TRANSACTIONS)
    moved = read_movements(path, holdings, notes, skip=skip)
    last = _last_day(path, moved, as_of, notes)
    later = (moved.day > last) & moved.posted
    since = sums(moved.account[later], moved.cents[later], len(holdings.ids))
    held = held_by(holdings, holdings.balance - since)
    lines = _lines(holdings, moved, last, notes)

    def tables(start: int, stop: int) -> list[SignalTable]:
        rows = slice(start, stop)
        return tables_of(holdings, held, lines.of(rows), rows, last)

    users = described(holdings.users, known)
    return DataSet("banking", "ledger", date.fromordinal(last), users, tuple(notes), tables)


def _needed(folder: Path, name: str) -> Path:
    path = find_table(folder, name)
    if path is None:
        raise InputError(f"{folder}: expected {name}.parquet or {name}.csv, and there is none.")
    return path


def _last_day(path: Path, moved: Movements, as_of: date | None, notes: list[str]) -> int:
    latest = int(moved.day.max(initial=0))
    if as_of is None:
        if not latest:
            raise InputError(f"{path}: no transaction tells a date; give --as-of.")
        return latest
    last = as_of.toordinal()
    if after := int((moved.day > last).sum()):
        notes.append(
            f"{path}: {after} transactions after {as_of} are left out and balances taken back; "
            "limits, statements and what is overdue are as they stand."
        )
    return last


def _lines(holdings: Holdings, moved: Movements, last: int, notes: list[str]) -> Lines:
    slot, row = holdings.slot[moved.account], holdings.owner[moved.account]
    if left := int((slot == NOWHERE).sum()):
        notes.append(f"{left} transactions in accounts that are left out are left out with them.")
    columns = [row, moved.day, moved.cents, moved.merchant, slot, moved.counts.astype(np.int64)]
    begun = _openings(holdings, moved, last)
    if begun is not None:
        pairs = zip(begun, columns, strict=True)
        columns = [np.concatenate([first, rest]) for first, rest in pairs]
    keep = (columns[4] != NOWHERE) & (columns[1] <= last)
    row, *columns = (column[keep] for column in columns)
    return lines_of(row, columns, len(holdings.users))


def _openings(holdings: Holdings, moved: Movements, last: int) -> list[NDArray[np.int64]] | None:
    """Return entries for accounts without one, of users with movements; as in ``_lines``."""
    count = len(holdings.ids)
    has = np.zeros(count, dtype=np.bool_)
    has[moved.account[moved.counts == OPENING]] = True
    lacking = ~has & (holdings.slot != NOWHERE)
    if not lacking.any():
        return None
    inside = (moved.day <= last) & (holdings.slot[moved.account] != NOWHERE)
    if not inside.any():
        return None
    first = np.full(len(holdings.users), last + 1)
    np.minimum.at(first, holdings.owner[moved.account[inside]], moved.day[inside])
    earliest = int(first.min())
    begins = np.where(first - earliest <= SOON, earliest, first)
    at = (lacking & (first[holdings.owner] <= last)).nonzero()[0]
    posted = sums(moved.account[moved.posted], moved.cents[moved.posted], count)
    owner = holdings.owner[at]
    mark = np.full(len(at), OPENING)
    cents = (holdings.balance - posted)[at]
    return [owner, begins[owner], cents, np.zeros_like(at), holdings.slot[at], mark]
