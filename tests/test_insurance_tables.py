from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings

from backend.industries.insurance import MODE
from backend.industries.insurance.flows import flows_of
from backend.industries.life import EARLIEST_AS_OF
from backend.modes import Cohort
from backend.records import rows_of
from tests.cohort_kit import DATES, ONE_DAY, SESSION_IDS, SOME_DATES, cohort, document, in_cents

Record = dict[str, Any]
Records = dict[str, list[Record]]

IDS: Final = tuple(f"insured-{number}" for number in range(1500))
AS_OF: Final = date(2026, 1, 15)
CHANGES_WITH_THE_DAY: Final = {
    "claims": {"status", "paid_amount", "reserve_amount", "decision_date", "payment_date"},
    "premiums": {"status", "paid_date"},
}


@cache
def block(as_of: date) -> Cohort:
    return cohort(MODE, IDS, as_of)


def records_of(customers: Cohort) -> list[Records]:
    found: list[Records] = [defaultdict(list) for _ in range(len(customers.people))]
    for table in customers.tables():
        for row, record in zip(table.row.tolist(), rows_of(table), strict=True):
            found[row][table.name].append(record)
    return found


@cache
def records(as_of: date) -> list[Records]:
    return records_of(block(as_of))


def cents(rows: list[Record], field: str) -> int:
    return sum(in_cents(row[field]) for row in rows)


def dues(premiums: list[Record]) -> list[Record]:
    """The premiums that have fallen due, all policies of a day together, newest first."""
    by_day: dict[str, Record] = {}
    for row in premiums:
        if row["status"] == "scheduled":
            continue
        day = by_day.setdefault(row["due_date"], {
            "due_date": row["due_date"], "paid_on": row["paid_date"], "amount": 0,
            "status": row["status"],
        })  # fmt: skip
        day["amount"] += in_cents(row["amount"])
    return [by_day[day] for day in sorted(by_day, reverse=True)]


def next_due(day_of_month: int, as_of: date) -> str:
    this = as_of.replace(day=day_of_month)
    if this < as_of:
        this = (as_of.replace(day=1) + 31 * ONE_DAY).replace(day=day_of_month)
    return this.isoformat()


def told(tables: Records, as_of: date) -> dict[str, Any]:
    """The session persona's figures, computed from the tables alone."""
    policies, claims = tables["policies"], tables["claims"]
    payments = dues(tables["premiums"])
    return {
        "policy_count": len(policies),
        "member_since": min(row["original_inception_date"] for row in policies)[:4],
        "insurer": policies[0]["insurer"],
        "agent": policies[0]["agent"],
        "total_coverage": cents(policies, "coverage_limit"),
        "monthly_premium": cents(policies, "monthly_premium"),
        "annual_premium": cents(policies, "term_premium"),
        "next_renewal_date": min(row["expiration_date"] for row in policies),
        "next_premium_due": next_due(policies[0]["payment_due_day"], as_of),
        "past_due_amount": sum(p["amount"] for p in payments if p["status"] == "due"),
        "pending_claims": sum(row["status"] == "pending" for row in claims),
        "claims_paid_total": cents(claims, "paid_amount"),
        "dependants": policies[0]["dependants"],
        "risk_score": policies[0]["risk_score"],
        "active_policies": [
            [row[field] for field in (
                "type", "policy_number", "coverage_limit", "monthly_premium", "deductible",
                "effective_date", "expiration_date", "original_inception_date", "vehicles",
            )]
            for row in policies
        ],
        "claims_history": [
            [row[field] for field in (
                "claim_number", "date_of_loss", "cause_of_loss", "claimed_amount", "status",
                "type", "paid_amount", "decision_date",
            )]
            for row in reversed(claims)
        ],
        "recent_payments": [
            [p["due_date"], p["paid_on"], p["amount"], p["status"]] for p in payments[:6]
        ],
    }  # fmt: skip


def shown(customer: dict[str, Any]) -> dict[str, Any]:
    """The same figures as the session persona has them."""
    money = (
        "total_coverage", "monthly_premium", "annual_premium", "past_due_amount",
        "claims_paid_total",
    )  # fmt: skip
    figures = {
        name: in_cents(customer[name]) if name in money else customer[name] for name in told_names()
    }
    figures["active_policies"] = [
        [row[field] for field in (
            "type", "policy_number", "coverage", "premium", "deductible", "term_start",
            "renewal_date", "held_since", "vehicles",
        )]
        for row in customer["active_policies"]
    ]  # fmt: skip
    figures["claims_history"] = [
        [row[field] for field in (
            "claim_id", "date", "type", "amount", "status", "policy_type", "paid_amount",
            "decided_on",
        )]
        for row in customer["claims_history"]
    ]  # fmt: skip
    figures["recent_payments"] = [
        [row["due_date"], row["paid_on"], in_cents(row["amount"]), row["status"]]
        for row in customer["recent_payments"]
    ]
    return figures


@cache
def told_names() -> tuple[str, ...]:
    return tuple(told(records(AS_OF)[0], AS_OF))


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 7, 15), date(2024, 2, 29)])
def test_the_session_persona_follows_from_the_tables(as_of: date) -> None:
    customers = block(as_of)
    for row, tables in enumerate(records(as_of)):
        assert told(tables, as_of) == shown(document(customers, row))


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_a_policy_costs_what_its_coverages_cost(as_of: date) -> None:
    for tables in records_of(cohort(MODE, IDS[:300], as_of)):
        for policy in tables["policies"]:
            mine = [c for c in tables["coverages"] if c["policy_id"] == policy["policy_id"]]
            assert cents(mine, "term_premium") == in_cents(policy["term_premium"])
            assert in_cents(policy["term_premium"]) == 12 * in_cents(policy["monthly_premium"])
            assert all(coverage["term_premium"] > 0 for coverage in mine)
            codes = {coverage["coverage_code"] for coverage in mine}
            assert len(codes) == len(mine) > 0
            if policy["type"] == "auto":
                assert ("COLL" in codes) == policy["has_collision"]
                assert ("COMP" in codes) == policy["has_comprehensive"]
                assert len(policy["insured_item"].split(", ")) == policy["vehicles"]
            assert max(coverage["deductible"] for coverage in mine) in {0, policy["deductible"]}


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_a_claim_lies_in_a_term_of_its_policy_and_is_reserved_while_it_is_open(
    as_of: date,
) -> None:
    for tables in records_of(cohort(MODE, IDS[:300], as_of)):
        policies = {policy["policy_id"]: policy for policy in tables["policies"]}
        for claim in tables["claims"]:
            policy = policies[claim["policy_id"]]
            begun = date.fromisoformat(claim["term_effective_date"])
            assert begun.isoformat() <= claim["date_of_loss"]
            assert claim["date_of_loss"] < begun.replace(year=begun.year + 1).isoformat()
            assert claim["term_effective_date"] >= policy["original_inception_date"]
            assert claim["date_of_loss"] <= claim["report_date"] <= as_of.isoformat()
            due = in_cents(claim["claimed_amount"]) - in_cents(claim["deductible"])
            assert in_cents(claim["reserve_amount"]) == due * (claim["status"] == "pending")
            assert in_cents(claim["paid_amount"]) == due * (claim["status"] == "approved")
            assert claim["claimed_amount"] <= policy["coverage_limit"]


def test_what_the_bank_sees_are_the_instalments_and_the_payouts_to_the_cent() -> None:
    last = AS_OF.toordinal()
    first = last - 200
    posted = flows_of(block(AS_OF).records, first, last)
    seen: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, day, amount in zip(
        posted.row.tolist(), posted.day.tolist(), posted.cents.tolist(), strict=True
    ):
        seen[row][date.fromordinal(day).isoformat()] += amount
    begin = date.fromordinal(first).isoformat()
    for row, tables in enumerate(records(AS_OF)):
        expected: dict[str, int] = defaultdict(int)
        for premium in tables["premiums"]:
            if premium["paid_date"] and premium["paid_date"] >= begin:
                expected[premium["paid_date"]] -= in_cents(premium["amount"])
        for claim in tables["claims"]:
            if claim["payment_date"] and claim["payment_date"] >= begin:
                expected[claim["payment_date"]] += in_cents(claim["paid_amount"])
        assert seen[row] == expected


def test_a_premium_answers_to_the_risk() -> None:
    def a_car(wanted: dict[str, Any]) -> float:
        rows = [
            policy
            for tables in records(AS_OF)
            for policy in tables["policies"]
            if policy["type"] == "auto" and wanted.items() <= policy.items()
        ]
        assert len(rows) > 20
        return float(np.mean([row["term_premium"] / row["vehicles"] for row in rows]))

    assert a_car({"state": "FL"}) > 1.2 * a_car({"state": "OH"})
    assert a_car({"risk_score": "high"}) > 1.1 * a_car({"risk_score": "low"})
    assert a_car({"has_collision": True}) > 1.2 * a_car({"has_collision": False})


def test_a_claim_that_was_paid_makes_the_next_term_dearer() -> None:
    dearer = plain = 0
    for tables in records(AS_OF):
        for policy in tables["policies"]:
            if policy["type"] != "home":
                continue
            new = [
                claim
                for claim in tables["claims"]
                if claim["policy_id"] == policy["policy_id"]
                and claim["status"] == "approved"
                and claim["decision_date"] < policy["effective_date"]
            ]
            before = date.fromisoformat(policy["effective_date"])
            year_ago = before.replace(year=before.year - 1).isoformat()
            rise = policy["term_premium"] - policy["previous_term_premium"]
            if not new:
                assert rise <= 0
                plain += 1
            elif len(new) == 1 and new[0]["decision_date"] >= year_ago:
                assert rise > 0
                dearer += 1
    assert plain > 300
    assert dearer > 10


@settings(max_examples=40, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_a_day_later_records_keep_their_ids_and_what_does_not_change(
    session_id: str, as_of: date
) -> None:
    earlier = max(as_of - ONE_DAY, EARLIEST_AS_OF)
    before, after = (cohort(MODE, [session_id], day).tables() for day in (earlier, as_of))
    for old, new in zip(before, after, strict=True):
        changing = CHANGES_WITH_THE_DAY.get(old.name, set())
        was = {next(iter(row.values())): row for row in rows_of(old)}
        now = {next(iter(row.values())): row for row in rows_of(new)}
        assert len(now) == len(new)
        if old.name in {"claims", "premiums"}:
            for record_id in was.keys() & now.keys():
                for field in was[record_id].keys() - changing:
                    assert was[record_id][field] == now[record_id][field], field
        else:
            assert was.keys() == now.keys()


def test_no_loss_to_a_car_passes_what_a_good_new_one_is_worth() -> None:
    seen = 0
    for customer in records(AS_OF):
        for claim in customer["claims"]:
            if claim["cause_of_loss"] not in {"collision", "comprehensive"}:
                continue
            seen += 1
            assert claim["deductible"] < claim["claimed_amount"] <= 44_000 * 1.15
    assert seen > 100


def test_a_policy_for_liability_alone_deducts_nothing() -> None:
    cars = [
        row for customer in records(AS_OF) for row in customer["policies"] if row["type"] == "auto"
    ]
    for row in cars:
        assert (row["deductible"] > 0) == (row["has_collision"] or row["has_comprehensive"])
    assert any(row["deductible"] == 0 for row in cars)
