"""Which card pays for what, and how much of it fits on a card."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS

_FAVOURED: Final = np.array([0.7, 0.3, 0.2])  # how often each card in use is taken

_CARDS: Final = np.arange(MAX_CARDS)
_DAY_BITS: Final = 32
_BEFORE_PAYMENTS: Final = 16  # days after the first of a month on which no card is paid yet


def chosen(
    room: NDArray[np.int64], row: NDArray[np.int64], lane: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return a card in use for each purchase, by a uniform draw; ``room`` is ``(n, 3)``.

    Where the customer uses no card it is a card without room.
    """
    edges = (_FAVOURED * (room > 0)).cumsum(axis=1)
    drawn = lane * edges[row, -1]
    card: NDArray[np.int64] = (edges[row, :-1] <= drawn[:, None]).sum(axis=1)
    return card


def fitting(
    room: NDArray[np.int64],
    row: NDArray[np.int64],
    month: NDArray[np.int64],
    card: NDArray[np.int64],
    cents: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the cards of purchases, -1 where a month of them leaves no room.

    ``row`` and ``month`` ascend. Purchases are counted from a month's last day backwards, so
    that the month's latest days alone decide about them: a refund knows where its purchase was
    paid though the month's beginning is not told. ``cents`` are positive; a card of -1 stays.
    """
    if not room.any() or not len(row):
        return np.full_like(row, -1)
    slot = (row << 16) + month
    spent = np.zeros((len(row) + 1, MAX_CARDS), dtype=np.int64)
    np.where(card[:, None] == _CARDS, cents[:, None], 0).cumsum(axis=0, out=spent[1:])
    end = slot.searchsorted(slot, side="right")
    since = spent[end, card] - spent[np.arange(len(row)), card]
    return np.where((card >= 0) & (since <= room[row, card]), card, -1)


def bought_by(
    bought: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    back: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    month_start: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what each refund's card was charged in its month by the time that it is paid.

    Statements are paid from the 18th on; until then they hold what may come back, and after that
    a refund must not leave more on the card than was bought. ``bought`` is row, day, card (-1 is
    none) and cents of purchases, by row and day; ``back`` row, day and card of refunds, whose
    months begin on the days ``month_start``.
    """
    row, day, card, cents = bought
    spent = np.zeros((len(row) + 1, MAX_CARDS), dtype=np.int64)
    np.where(card[:, None] == _CARDS, cents[:, None], 0).cumsum(axis=0, out=spent[1:])
    when = (row << _DAY_BITS) + day
    of, until, on = back
    until = np.maximum(until, month_start + _BEFORE_PAYMENTS)
    high = when.searchsorted((of << _DAY_BITS) + until, side="right")
    low = when.searchsorted((of << _DAY_BITS) + month_start, side="left")
    return spent[high, on] - spent[low, on]
