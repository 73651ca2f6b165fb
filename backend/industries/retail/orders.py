"""Orders, each keyed by its absolute day, with the shape of week and year and pauses between."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import ORDER_STATUSES, Orders, Shoppers, Shopping
from backend.domain.person import People
from backend.industries.almanac import next_working_days
from backend.industries.retail.baskets import Baskets, Visits, lanes_of, make_baskets
from backend.industries.retail.catalogue import LANE, Catalogue
from backend.industries.retail.numbering import NUMBERS
from backend.industries.retail.season import FIRST_DAY, day_weights
from backend.industries.retail.shoppers import CYCLE_DAYS, MONTH_DAYS
from backend.industries.retail.worth import segments
from backend.industries.segments import offsets_of
from backend.seeds import bits

_PAUSE_FROM: Final = 420
_PAUSE_SPREAD: Final = 120
_DAYS_A_WORD: Final = 4  # four days share the 64 bits of one draw, 16 for each
_NUMBERS: Final = np.uint64(NUMBERS)
_WORDS: Final = np.arange(3)
_RETURN_FROM, _RETURN_SPREAD = 3, 25
PROCESSING, SHIPPED, DELIVERED, COLLECTED, PARTLY, RETURNED = range(len(ORDER_STATUSES))


class _Lane(IntEnum):
    """Which 16 bits of an order's draws are which; a new one goes to the end."""

    VALUE = 0
    ONLINE = 1
    CARD = 2
    PACKING = 3
    TRAVEL = 4
    RETURN = 5


@dataclass(frozen=True, slots=True)
class Pauses:
    """When shoppers stop, for the *k* cycles from ``first`` on: days counted in the cycle.

    ``begin`` is ``(n, k)``; where there is no pause it is ``CYCLE_DAYS``, the cycle's end.
    """

    first: NDArray[np.int64]
    begin: NDArray[np.int64]

    def hold(self, row: NDArray[np.int64], counted: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether customers pause on days counted from their first cycle's beginning."""
        cycle, within = np.divmod(counted - self.first[row] * CYCLE_DAYS, CYCLE_DAYS)
        return np.asarray(within >= self.begin[row, cycle])


def make_shopping(
    people: People, shoppers: Shoppers, first: int, last: int, tables: Catalogue
) -> Shopping:
    """Return the orders of the days from ``first`` to ``last``, as known on ``last``.

    Each order is keyed by its absolute day: another ``first`` or ``last`` adds and drops days and
    changes no other order, but for what became of it up to ``last``.
    """
    pauses = _pauses(people, shoppers, first, last)
    row, day = _when(people, shoppers, pauses, first, last)
    words = bits(people.keys.take(row), "retail/order", day[:, None] * 4 + _WORDS)
    lanes = lanes_of(words[:, :2])
    value = tables.value_steps[lanes[:, _Lane.VALUE] >> 4] * shoppers.order_value[row]
    visits = Visits(people.keys.take(row), row, day, value)
    baskets = make_baskets(visits, shoppers, tables)
    online = lanes[:, _Lane.ONLINE] < shoppers.online_share[row] * LANE
    by_card = lanes[:, _Lane.CARD] < shoppers.card_share[row] * LANE
    orders = _followed(
        offsets_of(row, len(people)), visits, words, baskets, (online, by_card), last
    )
    active = _active_days(shoppers, pauses, first, last)
    taken_back = (orders.returned_on > 0)[baskets.order] & baskets.sent_back
    return Shopping(
        first=first,
        last=last,
        shoppers=shoppers,
        orders=orders,
        lines=baskets.lines(taken_back),
        active_days=active,
        segment=segments(orders, active, last),
    )


def _pauses(people: People, shoppers: Shoppers, first: int, last: int) -> Pauses:
    cycle = (shoppers.phase + first) // CYCLE_DAYS
    cycles = cycle[:, None] + np.arange((last - first) // CYCLE_DAYS + 2)
    drawn = lanes_of(bits(people.keys, "retail/pause", cycles)[..., None])
    begins = _PAUSE_FROM + drawn[..., 1].astype(np.int64) * _PAUSE_SPREAD // LANE
    paused = drawn[..., 0] < shoppers.lapse_share[:, None] * LANE
    return Pauses(cycle, np.where(paused, begins, CYCLE_DAYS))


def _active_days(shoppers: Shoppers, pauses: Pauses, first: int, last: int) -> NDArray[np.int64]:
    since = np.maximum(shoppers.joined, first)
    cycles = pauses.first[:, None] + np.arange(pauses.begin.shape[1])
    start = cycles * CYCLE_DAYS - shoppers.phase[:, None]
    begin = np.maximum(start, since[:, None])
    end = np.minimum(start + pauses.begin, last + 1)
    return np.asarray(np.maximum(end - begin, 0).sum(axis=1))


def _when(
    people: People, shoppers: Shoppers, pauses: Pauses, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    words = np.arange(first // _DAYS_A_WORD, last // _DAYS_A_WORD + 1)
    drawn = lanes_of(bits(people.keys, "retail/day", words))
    weights = day_weights()[first - FIRST_DAY : last + 1 - FIRST_DAY]
    a_day = shoppers.frequency / MONTH_DAYS * LANE
    # a first search with the strongest day's chance leaves few to weigh
    likely = drawn < (a_day * weights.max())[:, None]
    row, column = np.divmod(likely.ravel().nonzero()[0], drawn.shape[1])
    day = column + words[0] * _DAYS_A_WORD
    inside = (day >= first) & (day <= last) & (day >= shoppers.joined[row])
    row, column, day = row[inside], column[inside], day[inside]
    bought = drawn[row, column] < a_day[row] * weights[day - first]
    bought &= ~pauses.hold(row, day + shoppers.phase[row])
    return row[bought], day[bought]


def _followed(
    offsets: NDArray[np.int64],
    visits: Visits,
    words: NDArray[np.uint64],
    baskets: Baskets,
    way: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    last: int,
) -> Orders:
    """Return the orders with what has become of them up to ``last``.

    An order from the website leaves on one of the next two working days and arrives two to five
    days later, on a working day. What goes back does so 3 to 27 days after it was received.
    """
    (online, by_card), day, lanes = way, visits.day, lanes_of(words[:, :2])
    sent = next_working_days(day + 1 + (lanes[:, _Lane.PACKING] >> 15))
    arrived = next_working_days(sent + 2 + (lanes[:, _Lane.TRAVEL] >> 14))
    shipped, delivered = np.where(online, sent, day), np.where(online, arrived, day)
    wait = lanes[:, _Lane.RETURN].astype(np.int64) * _RETURN_SPREAD // LANE
    back = delivered + _RETURN_FROM + wait
    happened = (baskets.back_pieces > 0) & (back <= last)
    return Orders(
        offsets=offsets,
        lines=baskets.offsets,
        day=day,
        total=baskets.total,
        pieces=baskets.pieces,
        online=online,
        by_card=by_card,
        shipped=shipped,
        delivered=delivered,
        returned_on=np.where(happened, back, 0),
        refund=np.where(happened, baskets.back_cents, 0),
        returned_pieces=np.where(happened, baskets.back_pieces, 0),
        status=_status(online, shipped, delivered, happened, baskets, last),
        number=(words[:, 2] % _NUMBERS).astype(np.int64),
    )


def _status(
    online: NDArray[np.bool_],
    shipped: NDArray[np.int64],
    delivered: NDArray[np.int64],
    happened: NDArray[np.bool_],
    baskets: Baskets,
    last: int,
) -> NDArray[np.int64]:
    way = PROCESSING + (shipped <= last) + (delivered <= last)
    back = np.where(baskets.back_pieces == baskets.pieces, RETURNED, PARTLY)
    return np.where(happened, back, np.where(online, way, COLLECTED))
