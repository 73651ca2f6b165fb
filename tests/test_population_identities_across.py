"""Ten thousand people are one each in every mode, and the bank's ledger shows it."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from backend import industries
from tests.identities_kit import (
    AS_OF,
    FIRST_DAY,
    ONE_DAY,
    USERS,
    Told,
    refuse,
    refuse_difference,
    sheet,
    told_by,
)

BILLED_DAYS: Final = 21
"""An emergency's bill is paid so many days after it."""

SEEN: Final = ("user_id", "date", "amount", "merchant_name")
"""What two records of one payment have in common; positive is money that leaves."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


@cache
def begun(told: Told) -> pl.DataFrame:
    """The first day of each customer's ledger: nothing is posted before an account is opened."""
    opened = told.rows("accounts", "user_id", "opened_on").unique()
    return opened.select("user_id", begins=pl.max_horizontal("opened_on", pl.lit(FIRST_DAY)))


def in_ledger(told: Told, payments: pl.DataFrame, last: date) -> pl.DataFrame:
    """Return those payments whose day the customer's ledger tells, up to a last day."""
    days = payments.join(begun(told), on="user_id", how="left", validate="m:1")
    return days.filter(pl.col("date").is_between("begins", last)).select(SEEN)


@cache
def bank(told: Told) -> pl.DataFrame:
    return (
        told.scan("transactions")
        .select(
            pl.col("user_id", "merchant_name", "account_id").cast(pl.Categorical),
            "date",
            "amount",
            channel=pl.col("payment_channel").cast(pl.String),
            code=pl.col("personal_finance_category_detailed").cast(pl.String),
        )
        .filter(
            pl.col("code").str.contains("^(MEDICAL|INCOME|GENERAL_SERVICES|GENERAL_MERCHANDISE)_")
            & (pl.col("channel") == "other")
        )
        .with_columns(pl.col("user_id", "merchant_name", "account_id").cast(pl.String))
        .collect()
    )


def posted(told: Told, chosen: pl.Expr, last: date) -> pl.DataFrame:
    return bank(told).filter(chosen & (pl.col("date") <= last)).select(SEEN)


def test_every_premium_that_was_paid_stands_in_the_ledger_and_no_other(told: Told) -> None:
    insurer = told.rows("policies", "policy_id", "insurer")
    paid = (
        told.rows("premiums")
        .join(insurer, on="policy_id", validate="m:1")
        .filter(pl.col("paid_date").is_not_null())
    )
    # all policies' instalments of one due day are one payment
    payments = paid.group_by("user_id", "due_date").agg(
        pl.col("paid_date").first().alias("date"),
        pl.col("amount").sum(),
        pl.col("insurer").first().alias("merchant_name"),
    )
    yesterday = AS_OF - ONE_DAY
    expected = in_ledger(told, payments, yesterday)
    assert len(expected) > 60_000
    seen = posted(told, pl.col("code") == "GENERAL_SERVICES_INSURANCE", yesterday)
    refuse_difference(seen, expected)


def test_every_payout_of_a_claim_stands_in_the_ledger_and_no_other(told: Told) -> None:
    insurer = told.rows("policies", "policy_id", "insurer")
    payments = (
        told.rows("claims")
        .join(insurer, on="policy_id", validate="m:1")
        .select(
            "user_id", date="payment_date", amount=-pl.col("paid_amount"), merchant_name="insurer"
        )
    )
    expected = in_ledger(told, payments, AS_OF)
    assert len(expected) > 500
    refuse_difference(posted(told, pl.col("code") == "INCOME_OTHER_INCOME", AS_OF), expected)


def test_every_patient_s_own_part_stands_in_the_ledger_and_no_other(told: Told) -> None:
    visits = told.rows("visits", "visit_id", "location")
    fills = told.rows("fills", "fill_id", "pharmacy")
    billed = pl.col("claim_type") == "institutional"
    claims = (
        told.rows("medical_claims")
        .join(visits, on="visit_id", how="left")
        .join(fills, on="fill_id", how="left")
    )
    payments = claims.filter(pl.col("patient_responsibility") > 0).select(
        "user_id",
        date=pl.col("service_date")
        + pl.when(billed).then(BILLED_DAYS).otherwise(0) * pl.duration(days=1),
        amount="patient_responsibility",
        merchant_name=pl.coalesce("location", "pharmacy"),
    )
    yesterday = AS_OF - ONE_DAY
    expected = in_ledger(told, payments, yesterday)
    assert len(expected) > 80_000
    care = pl.col("code").str.starts_with("MEDICAL_")
    refuse_difference(posted(told, care, yesterday), expected)
    # bills that fall due on the date itself are known; what is paid at the desk that day is not yet
    today = in_ledger(told, payments, AS_OF).filter(pl.col("date") == AS_OF)
    refuse(today.join(posted(told, care, AS_OF), on=SEEN, how="anti"))


def test_every_order_and_every_refund_stands_in_the_ledger_and_no_other(told: Told) -> None:
    shop = sheet("retail", "chain.yaml")["name"]
    bought = told.rows("orders", "user_id", "date", "total").rename({"total": "amount"})
    back = told.rows("returns").select("user_id", "date", amount=-pl.col("refund"))
    payments = pl.concat([bought, back]).with_columns(merchant_name=pl.lit(shop))
    expected = in_ledger(told, payments, AS_OF)
    assert len(expected) > 150_000
    refuse_difference(posted(told, pl.col("merchant_name") == shop, AS_OF), expected)


def test_what_was_not_paid_by_card_is_paid_from_checking(told: Told) -> None:
    shop = sheet("retail", "chain.yaml")["name"]
    on_card = bank(told).filter(
        (pl.col("merchant_name") == shop)
        & (pl.col("amount") > 0)
        & pl.col("account_id").str.contains("-card")
    )
    orders = told.rows("orders", "user_id", "date", "total", "paid_by_card")
    both = on_card.join(
        orders, left_on=["user_id", "date", "amount"], right_on=["user_id", "date", "total"]
    )
    assert len(both) == len(on_card) > 10_000
    refuse(both.filter(~pl.col("paid_by_card")))
    premiums = bank(told).filter(~pl.col("code").str.starts_with("GENERAL_MERCHANDISE_"))
    owed = premiums.filter(pl.col("code").str.contains("INSURANCE|MEDICAL_"))
    refuse(owed.filter(~pl.col("account_id").str.ends_with("-checking")))


def test_whoever_insures_a_house_pays_no_rent_and_whoever_insures_as_a_tenant_no_mortgage(
    told: Told,
) -> None:
    homes = (
        told.scan("transactions")
        .select("user_id", code=pl.col("personal_finance_category_detailed").cast(pl.String))
        .filter(pl.col("code").is_in(["RENT_AND_UTILITIES_RENT", "LOAN_PAYMENTS_MORTGAGE_PAYMENT"]))
        .select(pl.col("user_id").cast(pl.String), rents=pl.col("code").str.contains("RENT"))
        .unique()
        .collect()
    )
    insured = told.rows("policies", "user_id", "type").filter(
        pl.col("type").is_in(["home", "renters"])
    )
    both = homes.join(insured, on="user_id")
    assert len(both) > USERS / 3
    refuse(both.filter(pl.col("rents") != (pl.col("type") == "renters")))


def test_a_home_is_one_place_and_the_telephone_is_of_its_area(told: Told) -> None:
    with Path(industries.__path__[0], "places.csv").open(encoding="utf-8", newline="") as rows:
        listed = pl.DataFrame(list(csv.DictReader(rows)))
    known = listed.select("city", "state", "zip_code", "area_code")
    people = told.rows("users").with_columns(area_code=pl.col("phone").str.slice(1, 3))
    assert people["user_id"].n_unique() == len(people) == USERS
    refuse(people.join(known, on=known.columns, how="anti"))


def test_work_and_age_fit_each_other(told: Told) -> None:
    jobs = pl.DataFrame(
        [
            (row["title"], row["title"].lower(), row["from_age"], row["income"])
            for row in sheet("", "occupations.yaml")["occupations"]
        ],
        schema=["title", "job", "from_age", "median"],
        orient="row",
    )
    retired = pl.col("occupation").str.starts_with("Retired ")
    people = (
        told.rows("users")
        .with_columns(
            job=pl.col("occupation").str.strip_prefix("Retired ").str.to_lowercase(),
            retired=retired,
        )
        .join(jobs, on="job", how="left", validate="m:1")
    )
    age = (pl.lit(date(2026, 1, 1)) - pl.col("date_of_birth")).dt.total_days() / 365.2425
    refuse(
        people.filter(
            pl.col("title").is_null()
            | ~age.is_between(23.99, 81)
            | (age + 0.01 < pl.col("from_age"))
            | (retired & (age < 62))
            | (~retired & (age > 70.01))
            | ~(pl.col("income") / pl.col("median") / 100).is_between(0.2, 4)
        )
    )
    assert 0.1 < people.select(pl.col("retired").mean()).item() < 0.3


def test_nobody_was_a_customer_as_a_child(told: Told) -> None:
    people = told.rows("users", "user_id", "date_of_birth")
    opened = told.rows("accounts", "user_id", "opened_on").unique()
    assert len(opened) == USERS
    both = people.join(opened, on="user_id", validate="1:1").join(
        told.rows("plans", "user_id", "member_since"), on="user_id", validate="1:1"
    )
    sixteen = pl.col("date_of_birth") + timedelta(days=16 * 365)
    refuse(
        both.filter(
            (pl.col("opened_on") < sixteen)
            | (pl.col("opened_on") > AS_OF)
            | (pl.col("member_since") < pl.col("date_of_birth").dt.year() + 18)
            | (pl.col("member_since") > AS_OF.year)
        )
    )


def test_all_money_is_whole_cents_in_every_table(told: Told) -> None:
    checked = 0
    for table, columns in told.money().items():
        frame = pl.scan_parquet(told.folder / f"{table}.parquet")
        off = frame.select(
            ((pl.col(name) * 100 - (pl.col(name) * 100).round()).abs() > 1e-6).sum()
            for name in columns
        ).collect()
        assert sum(off.row(0)) == 0, (table, off.to_dicts())
        checked += len(columns)
    assert checked > 30
