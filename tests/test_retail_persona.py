import re
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.domain.orders import SEGMENTS
from backend.industries.life import EARLIEST_AS_OF
from backend.industries.retail import MODE
from backend.industries.retail.catalogue import catalogue
from tests.cohort_kit import (
    DATES,
    IDS,
    ONE_DAY,
    SESSION_IDS,
    SOME_DATES,
    cohort,
    document,
    in_cents,
    text,
)

AS_OF: Final = date(2026, 1, 15)
TWO_YEARS: Final = 731


@cache
def shoppers(as_of: date, count: int = 300) -> tuple[dict[str, Any], ...]:
    customers = cohort(MODE, IDS[:count], as_of)
    return tuple(document(customers, row) for row in range(count))


def cents(rows: list[dict[str, Any]], field: str) -> int:
    return sum(in_cents(row[field]) for row in rows)


def test_one_customer_has_the_fields_of_a_shopper_with_their_json_types() -> None:
    customer = shoppers(AS_OF)[0]
    assert re.fullmatch(r"\d{4}", customer["member_since"])
    for field in ("avg_order_value", "frequency_per_month", "return_rate", "total_revenue"):
        assert type(customer[field]) is float
    for field in ("recency_days", "total_purchases", "loyalty_points"):
        assert type(customer[field]) is int
    assert customer["persona_type"] in catalogue().personas
    assert customer["segment"] in SEGMENTS
    assert {"order_id", "date", "total", "items", "status"} <= set(customer["recent_orders"][0])
    assert {"customer_id", "favourite_departments", "favourite_classes"} <= set(customer)


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_sums_and_counts_agree_to_the_cent(as_of: date) -> None:
    for customer in shoppers(as_of, 120):
        departments, orders = customer["spending_by_department"], customer["recent_orders"]
        assert cents(departments, "amount") == in_cents(customer["total_revenue"])
        assert sum(row["items"] for row in departments) == customer["total_items"]
        assert len(orders) == min(customer["total_purchases"], 10)
        mean = in_cents(customer["total_revenue"]) / max(customer["total_purchases"], 1)
        assert in_cents(customer["avg_order_value"]) == pytest.approx(mean, abs=0.5)
        assert customer["total_refunds"] <= customer["total_revenue"]
        assert (customer["recency_days"] is None) == (customer["total_purchases"] == 0)
        lines = defaultdict(list)
        for line in customer["recent_items"]:
            assert in_cents(line["amount"]) == in_cents(line["price"]) * line["quantity"]
            lines[line["order_id"]].append(line)
        assert list(lines) == [order["order_id"] for order in orders[:3]]
        for order in orders[:3]:
            assert cents(lines[order["order_id"]], "amount") == in_cents(order["total"])
            assert sum(line["quantity"] for line in lines[order["order_id"]]) == order["items"]


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_an_orders_status_is_that_of_its_dates(as_of: date) -> None:
    for customer in shoppers(as_of, 120):
        due = []
        for order in customer["recent_orders"]:
            assert (order["delivery_date"] is None) == (order["channel"] == "store")
            assert order["date"] <= as_of.isoformat()
            if order["status"] in {"processing", "shipped"}:
                assert order["delivery_date"] > as_of.isoformat()
                due.append(order["delivery_date"])
            elif order["delivery_date"]:
                assert order["date"] < order["delivery_date"] <= as_of.isoformat()
            if order["status"] == "collected":
                assert order["channel"] == "store"
        assert customer["open_orders"] == len(due)
        assert customer["next_delivery_date"] == min(due, default=None)


def test_a_return_follows_its_order_and_gives_back_what_went_back() -> None:
    seen = Counter()  # type: Counter[str]
    for customer in shoppers(AS_OF):
        orders = {order["order_id"]: order for order in customer["recent_orders"]}
        for found in customer["recent_returns"]:
            order = orders.get(found["order_id"])
            if order is None:
                continue
            arrived = order["delivery_date"] or order["date"]
            wait = (date.fromisoformat(found["date"]) - date.fromisoformat(arrived)).days
            assert 3 <= wait <= 27
            assert 0 < found["refund"] <= order["total"]
            whole = found["items"] == order["items"]
            assert order["status"] == ("returned" if whole else "partly returned")
            seen[order["status"]] += 1
        latest = max((found["date"] for found in customer["recent_returns"]), default=None)
        assert customer["last_return_date"] == latest
    assert set(seen) == {"returned", "partly returned"}


def test_a_line_is_returned_where_its_order_is() -> None:
    for customer in shoppers(AS_OF):
        status = {order["order_id"]: order["status"] for order in customer["recent_orders"]}
        for line in customer["recent_items"]:
            if line["status"] == "returned":
                assert status[line["order_id"]] in {"returned", "partly returned"}
            else:
                assert status[line["order_id"]] != "returned"


def test_favourites_are_what_was_bought_most() -> None:
    for customer in shoppers(AS_OF):
        departments = [row["department"] for row in customer["spending_by_department"]]
        amounts = [row["amount"] for row in customer["spending_by_department"]]
        assert amounts == sorted(amounts, reverse=True)
        assert customer["favourite_departments"] == departments[:3]
        assert len(set(customer["favourite_classes"])) == len(customer["favourite_classes"]) <= 5


def test_every_persona_segment_and_status_occurs() -> None:
    customers = shoppers(AS_OF)
    assert {customer["persona_type"] for customer in customers} == set(catalogue().personas)
    assert {customer["segment"] for customer in customers} == set(SEGMENTS)
    statuses = {order["status"] for c in customers for order in c["recent_orders"]}
    assert statuses == {
        "processing", "shipped", "delivered", "collected", "partly returned", "returned",
    }  # fmt: skip


def test_few_order_totals_are_round() -> None:
    totals = [order["total"] for c in shoppers(AS_OF) for order in c["recent_orders"]]
    assert sum(total == int(total) for total in totals) < 0.03 * len(totals)


def test_nothing_can_be_mistaken_for_a_real_number() -> None:
    for customer in shoppers(AS_OF):
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", customer["phone"])
        assert re.search(r"@example\.(com|org|net)$", customer["email"])
        assert re.fullmatch(r"BM-\d{12}", customer["customer_id"])
        assert customer["preferred_store"].startswith("Brindlemoor ")
        assert customer["synthetic"] is True


def test_nobody_joined_before_their_sixteenth_birthday() -> None:
    for customer in shoppers(AS_OF):
        born = int(customer["date_of_birth"][:4])
        assert born + 16 <= int(customer["member_since"]) < EARLIEST_AS_OF.year


@settings(max_examples=30, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_customer_alone_is_the_same_in_any_block_and_order(session_id: str, as_of: date) -> None:
    alone = text(cohort(MODE, [session_id], as_of), 0)
    assert text(cohort(MODE, [*IDS[:5], session_id], as_of), 5) == alone
    assert text(cohort(MODE, [session_id, *IDS[4::-1]], as_of), 0) == alone


@settings(max_examples=40, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_day_later_who_shops_and_what_was_bought_is_the_same(
    session_id: str, as_of: date
) -> None:
    earlier = max(as_of - ONE_DAY, EARLIEST_AS_OF)
    before, after = (document(cohort(MODE, [session_id], day), 0) for day in (earlier, as_of))
    for field in ("name", "customer_id", "persona_type", "member_since", "preferred_store"):
        assert before[field] == after[field]
    kept = ("order_id", "date", "total", "items", "channel", "delivery_date", "contents")
    known = {order["order_id"]: order for order in after["recent_orders"]}
    for order in before["recent_orders"][:9]:
        assert all(known[order["order_id"]][field] == order[field] for field in kept)
