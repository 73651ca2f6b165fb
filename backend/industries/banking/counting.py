"""Which movements of a ledger a figure is about, as masks over its columns."""

from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import (
    CARD_PAYMENT,
    ESSENTIAL,
    INTEREST,
    OPENING,
    OPENING_BALANCE,
    PAY,
    SPENDING,
    SUBSCRIBABLE,
    Ledger,
    Purpose,
)
from backend.industries.banking.categories import category

# what an amount of 0, a credit and a debit can count in, where -1 is the last
_BY_SIGN: Final = np.array(
    [
        OPENING,
        OPENING | PAY | CARD_PAYMENT,
        OPENING | SPENDING | ESSENTIAL | SUBSCRIBABLE | INTEREST,
    ],
    dtype=np.uint8,
)
# beside an array, an array without dimensions costs NumPy half of what a number costs
_FIGURES: Final = {
    figure: np.array(figure, dtype=np.uint8)
    for figure in (SPENDING, ESSENTIAL, PAY, SUBSCRIBABLE, OPENING, INTEREST, CARD_PAYMENT)
}
_INTEREST_CHARGE: Final = "BANK_FEES_INTEREST_CHARGE"
_TO_CARD: Final = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"


def marks_of(purposes: Iterable[Purpose]) -> NDArray[np.uint8]:
    """Return which figures each purpose counts in, for ``Ledger.marks``."""
    return np.array([_marks(one.id, one.category) for one in purposes], dtype=np.uint8)


@cache
def _marks(purpose: str, code: str) -> int:
    if purpose == OPENING_BALANCE:
        return OPENING
    known = category(code)
    return (
        INTEREST * (code == _INTEREST_CHARGE)
        + CARD_PAYMENT * (code == _TO_CARD)
        + SPENDING * known.spending
        + ESSENTIAL * known.essential
        + PAY * known.pay
        + SUBSCRIBABLE * known.subscribable
    )


def counts_of(
    marks: NDArray[np.uint8], purpose: NDArray[np.int64], cents: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Return which figures each movement counts in, for ``Ledger.counts``."""
    counts: NDArray[np.uint8] = marks.take(purpose) & _BY_SIGN[np.sign(cents)]
    return counts


def spending(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements are spending: debits of a category that counts as spent."""
    return _counted(ledger, SPENDING)


def essential(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements are essential spending."""
    return _counted(ledger, ESSENTIAL)


def subscribable(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements may belong to a subscription."""
    return _counted(ledger, SUBSCRIBABLE)


def pay(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements are pay: credits of wages, pensions and benefits."""
    return _counted(ledger, PAY)


def interest(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements are interest that a card charged."""
    return _counted(ledger, INTEREST)


def card_payment(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which movements are payments that a card received."""
    return _counted(ledger, CARD_PAYMENT)


def opening(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which entries begin an account's record."""
    return _counted(ledger, OPENING)


def within(ledger: Ledger, last: int, days: int) -> NDArray[np.bool_]:
    """Return which movements lie in the ``days`` days up to and including ``last``."""
    # a day to come, below 0, is a large number without its sign
    since: NDArray[np.uint64] = (np.array(last) - ledger.day).view(np.uint64)
    return since < np.array(days, dtype=np.uint64)


def _counted(ledger: Ledger, figure: int) -> NDArray[np.bool_]:
    return (ledger.counts & _FIGURES[figure]).astype(np.bool_)
