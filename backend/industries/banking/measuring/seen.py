"""Records as several windows see them at once: movements by customer and window, and sums."""

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import (
    CHECKING,
    ESSENTIAL,
    INTEREST,
    OPENING,
    SAVINGS,
    SPENDING,
    BankingRecords,
    Ledger,
)
from backend.industries.banking.balances import daily_balances

MONTH: Final = 30
CADENCE: Final = 90
"""How far cadences look back at least, in days."""

QUARTER: Final = 92
"""How far gaps between pay days look back at least: the longest three months.

Two pay days 46 days apart, the first gap over a month and a half, lie within them on any date.
"""

STATEMENT: Final = 31
"""Days that hold a month's interest, whichever month it is."""

_COUNTED: Final = np.array([[SPENDING], [ESSENTIAL], [INTEREST]], dtype=np.uint8)
_DAY_BITS: Final = 32


class Summed(IntEnum):
    """What is summed over days: each movement's cents where it counts, 0 elsewhere."""

    SPENDING = 0
    ESSENTIAL = 1
    INTEREST = 2
    SAVED = 3


_EACH: Final = np.arange(len(Summed))[:, None]
_LEAST: Final = {
    Summed.SPENDING: 0, Summed.ESSENTIAL: CADENCE, Summed.INTEREST: STATEMENT, Summed.SAVED: 0,
}  # fmt: skip
"""The days that a sum looks back over where the window is shorter."""


class Block(NamedTuple):
    """The rows of one theme's *s* signals, for *n* customers and *w* windows: ``(s, w, n)``.

    A kernel fills in ``part``, and ``whole``, which is 1 before, where a signal is a ratio. Where
    the whole is not above 0, or the record does not reach back as far as the signal looks, it is
    missing.
    """

    part: NDArray[np.float64]
    whole: NDArray[np.float64]


class Seen(NamedTuple):
    """Movements as *w* windows see them, an entry for each window that a movement lies in.

    ``row`` counts the customers of the first window, then those of the second, and so on: what
    is worked out by row has shape ``(rows,)``, which is ``(w * n,)``. ``at`` is the movement's
    place in the ledger. Entries ascend by row, and then by day.
    """

    row: NDArray[np.int64]
    at: NDArray[np.int64]
    rows: int

    def halves(self) -> tuple["Seen", "Seen"]:
        """Return what the first half of the windows sees, and what the second does."""
        rows = self.rows // 2
        middle = self.row.searchsorted(rows)
        second = Seen(self.row[middle:] - rows, self.at[middle:], rows)
        return Seen(self.row[:middle], self.at[:middle], rows), second


class Horizon(NamedTuple):
    """Windows, and what follows from them alone.

    ``spans`` and ``cadences`` are days as floats, ``(w, 1)``. ``pay`` are the days that pay is
    looked back on, ``(2 * w, 1)``: for its gaps, at least a quarter, and then for its cadence.
    ``days`` are those of the longest window. ``back`` are all the days that sums look back,
    ascending, after a first 0, ``(k, 1)``; ``begin`` says which of them each of ``Summed`` does,
    ``(4, w)``. ``edges`` are the days of the longest window on which a window begins, ascending;
    ``edge`` says which is whose, counted from the last one, ``(w,)``.
    """

    spans: NDArray[np.float64]
    cadences: NDArray[np.float64]
    pay: NDArray[np.int64]
    days: int
    back: NDArray[np.int64]
    begin: NDArray[np.int64]
    edges: NDArray[np.int64]
    edge: NDArray[np.int64]


@lru_cache(maxsize=64)
def horizon_of(windows: tuple[int, ...]) -> Horizon:
    """Return what follows from windows, in days."""
    spans, days = np.array(windows), max(windows)
    looks = np.maximum(spans, [[_LEAST[one]] for one in Summed])
    back, edges = np.unique([0, *looks.ravel()]), np.unique(days - spans)
    return Horizon(
        spans[:, None].astype(np.float64),
        np.maximum(spans, CADENCE)[:, None].astype(np.float64),
        np.maximum(spans, [[QUARTER], [CADENCE]]).reshape(-1, 1),
        days,
        back[:, None],
        back.searchsorted(looks),
        edges,
        len(edges) - 1 - edges.searchsorted(days - spans),
    )


class View:
    """What the kernels read: records, the last day, windows in days, and what follows from them.

    ``history`` is how many days each customer's ledger tells, from its opening entry on, the last
    day included, ``(n,)``. ``sums`` is what counts came to, by ``Summed`` and window, in cents,
    ``(4, w, n)``; ``essential`` a month's essential spending, its mean over each cadence, and
    ``spent`` all spending in each window, in cents, ``(w, n)``.
    """

    def __init__(self, records: BankingRecords, last: int, windows: Sequence[int]) -> None:
        self.records, self.last = records, last
        self.ledger: Ledger = records.ledger
        self.accounts = records.accounts
        self.customers = len(records.ledger.offsets) - 1
        self.horizon = horizon_of(tuple(windows))
        self.history = last + 1 - _first_days(self.ledger, last)
        self.sums = _sums(self.ledger, last, self.horizon)
        self.spent = -self.sums[Summed.SPENDING]
        self.essential = -self.sums[Summed.ESSENTIAL] * MONTH / self.horizon.cadences

    def seen(self, counted: NDArray[np.bool_], spans: NDArray[np.int64]) -> Seen:
        """Return which of the counted movements each of the windows ``spans``, ``(w, 1)``, sees."""
        at = counted.nonzero()[0]
        age = self.last - self.ledger.day[at]
        window, which = ((age < spans) & (age >= 0)).nonzero()
        at = at[which]
        owner = self.ledger.offsets.searchsorted(at, side="right") - 1
        return Seen(owner + window * self.customers, at, self.customers * len(spans))

    def balances(self) -> NDArray[np.int64]:
        """Return what checking held at the end of the days of the longest window, ``(n, days)``."""
        daily, days = self.records.daily, self.horizon.days
        if daily.shape[1] >= days:
            return daily[:, daily.shape[1] - days :]
        return daily_balances(self.ledger, CHECKING, self.last, days)


def _sums(ledger: Ledger, last: int, horizon: Horizon) -> NDArray[np.int64]:
    """Return ``View.sums``."""
    begins = np.arange(len(ledger.offsets) - 1) << _DAY_BITS
    when = begins.repeat(ledger.offsets[1:] - ledger.offsets[:-1]) + ledger.day
    found = when.searchsorted(begins + (last - horizon.back), side="right")
    upto = _running(ledger).take(found, axis=1)
    came: NDArray[np.int64] = upto[:, :1] - upto[_EACH, horizon.begin]
    return came


def _running(ledger: Ledger) -> NDArray[np.int64]:
    """Return the sums of cents up to each movement, by ``Summed``, ``(4, m + 1)``."""
    counted = np.empty((len(Summed), len(ledger.day)), dtype=np.bool_)
    np.not_equal(ledger.counts & _COUNTED, 0, out=counted[: len(_COUNTED)])
    saved = counted[Summed.SAVED]
    np.equal(ledger.account, SAVINGS, out=saved)
    saved &= ledger.counts != OPENING
    running = np.zeros((len(Summed), len(ledger.day) + 1), dtype=np.int64)
    (counted * ledger.cents).cumsum(axis=1, out=running[:, 1:])
    return running


def _first_days(ledger: Ledger, last: int) -> NDArray[np.int64]:
    begins, held = ledger.offsets[:-1], ledger.offsets[1:] > ledger.offsets[:-1]
    if held.all():
        return ledger.day[begins]
    first = np.full(len(begins), last + 1)
    first[held] = ledger.day[begins[held]]
    return first
