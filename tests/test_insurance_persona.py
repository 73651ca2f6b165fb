import re
from datetime import date
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.industries.insurance import MODE
from backend.industries.life import EARLIEST_AS_OF
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

AS_OF: Final = date(2026, 1, 15)
FIVE_YEARS: Final = 1826


@cache
def thousand(as_of: date) -> tuple[dict[str, Any], ...]:
    customers = cohort(MODE, IDS, as_of)
    return tuple(document(customers, row) for row in range(len(IDS)))


def days(text_: str) -> date:
    return date.fromisoformat(text_)


def test_one_customer_has_the_fields_of_c2_with_their_json_types() -> None:
    customer = thousand(AS_OF)[0]
    assert isinstance(customer["name"], str)
    assert re.fullmatch(r"\d{4}", customer["member_since"])
    assert {type(customer[field]) for field in ("total_coverage", "monthly_premium")} == {float}
    assert type(customer["pending_claims"]) is int
    assert days(customer["next_premium_due"]) >= AS_OF
    assert {"type", "coverage", "premium", "deductible", "policy_number", "renewal_date"} <= set(
        customer["active_policies"][0]
    )
    claim = next(c for other in thousand(AS_OF) for c in other["claims_history"])
    assert {"claim_id", "date", "type", "amount", "status"} <= set(claim)


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_sums_and_counts_agree_to_the_cent(as_of: date) -> None:
    for customer in thousand(as_of):
        policies, claims = customer["active_policies"], customer["claims_history"]
        premiums = sum(in_cents(policy["premium"]) for policy in policies)
        assert in_cents(customer["monthly_premium"]) == premiums
        assert in_cents(customer["annual_premium"]) == 12 * premiums
        coverage = sum(in_cents(policy["coverage"]) for policy in policies)
        assert in_cents(customer["total_coverage"]) == coverage
        assert customer["policy_count"] == len(policies) > 0
        assert customer["pending_claims"] == sum(c["status"] == "pending" for c in claims)
        paid = sum(in_cents(claim["paid_amount"]) for claim in claims)
        assert in_cents(customer["claims_paid_total"]) == paid


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_a_term_is_a_year_around_the_date_and_begins_on_an_anniversary(as_of: date) -> None:
    for customer in thousand(as_of):
        for policy in customer["active_policies"]:
            since, start = days(policy["held_since"]), days(policy["term_start"])
            renewal = days(policy["renewal_date"])
            assert start <= as_of < renewal
            assert (start.month, start.day) == (since.month, since.day)
            assert renewal == start.replace(year=start.year + 1)
            assert since <= EARLIEST_AS_OF
        renewals = [policy["renewal_date"] for policy in customer["active_policies"]]
        assert customer["next_renewal_date"] == min(renewals)
        first = min(policy["held_since"] for policy in customer["active_policies"])
        assert customer["member_since"] == first[:4]


def test_nobody_was_insured_before_their_eighteenth_birthday() -> None:
    for customer in thousand(AS_OF):
        born = days(customer["date_of_birth"])
        first = min(days(policy["held_since"]) for policy in customer["active_policies"])
        assert (first - born).days >= 18 * 365


def test_policies_fit_each_other_and_the_household() -> None:
    for customer in thousand(AS_OF):
        kinds = [policy["type"] for policy in customer["active_policies"]]
        assert len(kinds) == len(set(kinds))
        assert not {"home", "renters"} <= set(kinds)
        assert "umbrella" not in kinds or {"home", "auto"} <= set(kinds)
        for policy in customer["active_policies"]:
            assert (policy["vehicles"] is not None) == (policy["type"] == "auto")
            own = {"collision", "comprehensive"} & set(policy["covers"])
            deducted = policy["type"] in {"home", "renters"} or bool(own)
            assert (policy["deductible"] > 0) == deducted
            assert policy["premium"] > 0
            assert policy["coverage"] > policy["deductible"]


def test_every_kind_of_policy_status_and_score_occurs() -> None:
    customers = thousand(AS_OF)
    kinds = {policy["type"] for c in customers for policy in c["active_policies"]}
    statuses = {claim["status"] for c in customers for claim in c["claims_history"]}
    assert kinds == {"auto", "home", "life", "renters", "umbrella"}
    assert statuses == {"pending", "approved", "denied"}
    assert {c["risk_score"] for c in customers} == {"low", "medium", "high"}


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_a_claim_lies_in_the_life_of_a_policy_that_covers_it(as_of: date) -> None:
    for customer in thousand(as_of):
        policies = {policy["policy_number"]: policy for policy in customer["active_policies"]}
        for claim in customer["claims_history"]:
            policy = policies[claim["policy_number"]]
            assert claim["policy_type"] == policy["type"]
            assert claim["type"] in policy["covers"]
            assert policy["held_since"] <= claim["date"] <= as_of.isoformat()
            assert (as_of - days(claim["date"])).days < FIVE_YEARS
            assert 0 < claim["amount"] <= policy["coverage"]


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_a_claim_is_pending_until_it_is_decided_and_never_for_long(as_of: date) -> None:
    for customer in thousand(as_of):
        for claim in customer["claims_history"]:
            if claim["status"] == "pending":
                assert claim["decided_on"] is None
                assert (as_of - days(claim["date"])).days <= 120
            else:
                assert claim["date"] < claim["decided_on"] <= as_of.isoformat()


def test_only_an_approved_claim_pays_and_never_more_than_was_claimed() -> None:
    for customer in thousand(AS_OF):
        for claim in customer["claims_history"]:
            if claim["status"] == "approved":
                assert 0 < claim["paid_amount"] <= claim["amount"]
            else:
                assert claim["paid_amount"] == 0


def test_claims_and_payments_stand_newest_first() -> None:
    for customer in thousand(AS_OF):
        claims = [claim["date"] for claim in customer["claims_history"]]
        due = [payment["due_date"] for payment in customer["recent_payments"]]
        assert claims == sorted(claims, reverse=True)
        assert due == sorted(due, reverse=True)
        assert len(due) == 6


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_the_next_premium_is_due_on_the_customers_own_day_of_the_month(as_of: date) -> None:
    for customer in thousand(as_of):
        due = days(customer["next_premium_due"])
        assert 0 <= (due - as_of).days <= 30
        assert {days(p["due_date"]).day for p in customer["recent_payments"]} <= {due.day}


def test_few_claims_and_premiums_are_round() -> None:
    amounts = [c["amount"] for p in thousand(AS_OF) for c in p["claims_history"]]
    amounts += [q["premium"] for p in thousand(AS_OF) for q in p["active_policies"]]
    assert sum(amount == int(amount) for amount in amounts) < 0.03 * len(amounts)


def test_claims_come_as_often_as_the_insurance_services_office_counts_them() -> None:
    car_years = collisions = 0
    for customer in thousand(AS_OF):
        for policy in customer["active_policies"]:
            if "collision" in policy["covers"]:
                car_years += 5 * policy["vehicles"]
        collisions += sum(
            claim["type"] == "collision" and claim["status"] != "denied"
            for claim in customer["claims_history"]
        )
    assert collisions / car_years * 100 == pytest.approx(4.88, rel=0.2)


def test_nothing_can_be_mistaken_for_a_real_number() -> None:
    for customer in thousand(AS_OF):
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", customer["phone"])
        assert re.search(r"@example\.(com|org|net)$", customer["email"])
        assert customer["synthetic"] is True
        for policy in customer["active_policies"]:
            assert re.fullmatch(r"(AU|HO|LI|RE|UM)-\d{12}", policy["policy_number"])


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
    told = {claim["claim_id"]: claim for claim in before["claims_history"]}
    for claim in after["claims_history"]:
        known = told.get(claim["claim_id"])
        if known is None:
            # a loss is reported within a week
            assert (as_of - days(claim["date"])).days < 7
        else:
            lasting = ("date", "type", "amount", "policy_number")
            assert [claim[field] for field in lasting] == [known[field] for field in lasting]
            if known["status"] != "pending":
                assert claim == known
    terms = ("type", "coverage", "deductible", "policy_number", "held_since")
    for policy, known in zip(after["active_policies"], before["active_policies"], strict=True):
        assert [policy[field] for field in terms] == [known[field] for field in terms]
        if policy["term_start"] < as_of.isoformat():
            assert policy["premium"] == known["premium"]
    for field in ("name", "member_since", "insurer", "agent", "address"):
        assert after[field] == before[field]
    paid = {payment["due_date"]: payment for payment in before["recent_payments"]}
    for payment in after["recent_payments"][1:]:
        known = paid[payment["due_date"]]
        assert payment["amount"] == known["amount"]
        assert known["paid_on"] in {None, payment["paid_on"]}
