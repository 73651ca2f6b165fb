"""Ten thousand patients' visits, prescriptions and fills fit, from the exported tables alone."""

from datetime import date, timedelta
from functools import cache
from typing import Final

import polars as pl
import pytest

from tests.identities_kit import (
    AS_OF,
    USERS,
    Told,
    refuse,
    sheet,
    told_by,
    working_days,
)

THREE_YEARS: Final = timedelta(days=1095)
BOOKED_AHEAD: Final = timedelta(days=180)
OFFICE: Final = ("preventive", "primary", "specialist")
LATEST_REFILL: Final = 21
WORKING: Final = working_days(AS_OF - THREE_YEARS, AS_OF + BOOKED_AHEAD)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


@cache
def conditions(told: Told) -> pl.DataFrame:
    return told.rows("conditions")


@cache
def catalogue() -> pl.DataFrame:
    """What may bring a patient in: reason, who is seen for it in which setting, and condition."""
    listed = sheet("healthcare", "occasions.yaml")
    checkup = listed["checkup"]
    rows = [(checkup["reason"], checkup["specialty"], checkup["setting"], None)]
    for row in sheet("healthcare", "conditions.yaml")["conditions"]:
        like = "primary_review" if row["specialty"] == "Primary care" else "review"
        rows.append((row["reason"], row["specialty"], listed[like]["setting"], row["name"]))
    for row in listed["acute"]:
        rows += [(reason, row["specialty"], row["setting"], None) for reason in row["reasons"]]
    return pl.DataFrame(
        rows, schema=["reason", "specialty", "class", "condition"], orient="row"
    ).with_columns(listed=pl.lit(value=True))


@cache
def medications() -> pl.DataFrame:
    rows = [
        {
            "condition": of["name"],
            "specialty": of["specialty"],
            "medication": drug["name"],
            "dosages": drug["dosages"],
            "taken": drug["frequency"],
            "longest": drug["days"],
        }
        for of in sheet("healthcare", "conditions.yaml")["conditions"]
        for drug in (*of["first"], *of["add_on"])
    ]
    return pl.DataFrame(rows)


@cache
def seen(told: Told) -> pl.DataFrame:
    """Visits and appointments together, with who the patient is and what may bring them in."""
    visits = (
        told.rows("visits").rename({"visit_date": "date"}).with_columns(ahead=pl.lit(value=False))
    )
    booked = (
        told.rows("appointments")
        .drop("appointment_id", "time")
        .rename({"appointment_date": "date"})
        .with_columns(ahead=pl.lit(value=True))
    )
    both = pl.concat([visits, booked.select(visits.columns)])
    return both.join(
        catalogue(), on=["reason", "specialty", "class"], how="left", validate="m:1"
    ).join(told.rows("users", "user_id", "city", "date_of_birth"), on="user_id", validate="m:1")


def test_patients_are_seen_in_office_on_working_days(told: Told) -> None:
    assert seen(told)["ahead"].sum() > USERS
    refuse(seen(told).filter(pl.col("class").is_in(OFFICE) & ~pl.col("date").is_in(WORKING)))
    first, last = AS_OF - THREE_YEARS, AS_OF + BOOKED_AHEAD
    refuse(seen(told).filter(pl.col("ahead") != (pl.col("date") >= AS_OF)))
    refuse(seen(told).filter(~pl.col("date").is_between(first, last)))


def test_appointments_lie_in_working_hours_and_no_two_at_once(told: Told) -> None:
    booked = told.rows("appointments")
    refuse(
        booked.filter(
            ~pl.col("time").str.contains("^(0[89]|1[0-6]):(00|15|30|45)$")
            | ~pl.col("appointment_date").is_in(WORKING)
        )
    )
    refuse(booked.filter(pl.struct("user_id", "appointment_date", "time").is_duplicated()))


def test_a_reason_calls_for_its_specialty_and_setting(told: Told) -> None:
    refuse(seen(told).filter(pl.col("listed").is_null()))
    assert seen(told)["reason"].n_unique() == catalogue()["reason"].n_unique()


def test_who_is_reviewed_has_the_condition_then(told: Told) -> None:
    reviews = (
        seen(told)
        .filter(pl.col("condition").is_not_null())
        .join(conditions(told), on=["user_id", "condition"], how="left", validate="m:1")
    )
    assert len(reviews) > 50_000
    ends = pl.col("abatement_date").fill_null(date.max)
    refuse(
        reviews.filter(
            pl.col("onset_date").is_null()
            | (pl.col("date") < pl.col("onset_date"))
            | (~pl.col("ahead") & (pl.col("date") >= ends))
            | (pl.col("ahead") & (pl.col("clinical_status") != "active"))
        )
    )


def test_a_specialty_is_one_doctor_and_one_clinic_of_its_kind_in_the_patients_city(
    told: Told,
) -> None:
    clinics = sheet("healthcare", "clinics.yaml")
    names = pl.DataFrame({"name": clinics["names"]})
    kinds = pl.DataFrame(
        {"specialty": list(clinics["kinds"]), "kind": list(clinics["kinds"].values())}
    )
    known = (
        names.join(kinds, how="cross")
        .select("specialty", clinic=pl.col("name") + " " + pl.col("kind"))
        .with_columns(known=pl.lit(value=True))
    )
    places = seen(told).select("user_id", "specialty", "provider", "location", "city").unique()
    refuse(places.filter(places.select("user_id", "specialty").is_duplicated()))
    found = places.with_columns(
        clinic=pl.col("location").str.split_exact(", ", 1).struct.field("field_0"),
        town=pl.col("location").str.split_exact(", ", 1).struct.field("field_1"),
    ).join(known, on=["specialty", "clinic"], how="left")
    refuse(found.filter(pl.col("known").is_null() | (pl.col("town") != pl.col("city"))))
    own = told.rows("plans", "user_id", "primary_care_provider")
    primary = places.filter(pl.col("specialty") == "Primary care").join(own, on="user_id")
    refuse(primary.filter(pl.col("provider") != pl.col("primary_care_provider")))


def test_a_condition_begins_before_it_ends_and_is_told_once(told: Told) -> None:
    born = told.rows("users", "user_id", "date_of_birth")
    held = conditions(told).join(born, on="user_id", validate="m:1")
    over = pl.col("abatement_date")
    refuse(
        held.filter(
            (pl.col("onset_date") >= AS_OF)
            | (pl.col("onset_date") <= pl.col("date_of_birth"))
            | (over <= pl.col("onset_date"))
            | (over > AS_OF)
            | (over.is_null() != (pl.col("clinical_status") == "active"))
        )
    )
    refuse(held.filter(held.select("user_id", "condition").is_duplicated()))


@cache
def prescriptions(told: Told) -> pl.DataFrame:
    return (
        told.rows("prescriptions")
        .join(medications(), on=["condition", "medication"], how="left", validate="m:1")
        .join(conditions(told), on=["user_id", "condition"], how="left", validate="m:1")
    )


def test_a_prescription_fits_a_condition_of_the_patient_and_who_follows_it(told: Told) -> None:
    doctors = seen(told).select("user_id", "specialty", "provider").unique()
    active = pl.col("status") == "active"
    written = prescriptions(told).join(doctors, on=["user_id", "specialty"], how="left")
    assert len(written) > USERS
    refuse(
        written.filter(
            pl.col("onset_date").is_null()
            | pl.col("longest").is_null()
            | ~pl.col("dosage").is_in(pl.col("dosages"))
            | (pl.col("frequency") != pl.col("taken"))
            | ((pl.col("days_supply") != 30) & (pl.col("days_supply") != pl.col("longest")))
            | (pl.col("prescriber") != pl.col("provider"))
            | (active != (pl.col("clinical_status") == "active"))
        )
    )
    refuse(written.filter(written.select("user_id", "medication").is_duplicated()))


def test_refills_are_as_many_as_are_authorised_and_come_due_within_a_supply(told: Told) -> None:
    authorised = pl.when(pl.col("days_supply") == 30).then(5).otherwise(3)
    coming, days = pl.col("next_refill_date"), pl.col("days_supply")
    wait = (coming - pl.col("last_fill_date")).dt.total_days()
    overdue = pl.when(coming < AS_OF).then(pl.lit("overdue")).otherwise(pl.lit("on time"))
    refuse(
        told.rows("prescriptions").filter(
            ~pl.col("refills_remaining").is_between(0, authorised)
            | (coming.is_null() == (pl.col("status") == "active"))
            | ~wait.is_between(days - LATEST_REFILL, days)
            | pl.col("refill_status").ne_missing(pl.when(coming.is_not_null()).then(overdue))
            | (coming < AS_OF - timedelta(days=LATEST_REFILL))
        )
    )


def test_fills_follow_each_other_by_a_supply_while_the_condition_lasts(told: Told) -> None:
    fills = told.rows("fills").join(
        prescriptions(told).drop("specialty"), on="prescription_id", how="left", suffix="_written"
    )
    day, days = pl.col("fill_date"), pl.col("days_supply")
    refuse(
        fills.filter(
            pl.col("user_id_written").ne_missing(pl.col("user_id"))
            | pl.col("medication_written").ne_missing(pl.col("medication"))
            | (pl.col("days_supply_written") != days)
            | (day < pl.col("onset_date"))
            | (day >= pl.col("abatement_date"))
            | ~day.is_between(AS_OF - THREE_YEARS, AS_OF, closed="left")
        )
    )
    wait = (day - day.shift(1)).dt.total_days().over("prescription_id")
    assert len(fills) > 300_000
    refuse(fills.filter(~wait.is_between(days - LATEST_REFILL, days + LATEST_REFILL)))
    last = fills.group_by("prescription_id").agg(day.max(), pl.col("last_fill_date").first())
    refuse(last.filter(day != pl.col("last_fill_date")))
    pharmacies = told.rows("fills", "user_id", "pharmacy").unique()
    refuse(
        pharmacies.join(
            told.rows("plans", "user_id", "pharmacy"), on=["user_id", "pharmacy"], how="anti"
        )
    )
