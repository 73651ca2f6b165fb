"""What is in an order: lines with department, class, quantity and price.

A basket is filled with things at the shopper's usual prices until it comes to about what the
order is worth; then the prices move a little, all of them alike, so that they come to it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import OrderLines, Shoppers
from backend.industries.retail.catalogue import FROM_LIST, LANE, MONTHS, Catalogue
from backend.industries.retail.season import FIRST_DAY, months_of_days
from backend.industries.segments import offsets_of
from backend.seeds import Keys, bits, bits_each

_ROOM: Final = 12
_SLOTS: Final = 16  # room for more lines, so that a thirteenth moves none
_FULL: Final = 0.85
_MOVE: Final = (0.6, 1.6)
_TWO_FROM, _THREE_FROM = 52_429, 62_915  # of LANE: 80% one piece, 16% two, 4% three
_STEP: Final = 50
_PLACES: Final = np.arange(_ROOM)


@dataclass(frozen=True, slots=True)
class Visits:
    """*m* orders to be filled: the customers' keys and rows, days, and what each is worth."""

    keys: Keys
    row: NDArray[np.int64]
    day: NDArray[np.int64]
    value: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Baskets:
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


@dataclass(frozen=True, slots=True)
class _Picked:
    """Lines as they were put in: order, place in the basket, and what."""

    order: NDArray[np.int64]
    place: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    price: NDArray[np.int64]


def make_baskets(visits: Visits, shoppers: Shoppers, tables: Catalogue) -> Baskets:
    """Return what is in each of the orders."""
    persona = shoppers.persona[visits.row]
    words = bits(visits.keys, "retail/line", visits.day[:, None] * _SLOTS + _PLACES)
    lanes = lanes_of(words).reshape(-1, _ROOM, 4)
    product = _products(lanes, persona, visits.day, tables)
    many = lanes[..., 2]
    quantity = 1 + (many >= _TWO_FROM).astype(np.int64) + (many >= _THREE_FROM)
    usual = tables.shelves.price.take(product) * shoppers.price_level[visits.row][:, None]
    cents = np.rint(usual * tables.price_steps.take(lanes[..., 3] >> 8)).astype(np.int64)
    running = (cents * quantity).cumsum(axis=1)
    lines = 1 + (running[:, :-1] < (visits.value * _FULL)[:, None]).sum(axis=1)
    filled = running[np.arange(len(lines)), lines - 1]
    move = np.minimum(np.maximum(visits.value / np.maximum(filled, 1), _MOVE[0]), _MOVE[1])
    order, place = (lines[:, None] > _PLACES).nonzero()
    price = _priced(cents[order, place] * move[order])
    picked = _Picked(order, place, product[order, place], quantity[order, place], price)
    return _summed(visits, shoppers, tables, picked)


def lanes_of(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Return each word's four parts of 16 bits, lowest first, along the last axis."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u2")


def _products(
    lanes: NDArray[np.uint16], persona: NDArray[np.int64], day: NDArray[np.int64], tables: Catalogue
) -> NDArray[np.int64]:
    tastes, shelves = tables.tastes, tables.shelves
    base = persona * MONTHS + months_of_days()[day - FIRST_DAY]
    # wider first: sums and products of 16 bits have more
    drawn = lanes[..., 0].astype(np.int64) + (base * LANE)[:, None]
    found = tastes.department_edges.searchsorted(drawn, side="right")
    department = found - (base * len(shelves.departments))[:, None]
    cell = (persona * len(shelves.departments))[:, None] + department
    pick = lanes[..., 1].astype(np.int64)
    own = tastes.own_start.take(cell) + pick * tastes.own_count.take(cell) // FROM_LIST
    whole = (pick - FROM_LIST) * shelves.count.take(department) // (LANE - FROM_LIST)
    whole += shelves.start.take(department)
    # a pick beyond the list's part points nowhere in it, and is cut off for the look-up
    return np.where(pick < FROM_LIST, tastes.own.take(own, mode="clip"), whole)


def _priced(cents: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return prices as shops write them: a cent below the half or the whole dollar."""
    steps = np.rint(cents / _STEP).astype(np.int64)
    return np.maximum(steps, 1) * _STEP - 1


def _summed(visits: Visits, shoppers: Shoppers, tables: Catalogue, picked: _Picked) -> Baskets:
    order, quantity = picked.order, picked.quantity
    department = tables.shelves.department[picked.product]
    index = visits.day[order] * _SLOTS + picked.place
    later = bits_each(visits.keys.take(order), "retail/line-later", index)
    chance = shoppers.return_rate[visits.row[order]] * LANE
    back = (lanes_of(later[:, None])[:, 0] < chance) & tables.shelves.returnable[department]
    offsets = offsets_of(order, len(visits.day))
    amount = picked.price * quantity
    # every order has a line, so that no segment is empty
    total, pieces, back_cents, back_pieces = np.add.reduceat(
        [amount, quantity, amount * back, quantity * back], offsets[:-1], axis=1
    )
    return Baskets(
        offsets=offsets,
        order=order,
        product=picked.product,
        department=department,
        quantity=quantity,
        price=picked.price,
        amount=amount,
        sent_back=back,
        total=total,
        pieces=pieces,
        back_cents=back_cents,
        back_pieces=back_pieces,
    )
