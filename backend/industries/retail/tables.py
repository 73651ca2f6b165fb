"""Orders, their lines and returns as tables."""

from datetime import date

import numpy as np

from backend.domain.orders import ORDER_STATUSES, Shopping
from backend.domain.person import People
from backend.domain.table import Field, Table
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.numbering import order_ids
from backend.industries.segments import owners_of


def tables(_people: People, shopping: Shopping, _as_of: date) -> tuple[Table, ...]:
    """Return ``orders``, ``order_lines`` and ``returns`` of the two years up to the date."""
    numbers = order_ids(shopping.orders.number)
    return _orders(shopping, numbers), _lines(shopping, numbers), _returns(shopping, numbers)


def _orders(shopping: Shopping, numbers: list[str]) -> Table:
    orders = shopping.orders
    fields = (
        Field("order_id", "text", numbers),
        Field("date", "date", orders.day),
        Field("total", "money", orders.total),
        Field("items", "integer", orders.pieces),
        Field("status", "text", [ORDER_STATUSES[code] for code in orders.status.tolist()]),
        Field("channel", "text", ["online" if one else "store" for one in orders.online.tolist()]),
        Field("paid_by_card", "flag", orders.by_card),
        Field("shipped_on", "date", orders.shipped, orders.online),
        Field("delivery_date", "date", orders.delivered, orders.online),
        Field("refund", "money", orders.refund),
    )
    return Table("orders", owners_of(orders.offsets), fields)


def _lines(shopping: Shopping, numbers: list[str]) -> Table:
    lines, shelves = shopping.lines, catalogue().shelves
    at = lines.order.tolist()
    fields = (
        Field("order_id", "text", [numbers[order] for order in at]),
        Field("line", "integer", np.arange(len(at)) - shopping.orders.lines[lines.order] + 1),
        Field("date", "date", shopping.orders.day[lines.order]),
        Field("department", "text", [shelves.departments[d] for d in lines.department.tolist()]),
        Field("class", "text", [shelves.classes[p] for p in lines.product.tolist()]),
        Field("quantity", "integer", lines.quantity),
        Field("price", "money", lines.price),
        Field("amount", "money", lines.amount),
        Field("returned", "flag", lines.returned),
    )
    return Table("order_lines", owners_of(shopping.orders.offsets)[lines.order], fields)


def _returns(shopping: Shopping, numbers: list[str]) -> Table:
    orders = shopping.orders
    back = (orders.returned_on > 0).nonzero()[0]
    fields = (
        Field("order_id", "text", [numbers[order] for order in back.tolist()]),
        Field("date", "date", orders.returned_on[back]),
        Field("refund", "money", orders.refund[back]),
        Field("items", "integer", orders.returned_pieces[back]),
    )
    return Table("returns", owners_of(orders.offsets)[back], fields)
