"""Posting: movements become one ledger, sorted, cut to the days that are shown, and opened."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import ACCOUNT_KINDS, CARD, OPENING_BALANCE, Ledger
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.counting import counts_of
from backend.industries.banking.foreign import Book
from backend.industries.banking.postings import Postings, posted
from backend.industries.segments import offsets_of

_ACCOUNTS: Final = np.array(len(ACCOUNT_KINDS))
_DAY_BITS: Final = np.array(32)
_NO_LIMIT: Final = np.array(0)


class Posted(NamedTuple):
    """A ledger, and what each account holds after its last movement, ``(n, 5)``."""

    ledger: Ledger
    closing: NDArray[np.int64]


def post(
    moved: Postings,
    base: NDArray[np.int64],
    held: NDArray[np.bool_],
    shown: tuple[NDArray[np.int64], int, int],
    book: Book,
) -> Posted:
    """Return the ledger of movements, by customer and day, behind an opening entry an account.

    Args:
        moved: ``openings`` of the accounts, and after these all movements; within a customer's
            day they stay in the order in which they come. What the accounts begin with is
            written into them.
        base: what each account held before the first day that is told, ``(n, 5)``, owed money
            below zero.
        held: which accounts there are.
        shown: the first day of each customer, ``(n,)``, the last of all, and the first day that
            is told.
        book: the tables of ``moved``.
    """
    first, last, told_from = shown
    customers, row, day = len(base), moved.row, moved.day
    slot = row * _ACCOUNTS + moved.account
    earlier = day < first.take(row)
    before = (earlier & (day >= np.array(told_from))).nonzero()[0]
    opening = base + _sums(slot.take(before), moved.cents.take(before), customers)
    begun = opening[held]
    moved.cents[: len(begun)] = begun
    # what is neither earlier nor later than what is shown
    kept = (earlier < (day <= np.array(last))).nonzero()[0]
    closing = _sums(slot.take(kept), moved.cents.take(kept), customers)
    order = ((row << _DAY_BITS) + day).take(kept).argsort(kind="stable")
    row, day, cents, purpose, merchant, account, settles = moved.take(kept.take(order)).table
    ledger = Ledger(
        offsets=offsets_of(row, customers),
        day=day,
        cents=cents,
        purpose=purpose,
        merchant=merchant,
        account=account,
        settles=settles,
        purposes=book.purposes,
        merchants=book.merchants,
        marks=book.marks,
        counts=counts_of(book.marks, purpose, cents),
    )
    return Posted(ledger, closing)


def _sums(slot: NDArray[np.int64], cents: NDArray[np.int64], customers: int) -> NDArray[np.int64]:
    # whole cents: a float holds their sum exactly
    accounts = len(ACCOUNT_KINDS)
    summed = np.bincount(slot, weights=cents, minlength=customers * accounts)
    return summed.astype(np.int64).reshape(customers, accounts)


def openings(held: NDArray[np.bool_], first: NDArray[np.int64]) -> Postings:
    """Return the entry that begins the record of each account, of nothing as yet.

    ``held`` says which accounts there are, ``first`` is the day of each customer's.
    """
    tables = catalogue()
    purpose = tables.purpose_at[OPENING_BALANCE]
    merchant, _ = tables.move_names[OPENING_BALANCE]
    row, account = held.nonzero()
    return posted(row, first.take(row), 0, purpose, merchant, account)


def accounts_held(limit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which accounts there are, ``(n, 5)``: both accounts, and cards with a limit."""
    held = np.ones((len(limit), len(ACCOUNT_KINDS)), dtype=np.bool_)
    held[:, CARD:] = limit > _NO_LIMIT
    return held
