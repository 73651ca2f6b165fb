"""Ten thousand shoppers' orders, lines and returns hold together, from the tables alone."""

from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl
import pytest

from tests.identities_kit import (
    AS_OF,
    USERS,
    Told,
    refuse,
    refuse_difference,
    sheet,
    told_by,
    working_days,
)

HISTORY: Final = timedelta(days=731)
ORDER: Final = ("user_id", "order_id")
DELIVERIES: Final = working_days(AS_OF - HISTORY, AS_OF + timedelta(days=20))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


@cache
def orders(told: Told) -> pl.DataFrame:
    return told.rows("orders").with_columns(online=pl.col("channel") == "online")


@cache
def lines(told: Told) -> pl.DataFrame:
    return told.rows("order_lines")


@cache
def followed(told: Told) -> pl.DataFrame:
    """Orders with what their lines come to, and with their return where there is one."""
    back = pl.col("returned")
    summed = (
        lines(told)
        .group_by(ORDER)
        .agg(
            pl.col("amount").sum().alias("together"),
            pl.col("quantity").sum().alias("pieces"),
            pl.col("amount").filter(back).sum().alias("amount_back"),
            pl.col("quantity").filter(back).sum().alias("pieces_back"),
            pl.len().alias("lines"),
            pl.col("line").min().alias("first_line"),
            pl.col("line").max().alias("last_line"),
            pl.col("line").n_unique().alias("line_numbers"),
            pl.col("date").n_unique().alias("days"),
            pl.col("date").first().alias("line_date"),
        )
    )
    returned = told.rows("returns").rename(
        {"date": "returned_on", "refund": "returned_refund", "items": "returned_items"}
    )
    return (
        orders(told)
        .join(summed, on=ORDER, how="left", validate="1:1")
        .join(returned, on=ORDER, how="left", validate="1:1")
    )


def test_lines_and_returns_are_of_orders_of_their_customer(told: Told) -> None:
    assert len(orders(told)) > 400_000
    refuse(orders(told).filter(orders(told).select(ORDER).is_duplicated()))
    refuse(lines(told).join(orders(told), on=ORDER, how="anti"))
    refuse(told.rows("returns").join(orders(told), on=ORDER, how="anti"))
    assert followed(told)["returned_on"].count() == len(told.rows("returns"))


def test_an_order_s_id_is_no_other_customer_s(told: Told) -> None:
    refuse(orders(told).filter(pl.col("order_id").is_duplicated()))


def test_an_order_is_the_sum_of_its_lines(told: Told) -> None:
    refuse(
        followed(told).filter(
            pl.col("total").ne_missing(pl.col("together"))
            | pl.col("items").ne_missing(pl.col("pieces"))
            | (pl.col("first_line") != 1)
            | (pl.col("last_line") != pl.col("lines"))
            | (pl.col("line_numbers") != pl.col("lines"))
            | (pl.col("days") != 1)
            | (pl.col("line_date") != pl.col("date"))
        )
    )
    refuse(
        lines(told).filter(
            (pl.col("amount") != pl.col("price") * pl.col("quantity"))
            | ~pl.col("quantity").is_between(1, 3)
            | (pl.col("price") <= 0)
        )
    )


def test_a_refund_is_what_was_paid_for_the_lines_that_went_back(told: Told) -> None:
    refuse(
        followed(told).filter(
            (pl.col("refund") != pl.col("amount_back"))
            | (pl.col("refund") != pl.col("returned_refund").fill_null(0))
            | (pl.col("pieces_back") != pl.col("returned_items").fill_null(0))
            | (pl.col("refund") > pl.col("total"))
            | (pl.col("pieces_back") > pl.col("items"))
            | (pl.col("returned_on").is_not_null() != (pl.col("pieces_back") > 0))
        )
    )
    assert followed(told)["returned_on"].count() > 50_000


def test_a_return_comes_within_four_weeks_of_what_it_takes_back(told: Told) -> None:
    received = pl.coalesce("delivery_date", "date")
    wait = (pl.col("returned_on") - received).dt.total_days()
    refuse(followed(told).filter(~wait.is_between(3, 27) | (pl.col("returned_on") > AS_OF)))


def test_an_order_s_status_is_that_of_its_dates(told: Told) -> None:
    whole = pl.col("pieces_back") == pl.col("items")
    status = (
        pl.when(pl.col("returned_on").is_not_null() & whole)
        .then(pl.lit("returned"))
        .when(pl.col("returned_on").is_not_null())
        .then(pl.lit("partly returned"))
        .when(~pl.col("online"))
        .then(pl.lit("collected"))
        .when(pl.col("shipped_on") > AS_OF)
        .then(pl.lit("processing"))
        .when(pl.col("delivery_date") > AS_OF)
        .then(pl.lit("shipped"))
        .otherwise(pl.lit("delivered"))
    )
    refuse(followed(told).filter(pl.col("status") != status))
    assert set(orders(told)["status"]) == {
        "processing",
        "shipped",
        "delivered",
        "collected",
        "partly returned",
        "returned",
    }


def test_what_is_sent_leaves_and_arrives_on_working_days(told: Told) -> None:
    sent, arrives = pl.col("shipped_on"), pl.col("delivery_date")
    refuse(
        orders(told).filter(
            (sent.is_null() == pl.col("online")) | (arrives.is_null() == pl.col("online"))
        )
    )
    refuse(
        orders(told).filter(
            (sent <= pl.col("date"))
            | (arrives <= sent)
            | ~sent.is_in(DELIVERIES)
            | ~arrives.is_in(DELIVERIES)
        )
    )


def test_a_customer_s_orders_stand_in_the_order_of_their_days(told: Told) -> None:
    before = pl.col("date").shift(1).over("user_id")
    refuse(orders(told).filter(pl.col("date") <= before))
    refuse(orders(told).filter(~pl.col("date").is_between(AS_OF - HISTORY, AS_OF, closed="right")))
    refuse(orders(told).filter((pl.col("date").dt.month() == 12) & (pl.col("date").dt.day() == 25)))


def test_every_class_stands_in_its_department(told: Told) -> None:
    departments = sheet("retail", "hierarchy_parsed.yml")["departments"]
    known = pl.DataFrame(
        [(name, of) for name, classes in departments.items() for of in classes],
        schema=["department", "class"],
        orient="row",
    )
    sold = lines(told).select("department", "class").unique()
    assert len(sold) > 200
    refuse(sold.join(known, on=["department", "class"], how="anti"))


def test_the_xmas_shop_is_open_from_september_to_january(told: Told) -> None:
    bought = lines(told).filter(pl.col("department") == "Xmas Shop")
    assert len(bought) > 1_000
    refuse(bought.filter(pl.col("date").dt.month().is_between(2, 8)))


def test_shoppers_are_shown_what_their_orders_come_to_and_a_point_a_dollar_kept_in_a_year(
    told: Told,
) -> None:
    recent = pl.col("date") > AS_OF - timedelta(days=365)
    kept = pl.col("total") - pl.col("refund")
    summed = (
        orders(told)
        .group_by("user_id")
        .agg(
            (kept.filter(recent).sum() // 100).alias("loyalty_points"),
            pl.col("total").sum().alias("total_revenue"),
            pl.col("refund").sum().alias("total_refunds"),
            pl.len().cast(pl.Int64).alias("total_purchases"),
        )
    )
    shown = told.shown("retail")
    assert len(shown) == USERS
    expected = shown.select("user_id").join(summed, on="user_id", how="left").fill_null(0)
    refuse_difference(shown, expected.select(shown.columns))
