"""Which card pays for what, and how much of it fits on a card."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS

_FAVOURED: Final = np.array([0.7, 0.3, 0.2])  # how often each card in use is taken

_NONE, _MAX_CARDS = np.array(0), np.array(MAX_CARDS)
_DAY_BITS: Final = 32


def chosen(
    room: NDArray[np.int64], row: NDArray[np.int64], lane: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return a card in use for each purchase, by a uniform draw; ``room`` is ``(n, 3)``.

    Where the customer uses no card it is a card without room.
    """
    first, second, every = (_FAVOURED * (room > _NONE)).cumsum(axis=1).T
    drawn = lane * every.take(row)
    card: NDArray[np.int64] = (first.take(row) <= drawn).astype(np.int64)
    card += second.take(row) <= drawn
    return card


def fitting(
    room: NDArray[np.int64],
    row: NDArray[np.int64],
    month: NDArray[np.int64],
    card: NDArray[np.int64],
    cents: NDArray[np.int64],
    months: int,
) -> NDArray[np.bool_]:
    """Return which purchases fit on their cards: whether a month of them leaves room.

    ``row`` and ``month``, below ``months``, ascend. Purchases are counted from a month's last day
    backwards, so that the month's latest days alone decide about them: a refund knows where its
    purchase was paid though the month's beginning is not told. ``cents`` are positive.
    """
    if not len(row):
        return np.zeros(len(row), dtype=np.bool_)
    slot = row * np.array(months) + month
    ends = slot.searchsorted(np.arange(len(room) * months), side="right")
    spent = _spent(card, cents)
    line = card * np.array(spent.shape[1])
    until, before = line + ends.take(slot), line + np.arange(len(row))
    left = room.ravel().take(row * _MAX_CARDS + card)
    fits: NDArray[np.bool_] = spent.take(until) - spent.take(before) <= left
    return fits


def _spent(card: NDArray[np.int64], cents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each card was charged before each purchase and after the last, ``(3, m + 1)``."""
    spent = np.zeros((MAX_CARDS, len(card) + 1), dtype=np.int64)
    spent[card, np.arange(1, len(card) + 1)] = cents
    return spent.cumsum(axis=1)


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
