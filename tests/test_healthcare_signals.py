from datetime import date
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings

from backend.industries.healthcare import MODE
from backend.industries.healthcare.signals import SIGNALS
from tests.cohort_kit import DATES, IDS, SESSION_IDS, cohort, document, figures, in_cents

AS_OF: Final = date(2026, 7, 15)
WINDOWS: Final = (30, 180)
DECIMALS: Final = {definition.name: definition.decimals for definition in SIGNALS}


def days_ago(text: str) -> int:
    return (AS_OF - date.fromisoformat(text)).days


def expected(customer: dict[str, Any], income: int) -> dict[str, float]:
    """The signals read off the session persona, one patient at a time."""
    late = [days_ago(p["next_refill"]) for p in customer["active_prescriptions"]]
    booked = customer["upcoming_appointments"]
    spent = in_cents(customer["out_of_pocket_spent"])
    met, deductible = customer["deductible_met"], customer["deductible"]
    of_deductible = {"deductible_met_pct": round(met * 100 / deductible, 1)} if deductible else {}
    return of_deductible | {
        "out_of_pocket_met_pct": round(spent / customer["out_of_pocket_max"], 1),
        "plan_year_days_left": 170,
        "days_since_last_visit": days_ago(customer["last_visit"]),
        "days_since_last_checkup": days_ago(customer["last_checkup"]),
        "checkups_booked_count": sum(a["reason"] == "Annual check-up" for a in booked),
        "chronic_condition_count": len(customer["conditions"]),
        "active_prescription_count": len(customer["active_prescriptions"]),
        "overdue_refill_count": sum(days > 0 for days in late),
        "longest_refill_gap_days": max([0, *late]),
        "own_cost_share_of_income_pct": round(spent * 100 / income, 2),
    }


@pytest.mark.parametrize("window", WINDOWS)
def test_signals_say_what_the_persona_shows(window: int) -> None:
    customers = cohort(MODE, IDS[:200], AS_OF)
    for row in range(200):
        found = figures(customers, row, window)
        shown = expected(document(customers, row), int(customers.people.income[row]))
        for name, value in shown.items():
            actual, known = found[name]
            # half a last digit may be rounded either way
            assert actual == pytest.approx(value, abs=1.01 * 10.0 ** -DECIMALS[name]), name
            assert known
        assert found["deductible_met_pct"][1] == ("deductible_met_pct" in shown)


def test_the_latest_plan_year_is_the_last_one_until_six_months_are_over() -> None:
    for as_of, year in ((date(2026, 6, 30), 2025), (date(2026, 7, 1), 2026)):
        customers = cohort(MODE, IDS[:300], as_of)
        claims = next(table for table in customers.tables() if table.name == "medical_claims")
        fields = {field.name: np.asarray(field.values) for field in claims.fields}
        own = fields["patient_responsibility"] * (fields["plan_year"] == year)
        spent = np.bincount(claims.row, own, minlength=300)
        column = customers.signals(30)["latest_out_of_pocket_met_pct"]
        for row in range(300):
            maximum = document(customers, row)["out_of_pocket_max"]
            assert column.values[row] == pytest.approx(spent[row] / maximum, abs=0.051)


def test_the_next_appointment_is_missing_where_none_is_booked() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    column = customers.signals(30)["days_to_next_appointment"]
    for row in range(len(IDS)):
        booked = document(customers, row)["upcoming_appointments"]
        assert column.known[row] == bool(booked)
        if booked:
            assert column.values[row] == -days_ago(booked[0]["date"])
    assert not column.known.all()


def test_visits_are_counted_within_the_window() -> None:
    customers = cohort(MODE, IDS[:300], AS_OF)
    for window in WINDOWS:
        counted = customers.signals(window)["visits_count"].values
        for row in range(300):
            visits = document(customers, row)["recent_visits"]
            inside = sum(days_ago(visit["date"]) <= window for visit in visits)
            assert counted[row] == inside or (inside == len(visits) and counted[row] > inside)


def test_emergencies_look_back_half_a_year_whatever_the_window() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    short, long = (customers.signals(window)["emergency_count"] for window in WINDOWS)
    assert short.values.tolist() == long.values.tolist()
    assert short.values.max() >= 1


def test_every_signal_is_defined_once_and_measured() -> None:
    names = [definition.name for definition in SIGNALS]
    assert len(names) == len(set(names))
    assert set(cohort(MODE, IDS[:1], AS_OF).signals(30)) == set(names)


def test_signals_leave_rounded_to_their_decimals() -> None:
    table = cohort(MODE, IDS, AS_OF).signals(180)
    for definition in SIGNALS:
        column = table[definition.name]
        values = column.values[column.known].tolist()
        assert values == [round(value, definition.decimals) for value in values], definition.name


@settings(max_examples=30, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_one_customer_measures_the_same_among_many(session_id: str, as_of: date) -> None:
    alone, block = (
        cohort(MODE, ids, as_of) for ids in ([session_id], [*IDS[:4], session_id, *IDS[4:6]])
    )
    for window in WINDOWS:
        assert figures(alone, 0, window) == figures(block, 4, window)
