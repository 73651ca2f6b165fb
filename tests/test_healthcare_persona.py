import re
from datetime import date
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.industries.almanac import federal_holidays
from backend.industries.healthcare import MODE
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.life import EARLIEST_AS_OF
from backend.records import rows_of
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

AS_OF: Final = date(2026, 7, 15)
LASTING: Final = (
    "name", "member_id", "member_since", "plan_name", "deductible", "out_of_pocket_max",
    "primary_care_provider", "pharmacy", "allergies", "address",
)  # fmt: skip


@cache
def thousand(as_of: date) -> tuple[dict[str, Any], ...]:
    customers = cohort(MODE, IDS, as_of)
    return tuple(document(customers, row) for row in range(len(IDS)))


def days(text_: str) -> date:
    return date.fromisoformat(text_)


def reasons() -> dict[str, set[str]]:
    """Each reason's specialties, as the tables have them."""
    table, found = catalogue(), dict[str, set[str]]()
    for occasion in table.occasions:
        found.setdefault(occasion.reason, set()).add(table.specialties[occasion.specialty])
    return found


def test_one_customer_has_the_fields_of_c3_with_their_json_types() -> None:
    customer = next(
        c
        for c in thousand(AS_OF)
        if c["upcoming_appointments"] and c["active_prescriptions"] and c["last_visit"]
    )
    for field in ("name", "member_id", "primary_care_provider", "plan_name"):
        assert isinstance(customer[field], str)
    for field in ("deductible", "deductible_met", "out_of_pocket_max", "out_of_pocket_spent"):
        assert type(customer[field]) is float
    assert type(customer["last_claim_amount"]) is float
    assert days(customer["date_of_birth"]) < days(customer["last_visit"])
    assert {"date", "time", "provider", "specialty", "location", "reason"} <= set(
        customer["upcoming_appointments"][0]
    )
    assert {"medication", "dosage", "frequency", "refills_remaining", "prescriber"} <= set(
        customer["active_prescriptions"][0]
    )


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_the_years_sums_stay_within_the_plan(as_of: date) -> None:
    for customer in thousand(as_of):
        met, deductible = in_cents(customer["deductible_met"]), in_cents(customer["deductible"])
        spent = in_cents(customer["out_of_pocket_spent"])
        maximum = in_cents(customer["out_of_pocket_max"])
        assert 0 <= met <= deductible <= maximum
        assert met <= spent <= maximum
        assert in_cents(customer["deductible_remaining"]) == deductible - met
        assert in_cents(customer["out_of_pocket_remaining"]) == maximum - spent


def test_the_year_to_date_is_what_visits_and_fills_cost() -> None:
    customers = cohort(MODE, IDS[:300], AS_OF)
    care, new_year = customers.records, date(AS_OF.year, 1, 1).toordinal()
    for row in range(300):
        spent = 0
        for claims in (care.visits, care.fills):
            mine = slice(claims.offsets[row], claims.offsets[row + 1])
            spent += int(claims.own_share[mine][claims.date[mine] >= new_year].sum())
        assert in_cents(document(customers, row)["out_of_pocket_spent"]) == spent


def test_on_new_years_day_nothing_is_met_yet() -> None:
    for customer in thousand(date(2026, 1, 1)):
        assert customer["deductible_met"] == customer["out_of_pocket_spent"] == 0
        assert customer["visits_this_year"] == 0


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_appointments_lie_ahead_on_working_days_and_hours(as_of: date) -> None:
    for customer in thousand(as_of):
        for appointment in customer["upcoming_appointments"]:
            day = days(appointment["date"])
            assert 0 <= (day - as_of).days <= 180
            assert day.weekday() < 5
            assert day not in federal_holidays(day.year)
            assert "08:00" <= appointment["time"] <= "16:45"
            assert appointment["time"][3:] in {"00", "15", "30", "45"}


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_nobody_has_to_be_in_two_places_at_once(as_of: date) -> None:
    for customer in thousand(as_of):
        times = [(a["date"], a["time"]) for a in customer["upcoming_appointments"]]
        assert times == sorted(set(times))


def test_a_reason_calls_for_its_specialty_and_the_patient_has_its_condition() -> None:
    reviews = {c.reason: c.name for c in catalogue().conditions}
    customers = cohort(MODE, IDS, AS_OF)
    listed = next(table for table in customers.tables() if table.name == "conditions")
    had: dict[int, set[str]] = {row: set() for row in range(len(IDS))}
    for row, record in zip(listed.row.tolist(), rows_of(listed), strict=True):
        had[row].add(record["condition"])
    for row, customer in enumerate(thousand(AS_OF)):
        for met in (*customer["upcoming_appointments"], *customer["recent_visits"]):
            assert met["specialty"] in reasons()[met["reason"]]
            if met["reason"] in reviews:
                assert reviews[met["reason"]] in had[row]
            assert met["location"].endswith(f", {customer['address']['city']}")
        for appointment in customer["upcoming_appointments"]:
            if appointment["reason"] != "Annual check-up":
                assert reviews[appointment["reason"]] in customer["conditions"]


def test_one_specialty_is_one_doctor() -> None:
    for customer in thousand(AS_OF):
        doctors = {"Primary care": customer["primary_care_provider"]}
        for met in (*customer["upcoming_appointments"], *customer["recent_visits"]):
            assert doctors.setdefault(met["specialty"], met["provider"]) == met["provider"]
            assert met["provider"].startswith("Dr. ")
        specialty = {c.name: c.specialty for c in catalogue().conditions}
        for written in customer["active_prescriptions"]:
            named = doctors.setdefault(specialty[written["condition"]], written["prescriber"])
            assert named == written["prescriber"]


def test_prescriptions_fit_a_condition_that_the_patient_has() -> None:
    table = {c.name: (*c.first, *c.add_on) for c in catalogue().conditions}
    for customer in thousand(AS_OF):
        names = [written["medication"] for written in customer["active_prescriptions"]]
        assert len(names) == len(set(names))
        for written in customer["active_prescriptions"]:
            assert written["condition"] in customer["conditions"]
            drug = next(m for m in table[written["condition"]] if m.name == written["medication"])
            assert written["dosage"] in drug.dosages
            assert written["frequency"] == drug.frequency
            assert written["days_supply"] in {30, drug.days}


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_refills_keep_to_their_supply(as_of: date) -> None:
    for customer in thousand(as_of):
        for written in customer["active_prescriptions"]:
            filled, coming = days(written["last_filled"]), days(written["next_refill"])
            most = 5 if written["days_supply"] == 30 else 3
            assert 0 <= written["refills_remaining"] <= most
            assert filled < as_of
            assert 0 < (coming - filled).days <= written["days_supply"]
            assert (written["refill_status"] == "overdue") == (coming < as_of)
            assert (as_of - coming).days <= 21


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_everybody_has_been_to_a_check_up_within_three_years(as_of: date) -> None:
    for customer in thousand(as_of):
        assert 0 < (as_of - days(customer["last_checkup"])).days < 3 * 365
        assert customer["last_checkup"] <= customer["last_visit"] < as_of.isoformat()


def test_the_last_visit_and_claim_are_the_first_of_the_recent_ones() -> None:
    for customer in thousand(AS_OF):
        visits = customer["recent_visits"]
        assert [v["date"] for v in visits] == sorted((v["date"] for v in visits), reverse=True)
        assert customer["last_visit"] == visits[0]["date"]
        assert customer["last_claim_amount"] == visits[0]["amount"]
        for visit in visits:
            parts = in_cents(visit["plan_paid"]) + in_cents(visit["your_cost"])
            assert in_cents(visit["amount"]) == parts
            assert visit["plan_paid"] >= 0


def test_a_check_up_costs_nothing() -> None:
    costs = {
        visit["your_cost"]
        for customer in thousand(AS_OF)
        for visit in customer["recent_visits"]
        if visit["reason"] == "Annual check-up"
    }
    assert costs == {0.0}


def test_plans_come_in_the_shares_that_employers_report() -> None:
    kinds = [customer["plan_type"] for customer in thousand(AS_OF)]
    for kind, share in (("PPO", 0.48), ("HDHP", 0.27), ("HMO", 0.13), ("POS", 0.11)):
        assert kinds.count(kind) / len(kinds) == pytest.approx(share, abs=0.05)


def test_older_patients_have_more_conditions() -> None:
    def mean(of: list[dict[str, Any]]) -> float:
        return sum(len(customer["conditions"]) for customer in of) / len(of)

    old = [c for c in thousand(AS_OF) if c["date_of_birth"] < "1960"]
    young = [c for c in thousand(AS_OF) if c["date_of_birth"] > "1990"]
    assert mean(old) > 1.8 * mean(young)


def test_nothing_can_be_mistaken_for_a_real_number() -> None:
    for customer in thousand(AS_OF):
        assert re.fullmatch(r"[A-Z]{3}-\d{10}", customer["member_id"])
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", customer["phone"])
        assert customer["synthetic"] is True


@settings(max_examples=40, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_customer_alone_is_the_same_in_any_block_and_order(session_id: str, as_of: date) -> None:
    alone = text(cohort(MODE, [session_id], as_of), 0)
    assert text(cohort(MODE, [*IDS[:5], session_id], as_of), 5) == alone
    assert text(cohort(MODE, [session_id, *IDS[4::-1]], as_of), 0) == alone


@settings(max_examples=60, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_day_later_only_days_come_and_go(session_id: str, as_of: date) -> None:
    earlier = max(as_of - ONE_DAY, EARLIEST_AS_OF)
    before = document(cohort(MODE, [session_id], earlier), 0)
    after = document(cohort(MODE, [session_id], as_of), 0)
    for field in LASTING:
        assert after[field] == before[field]
    # a condition may begin, or be over, on the day
    came = set(after["conditions"]) - set(before["conditions"])
    over = set(before["conditions"]) - set(after["conditions"])
    assert len(came) + len(over) <= 2
    reviews = {c.reason: c.name for c in catalogue().conditions}
    booked = [a for a in after["upcoming_appointments"] if reviews.get(a["reason"]) not in came]
    still = [
        a
        for a in before["upcoming_appointments"]
        if a["date"] >= as_of.isoformat() and reviews.get(a["reason"]) not in over
    ]
    assert [a for a in booked if a in still] == still
    # what is new lies at one of the two ends of what can be booked
    for new in (a for a in booked if a not in still):
        assert (days(new["date"]) - as_of).days in {44, 180}
    old = [visit for visit in after["recent_visits"] if visit["date"] < earlier.isoformat()]
    assert old == before["recent_visits"][: len(old)]
    known = {written["medication"]: written for written in before["active_prescriptions"]}
    for written in after["active_prescriptions"]:
        if written["medication"] not in known:
            assert written["last_filled"] == earlier.isoformat()
            continue
        same = known[written["medication"]]
        for field in ("dosage", "frequency", "prescriber", "condition", "days_supply"):
            assert written[field] == same[field]
        if written["last_filled"] == same["last_filled"]:
            assert written["refills_remaining"] == same["refills_remaining"]
            assert written["next_refill"] == same["next_refill"]
        else:
            assert written["last_filled"] == earlier.isoformat()
    taken = {written["medication"] for written in after["active_prescriptions"]}
    assert all(w["condition"] in over for w in known.values() if w["medication"] not in taken)


def test_an_appointment_that_was_kept_becomes_that_very_visit() -> None:
    booked = cohort(MODE, IDS[:200], AS_OF)
    later = cohort(MODE, IDS[:200], date(2026, 9, 15))
    kept = 0
    for row in range(200):
        visits = {(v["date"], v["reason"]): v for v in document(later, row)["recent_visits"]}
        for appointment in document(booked, row)["upcoming_appointments"]:
            visit = visits.get((appointment["date"], appointment["reason"]))
            if visit is not None:
                kept += 1
                for field in ("provider", "specialty", "location"):
                    assert visit[field] == appointment[field]
    assert kept > 40
