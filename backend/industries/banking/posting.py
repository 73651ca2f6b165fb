"""Posting: movements become one ledger, sorted, cut to the days that are shown, and opened."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import ACCOUNT_KINDS, CARD, OPENING_BALANCE, Ledger
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.counting import counts_of
from backend.industries.banking.foreign import Book
from backend.industries.banking.postings import Postings, joined, posted
from backend.industries.segments import offsets_of

_ACCOUNTS = len(ACCOUNT_KINDS)


@dataclass(frozen=True, slots=True)
class Posted:
    """A ledger, and what each account holds after its last movement, ``(n, 5)``."""

    ledger: Ledger
    closing: NDArray[np.int64]


def post(
    moved: Postings,
    base: NDArray[np.int64],
    held: NDArray[np.bool_],
    shown: tuple[NDArray[np.int64], int],
    book: Book,
) -> Posted:
    """Return the ledger of movements, by customer and day, behind an opening entry an account.

    Args:
        moved: all movements since accounts held ``base``; within a customer's day they stay in
            the order in which they come.
        base: what each account held before, ``(n, 5)``, owed money below zero.
        held: which accounts there are.
        shown: the first day of each customer, ``(n,)``, and the last of all.
        book: the tables of ``moved``.
    """
    first, last = shown
    customers = len(base)
    from_row = first[moved.row]
    flat = moved.row * _ACCOUNTS + moved.account
    earlier = moved.day < from_row
    opening = base + _sums(flat, moved.cents * earlier, customers)
    kept = (~earlier & (moved.day <= last)).nonzero()[0]
    row, account = held.nonzero()
    entries = _openings(row, account, opening[row, account], first[row])
    moved = joined([entries, moved.take(kept)])
    order = ((moved.row << 32) + moved.day).argsort(kind="stable")
    moved = moved.take(order)
    closing = _sums(moved.row * _ACCOUNTS + moved.account, moved.cents, customers)
    ledger = Ledger(
        offsets=offsets_of(moved.row, customers),
        day=moved.day,
        cents=moved.cents,
        purpose=moved.purpose,
        merchant=moved.merchant,
        account=moved.account,
        settles=moved.settles,
        purposes=book.purposes,
        merchants=book.merchants,
        marks=book.marks,
        counts=counts_of(book.marks, moved.purpose, moved.cents),
    )
    return Posted(ledger, closing)


def _sums(slot: NDArray[np.int64], cents: NDArray[np.int64], customers: int) -> NDArray[np.int64]:
    # whole cents: a float holds their sum exactly
    summed = np.bincount(slot, weights=cents, minlength=customers * _ACCOUNTS)
    return summed.astype(np.int64).reshape(customers, _ACCOUNTS)


def _openings(
    row: NDArray[np.int64],
    account: NDArray[np.int64],
    cents: NDArray[np.int64],
    day: NDArray[np.int64],
) -> Postings:
    tables = catalogue()
    purpose = tables.purpose_at[OPENING_BALANCE]
    merchant, _ = tables.move_names[OPENING_BALANCE]
    return posted(row, day, cents, purpose, merchant, account)


def accounts_held(limit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which accounts there are, ``(n, 5)``: both accounts, and cards with a limit."""
    held = np.ones((len(limit), _ACCOUNTS), dtype=np.bool_)
    held[:, CARD:] = limit > 0
    return held
