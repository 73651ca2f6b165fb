"""From records to the session persona of one customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np

from backend.domain.orders import ORDER_STATUSES, SEGMENTS, Shopping
from backend.domain.person import People
from backend.industries.life import person_facts
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.numbering import order_ids
from backend.industries.retail.orders import SHIPPED
from backend.industries.retail.persona import RetailPersona
from backend.industries.retail.season import chain
from backend.industries.retail.shoppers import MONTH_DAYS

_RECENT_ORDERS: Final = 10
_ORDERS_WITH_LINES: Final = 3
_RECENT_RETURNS: Final = 5
_FAVOURITE_DEPARTMENTS: Final = 3
_FAVOURITE_CLASSES: Final = 5
_POINTS_DAYS: Final = 365
_CENTS_A_POINT: Final = 100

Row: TypeAlias = dict[str, Any]
"""A record before its model checks it: a persona is checked whole, in one pass."""


@dataclass(frozen=True, slots=True)
class _Totals:
    """One customer's two years."""

    orders: int
    items: int
    cents: int
    refunded: int
    returned: int
    by_department: list[Row]
    classes: tuple[str, ...]


def present(people: People, shopping: Shopping, row: int, _as_of: date) -> RetailPersona:
    """Return the session persona of the customer at ``row``; records know their date."""
    shoppers, orders = shopping.shoppers, shopping.orders
    mine = slice(int(orders.offsets[row]), int(orders.offsets[row + 1]))
    totals = _totals(shopping, mine)
    recent = range(max(mine.start, mine.stop - _RECENT_ORDERS), mine.stop)
    told = _orders(shopping, recent)[::-1]
    returns = _returns(shopping, mine)
    open_until = orders.delivered[mine][orders.status[mine] <= SHIPPED].tolist()
    days = int(shopping.active_days[row])
    known: Row = dict(
        person_facts(people, row),
        member_since=str(date.fromordinal(int(shoppers.joined[row])).year),
        customer_id=f"BM-{shoppers.number[row]:012d}",
        persona_type=catalogue().personas[shoppers.persona[row]],
        segment=SEGMENTS[shopping.segment[row]],
        avg_order_value=round(totals.cents / totals.orders) if totals.orders else 0,
        frequency_per_month=round(totals.orders * MONTH_DAYS / days, 2) if days else 0.0,
        recency_days=shopping.last - int(orders.day[mine.stop - 1]) if totals.orders else None,
        return_rate=round(totals.returned / totals.items, 2) if totals.items else 0.0,
        total_purchases=totals.orders,
        total_items=totals.items,
        total_revenue=totals.cents,
        total_refunds=totals.refunded,
        favourite_departments=tuple(
            entry["department"] for entry in totals.by_department[:_FAVOURITE_DEPARTMENTS]
        ),
        favourite_classes=totals.classes,
        spending_by_department=totals.by_department,
        recent_orders=told,
        recent_items=_items(shopping, recent, told[:_ORDERS_WITH_LINES]),
        recent_returns=returns,
        open_orders=len(open_until),
        next_delivery_date=date.fromordinal(min(open_until)) if open_until else None,
        last_return_date=returns[0]["date"] if returns else None,
        preferred_store=f"{chain().name} {chain().stores[shoppers.store[row]]}, "
        f"{people.place[row].city}",
        loyalty_points=_points(shopping, mine),
    )
    return RetailPersona.of(known)


def _totals(shopping: Shopping, mine: slice) -> _Totals:
    orders, lines, shelves = shopping.orders, shopping.lines, catalogue().shelves
    held = slice(int(orders.lines[mine.start]), int(orders.lines[mine.stop]))
    # sums of whole numbers in floats are exact far beyond any customer's
    cents, pieces = (
        np.bincount(lines.department[held], weights=of[held], minlength=len(shelves.departments))
        for of in (lines.amount, lines.quantity)
    )
    by_product = np.bincount(
        lines.product[held], weights=lines.quantity[held], minlength=len(shelves.classes)
    )
    spent, bought = cents.tolist(), pieces.tolist()
    best = (-by_product).argsort(kind="stable")[: _FAVOURITE_CLASSES + 1]
    ranked = (-cents).argsort(kind="stable")[: np.count_nonzero(cents)].tolist()
    return _Totals(
        orders=mine.stop - mine.start,
        items=int(sum(bought)),
        cents=int(sum(spent)),
        refunded=int(orders.refund[mine].sum()),
        returned=int(orders.returned_pieces[mine].sum()),
        by_department=[
            {
                "department": shelves.departments[at],
                "amount": int(spent[at]),
                "items": int(bought[at]),
            }
            for at in ranked
        ],
        classes=_names([at for at in best.tolist() if by_product[at]]),
    )


def _names(products: Iterable[int]) -> tuple[str, ...]:
    # a class that stands in two departments is named once
    names = dict.fromkeys(catalogue().shelves.classes[at] for at in products)
    return tuple(names)[:_FAVOURITE_CLASSES]


def _baskets(shopping: Shopping, orders: range) -> list[tuple[str, ...]]:
    """Return what each of these orders holds, in words."""
    lines, starts = shopping.lines, shopping.orders.lines[orders.start : orders.stop + 1].tolist()
    held, first = slice(starts[0], starts[-1]), starts[0]
    bought = list(zip(lines.product[held].tolist(), lines.quantity[held].tolist(), strict=True))
    return [_contents(bought[at - first : end - first]) for at, end in pairwise(starts)]


def _contents(bought: list[tuple[int, int]]) -> tuple[str, ...]:
    classes = catalogue().shelves.classes
    pieces: dict[str, int] = {}
    for product, quantity in bought:
        name = classes[product]
        pieces[name] = pieces.get(name, 0) + quantity
    return tuple([f"{count} x {name}" if count > 1 else name for name, count in pieces.items()])


def _orders(shopping: Shopping, recent: range) -> list[Row]:
    orders, held = shopping.orders, slice(recent.start, recent.stop)
    columns = (
        orders.day, orders.total, orders.pieces, orders.status, orders.online, orders.delivered,
    )  # fmt: skip
    baskets, ids = _baskets(shopping, recent), order_ids(orders.number[held])
    rows = zip(baskets, ids, *[column[held].tolist() for column in columns], strict=True)
    return [
        {
            "order_id": order_id,
            "date": date.fromordinal(day),
            "total": total,
            "items": pieces,
            "status": ORDER_STATUSES[status],
            "channel": "online" if online else "store",
            "delivery_date": date.fromordinal(delivered) if online else None,
            "contents": basket,
        }
        for basket, order_id, day, total, pieces, status, online, delivered in rows
    ]


def _items(shopping: Shopping, recent: range, told: list[Row]) -> list[Row]:
    """Return the lines of the latest orders of ``recent``, which are ``told`` newest first."""
    lines, starts = shopping.lines, shopping.orders.lines
    ends = starts[recent.stop - len(told) : recent.stop + 1].tolist()[::-1]
    held, first = slice(ends[-1], ends[0]), ends[-1]
    columns = (
        lines.product, lines.department, lines.quantity, lines.price, lines.amount, lines.returned,
    )  # fmt: skip
    rows = list(zip(*[column[held].tolist() for column in columns], strict=True))
    return [
        _line(order, *row)
        for order, (end, begin) in zip(told, pairwise(ends), strict=True)
        for row in rows[begin - first : end - first]
    ]


def _line(
    order: Row,
    product: int,
    department: int,
    quantity: int,
    price: int,
    amount: int,
    returned: bool,  # noqa: FBT001 - a column
) -> Row:
    shelves = catalogue().shelves
    return {
        "order_id": order["order_id"],
        "date": order["date"],
        "product": shelves.classes[product],
        "department": shelves.departments[department],
        "quantity": quantity,
        "price": price,
        "amount": amount,
        "status": "returned" if returned else "bought",
    }


def _returns(shopping: Shopping, mine: slice) -> list[Row]:
    orders, lines = shopping.orders, shopping.lines
    taken = orders.returned_on[mine]
    newest = (-taken).argsort(kind="stable")[:_RECENT_RETURNS]
    rows = mine.start + newest[taken[newest] > 0]
    first = int(orders.lines[mine.start])
    back = first + lines.returned[first : int(orders.lines[mine.stop])].nonzero()[0]
    columns = (lines.order, lines.product, lines.quantity)
    went: dict[int, list[tuple[int, int]]] = {}
    for order, product, quantity in zip(*[c[back].tolist() for c in columns], strict=True):
        went.setdefault(order, []).append((product, quantity))
    told = (orders.returned_on, orders.refund, orders.returned_pieces)
    return [
        {
            "order_id": order_id,
            "date": date.fromordinal(day),
            "refund": refund,
            "items": pieces,
            "contents": _contents(went[row]),
        }
        for row, order_id, day, refund, pieces in zip(
            rows.tolist(),
            order_ids(orders.number[rows]),
            *[column[rows].tolist() for column in told],
            strict=True,
        )
    ]


def _points(shopping: Shopping, mine: slice) -> int:
    orders = shopping.orders
    recent = orders.day[mine] > shopping.last - _POINTS_DAYS
    kept = (orders.total[mine] - orders.refund[mine]) * recent
    return int(kept.sum()) // _CENTS_A_POINT
