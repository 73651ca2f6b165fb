"""Records as several windows see them at once: movements by customer and window, and sums."""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import (
    CARD,
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

_COUNTED: Final = np.array([[SPENDING], [ESSENTIAL], [INTEREST]])
_COUNTS: Final = 256  # values of a movement's byte of figures
_FIRST_CARD, _BYTES, _LESS_A_MONTH = np.array(CARD), np.array(_COUNTS), np.array(-MONTH)


class Summed(IntEnum):
    """What is summed over days: each movement's cents where it counts, 0 elsewhere."""

    SPENDING = 0
    ESSENTIAL = 1
    INTEREST = 2
    SAVED = 3


_GROUPS: Final = 1 << len(Summed)
"""Movements fall into so many groups by which of the sums they are part of, a bit a sum."""

_KINDS: Final = np.array(_GROUPS)

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

    ``lengths`` are days, ``spans`` and ``cadences`` days as floats, ``(w, 1)``. ``pay`` are the
    days that pay is looked back on, ``(2 * w, 1)``: for its gaps, at least a quarter, and then for
    its cadence. ``inside`` is 1 for the days of the longest window that lie in each, ``(w, days)``.
    The ``k`` different numbers of days that sums look back, the last of them ``longest``, part
    movements into ages: ``ages`` tells it by the days that have passed, and is 0 for the longest
    and all beyond, which no sum looks back on, ``(longest + 1,)``. ``summed`` is 1 for those ages
    and groups that each of ``Summed`` adds up in each window, ``(4 * w, (k + 1) * 16)``.
    """

    lengths: NDArray[np.int64]
    spans: NDArray[np.float64]
    cadences: NDArray[np.float64]
    pay: NDArray[np.uint64]
    inside: NDArray[np.int64]
    longest: NDArray[np.uint64]
    ages: NDArray[np.int64]
    summed: NDArray[np.int64]


@lru_cache(maxsize=64)
def horizon_of(windows: tuple[int, ...]) -> Horizon:
    """Return what follows from windows, in days."""
    spans = np.array(windows)
    looks = np.maximum(spans, [[_LEAST[one]] for one in Summed])
    back = np.unique(looks)
    passed = np.arange(int(back[-1]) + 1)
    return Horizon(
        spans[:, None],
        spans[:, None].astype(np.float64),
        np.maximum(spans, CADENCE)[:, None].astype(np.float64),
        np.maximum(spans, [[QUARTER], [CADENCE]]).reshape(-1, 1).astype(np.uint64),
        (np.arange(max(windows), 0, -1) <= spans[:, None]).astype(np.int64),
        np.array(back[-1], dtype=np.uint64),
        np.where(passed < back[-1], back.searchsorted(passed, side="right") + 1, 0),
        _summed(looks, back),
    )


def _summed(looks: NDArray[np.int64], back: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``Horizon.summed`` of sums that look back ``looks`` days, ``(4, w)``."""
    part = np.arange(_GROUPS) >> np.arange(len(looks))[:, None] & 1
    seen = np.zeros((*looks.shape, len(back) + 1), dtype=np.int64)
    # of the first age are days to come, and those that nothing looks back on
    seen[:, :, 1:] = back <= looks[:, :, None]
    every: NDArray[np.int64] = seen[:, :, :, None] * part[:, None, None, :]
    return every.reshape(looks.size, -1)


class View:
    """What the kernels read: records, the last day, windows in days, and what follows from them.

    ``history`` is how many days each customer's ledger tells, from its opening entry on, the last
    day included, ``(n,)``. ``sums`` is what counts came to, by ``Summed`` and window, in cents,
    ``(4, w, n)``; ``essential`` a month's essential spending, its mean over each cadence, and
    ``spent`` all spending in each window, in cents, ``(w, n)``.
    """

    def __init__(self, records: BankingRecords, last: int, windows: Sequence[int]) -> None:
        self.records, self.last = records, np.array(last)
        self.ledger: Ledger = records.ledger
        self.accounts = records.accounts
        self.customers = len(records.ledger.offsets) - 1
        self.horizon = horizon_of(tuple(windows))
        self.history = np.array(last + 1) - _first_days(self.ledger, last)
        self.sums = _sums(self.ledger, self.last, self.horizon)
        self.spent = -self.sums[Summed.SPENDING]
        self.essential = self.sums[Summed.ESSENTIAL] * _LESS_A_MONTH / self.horizon.cadences

    def seen(self, counted: NDArray[np.bool_], spans: NDArray[np.uint64]) -> Seen:
        """Return which of the counted movements each of the windows ``spans``, ``(w, 1)``, sees."""
        at = counted.nonzero()[0]
        owner = owners_of(at.searchsorted(self.ledger.offsets))
        # a day to come, below 0, is a large number without its sign
        age = (self.last - self.ledger.day[at]).view(np.uint64)
        window, which = (age < spans).nonzero()
        row = owner[which] + window * self.customers
        return Seen(row, at[which], self.customers * len(spans))

    def balances(self) -> NDArray[np.int64]:
        """Return what checking held at the end of the days of the longest window, ``(n, days)``."""
        daily, days = self.records.daily, self.horizon.inside.shape[1]
        if daily.shape[1] >= days:
            return daily[:, daily.shape[1] - days :]
        return daily_balances(self.ledger, CHECKING, int(self.last), days)


def _sums(ledger: Ledger, last: NDArray[np.int64], horizon: Horizon) -> NDArray[np.int64]:
    """Return ``View.sums``."""
    customers, size = len(ledger.offsets) - 1, horizon.summed.shape[1]
    days = np.minimum((last - ledger.day).view(np.uint64), horizon.longest)
    age = horizon.ages.take(days.view(np.int64))
    group = _group_of().take(np.minimum(ledger.account, _FIRST_CARD) * _BYTES + ledger.counts)
    first = np.arange(0, customers * size, size)
    own = first.repeat(ledger.offsets[1:] - ledger.offsets[:-1])
    place = own + age * _KINDS + group
    # whole cents: a float holds their sums exactly
    moved = np.bincount(place, weights=ledger.cents, minlength=customers * size).astype(np.int64)
    # a product of integers has no threads of its own, which get in each other's way
    came: NDArray[np.int64] = horizon.summed @ moved.reshape(customers, size).T
    return came.reshape(len(Summed), len(horizon.spans), customers)


@cache
def _group_of() -> NDArray[np.int64]:
    """Return the group of movements in checking, in savings and on cards, by what they count in."""
    counts = np.arange(_COUNTS)
    counted = ((counts & _COUNTED) > 0).T @ (1 << np.arange(len(_COUNTED)))
    groups = np.array([counted] * (CARD + 1))
    groups[SAVINGS] += (counts != OPENING) << Summed.SAVED
    return groups.ravel()


def _first_days(ledger: Ledger, last: int) -> NDArray[np.int64]:
    begins, held = ledger.offsets[:-1], ledger.offsets[1:] > ledger.offsets[:-1]
    if held.all():
        return ledger.day[begins]
    first = np.full(len(begins), last + 1)
    first[held] = ledger.day[begins[held]]
    return first
