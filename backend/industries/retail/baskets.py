"""What is in an order: lines with department, class, quantity and price.

A basket is filled with things at the shopper's usual prices until it comes to about what the
order is worth; then the prices move a little, all of them alike, so that they come to it.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import OrderLines, Shoppers
from backend.industries.retail.catalogue import FROM_LIST, LANE, MONTHS, STRIDE, Catalogue, Tastes
from backend.industries.retail.draws import LANES, lanes_of
from backend.industries.retail.season import FIRST_DAY, months_of_days
from backend.industries.segments import offsets_of
from backend.seeds import Asked, Keys, Words, bits_each

_ROOM: Final = 12
_SLOTS: Final = np.array(16)  # room for more lines, so that a thirteenth moves none
_FULL: Final = np.array(0.85)
_LEAST_MOVE, _MOST_MOVE = np.array(0.6), np.array(1.6)
_TWO_FROM, _THREE_FROM = 52_429, 62_915  # of LANE: 80% one piece, 16% two, 4% three
_STEP: Final = np.array(50)
_PLACES: Final = np.arange(_ROOM)
_ROOM_WIDE, _MONTHS, _FIRST_DAY = np.array(_ROOM), np.array(MONTHS), np.array(FIRST_DAY)
_LANE, _FROM_LIST, _FROM_WHOLE = np.array(LANE), np.array(FROM_LIST), np.array(LANE - FROM_LIST)
_ONE, _ONE_STEP = np.array(1), np.array(1.0)
_NOWHERE, _STRIDE_BITS = np.array(0), np.array(STRIDE.bit_length() - 1)
_LOWEST_LANE: Final = np.array(LANE - 1, dtype=np.uint64)


class Visits(NamedTuple):
    """*m* orders to be filled: the customers' keys and rows, days, and what each is worth.

    ``keys`` are one each a customer; ``words`` what ``line_draws`` asks for.
    """

    keys: Keys
    row: NDArray[np.int64]
    day: NDArray[np.int64]
    value: NDArray[np.float64]
    words: Words


def line_draws(row: NDArray[np.int64], day: NDArray[np.int64]) -> Asked:
    """Return the draws that decide about the lines of orders."""
    return "retail/line", row.repeat(_ROOM), ((day * _SLOTS)[:, None] + _PLACES).ravel()


class Baskets(NamedTuple):
    """Lines of *m* orders by order, and what they come to an order, ``(m,)``.

    ``sent_back`` says which lines go back some day; ``back_cents`` and ``back_pieces`` what they
    come to.
    """

    offsets: NDArray[np.int64]
    order: NDArray[np.int64]
    product: NDArray[np.int64]
    department: NDArray[np.int64]
    quantity: NDArray[np.int64]
    price: NDArray[np.int64]
    amount: NDArray[np.int64]
    sent_back: NDArray[np.bool_]
    total: NDArray[np.int64]
    pieces: NDArray[np.int64]
    back_cents: NDArray[np.int64]
    back_pieces: NDArray[np.int64]

    def lines(self, returned: NDArray[np.bool_]) -> OrderLines:
        """Return the lines, of which those where ``returned`` is True have been taken back."""
        return OrderLines(
            self.order, self.department, self.product, self.quantity, self.price, self.amount,
            returned,
        )  # fmt: skip


class _Picked(NamedTuple):
    """Lines as they were put in: order, place in the basket, and what."""

    order: NDArray[np.int64]
    place: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    price: NDArray[np.int64]


def make_baskets(visits: Visits, shoppers: Shoppers, tables: Catalogue) -> Baskets:
    """Return what is in each of the orders."""
    lanes = lanes_of(visits.words).reshape(-1, _ROOM, LANES)
    product = _products(lanes, shoppers.persona[visits.row], visits.day, tables)
    many = lanes[..., 2]
    quantity = _ONE + (many >= _TWO_FROM) + (many >= _THREE_FROM)
    usual = tables.shelves.price.take(product) * shoppers.price_level[visits.row][:, None]
    cents = np.rint(usual * tables.price_steps.take(lanes[..., 3] >> 8)).astype(np.int64)
    running = np.add.accumulate(cents * quantity, axis=1)
    at = _put_in(running, visits.value)
    order = at // _ROOM_WIDE
    offsets = offsets_of(order, len(visits.day))
    # every order has a line
    filled = np.maximum(running.take(at[offsets[1:] - _ONE]), _ONE)
    move = np.minimum(np.maximum(visits.value / filled, _LEAST_MOVE), _MOST_MOVE)
    picked = _Picked(
        order=order,
        place=at - order * _ROOM_WIDE,
        product=product.take(at),
        quantity=quantity.take(at),
        price=_priced(cents.take(at) * move[order]),
    )
    return _summed(visits, shoppers, tables, picked, offsets)


def _put_in(running: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places that are filled, as positions in the table of orders by places.

    The first is always, another as long as what lies before it does not come to the order.
    """
    filled = np.ones(running.shape, dtype=np.bool_)
    # a whole number is below a limit if it is below the next whole one
    limit = np.ceil(value * _FULL).astype(np.int64)
    np.less(running[:, :-1], limit[:, None], out=filled[:, 1:])
    return filled.ravel().nonzero()[0]


def _products(
    lanes: NDArray[np.uint16], persona: NDArray[np.int64], day: NDArray[np.int64], tables: Catalogue
) -> NDArray[np.int64]:
    tastes = tables.tastes
    base = persona * _MONTHS + months_of_days()[day - _FIRST_DAY]
    # wider first: sums and products of 16 bits have more
    found = _departments(lanes[..., 0] + (base * _LANE)[:, None], tastes)
    pick = lanes[..., 1].astype(np.int64)
    own = tastes.own_start.take(found) + pick * tastes.own_count.take(found) // _FROM_LIST
    # a pick beyond the list's part points nowhere in it, and is cut off for the look-up
    product = tastes.own.take(own, mode="clip")
    beyond = (pick >= _FROM_LIST).ravel().nonzero()[0]
    department, rest = found.take(beyond), pick.take(beyond) - _FROM_LIST
    whole = tastes.start.take(department) + rest * tastes.count.take(department) // _FROM_WHOLE
    product.put(beyond, whole)
    return np.asarray(product)


def _departments(drawn: NDArray[np.int64], tastes: Tastes) -> NDArray[np.int64]:
    """Return where in ``department_edges`` draws lie: most of them their upper bits tell."""
    found = tastes.departments_at.take(drawn >> _STRIDE_BITS)
    unsure = (found < _NOWHERE).ravel().nonzero()[0]
    exact = tastes.department_edges.searchsorted(drawn.take(unsure), side="right")
    found.put(unsure, exact)
    return np.asarray(found)


def _priced(cents: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return prices as shops write them: a cent below the half or the whole dollar."""
    steps = np.maximum(np.rint(cents / _STEP), _ONE_STEP)
    return np.asarray(steps.astype(np.int64) * _STEP - _ONE)


def _summed(
    visits: Visits,
    shoppers: Shoppers,
    tables: Catalogue,
    picked: _Picked,
    offsets: NDArray[np.int64],
) -> Baskets:
    order, quantity = picked.order, picked.quantity
    department = tables.shelves.department[picked.product]
    row, index = visits.row[order], visits.day[order] * _SLOTS + picked.place
    later = bits_each(visits.keys.take(row), "retail/line-later", index) & _LOWEST_LANE
    chance = (shoppers.return_rate * _LANE)[row]
    back = (later < chance) & tables.shelves.returnable[department]
    amount, starts = picked.price * quantity, offsets[:-1]
    return Baskets(
        offsets=offsets,
        order=order,
        product=picked.product,
        department=department,
        quantity=quantity,
        price=picked.price,
        amount=amount,
        sent_back=back,
        # every order has a line, so that no segment is empty
        total=np.add.reduceat(amount, starts),
        pieces=np.add.reduceat(quantity, starts),
        back_cents=np.add.reduceat(amount * back, starts),
        back_pieces=np.add.reduceat(quantity * back, starts),
    )
