"""Records as several windows see them at once: movements by customer and window, and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from backend.industries.segments import owners_of

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


_LEAST: Final = {
    Summed.SPENDING: 0, Summed.ESSENTIAL: CADENCE, Summed.INTEREST: STATEMENT, Summed.SAVED: 0,
}  # fmt: skip
"""The days that a sum looks back over where the window is shorter."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one theme's *s* signals, for *n* customers and *w* windows: ``(s, w, n)``.

    A kernel fills in ``part``, and ``whole``, which is 1 before, where a signal is a ratio; it
    takes out of ``known`` where a signal is missing. Where the whole is not above 0, or the
    record does not reach back as far as the signal looks, it is missing anyway.
    """

    part: NDArray[np.float64]
    whole: NDArray[np.float64]
    known: NDArray[np.bool_]


class Seen(NamedTuple):
    """Movements as *w* windows see them, an entry for each window that a movement lies in.

    ``row`` counts the customers of the first window, then those of the second, and so on: what
    is worked out by row has shape ``(rows,)``, which is ``(w * n,)``.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    merchant: NDArray[np.int64]
    rows: int

    def since(self, first: NDArray[np.float64]) -> "Seen":
        """Return what lies on the days from ``first`` on, one for each window, ``(w, 1)``."""
        customers = self.rows // len(first)
        at = (self.day >= first[self.row // customers, 0]).nonzero()[0]
        return Seen(self.row[at], self.day[at], self.cents[at], self.merchant[at], self.rows)


class Horizon(NamedTuple):
    """Windows, and what follows from them alone.

    ``spans``, ``cadences`` and ``quarters`` are days as floats, ``(w, 1)``. ``days`` are those of
    the longest window. ``back`` are all the days that sums look back, ascending, after a first 0,
    ``(k, 1)``; ``begin`` says which of them each of ``Summed`` does, ``(4, w)``. ``edges`` are the
    days of the longest window on which a window begins, ascending; ``edge`` says which is whose,
    ``(w,)``.
    """

    spans: NDArray[np.float64]
    cadences: NDArray[np.float64]
    quarters: NDArray[np.float64]
    days: int
    back: NDArray[np.int64]
    begin: NDArray[np.int64]
    edges: NDArray[np.int64]
    edge: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Return ``(w, -1)``, the shape of what is worked out by row."""
        return len(self.spans), -1


@lru_cache(maxsize=64)
def horizon_of(windows: tuple[int, ...]) -> Horizon:
    """Return what follows from windows, in days."""
    spans, days = np.array(windows), max(windows)
    looks = np.maximum(spans, [[_LEAST[one]] for one in Summed])
    back, edges = np.unique([0, *looks.ravel()]), np.unique(days - spans)
    return Horizon(
        spans[:, None].astype(np.float64),
        np.maximum(spans, CADENCE)[:, None].astype(np.float64),
        np.maximum(spans, QUARTER)[:, None].astype(np.float64),
        days,
        back[:, None],
        back.searchsorted(looks),
        edges,
        edges.searchsorted(days - spans),
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
        self.owners = owners_of(self.ledger.offsets)
        self.history = last + 1 - _first_days(self.ledger, last)
        self.sums = _sums(self.ledger, self.owners, last, self.horizon)
        self.spent = -self.sums[Summed.SPENDING]
        self.essential = -self.sums[Summed.ESSENTIAL] * MONTH / self.horizon.cadences

    def seen(self, counted: NDArray[np.bool_], spans: NDArray[np.float64]) -> Seen:
        """Return which of the counted movements each of the windows ``spans``, ``(w, 1)``, sees."""
        ledger = self.ledger
        at = (counted & (ledger.day <= self.last)).nonzero()[0]
        window, which = (ledger.day[at] > self.last - spans).nonzero()
        at = at[which]
        row = self.owners[at] + window * self.customers
        rows = self.customers * len(spans)
        return Seen(row, ledger.day[at], ledger.cents[at], ledger.merchant[at], rows)

    def balances(self) -> NDArray[np.int64]:
        """Return what checking held at the end of the days of the longest window, ``(n, days)``."""
        daily, days = self.records.daily, self.horizon.days
        if daily.shape[1] >= days:
            return daily[:, daily.shape[1] - days :]
        return daily_balances(self.ledger, CHECKING, self.last, days)


def _sums(
    ledger: Ledger, owners: NDArray[np.int64], last: int, horizon: Horizon
) -> NDArray[np.float64]:
    """Return ``View.sums``: whole cents, which a float holds exactly."""
    when = (owners << _DAY_BITS) + ledger.day
    asked = (np.arange(len(ledger.offsets) - 1) << _DAY_BITS) + (last - horizon.back)
    found = when.searchsorted(asked, side="right")
    running = _running(ledger)
    which = np.arange(len(Summed))[:, None, None]
    came: NDArray[np.int64] = running[which, found[0]] - running[which, found[horizon.begin]]
    return came.astype(np.float64)


def _running(ledger: Ledger) -> NDArray[np.int64]:
    """Return the sums of cents up to each movement, by ``Summed``, ``(4, m + 1)``."""
    counted = np.empty((len(Summed), len(ledger.day)), dtype=np.bool_)
    np.not_equal(ledger.counts & _COUNTED, 0, out=counted[: len(_COUNTED)])
    saved = counted[Summed.SAVED]
    np.equal(ledger.account, SAVINGS, out=saved)
    saved &= ledger.counts != OPENING
    running = np.zeros((len(Summed), len(ledger.day) + 1), dtype=np.int64)
    np.cumsum(counted * ledger.cents, axis=1, out=running[:, 1:])
    return running


def _first_days(ledger: Ledger, last: int) -> NDArray[np.int64]:
    begins, held = ledger.offsets[:-1], ledger.offsets[1:] > ledger.offsets[:-1]
    if held.all():
        return ledger.day[begins]
    first = np.full(len(begins), last + 1)
    first[held] = ledger.day[begins[held]]
    return first
