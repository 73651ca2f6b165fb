"""The session persona of a shopper."""

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.domain.fact import Fact, Money
from backend.domain.orders import OrderStatus, Segment
from backend.domain.session_persona import SessionPersona


class Order(Fact):
    """An order, from the website or at a till."""

    order_id: str
    date: dt.date
    total: Money = Field(description="sum of its lines, whatever went back later")
    items: int = Field(description="pieces, over all lines")
    status: OrderStatus = Field(description="collected: taken along from a store")
    channel: Literal["online", "store"]
    delivery_date: dt.date | None = Field(
        description="when it arrived or is expected; null for what was bought in a store"
    )
    contents: tuple[str, ...] = Field(description="its lines in words, such as '2 x Blouses'")


class OrderLine(Fact):
    """One line of an order: some pieces of a class of goods."""

    order_id: str
    date: dt.date
    product: str = Field(description="class of goods")
    department: str
    quantity: int
    price: Money = Field(description="of a piece")
    amount: Money = Field(description="price times quantity")
    status: Literal["bought", "returned"]


class Return(Fact):
    """What went back of an order."""

    order_id: str
    date: dt.date = Field(description="when it was taken back")
    refund: Money
    items: int = Field(description="pieces that went back")
    contents: tuple[str, ...] = Field(description="what went back, in words")


class DepartmentSpending(Fact):
    """What was bought in one department within two years."""

    department: str
    amount: Money
    items: int


class RetailPersona(SessionPersona):
    """A shopper. Totals are of the two years up to the session's date, returns not taken off."""

    member_since: str = Field(description="year in which the account was opened")
    customer_id: str
    persona_type: str = Field(
        description="the pattern of shopping; who holds the account may shop for somebody else"
    )
    segment: Segment
    avg_order_value: Money = Field(description="total_revenue over total_purchases; 0 without one")
    frequency_per_month: float = Field(
        description="orders a month of the two years, long pauses left out"
    )
    recency_days: int | None = Field(description="days since the latest order; null without one")
    return_rate: float = Field(description="pieces that went back, as a part of total_items")
    total_purchases: int = Field(description="orders of the two years")
    total_items: int = Field(description="pieces of these orders")
    total_revenue: Money = Field(description="sum of these orders")
    total_refunds: Money = Field(description="paid back for what was returned of these orders")
    favourite_departments: tuple[str, ...] = Field(description="up to three, by amount")
    favourite_classes: tuple[str, ...] = Field(description="up to five, by pieces")
    spending_by_department: tuple[DepartmentSpending, ...] = Field(
        description="sums to total_revenue; largest amount first"
    )
    recent_orders: tuple[Order, ...] = Field(description="the latest ten, newest first")
    recent_items: tuple[OrderLine, ...] = Field(
        description="the lines of the latest three orders, newest first"
    )
    recent_returns: tuple[Return, ...] = Field(description="the latest five, newest first")
    open_orders: int = Field(description="orders that have not arrived yet")
    next_delivery_date: dt.date | None = Field(description="null without an open order")
    last_return_date: dt.date | None
    preferred_store: str
    loyalty_points: int = Field(
        description="one for each dollar of the last 365 days' orders, refunds taken off"
    )
