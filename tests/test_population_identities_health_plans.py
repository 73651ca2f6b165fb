"""Ten thousand patients' claims and plan years add up, from the exported tables alone."""

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
)

INSTITUTIONS: Final = ("emergency", "hospital")
YEAR: Final = ("user_id", "plan_year")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


@cache
def adjudicated(told: Told) -> pl.DataFrame:
    """Every claim in its order, beside the patient's plan."""
    plans = (
        told.rows("plans")
        .drop("plan_id", "insurer", "period_start", "period_end")
        .rename({"deductible": "plan_deductible"})
    )
    setting = pl.col("class")
    priced = ("primary", "specialist", "urgent", "emergency", "hospital", "pharmacy")
    copay = pl.coalesce(
        pl.when(setting == "preventive").then(0),
        *(pl.when(setting == name).then(f"{name}_copay") for name in priced),
    )
    supplies = told.rows("fills", "fill_id", "days_supply")
    return (
        told.rows("medical_claims")
        .join(plans, on="user_id", validate="m:1", maintain_order="left")
        .join(supplies, on="fill_id", how="left", maintain_order="left")
        .with_columns(
            # three months' supply costs two and a half times as much as one month's
            asked_copay=pl.when(pl.col("days_supply") > 30).then(copay * 5 // 2).otherwise(copay)
        )
    )


def cut(amount: pl.Expr, most: pl.Expr) -> pl.Expr:
    """Return amounts in their order, cut where a plan year's running sum passes ``most``."""
    upto = amount.cum_sum().over(YEAR)
    return pl.min_horizontal(upto, most) - pl.min_horizontal(upto - amount, most)


def test_every_visit_and_every_fill_is_one_claim_of_its_day(told: Told) -> None:
    claims = told.rows("medical_claims").rename({"service_date": "date"})
    visits = told.rows("visits", "user_id", "visit_id", "visit_date", "class").rename(
        {"visit_date": "date"}
    )
    fills = told.rows("fills", "user_id", "fill_id", "fill_date").rename({"fill_date": "date"})
    by_visit = claims.filter(pl.col("visit_id").is_not_null())
    refuse_difference(by_visit.select(visits.columns), visits)
    by_fill = claims.filter(pl.col("fill_id").is_not_null())
    refuse_difference(by_fill.select(fills.columns), fills)
    assert len(by_visit) + len(by_fill) == len(claims) > 400_000
    assert claims["claim_id"].n_unique() == len(claims)
    kind = (
        pl.when(pl.col("fill_id").is_not_null())
        .then(pl.lit("pharmacy"))
        .when(pl.col("class").is_in(INSTITUTIONS))
        .then(pl.lit("institutional"))
        .otherwise(pl.lit("professional"))
    )
    refuse(
        claims.filter(
            (pl.col("claim_type") != kind) | (pl.col("plan_year") != pl.col("date").dt.year())
        )
    )


def test_a_claim_adds_up_between_plan_and_patient(told: Told) -> None:
    parts = [pl.col(name) for name in ("deductible", "copay", "coinsurance")]
    own = pl.col("patient_responsibility")
    claims = told.rows("medical_claims")
    refuse(
        claims.filter(
            (pl.col("allowed_amount") != own + pl.col("plan_paid"))
            | (own != pl.sum_horizontal(parts))
            | (pl.min_horizontal(*parts, "plan_paid") < 0)
            | (pl.col("allowed_amount") <= 0)
            | ((pl.col("class") == "preventive") & (own > 0))
        )
    )


def test_whole_plan_years_are_shared_as_the_plan_says_claim_by_claim(told: Told) -> None:
    subject = pl.col("asked_copay").is_null()
    whole = adjudicated(told).filter(pl.col("plan_year") > AS_OF.year - 3)
    deducted = cut(pl.when(subject).then("allowed_amount").otherwise(0), pl.col("plan_deductible"))
    asked = whole.with_columns(deducted=deducted).with_columns(
        asked=pl.when(subject)
        .then(
            pl.col("deducted")
            + ((pl.col("allowed_amount") - pl.col("deducted")) * pl.col("coinsurance_pct") + 50)
            // 100
        )
        .otherwise(pl.min_horizontal("asked_copay", "allowed_amount"))
    )
    own = asked.with_columns(own=cut(pl.col("asked"), pl.col("out_of_pocket_max")))
    assert len(own) > 300_000
    refuse(
        own.filter(
            (pl.col("own") != pl.col("patient_responsibility"))
            | (pl.min_horizontal("deducted", "own") != pl.col("deductible"))
            | ((pl.col("copay") > 0) & subject)
        )
    )


def test_no_plan_year_passes_the_deductible_or_the_maximum(told: Told) -> None:
    years = (
        adjudicated(told)
        .group_by(YEAR)
        .agg(
            pl.col("deductible", "patient_responsibility").sum(),
            pl.col("plan_deductible", "out_of_pocket_max").first(),
        )
    )
    assert len(years) > USERS * 3
    refuse(
        years.filter(
            (pl.col("deductible") > pl.col("plan_deductible"))
            | (pl.col("patient_responsibility") > pl.col("out_of_pocket_max"))
        )
    )
    reached = (pl.col("deductible") == pl.col("plan_deductible")) & (pl.col("plan_deductible") > 0)
    assert years.select(reached.sum()).item() > 1_000


def test_a_plan_tells_what_the_year_s_claims_come_to(told: Told) -> None:
    year = (
        told.rows("medical_claims")
        .filter(pl.col("plan_year") == AS_OF.year)
        .group_by("user_id")
        .agg(
            pl.col("deductible").sum().alias("met"),
            pl.col("patient_responsibility").sum().alias("spent"),
        )
    )
    plans = told.rows("plans").join(year, on="user_id", how="left")
    assert len(plans) == USERS
    refuse(
        plans.filter(
            (pl.col("deductible_met") != pl.col("met").fill_null(0))
            | (pl.col("out_of_pocket_spent") != pl.col("spent").fill_null(0))
            | (pl.col("deductible") > pl.col("out_of_pocket_max"))
            | (pl.col("period_start") != AS_OF.replace(month=1, day=1))
            | (pl.col("period_end") != AS_OF.replace(month=12, day=31))
        )
    )


def test_a_plan_has_the_terms_that_it_is_sold_with(told: Told) -> None:
    fields = [
        "plan_name",
        "insurer",
        "plan_type",
        "deductible",
        "out_of_pocket_max",
        "coinsurance_pct",
    ]
    copays = ["primary", "specialist", "urgent", "emergency", "hospital", "pharmacy"]
    fields += [f"{name}_copay" for name in copays]
    rows = [
        (
            row["name"],
            row["insurer"],
            row["type"],
            row["deductible"] * 100,
            row["out_of_pocket_max"] * 100,
            row["coinsurance_pct"],
            *(row["copays"][name] * 100 if name in row["copays"] else None for name in copays),
        )
        for row in sheet("healthcare", "plans.yaml")["plans"]
    ]
    sold = told.rows("plans").select(fields)
    listed = pl.DataFrame(rows, schema=dict(sold.schema), orient="row")
    refuse_difference(sold.unique(), listed)
