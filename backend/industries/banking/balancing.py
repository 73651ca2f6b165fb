"""Checking: how a month begins, so that its lowest day is the month's cushion.

The balance at the start of month M is ``need(M) + cushion(M)``: how far the month's movements fall
below its beginning at the worst, and a cushion keyed by customer and month. What that differs
from the end of the month before moves on the first day, between checking and money that the
customer keeps elsewhere. So a month's balances hang on that month and the one before alone.
"""

import itertools
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.postings import (
    ACCOUNT,
    CENTS,
    COLUMNS,
    DAY,
    MERCHANT,
    PURPOSE,
    ROW,
    SETTLES,
    Postings,
    joined,
    posted,
)
from backend.industries.banking.timeline import Timeline
from backend.industries.segments import beside

_ROUND: Final = np.array(2_500)  # transfers are multiples of it, cents
_WITH_MEANS: Final = np.array(2.0)  # months saved from which on money comes from one's own accounts
_OVERDRAFT_FEE: Final = 3_400
_OVERDRAWN: Final = (1_500, 21_000)  # cents, from and to
# by how much checking is to change: family and friends give and get no more than $400
_SIZES: Final = np.array([-40_000, 0, 40_001])
# who stands behind it by these sizes, for customers without means and with means
_OTHERS: Final = (
    "elsewhere_out", "sent", "received", "elsewhere_in", "own_out", "own_out", "own_in", "own_in",
)  # fmt: skip
_ROUND_UPS: Final = "round_ups"
_WAYS: Final = np.array(len(_OTHERS) // 2)
_NOTHING, _CHECKING = np.array(0), np.array(CHECKING)


class Checking(NamedTuple):
    """What balances checking accounts, and what they hold.

    ``moved`` are the balancing movements and overdraft fees; ``start`` what each account holds
    as its first month begins, after that day's balancing movement, ``(n,)``; ``daily`` what it
    holds at the end of each day from the second month of the timeline on, ``(n, days)``.
    """

    moved: Postings
    start: NDArray[np.int64]
    daily: NDArray[np.int64]


def balance(
    clients: Clients,
    movements: Postings,
    luck: NDArray[np.float64],
    factor: NDArray[np.float64],
    told: Timeline,
) -> Checking:
    """Return what balances the checking accounts that all of ``movements`` move.

    ``luck`` are uniform draws of the months from the second on, ``(n, months - 1)``, and
    ``factor`` is by what they make a month's cushion differ from its median.
    """
    days = _calendar(told)
    running = _by_day(movements, len(clients), days).cumsum(axis=1)
    before = np.zeros((len(clients), len(days.length)), dtype=np.int64)
    before[:, 1:] = running.take(days.last[:-1], axis=1)
    lowest = np.minimum.reduceat(running, days.first, axis=1)
    need = np.maximum(before - lowest, _NOTHING)
    begins = need + _cushions(clients, luck, factor)
    if np.count_nonzero(clients.traits.lean):
        begins -= _leaner(running, told.starts[1:] - told.told_from, clients.traits.lean)
    # from here on `running` holds balances, as if every month began with what it is to begin with
    running += (begins - before).repeat(days.length, axis=1)
    overdrawn = begins < need
    fees = _overdraft_fees(running, overdrawn, told) if np.count_nonzero(overdrawn) else None
    moved = _transfers(clients, days.start, begins[:, 1:] - running.take(days.last[:-1], axis=1))
    if fees is not None:
        moved = joined([moved, fees])
    return Checking(moved=moved, start=begins[:, 0], daily=running)


class _Calendar(NamedTuple):
    """Months from the second on: first and last days, counted from the first one's, and lengths.

    ``days`` is how many there are, ``()``, ``start`` the first days of the months from the third
    on.
    """

    told_from: NDArray[np.int64]
    days: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    length: NDArray[np.int64]
    start: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    ends = told.starts[1:] - told.told_from
    first, length = ends[:-1], ends[1:] - ends[:-1]
    return _Calendar(
        np.array(told.told_from),
        np.array(ends[-1]),
        first,
        first + length - 1,
        length,
        told.starts[2:-1],
    )


def _leaner(
    running: NDArray[np.int64], ends: NDArray[np.int64], lean: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return how much less a month begins with so that a part of its days ends below the cushion.

    ``running`` are sums by day, ``ends`` the months' first days and the day after the last; the
    part, ``lean``, is of each customer's days, ``(n,)``. The result is ``(n, months)``.
    """
    less = np.zeros((len(lean), len(ends) - 1), dtype=np.int64)
    rows = lean.nonzero()[0]
    for month, (first, end) in enumerate(itertools.pairwise(ends.tolist())):
        lowest_first = np.sort(running[rows, first:end], axis=1)
        place = (lean[rows] * (end - first)).astype(np.int64)
        less[rows, month] = lowest_first[np.arange(len(rows)), place] - lowest_first[:, 0]
    return less


def _by_day(movements: Postings, customers: int, days: _Calendar) -> NDArray[np.int64]:
    """Return the net of each day on checking, ``(n, days)``."""
    day = movements.day - days.told_from
    at = ((movements.account == _CHECKING) & (day >= _NOTHING)).nonzero()[0]
    slot = (movements.row * days.days + day).take(at)
    # whole cents: a float holds their sum exactly
    size = customers * int(days.days)
    summed = np.bincount(slot, weights=movements.cents.take(at), minlength=size)
    return summed.astype(np.int64).reshape(customers, -1)


def _cushions(
    clients: Clients, drawn: NDArray[np.float64], factor: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return what is left on the lowest day of each month, below zero where it is overdrawn."""
    traits = clients.traits
    cushion = np.rint(beside(traits.cushion.astype(np.float64)) * factor)
    if np.count_nonzero(traits.overdraft):
        chance = traits.overdraft[:, None]
        least, most = _OVERDRAWN
        depth = least + (most - least) * drawn / np.maximum(chance, 2.0**-30)
        cushion = np.where(drawn < chance, -np.rint(depth), cushion)
    return cushion.astype(np.int64)


def _overdraft_fees(
    daily: NDArray[np.int64], overdrawn: NDArray[np.bool_], told: Timeline
) -> Postings:
    """Return a fee for each month with a day below zero, and charge it in ``daily``.

    It is posted on the day after the first such day, or on that day at the month's end. Only
    months that are ``overdrawn`` can have such a day.
    """
    row, month = overdrawn.nonzero()
    lengths = told.starts[2:] - told.starts[1:-1]
    begin = told.starts[1:-1][month] - told.told_from
    span = np.arange(int(lengths.max()))
    inside = span < lengths[month][:, None]
    days = np.minimum(begin[:, None] + span, daily.shape[1] - 1)
    below = (daily[row[:, None], days] < 0) & inside
    # the first day's pay may lift a month that begins below zero
    are = below.any(axis=1)
    row, month, begin, days, inside, below = (
        each[are] for each in (row, month, begin, days, inside, below)
    )
    first = below.argmax(axis=1)
    at = np.minimum(first + 1, lengths[month] - 1)
    charged = inside & (span >= at[:, None])
    where, which = charged.nonzero()
    daily[row[where], days[where, which]] -= _OVERDRAFT_FEE
    tables = catalogue()
    bank, _ = tables.move_names["overdraft_fee"]
    purpose = tables.purpose_at["overdraft_fee"]
    return posted(row, told.told_from + begin + at, -_OVERDRAFT_FEE, purpose, bank)


def _transfers(clients: Clients, starts: NDArray[np.int64], change: NDArray[np.int64]) -> Postings:
    """Return movements that change checking by ``change``: a round one, and round-ups.

    ``starts`` are the days on which they do, and ``change`` is ``(n, months)``.
    """
    rest = -change % _ROUND
    rounded = change + rest
    means = clients.traits.savings_months >= _WITH_MEANS
    way = _SIZES.searchsorted(rounded, side="right") + beside(means * _WAYS)
    purpose, first, count = _others().take(way, axis=1)
    app, apps, names = _round_ups()
    # one keeps to one's institutions; family and friends are the same people
    luck = beside(clients.draws.of(Life.INSTITUTION))
    table = np.empty((COLUMNS, 2, *change.shape), dtype=np.int64)
    table[ROW], table[ACCOUNT] = np.arange(len(change))[:, None], CHECKING
    table[DAY] = table[SETTLES] = starts
    table[CENTS, 0], table[CENTS, 1] = rounded, -rest
    table[PURPOSE, 0], table[PURPOSE, 1] = purpose, app
    table[MERCHANT, 0], table[MERCHANT, 1] = luck * count, luck * names
    table[MERCHANT, 0] += first
    table[MERCHANT, 1] += apps
    return Postings(table.reshape(COLUMNS, -1)).take(table[CENTS].ravel().nonzero()[0])


@cache
def _others() -> NDArray[np.int64]:
    """Return the purpose, the first name and the number of names of ``_OTHERS``, ``(3, 8)``."""
    tables = catalogue()
    return np.array([(tables.purpose_at[name], *tables.move_names[name]) for name in _OTHERS]).T


@cache
def _round_ups() -> NDArray[np.int64]:
    tables = catalogue()
    return np.array([tables.purpose_at[_ROUND_UPS], *tables.move_names[_ROUND_UPS]])
