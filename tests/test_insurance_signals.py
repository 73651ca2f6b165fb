from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.industries.insurance import MODE
from backend.industries.insurance.signals import SIGNALS
from tests.cohort_kit import DATES, IDS, SESSION_IDS, cohort, document, figures, in_cents

AS_OF: Final = date(2026, 7, 15)
WINDOWS: Final = (30, 180)
DECIMALS: Final = {definition.name: definition.decimals for definition in SIGNALS}


def days_ago(text: str) -> int:
    return (AS_OF - date.fromisoformat(text)).days


def expected(customer: dict[str, Any], income: int, window: int) -> dict[str, float]:
    """The signals read off the session persona, one customer at a time."""
    policies, claims = customer["active_policies"], customer["claims_history"]
    premium = in_cents(customer["monthly_premium"])
    life = sum(in_cents(p["coverage"]) for p in policies if p["type"] == "life")
    bundled = sum(p["type"] in {"auto", "home", "renters"} for p in policies)
    paid = in_cents(customer["claims_paid_total"])
    oldest = max(days_ago(policy["held_since"]) for policy in policies)
    return {
        "policy_count": len(policies),
        "property_auto_count": bundled,
        "claims_count": sum(days_ago(claim["date"]) < window for claim in claims),
        "five_year_claims_count": len(claims),
        "five_year_denied_count": sum(claim["status"] == "denied" for claim in claims),
        "five_year_loss_ratio_pct": round(paid * 100 / (premium * 60), 1),
        "premium_share_of_income_pct": round(premium * 12 * 100 / income, 2),
        "coverage_to_income_ratio": round(in_cents(customer["total_coverage"]) / income, 1),
        "life_coverage_to_income_ratio": round(life / income, 1),
        "dependants_count": customer["dependants"],
        "days_to_renewal": -days_ago(customer["next_renewal_date"]),
        "tenure_years": round(oldest / 365.25, 1),
    }


@pytest.mark.parametrize("window", WINDOWS)
def test_signals_say_what_the_persona_shows(window: int) -> None:
    customers = cohort(MODE, IDS[:200], AS_OF)
    for row in range(200):
        income = int(customers.people.income[row])
        found = figures(customers, row, window)
        for name, value in expected(document(customers, row), income, window).items():
            actual, known = found[name]
            # half a last digit may be rounded either way
            assert actual == pytest.approx(value, abs=1.01 * 10.0 ** -DECIMALS[name]), name
            assert known


def test_late_payments_look_back_half_a_year_whatever_the_window() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    short, long = (customers.signals(window)["late_payment_count"] for window in WINDOWS)
    assert short.values.tolist() == long.values.tolist()
    assert short.values.max() >= 2


def test_days_past_due_is_the_oldest_unpaid_premium() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    column = customers.signals(30)["days_past_due"].values
    assert column.max() > 0
    for row in range(len(IDS)):
        customer = document(customers, row)
        unpaid = [p["due_date"] for p in customer["recent_payments"] if p["paid_on"] is None]
        assert column[row] == max((days_ago(due) for due in unpaid), default=0)
        assert (customer["past_due_amount"] > 0) == bool(unpaid)


def test_every_signal_is_defined_once_and_measured() -> None:
    names = [definition.name for definition in SIGNALS]
    assert len(names) == len(set(names))
    assert set(cohort(MODE, IDS[:1], AS_OF).signals(30)) == set(names)


def test_signals_leave_rounded_to_their_decimals() -> None:
    table = cohort(MODE, IDS, AS_OF).signals(180)
    for definition in SIGNALS:
        values = table[definition.name].values.tolist()
        assert values == [round(value, definition.decimals) for value in values], definition.name


@settings(max_examples=30, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_one_customer_measures_the_same_among_many(session_id: str, as_of: date) -> None:
    alone, block = (
        cohort(MODE, ids, as_of) for ids in ([session_id], [*IDS[:4], session_id, *IDS[4:6]])
    )
    for window in WINDOWS:
        assert figures(alone, 0, window) == figures(block, 4, window)
