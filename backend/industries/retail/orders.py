"""Orders, each keyed by its absolute day, with the shape of week and year and pauses between."""

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import ORDER_STATUSES, Orders, Shoppers, Shopping
from backend.domain.person import People
from backend.industries.almanac import next_working_days
from backend.industries.retail.baskets import Baskets, Visits, line_draws, make_baskets
from backend.industries.retail.catalogue import LANE, Catalogue
from backend.industries.retail.draws import LANES, draw_dated, lanes_of
from backend.industries.retail.numbering import NUMBERS
from backend.industries.retail.season import CYCLE_DAYS, Stretch, stretch
from backend.industries.retail.shoppers import MONTH_DAYS, shoppers_of
from backend.industries.retail.worth import segments
from backend.industries.segments import offsets_of
from backend.seeds import Asked, draw_each

_PAUSE_FROM: Final = np.array(420)
_PAUSE_SPREAD: Final = np.array(120)
_LANE_BITS: Final = np.array(16)
_LANE: Final = np.array(float(LANE))
_CYCLE_DAYS: Final = np.array(CYCLE_DAYS)
_NUMBERS: Final = np.array(NUMBERS, dtype=np.uint64)
_WORDS: Final = np.arange(3)
_SLOTS: Final = np.array(4)  # indices that a day has for words of orders
_VALUE_BITS, _PACKING_BITS, _TRAVEL_BITS = np.array(4), np.array(15), np.array(14)
_RETURN_FROM, _RETURN_SPREAD = np.array(3), np.array(25)
_NONE, _ONE, _TWO = np.array(0), np.array(1), np.array(2)
PROCESSING, SHIPPED, DELIVERED, COLLECTED, PARTLY, RETURNED = range(len(ORDER_STATUSES))
_PROCESSING, _COLLECTED, _PARTLY = np.array(PROCESSING), np.array(COLLECTED), np.array(PARTLY)


class _Lane(IntEnum):
    """Which 16 bits of an order's draws are which; a new one goes to the end."""

    VALUE = 0
    ONLINE = 1
    CARD = 2
    PACKING = 3
    TRAVEL = 4
    RETURN = 5


class Pauses(NamedTuple):
    """When shoppers stop, in each of the *k* cycles of a stretch, ``(n, k)``.

    ``start`` is the cycle's first day. ``begin`` counts days from it; where there is no pause it
    is ``CYCLE_DAYS``, the cycle's end.
    """

    start: NDArray[np.int64]
    begin: NDArray[np.int64]

    def hold(self, row: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether customers pause on days of the stretch."""
        since = day - self.start[:, 0][row]
        cycle = since // _CYCLE_DAYS
        begin = self.begin.take(row * self.begin.shape[1] + cycle)
        return np.asarray(since - cycle * _CYCLE_DAYS >= begin)


def make_shopping(people: People, first: int, last: int, tables: Catalogue) -> Shopping:
    """Return the orders of the days from ``first`` to ``last``, as known on ``last``.

    Each order is keyed by its absolute day: another ``first`` or ``last`` adds and drops days and
    changes no other order, but for what became of it up to ``last``.
    """
    told = stretch(first, last)
    draws, dated = draw_dated(people, told)
    shoppers = shoppers_of(people, draws, tables)
    pauses = _pauses(shoppers, dated.cycles, told)
    row, day = _when(shoppers, pauses, dated.days, told)
    words, of_lines = draw_each(people.keys, [_order_draws(row, day), line_draws(row, day)])
    lanes = lanes_of(words).reshape(len(day), len(_WORDS) * LANES).T.astype(np.int64)
    value = tables.value_steps[lanes[_Lane.VALUE] >> _VALUE_BITS] * shoppers.order_value[row]
    baskets = make_baskets(Visits(people.keys, row, day, value, of_lines), shoppers, tables)
    online = lanes[_Lane.ONLINE] < (shoppers.online_share * _LANE)[row]
    by_card = lanes[_Lane.CARD] < (shoppers.card_share * _LANE)[row]
    number = (words[2 :: len(_WORDS)] % _NUMBERS).astype(np.int64)
    offsets = offsets_of(row, len(people))
    orders = _followed(offsets, day, lanes, baskets, (online, by_card), number, last)
    active = _active_days(shoppers, pauses, told)
    taken_back = (orders.returned_on > _NONE)[baskets.order] & baskets.sent_back
    return Shopping(
        first=first,
        last=last,
        shoppers=shoppers,
        orders=orders,
        lines=baskets.lines(taken_back),
        active_days=active,
        segment=segments(orders, row, active, last),
    )


def _order_draws(row: NDArray[np.int64], day: NDArray[np.int64]) -> Asked:
    index = (day * _SLOTS)[:, None] + _WORDS
    return "retail/order", row.repeat(len(_WORDS)), index.ravel()


def _pauses(shoppers: Shoppers, drawn: NDArray[np.uint16], told: Stretch) -> Pauses:
    begins = _PAUSE_FROM + (drawn[:, :, 1] * _PAUSE_SPREAD >> _LANE_BITS)
    paused = drawn[:, :, 0] < (shoppers.lapse_share * _LANE)[:, None]
    start = told.cycle_starts - shoppers.phase[:, None]
    return Pauses(start, np.where(paused, begins, _CYCLE_DAYS))


def _active_days(shoppers: Shoppers, pauses: Pauses, told: Stretch) -> NDArray[np.int64]:
    since = np.maximum(shoppers.joined, told.first)
    begin = np.maximum(pauses.start, since[:, None])
    end = np.minimum(pauses.start + pauses.begin, told.last + 1)
    return np.asarray(np.add.reduce(np.maximum(end - begin, _NONE), axis=1))


def _when(
    shoppers: Shoppers, pauses: Pauses, drawn: NDArray[np.uint16], told: Stretch
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the row and day of every order, by the days' parts of 16 bits."""
    a_day = shoppers.frequency / MONTH_DAYS * _LANE
    at = (drawn < a_day[:, None] * told.weights).ravel().nonzero()[0]
    row = at // len(told.weights)
    day = at - row * len(told.weights) + told.start
    bought = (day >= shoppers.joined[row]) & ~pauses.hold(row, day)
    return row[bought], day[bought]


def _followed(
    offsets: NDArray[np.int64],
    day: NDArray[np.int64],
    lanes: NDArray[np.int64],
    baskets: Baskets,
    way: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    number: NDArray[np.int64],
    last: int,
) -> Orders:
    """Return the orders with what has become of them up to ``last``.

    An order from the website leaves on one of the next two working days and arrives two to five
    days later, on a working day. What goes back does so 3 to 27 days after it was received.
    """
    online, by_card = way
    sent = next_working_days(day + _ONE + (lanes[_Lane.PACKING] >> _PACKING_BITS))
    arrived = next_working_days(sent + _TWO + (lanes[_Lane.TRAVEL] >> _TRAVEL_BITS))
    shipped, delivered = np.where(online, sent, day), np.where(online, arrived, day)
    wait = lanes[_Lane.RETURN] * _RETURN_SPREAD >> _LANE_BITS
    back = delivered + _RETURN_FROM + wait
    happened = (baskets.back_pieces > _NONE) & (back <= last)
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
        returned_on=back * happened,
        refund=baskets.back_cents * happened,
        returned_pieces=baskets.back_pieces * happened,
        status=_status(online, shipped, delivered, happened, baskets, last),
        number=number,
    )


def _status(
    online: NDArray[np.bool_],
    shipped: NDArray[np.int64],
    delivered: NDArray[np.int64],
    happened: NDArray[np.bool_],
    baskets: Baskets,
    last: int,
) -> NDArray[np.int64]:
    way = _PROCESSING + (shipped <= last) + (delivered <= last)
    back = _PARTLY + (baskets.back_pieces == baskets.pieces)
    return np.where(happened, back, np.where(online, way, _COLLECTED))
