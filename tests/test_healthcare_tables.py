from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.industries.healthcare import MODE
from backend.industries.healthcare.flows import flows_of
from backend.industries.life import EARLIEST_AS_OF
from backend.modes import Cohort
from backend.records import rows_of
from tests.cohort_kit import DATES, ONE_DAY, SESSION_IDS, SOME_DATES, cohort, document, in_cents

Record = dict[str, Any]
Records = dict[str, list[Record]]

IDS: Final = tuple(f"patient-{number}" for number in range(800))
AS_OF: Final = date(2026, 7, 15)
TABLES: Final = (
    "plans", "conditions", "visits", "medical_claims", "prescriptions", "fills", "appointments",
)  # fmt: skip
THREE_YEARS: Final = timedelta(days=1095)
MET: Final = ("provider", "specialty", "location", "reason")


@cache
def block(as_of: date) -> Cohort:
    return cohort(MODE, IDS, as_of)


def records_of(customers: Cohort) -> list[Records]:
    found: list[Records] = [{name: [] for name in TABLES} for _ in range(len(customers.people))]
    for table in customers.tables():
        for row, record in zip(table.row.tolist(), rows_of(table), strict=True):
            found[row][table.name].append(record)
    return found


@cache
def records(as_of: date) -> list[Records]:
    return records_of(block(as_of))


def cents(rows: list[Record], field: str) -> int:
    return sum(in_cents(row[field]) for row in rows)


def picked(row: Record, *fields: str) -> list[Any]:
    return [row[field] for field in fields]


def told(tables: Records, as_of: date) -> dict[str, Any]:
    """The session persona's figures, computed from the tables alone."""
    (plan,) = tables["plans"]
    year = [row for row in tables["medical_claims"] if row["plan_year"] == as_of.year]
    claims = {row["visit_id"]: row for row in tables["medical_claims"] if row["visit_id"]}
    visits = tables["visits"]
    met, spent = cents(year, "deductible"), cents(year, "patient_responsibility")
    checkups = [visit["visit_date"] for visit in visits if visit["class"] == "preventive"]
    return {
        **{name: plan[name] for name in (
            "member_id", "plan_name", "plan_type", "insurer", "primary_care_provider", "pharmacy",
            "coinsurance_pct",
        )},
        "member_since": str(plan["member_since"]),
        "primary_care_copay": plan["primary_copay"],
        "specialist_copay": plan["specialist_copay"],
        "allergies": [plan["allergy"]] if plan["allergy"] else [],
        "deductible": in_cents(plan["deductible"]),
        "deductible_met": met,
        "deductible_remaining": in_cents(plan["deductible"]) - met,
        "out_of_pocket_max": in_cents(plan["out_of_pocket_max"]),
        "out_of_pocket_spent": spent,
        "out_of_pocket_remaining": in_cents(plan["out_of_pocket_max"]) - spent,
        "conditions": [
            row["condition"] for row in tables["conditions"] if row["clinical_status"] == "active"
        ],
        "visits_this_year": sum(row["visit_date"][:4] == str(as_of.year) for row in visits),
        "last_visit": visits[-1]["visit_date"] if visits else None,
        "last_checkup": max(checkups, default=None),
        "last_claim_amount": claims[visits[-1]["visit_id"]]["allowed_amount"] if visits else None,
        "active_prescriptions": [
            picked(
                row, "medication", "dosage", "frequency", "refills_remaining", "prescriber",
                "condition", "days_supply", "last_fill_date", "next_refill_date", "refill_status",
            )
            for row in tables["prescriptions"] if row["status"] == "active"
        ],
        "upcoming_appointments": [
            picked(row, "appointment_date", "time", *MET) for row in tables["appointments"]
        ],
        "recent_visits": [
            picked(visit, "visit_date", *MET)
            + picked(
                claims[visit["visit_id"]], "allowed_amount", "plan_paid", "patient_responsibility"
            )
            for visit in visits[:-7:-1]
        ],
    }  # fmt: skip


def shown(customer: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The same figures as the session persona has them."""
    money = {
        f"{name}_{part}" for name in ("deductible", "out_of_pocket")
        for part in ("met", "max", "spent", "remaining")
    } | {"deductible"}  # fmt: skip
    figures = {n: in_cents(customer[n]) if n in money else customer[n] for n in names}
    for name, fields in (
        ("active_prescriptions", (
            "medication", "dosage", "frequency", "refills_remaining", "prescriber", "condition",
            "days_supply", "last_filled", "next_refill", "refill_status",
        )),
        ("upcoming_appointments", ("date", "time", *MET)),
        ("recent_visits", ("date", *MET, "amount", "plan_paid", "your_cost")),
    ):  # fmt: skip
        figures[name] = [picked(row, *fields) for row in customer[name]]
    return figures


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 1, 15), date(2024, 2, 29)])
def test_the_session_persona_follows_from_the_tables(as_of: date) -> None:
    customers = block(as_of)
    for row, tables in enumerate(records(as_of)):
        expected = told(tables, as_of)
        assert expected == shown(document(customers, row), tuple(expected))


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_care_for_a_condition_lies_between_its_onset_and_its_end(as_of: date) -> None:
    for tables in records_of(cohort(MODE, IDS[:200], as_of)):
        held = {row["condition"]: row for row in tables["conditions"]}
        for row in held.values():
            assert row["onset_date"] < as_of.isoformat()
            assert (row["clinical_status"] == "active") == (row["abatement_date"] is None)
            assert (row["abatement_date"] or "") <= as_of.isoformat()
        written = {row["prescription_id"]: row for row in tables["prescriptions"]}
        for fill in tables["fills"]:
            prescription = written[fill["prescription_id"]]
            condition = held[prescription["condition"]]
            assert condition["onset_date"] <= fill["fill_date"] < as_of.isoformat()
            if condition["abatement_date"]:
                assert fill["fill_date"] < condition["abatement_date"]
                assert prescription["status"] == "completed"
            assert fill["medication"] == prescription["medication"]
        for prescription in written.values():
            fills = [
                f
                for f in tables["fills"]
                if f["prescription_id"] == prescription["prescription_id"]
            ]
            if prescription["status"] == "active":
                assert fills[-1]["fill_date"] == prescription["last_fill_date"]


def test_most_have_had_their_conditions_from_grown_up_age_and_some_get_new_ones() -> None:
    begun = [
        int(row["onset_date"][:4]) for tables in records(AS_OF) for row in tables["conditions"]
    ]
    assert sum(year >= 2024 for year in begun) > 20
    assert sum(year < 2000 for year in begun) > 20


def test_what_the_bank_sees_are_the_patients_parts_of_claims_to_the_cent() -> None:
    last = AS_OF.toordinal() - 1
    first = last - 200
    posted = flows_of(block(AS_OF).records, first, last)
    seen: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, day, amount in zip(
        posted.row.tolist(), posted.day.tolist(), posted.cents.tolist(), strict=True
    ):
        seen[row][date.fromordinal(day).isoformat()] -= amount
    for row, tables in enumerate(records(AS_OF)):
        expected: dict[str, int] = defaultdict(int)
        for claim in tables["medical_claims"]:
            billed = 21 if claim["claim_type"] == "institutional" else 0
            paid_on = date.fromisoformat(claim["service_date"]) + billed * ONE_DAY
            if claim["patient_responsibility"] and first <= paid_on.toordinal() <= last:
                expected[paid_on.isoformat()] += in_cents(claim["patient_responsibility"])
        assert seen[row] == expected


@settings(max_examples=40, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_day_later_visits_fills_and_claims_only_come_and_go(session_id: str, as_of: date) -> None:
    earlier = max(as_of - ONE_DAY, EARLIEST_AS_OF)
    before, after = (records_of(cohort(MODE, [session_id], day))[0] for day in (earlier, as_of))
    for name, day in (
        ("visits", "visit_date"), ("fills", "fill_date"), ("medical_claims", "service_date"),
    ):  # fmt: skip
        was = {next(iter(row.values())): row for row in before[name]}
        now = {next(iter(row.values())): row for row in after[name]}
        assert len(now) == len(after[name])
        for record_id in was.keys() & now.keys():
            assert was[record_id] == now[record_id]
        for record_id in now.keys() - was.keys():
            assert now[record_id][day] == earlier.isoformat()
        for record_id in was.keys() - now.keys():
            assert was[record_id][day] == (earlier - THREE_YEARS).isoformat()


def test_an_appointment_that_is_kept_becomes_the_visit_of_its_id() -> None:
    booked, later = records(AS_OF), records_of(cohort(MODE, IDS, date(2026, 9, 15)))
    kept = 0
    for before, after in zip(booked, later, strict=True):
        visits = {visit["visit_id"]: visit for visit in after["visits"]}
        for appointment in before["appointments"]:
            visit = visits.get(appointment["visit_id"])
            if visit is not None:
                kept += 1
                assert visit["visit_date"] == appointment["appointment_date"]
                assert picked(visit, "class", *MET) == picked(appointment, "class", *MET)
    assert kept > 100
