"""Ten thousand customers' policies, claims and premiums hold together, from the tables alone."""

from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl
import pytest

from tests.identities_kit import (
    AS_OF,
    USERS,
    Told,
    months_between,
    refuse,
    refuse_difference,
    sheet,
    told_by,
)

FIVE_YEARS: Final = timedelta(days=1826)
ONE_YEAR: Final = timedelta(days=365)
PAYS_AFTER_DAYS: Final = 3
KINDS: Final = ("auto", "home", "life", "renters", "umbrella")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


@cache
def policies(told: Told) -> pl.DataFrame:
    return told.rows("policies")


@cache
def claims(told: Told) -> pl.DataFrame:
    """All claims, each beside its policy's own columns, which end in ``_held``."""
    return told.rows("claims").join(
        policies(told), on="policy_id", suffix="_held", how="left", validate="m:1"
    )


@cache
def premiums(told: Told) -> pl.DataFrame:
    return told.rows("premiums").join(
        policies(told).drop("user_id"), on="policy_id", how="left", validate="m:1"
    )


def anniversary(day: pl.Expr, of: pl.Expr) -> pl.Expr:
    return (day.dt.month() == of.dt.month()) & (day.dt.day() == of.dt.day())


def test_a_policy_is_in_a_term_of_one_year_that_began_on_an_anniversary(told: Told) -> None:
    begins, ends = pl.col("effective_date"), pl.col("expiration_date")
    assert len(policies(told)) > USERS * 2
    assert policies(told)["policy_id"].is_unique().all()
    refuse(
        policies(told).filter(
            ~pl.lit(AS_OF).is_between(begins, ends, closed="left")
            | (begins.dt.offset_by("1y") != ends)
            | ~anniversary(begins, pl.col("original_inception_date"))
            | (pl.col("original_inception_date") > begins)
        )
    )


def test_the_policies_of_a_customer_fit_each_other_and_the_person(told: Told) -> None:
    people = told.rows("users", "user_id", "date_of_birth", "state")
    held = policies(told).join(people, on="user_id", suffix="_of_home", validate="m:1")
    of_age = pl.col("date_of_birth").dt.offset_by("18y") <= pl.col("original_inception_date")
    refuse(held.filter((pl.col("state") != pl.col("state_of_home")) | ~of_age))
    each = held.group_by("user_id").agg(
        *(pl.col("type").eq(kind).sum().cast(pl.Int8).alias(kind) for kind in KINDS),
        pl.col("insurer", "agent", "payment_due_day", "risk_score", "dependants").n_unique(),
    )
    assert len(each) == USERS
    refuse(each.filter(pl.any_horizontal(pl.col(*KINDS) > 1)))
    refuse(each.filter((pl.col("home") == 1) & (pl.col("renters") == 1)))
    refuse(each.filter((pl.col("umbrella") == 1) & (pl.col("home") + pl.col("auto") < 2)))
    one = pl.col("insurer", "agent", "payment_due_day", "risk_score", "dependants")
    refuse(each.filter(pl.any_horizontal(one != 1)))


def test_a_term_costs_twelve_months_and_what_its_coverages_cost(told: Told) -> None:
    parts = (
        told.rows("coverages")
        .group_by("policy_id")
        .agg(
            pl.col("term_premium").sum().alias("together"),
            pl.col("term_premium").min().alias("least"),
            pl.col("deductible").max().alias("highest"),
            pl.col("coverage_code").is_duplicated().any(),
            *(pl.col("coverage_code").eq(code).any().alias(code) for code in ("COLL", "COMP")),
        )
    )
    held = policies(told).join(parts, on="policy_id", how="left")
    # of a car that is insured for others' losses alone nothing is deducted
    has_none = (pl.col("type") == "auto") & ~pl.col("has_collision") & ~pl.col("has_comprehensive")
    refuse(
        held.filter(
            pl.col("term_premium").ne_missing(pl.col("together"))
            | (pl.col("term_premium") != pl.col("monthly_premium") * 12)
            | (pl.col("least") <= 0)
            | pl.col("coverage_code")
            | (pl.col("highest") != pl.when(has_none).then(0).otherwise("deductible"))
            | (pl.col("has_collision").fill_null(value=False) != pl.col("COLL"))
            | (pl.col("has_comprehensive").fill_null(value=False) != pl.col("COMP"))
            | (pl.col("vehicles").is_null() == (pl.col("type") == "auto"))
            | (pl.col("vehicles") != pl.col("insured_item").str.count_matches(",") + 1)
        )
    )


def test_a_coverage_is_one_of_its_kind_of_policy_with_the_limit_that_follows(told: Told) -> None:
    listed = pl.DataFrame(
        [
            {
                "type": kind,
                "coverage_code": row["code"],
                "coverage": row["name"],
                "part": row.get("limit_pct"),
                "own": row.get("limit"),
                "first": row.get("deductible", False),
            }
            for kind, rows in sheet("insurance", "rates.yaml")["coverages"].items()
            for row in rows
        ]
    )
    sold = (
        told.rows("coverages")
        .join(
            policies(told).select("policy_id", "type", "coverage_limit", "deductible"),
            on="policy_id",
            suffix="_held",
            validate="m:1",
        )
        .join(listed, on=["type", "coverage_code", "coverage"], how="left", validate="m:1")
    )
    limit = pl.coalesce(pl.col("coverage_limit") * pl.col("part") // 100, pl.col("own") * 100)
    assert len(sold) == len(told.rows("coverages", "coverage_id"))
    refuse(
        sold.filter(
            pl.col("first").is_null()
            | pl.col("limit").ne_missing(limit)
            | (pl.col("deductible") != pl.col("deductible_held") * pl.col("first"))
        )
    )


def test_a_claim_is_its_customers_and_of_a_cause_that_the_policy_covers(told: Told) -> None:
    causes = pl.DataFrame(
        [
            {"type": row["kind"], "cause_of_loss": row["type"], "own_part": row["deductible"]}
            for row in sheet("insurance", "book.yaml")["causes"]
        ]
    )
    found = claims(told).join(causes, on=["type", "cause_of_loss"], how="left", validate="m:1")
    assert found["claim_id"].is_unique().all()
    assert len(found) > USERS / 2
    uncovered = (pl.col("cause_of_loss") == "collision") & ~pl.col("has_collision")
    uncovered |= (pl.col("cause_of_loss") == "comprehensive") & ~pl.col("has_comprehensive")
    refuse(
        found.filter(
            pl.col("user_id").ne_missing(pl.col("user_id_held"))
            | pl.col("type").ne_missing(pl.col("type_held"))
            | pl.col("line_of_business").ne_missing(pl.col("line_of_business_held"))
            | pl.col("own_part").is_null()
            | uncovered
            | (pl.col("deductible") != pl.col("deductible_held") * pl.col("own_part"))
        )
    )


def test_a_loss_lies_in_a_term_of_its_policy(told: Told) -> None:
    term = pl.col("term_effective_date")
    refuse(
        claims(told).filter(
            ~pl.col("date_of_loss").is_between(term, term.dt.offset_by("1y"), closed="left")
            | ~anniversary(term, pl.col("original_inception_date"))
            | (term < pl.col("original_inception_date"))
            | (term > pl.col("effective_date"))
            | (pl.col("date_of_loss") <= AS_OF - FIVE_YEARS)
        )
    )


def test_loss_report_decision_and_payment_follow_each_other_up_to_the_date(told: Told) -> None:
    pending, loss = pl.col("status") == "pending", pl.col("date_of_loss")
    paid_on = pl.col("decision_date") + timedelta(days=PAYS_AFTER_DAYS)
    paid = (pl.col("paid_amount") > 0) & (paid_on <= AS_OF)
    refuse(
        claims(told).filter(
            (pl.col("report_date") < loss)
            | (pl.col("report_date") > AS_OF)
            | (pl.col("decision_date") <= pl.col("report_date"))
            | (pl.col("decision_date") > AS_OF)
            | (pl.col("decision_date").is_null() != pending)
            | pl.col("payment_date").ne_missing(pl.when(paid).then(paid_on))
            | (pending & (loss <= AS_OF - timedelta(days=121)))
        )
    )
    assert set(claims(told)["status"]) == {"pending", "approved", "denied"}


def test_a_claim_pays_or_reserves_what_passes_the_deductible_and_no_more_than_the_limit(
    told: Told,
) -> None:
    due, status = pl.col("claimed_amount") - pl.col("deductible"), pl.col("status")
    refuse(
        claims(told).filter(
            (due <= 0)
            | (pl.col("claimed_amount") > pl.col("coverage_limit"))
            | (pl.col("paid_amount") != due * (status == "approved"))
            | (pl.col("reserve_amount") != due * (status == "pending"))
        )
    )


def test_the_instalments_of_a_term_are_its_premium_one_a_month_on_the_customers_day(
    told: Told,
) -> None:
    due, begins = pl.col("due_date"), pl.col("effective_date")
    refuse(
        premiums(told).filter(
            (due.dt.day() != pl.col("payment_due_day"))
            | ~due.is_between(AS_OF - ONE_YEAR, pl.col("expiration_date"), closed="left")
            | (due < pl.col("original_inception_date"))
            | (
                pl.col("amount")
                != pl.when(due >= begins)
                .then(pl.col("term_premium"))
                .otherwise(pl.col("previous_term_premium"))
                // 12
            )
        )
    )
    each = (
        premiums(told)
        .group_by("policy_id", maintain_order=True)
        .agg(
            pl.col("amount").filter(due >= begins).sum().alias("together"),
            pl.len(),
            (due >= begins).sum().alias("instalments"),
            pl.col("term_premium", "user_id").first(),
            months_between(due.min(), due.max()).alias("months"),
            due.is_duplicated().any().alias("twice"),
        )
    )
    refuse(
        each.filter(
            (pl.col("together") != pl.col("term_premium"))
            | (pl.col("instalments") != 12)
            | (pl.col("len") != pl.col("months") + 1)
            | pl.col("twice")
        )
    )
    refuse_difference(
        each.select("policy_id", "user_id"), policies(told).select("policy_id", "user_id")
    )


def test_a_premium_is_paid_on_its_day_or_within_five_weeks_and_all_of_a_day_together(
    told: Told,
) -> None:
    due, paid = pl.col("due_date"), pl.col("paid_date")
    late = (paid - due).dt.total_days()
    status = (
        pl.when(due >= AS_OF)
        .then(pl.lit("scheduled"))
        .when(paid.is_null())
        .then(pl.lit("due"))
        .when(late == 0)
        .then(pl.lit("paid"))
        .otherwise(pl.lit("late"))
    )
    refuse(
        premiums(told).filter(
            (pl.col("status") != status)
            | ~late.is_between(0, 34)
            | (paid >= AS_OF)
            | ((due >= AS_OF) & paid.is_not_null())
            | (paid.is_null() & (due < AS_OF - timedelta(days=34)))
        )
    )
    together = (
        premiums(told).group_by("user_id", "due_date").agg(pl.col("status", "paid_date").n_unique())
    )
    refuse(together.filter((pl.col("status") > 1) | (pl.col("paid_date") > 1)))
    assert set(premiums(told)["status"]) == {"paid", "late", "due", "scheduled"}
