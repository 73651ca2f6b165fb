"""Records as several windows see them at once: movements by customer and window, and balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

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
from backend.domain.signals import Column
from backend.industries.banking.balances import daily_balances
from backend.industries.segments import owners_of

MONTH: Final = 30
CADENCE: Final = 90
"""How far cadences look back at least, in days."""

STATEMENT: Final = 31
"""Days that hold a month's interest, whichever month it is."""

_COUNTED: Final = np.array([[SPENDING], [ESSENTIAL], [INTEREST]], dtype=np.uint8)
_DAY_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """Movements as *w* windows see them, an entry for each window that a movement lies in.

    ``row`` counts the customers of the first window, then those of the second, and so on: what
    is worked out by row has shape ``(rows,)``, which is ``(w * n,)``.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    merchant: NDArray[np.int64]
    rows: int


class Summed(IntEnum):
    """What is summed over days: each movement's cents where it counts, 0 elsewhere."""

    SPENDING = 0
    ESSENTIAL = 1
    INTEREST = 2
    SAVED = 3


class View:
    """What the kernels read: records, the last day, windows in days, and what follows from them.

    ``history`` is how many days each customer's ledger tells, from its opening entry on, the last
    day included, ``(n,)``. Arrays by row have shape ``(w * n,)``: see ``Seen``.
    """

    def __init__(self, records: BankingRecords, last: int, windows: Sequence[int]) -> None:
        self.records, self.last = records, last
        self.ledger: Ledger = records.ledger
        self.accounts = records.accounts
        self.customers = len(records.ledger.offsets) - 1
        self.spans = np.array(windows)
        self.cadences = np.maximum(self.spans, CADENCE)
        self.owners = owners_of(self.ledger.offsets)
        self.history = last + 1 - _first_days(self.ledger, last)
        self.days = int(self.spans.max())
        self._balances: dict[int, NDArray[np.int64]] = {}
        self._essential: NDArray[np.float64] | None = None
        self._running = _running(self.ledger)
        spans_seen = {*self.spans.tolist(), *self.cadences.tolist(), STATEMENT}
        self._end, self._begins = _places(self.ledger, self.owners, last, sorted(spans_seen))

    def seen(self, counted: NDArray[np.bool_], spans: NDArray[np.int64]) -> Seen:
        """Return which of the counted movements each of the windows ``spans`` sees."""
        ledger = self.ledger
        at = (counted & (ledger.day <= self.last)).nonzero()[0]
        window, which = (ledger.day[at] > self.last - spans[:, None]).nonzero()
        at = at[which]
        row = self.owners[at] + window * self.customers
        rows = self.customers * len(spans)
        return Seen(row, ledger.day[at], ledger.cents[at], ledger.merchant[at], rows)

    def sums(self, which: Summed, spans: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what counts came to in each of the windows ``spans``, in cents, by row."""
        begins = [self._begins[span] for span in spans.tolist()]
        running = self._running[which]
        ends = running[self._end]
        # whole cents: a float holds them exactly
        return np.concatenate([ends - running[at] for at in begins]).astype(np.float64)

    def spent(self) -> NDArray[np.float64]:
        """Return what was spent in each window, cents, by row."""
        return -self.sums(Summed.SPENDING, self.spans)

    def essential(self) -> NDArray[np.float64]:
        """Return a month's essential spending, its mean over each cadence, cents, by row."""
        if self._essential is None:
            paid = self.sums(Summed.ESSENTIAL, self.cadences)
            self._essential = -paid * MONTH / self.each(self.cadences)
        return self._essential

    def balances(self, account: int) -> NDArray[np.int64]:
        """Return the balance at the end of the days of the longest window, ``(n, days)``."""
        daily = self.records.daily
        if account == CHECKING and daily.shape[1] >= self.days:
            return daily[:, daily.shape[1] - self.days :]
        if account not in self._balances:
            self._balances[account] = daily_balances(self.ledger, account, self.last, self.days)
        return self._balances[account]

    def each(self, by_window: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a figure of each window, by row."""
        return by_window.repeat(self.customers)

    def every(self, by_customer: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a figure of each customer, by row."""
        return by_customer[None].repeat(len(self.spans), axis=0).ravel()

    def told(self, spans: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whose record reaches back over the windows ``spans``, by row."""
        return (self.history >= spans[:, None]).ravel()


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


def _places(
    ledger: Ledger, owners: NDArray[np.int64], last: int, spans: list[int]
) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """Return where each customer's movements up to ``last`` end, and where each window begins."""
    when = (owners << _DAY_BITS) + ledger.day
    days = np.array([last, *(last - span for span in spans)])
    customers = np.arange(len(ledger.offsets) - 1) << _DAY_BITS
    found = when.searchsorted(customers + days[:, None], side="right")
    return found[0], dict(zip(spans, found[1:], strict=True))


def _first_days(ledger: Ledger, last: int) -> NDArray[np.int64]:
    first = np.full(len(ledger.offsets) - 1, last + 1)
    held = ledger.offsets[1:] > ledger.offsets[:-1]
    first[held] = ledger.day[ledger.offsets[:-1][held]]
    return first


def ratio(
    part: NDArray[np.float64], whole: NDArray[np.float64], known: NDArray[np.bool_]
) -> Column:
    """Return ``part / whole`` where ``known``."""
    return Column(part / np.where(known, whole, 1.0), known)
