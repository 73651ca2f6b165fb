"""Pay, homes, subscriptions and refunds of ten thousand, from the exported tables alone."""

from datetime import date
from typing import Final

import polars as pl
import pytest

from tests.identities_kit import (
    AS_OF,
    FIRST_DAY,
    ONE_DAY,
    USERS,
    Told,
    days,
    is_working,
    refuse,
    refuse_difference,
    sheet,
    told_by,
    working_days,
)
from tests.identities_ledger_kit import (
    BEGINS,
    MONTH,
    PAY,
    TEXT,
    accounts,
    coded,
    ledger,
    named,
    owners,
)

WHOLE_MONTHS: Final = tuple(date(2025 + at // 12, at % 12 + 1, 1) for at in range(8, 14))
RETURN_DAYS: Final = 25
CARD_PAYMENT: Final = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


def test_pay_comes_on_working_days(told: Told) -> None:
    working = working_days(FIRST_DAY, AS_OF)
    paid = coded(told, *PAY)
    assert len(paid) > 100_000
    refuse(
        paid.filter(~pl.col("date").is_in(working) | (pl.col("amount") >= 0) | pl.col("is_card"))
    )


def calendars() -> dict[str, list[date]]:
    """The days on which a pay day of each kind is kept: the working day before, if it is none."""
    nominal = list(days(FIRST_DAY - 9 * ONE_DAY, AS_OF + 9 * ONE_DAY))
    odd = {day: day.toordinal() // 7 % 2 == 1 for day in nominal}
    rules = {
        "Fridays": [day for day in nominal if day.weekday() == 4],
        "Thursdays": [day for day in nominal if day.weekday() == 3],
        "1st and 15th": [day for day in nominal if day.day in {1, 15}],
        "15th and last": [day for day in nominal if day.day == 15 or (day + ONE_DAY).day == 1],
        "25th": [day for day in nominal if day.day == 25],
        "last": [day for day in nominal if (day + ONE_DAY).day == 1],
        "1st": [day for day in nominal if day.day == 1],
    }
    for every in ("Fridays", "Thursdays"):
        for which in (False, True):
            rules[f"{every}, {which}"] = [day for day in rules[every] if odd[day] is which]
    return {name: [kept(day) for day in found] for name, found in rules.items()}


def kept(day: date) -> date:
    return next(one for one in (day - at * ONE_DAY for at in range(7)) if is_working(one))


def test_pay_and_pensions_keep_to_one_calendar_without_a_gap(told: Told) -> None:
    text = TEXT
    paid = coded(told, *PAY).filter(text.str.contains("^(Payroll|Pension) from "))
    lists = paid.group_by("owner").agg(pl.col("date"), BEGINS.first().alias("begins"))
    known = {
        (begins, tuple(day for day in found if begins <= day <= AS_OF))
        for begins in lists["begins"].unique()
        for found in calendars().values()
    }
    assert len(lists) > USERS * 0.8
    strangers = [row for row in lists.iter_rows() if (row[2], tuple(row[1])) not in known]
    assert not strangers, strangers[:3]


def test_social_security_comes_on_the_wednesday_of_the_day_of_birth(told: Told) -> None:
    people = told.rows("users", "user_id", "date_of_birth")
    paid = named(told, "Social Security benefit").join(owners(told), on="owner")
    paid = paid.join(people, on="user_id", validate="m:1")
    assert len(paid) > 5_000
    day = pl.col("date_of_birth").dt.day()
    week = pl.when(day <= 10).then(2).when(day <= 20).then(3).otherwise(4)
    nth = (pl.col("date").dt.day() - 1) // 7 + 1
    refuse(paid.filter((nth != week) | (pl.col("date").dt.weekday() != 3)))


def test_a_home_is_paid_for_once_a_month_on_a_working_day_and_rented_or_owned(told: Told) -> None:
    text = TEXT
    homes = (
        ledger(told)
        .filter(text.str.contains("^(Rent|Mortgage payment) to "))
        .with_columns(rents=text.str.starts_with("Rent"), month=MONTH)
    )
    refuse(homes.filter(~pl.col("date").is_in(working_days(FIRST_DAY, AS_OF))))
    by_month = homes.group_by("owner", "month").len()
    refuse(by_month.filter(pl.col("len") > 1))
    refuse(
        homes.group_by("owner")
        .agg(pl.col("rents", "merchant_name").n_unique())
        .filter((pl.col("rents") > 1) | (pl.col("merchant_name") > 1))
    )
    since = homes.group_by("owner").agg(pl.col("opened_on").first())
    wanted = since.join(pl.DataFrame({"month": WHOLE_MONTHS}), how="cross").filter(
        pl.col("opened_on") <= pl.col("month")
    )
    assert since.height > USERS * 0.7
    refuse(wanted.join(by_month, on=["owner", "month"], how="anti"))


def test_a_subscription_is_charged_on_its_day_of_every_month(told: Told) -> None:
    services = [row["name"] for row in sheet("banking", "bills.yaml")["services"]]
    text = TEXT
    charged = ledger(told).filter(
        pl.col("merchant_name").cast(pl.String).is_in(services)
        | text.str.contains("^(Internet from|Mobile plan with) ")
    )
    begins = BEGINS
    found = charged.group_by("owner", "merchant_name").agg(
        pl.len(),
        pl.col("amount", "account").n_unique(),
        pl.col("date").dt.day().n_unique().alias("days"),
        pl.col("date").dt.day().first().cast(pl.Int32).alias("day"),
        pl.col("date").dt.month_start().n_unique().alias("months"),
        begins.first().alias("begins"),
    )
    months = (
        (AS_OF.year - pl.col("begins").dt.year()) * 12
        + AS_OF.month
        - pl.col("begins").dt.month().cast(pl.Int32)
    )
    expected = (
        months + 1 - (pl.col("begins").dt.day() > pl.col("day")) - (pl.col("day") > AS_OF.day)
    )
    assert len(found) > 3 * USERS
    refuse(found.filter((pl.col("days") > 1) | (pl.col("amount") > 1) | (pl.col("account") > 1)))
    refuse(found.filter((pl.col("len") != expected) | (pl.col("months") != pl.col("len"))))


def test_a_refund_follows_a_purchase_at_that_merchant_from_that_account(told: Told) -> None:
    place = ["account", "merchant_name"]
    back = ledger(told).filter(TEXT.str.starts_with("Refund from "))
    known = back.filter(pl.col("date") >= BEGINS + RETURN_DAYS * ONE_DAY)
    assert len(known) > 10_000
    refuse(back.filter(pl.col("amount") >= 0))
    at_shops = ledger(told).join(back.select(place).unique(), on=place)
    bought = at_shops.filter(pl.col("amount") > 0).select(*place, bought_on="date", paid="amount")
    wait = (pl.col("date") - pl.col("bought_on")).dt.total_days()
    fits = (
        known.with_row_index("refund")
        .join(bought, on=place)
        .filter(wait.is_between(3, RETURN_DAYS) & (pl.col("paid") >= -pl.col("amount")))
    )
    refuse(
        known.with_row_index("refund").join(fits.select("refund").unique(), on="refund", how="anti")
    )


def test_refunds_of_a_merchant_never_come_to_more_than_was_bought_there_by_then(told: Told) -> None:
    place = ["owner", "merchant_name"]
    is_back = TEXT.str.starts_with("Refund from ")
    shops = ledger(told).filter(is_back).select(place).unique()
    early = pl.col("date") < BEGINS + RETURN_DAYS * ONE_DAY
    moved = ledger(told).join(shops, on=place).filter(~(is_back & early))
    left = (
        moved.group_by(*place, "date")
        .agg(pl.col("amount").sum())
        .sort("date")
        .with_columns(left=pl.col("amount").cum_sum().over(place))
    )
    assert len(left) > 30_000
    refuse(left.filter(pl.col("left") < 0))


def test_customers_are_shown_what_thirty_days_and_all_cards_of_the_ledger_come_to(
    told: Told,
) -> None:
    code = pl.col("code").cast(pl.String)
    own = code.str.starts_with("TRANSFER_") & (code != "TRANSFER_OUT_WITHDRAWAL")
    out = ~(own | (code == CARD_PAYMENT)) & (pl.col("amount") > 0) & ~pl.col("opening")
    recent = pl.col("date") > AS_OF - 30 * ONE_DAY
    spent = (
        ledger(told)
        .group_by("owner")
        .agg(
            pl.col("amount").filter(out & recent).sum().alias("monthly_spending"),
            pl.col("pending")
            .filter(pl.col("amount") > 0)
            .sum()
            .cast(pl.Int64)
            .alias("pending_payments"),
        )
        .join(owners(told), on="owner")
    )
    cards = (
        accounts(told)
        .group_by("user_id")
        .agg(
            pl.col("balance_limit").sum().alias("credit_limit"),
            pl.col("balance_current").filter("is_card").sum().alias("credit_used"),
        )
    )
    shown = told.shown("banking")
    assert len(shown) == USERS
    refuse_difference(shown, spent.join(cards, on="user_id").select(shown.columns))
