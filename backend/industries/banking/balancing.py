"""Checking: how a month begins, so that its lowest day is the month's cushion.

The balance at the start of month M is ``need(M) + cushion(M)``: how far the month's movements fall
below its beginning at the worst, and a cushion keyed by customer and month. What that differs
from the end of the month before moves on the first day, between checking and money that the
customer keeps elsewhere. So a month's balances hang on that month and the one before alone.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.postings import Postings, joined, posted
from backend.industries.banking.timeline import Timeline

_ROUND: Final = 2_500  # transfers are multiples of it, cents
_WITH_MEANS: Final = 2.0  # months saved from which on money comes from one's own accounts
_OVERDRAFT_FEE: Final = 3_400
_OVERDRAWN: Final = (1_500, 21_000)  # cents, from and to
_SMALL: Final = 40_000  # what family and friends give and get at most, cents
_OWN_IN, _OWN_OUT, _RECEIVED, _SENT, _ELSEWHERE, _ELSEWHERE_OUT, _ROUND_UPS = range(7)
_NAMES: Final = (
    "own_in", "own_out", "received", "sent", "elsewhere_in", "elsewhere_out", "round_ups",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checking:
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
    ends = told.starts[1:] - told.told_from
    net = _by_day(movements, len(clients), told)
    running = net.cumsum(axis=1)
    flow = running[:, ends[1:] - 1]
    before = flow - np.add.reduceat(net, ends[:-1], axis=1)
    need = np.maximum(before - np.minimum.reduceat(running, ends[:-1], axis=1), 0)
    begins = need + _cushions(clients, luck, factor)
    if clients.traits.lean.any():
        begins -= _leaner(running, ends, clients.traits.lean)
    # from here on `running` holds balances, as if every month began with what it is to begin with
    running += (begins - before).repeat(ends[1:] - ends[:-1], axis=1)
    fees = _overdraft_fees(running, begins - need, told)
    last = running[:, ends[1:-1] - 1]
    row, month = np.divmod(np.arange(last.size), max(last.shape[1], 1))
    change = (begins[:, 1:] - last).ravel()
    moved = _transfers(clients, row, told.starts[2:-1][month], change)
    if fees is not None:
        moved = joined([moved, fees])
    return Checking(moved=moved, start=begins[:, 0], daily=running)


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


def _by_day(movements: Postings, customers: int, told: Timeline) -> NDArray[np.int64]:
    """Return the net of each day on checking, ``(n, days)``."""
    days = int(told.starts[-1]) - told.told_from
    at = ((movements.account == CHECKING) & (movements.day >= told.told_from)).nonzero()[0]
    slot = movements.row[at] * days + movements.day[at] - told.told_from
    # whole cents: a float holds their sum exactly
    summed = np.bincount(slot, weights=movements.cents[at], minlength=customers * days)
    return summed.astype(np.int64).reshape(customers, days)


def _cushions(
    clients: Clients, drawn: NDArray[np.float64], factor: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return what is left on the lowest day of each month, below zero where it is overdrawn."""
    traits = clients.traits
    cushion = np.rint(traits.cushion[:, None] * factor)
    if traits.overdraft.any():
        chance = traits.overdraft[:, None]
        least, most = _OVERDRAWN
        depth = least + (most - least) * drawn / np.maximum(chance, 2.0**-30)
        cushion = np.where(drawn < chance, -np.rint(depth), cushion)
    return cushion.astype(np.int64)


def _overdraft_fees(
    daily: NDArray[np.int64], cushion: NDArray[np.int64], told: Timeline
) -> Postings | None:
    """Return a fee for each month with a day below zero, and charge it in ``daily``.

    It is posted on the day after the first such day, or on that day at the month's end.
    """
    row, month = (cushion < 0).nonzero()
    if not len(row):
        return None
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


def _transfers(
    clients: Clients,
    row: NDArray[np.int64],
    day: NDArray[np.int64],
    change: NDArray[np.int64],
) -> Postings:
    """Return movements that change checking by ``change``: a round one, and round-ups."""
    rounded = -(-change // _ROUND) * _ROUND
    means = clients.traits.savings_months[row] >= _WITH_MEANS
    small = np.abs(rounded) <= _SMALL
    way = np.where(means, _OWN_IN, np.where(small, _RECEIVED, _ELSEWHERE)) + (rounded < 0)
    purpose, first, count = _columns()
    # one keeps to one's institutions; family and friends are the same people
    other = (clients.draws.of(Life.INSTITUTION)[row] * count[way]).astype(np.int64)
    app = (clients.draws.of(Life.INSTITUTION)[row] * count[_ROUND_UPS]).astype(np.int64)
    cents = np.concatenate([rounded, change - rounded])
    moved = posted(
        np.concatenate([row, row]),
        np.concatenate([day, day]),
        cents,
        np.concatenate([purpose[way], purpose[_ROUND_UPS].repeat(len(row))]),
        np.concatenate([first[way] + other, first[_ROUND_UPS] + app]),
    )
    return moved.take(cents.nonzero()[0])


@cache
def _columns() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    tables = catalogue()
    names = [tables.move_names[name] for name in _NAMES]
    purpose = np.array([tables.purpose_at[name] for name in _NAMES])
    return purpose, np.array([first for first, _ in names]), np.array([size for _, size in names])
