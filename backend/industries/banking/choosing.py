"""Which card pays for what, and how much of it fits on a card."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS

_FAVOURED: Final = np.array([0.7, 0.3, 0.2])  # how often each card in use is taken

_CARDS: Final = np.arange(MAX_CARDS)[:, None]
_DAY_BITS: Final = 32


def chosen(
    room: NDArray[np.int64], row: NDArray[np.int64], lane: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return a card in use for each purchase, by a uniform draw; ``room`` is ``(n, 3)``.

    Where the customer uses no card it is a card without room.
    """
    first, second, every = (_FAVOURED * (room > 0)).cumsum(axis=1).T
    drawn = lane * every[row]
    card: NDArray[np.int64] = (first[row] <= drawn).astype(np.int64) + (second[row] <= drawn)
    return card


def fitting(
    room: NDArray[np.int64],
    row: NDArray[np.int64],
    month: NDArray[np.int64],
    card: NDArray[np.int64],
    cents: NDArray[np.int64],
    months: int,
) -> NDArray[np.int64]:
    """Return the cards of purchases, -1 where a month of them leaves no room.

    ``row`` and ``month``, below ``months``, ascend. Purchases are counted from a month's last day
    backwards, so that the month's latest days alone decide about them: a refund knows where its
    purchase was paid though the month's beginning is not told. ``cents`` are positive; a card of
    -1 stays.
    """
    if not room.any() or not len(row):
        return np.full_like(row, -1)
    slot = row * months + month
    ends = slot.searchsorted(np.arange(len(room) * months), side="right")
    spent = _spent(card, cents)
    since = spent[card, ends[slot]] - spent[card, np.arange(len(row))]
    return np.where((card >= 0) & (since <= room[row, card]), card, -1)


def _spent(card: NDArray[np.int64], cents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each card was charged before each purchase and after the last, ``(3, m + 1)``."""
    spent = np.zeros((MAX_CARDS, len(card) + 1), dtype=np.int64)
    ((card == _CARDS) * cents).cumsum(axis=1, out=spent[:, 1:])
    return spent


def bought_by(
    bought: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    back: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    month_start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what each refund's card was charged in its month up to its day.

    More must not come back: whether the months before left anything on the card is not asked.
    ``bought`` is row, day, card (-1 is none) and cents of purchases, by row and day; ``back`` row,
    day and card of refunds, whose months begin on the days ``month_start``.
    """
    row, day, card, cents = bought
    spent = _spent(card, cents)
    when = (row << _DAY_BITS) + day
    of, until, on = back
    high = when.searchsorted((of << _DAY_BITS) + until, side="right")
    low = when.searchsorted((of << _DAY_BITS) + month_start, side="left")
    return spent[on, high] - spent[on, low]
