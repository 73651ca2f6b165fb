"""Posting: movements become one ledger, sorted, cut to the days that are shown, and opened."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import ACCOUNT_KINDS, CARD, OPENING_BALANCE, Ledger
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.counting import counts_of
from backend.industries.banking.foreign import Book
from backend.industries.banking.postings import Postings, posted
from backend.industries.segments import offsets_of

_ACCOUNTS = len(ACCOUNT_KINDS)
_DAY_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class Posted:
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
    customers, day = len(base), moved.day
    slot = moved.row * _ACCOUNTS + moved.account
    earlier = day < first[moved.row]
    before = (earlier & (day >= told_from)).nonzero()[0]
    opening = base + _sums(slot[before], moved.cents[before], customers)
    begun = opening[held]
    moved.cents[: len(begun)] = begun
    kept = (~earlier & (day <= last)).nonzero()[0]
    order = ((moved.row << _DAY_BITS) + day)[kept].argsort(kind="stable")
    moved = moved.take(kept[order])
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


def openings(held: NDArray[np.bool_], first: NDArray[np.int64]) -> Postings:
    """Return the entry that begins the record of each account, of nothing as yet.

    ``held`` says which accounts there are, ``first`` is the day of each customer's.
    """
    tables = catalogue()
    purpose = tables.purpose_at[OPENING_BALANCE]
    merchant, _ = tables.move_names[OPENING_BALANCE]
    row, account = held.nonzero()
    return posted(row, first[row], 0, purpose, merchant, account)


def accounts_held(limit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which accounts there are, ``(n, 5)``: both accounts, and cards with a limit."""
    held = np.ones((len(limit), _ACCOUNTS), dtype=np.bool_)
    held[:, CARD:] = limit > 0
    return held
