import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from backend.domain.session_persona import SessionPersona
from backend.industries.banking import MODE
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.categories import category
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

AS_OF = date(2026, 1, 15)

# Plaid's primary personal finance categories
PRIMARY = (
    "INCOME",
    "TRANSFER_IN",
    "TRANSFER_OUT",
    "LOAN_PAYMENTS",
    "BANK_FEES",
    "ENTERTAINMENT",
    "FOOD_AND_DRINK",
    "GENERAL_MERCHANDISE",
    "HOME_IMPROVEMENT",
    "MEDICAL",
    "PERSONAL_CARE",
    "GENERAL_SERVICES",
    "GOVERNMENT_AND_NON_PROFIT",
    "TRANSPORTATION",
    "TRAVEL",
    "RENT_AND_UTILITIES",
)
STATED = {
    "name": str,
    "member_since": str,
    "checking_balance": float,
    "savings_balance": float,
    "account_number": str,
    "credit_score": int,
    "credit_limit": float,
    "credit_used": float,
    "recent_transactions": list,
    "pending_payments": int,
    "monthly_spending": float,
}
FIXED = {
    *SessionPersona.model_fields,
    "member_since",
    "account_number",
    "credit_score",
    "credit_limit",
}


def whole_cents(value: Any) -> bool:
    return in_cents(value) >= 0


def check_transactions(told: dict[str, Any], as_of: date) -> None:
    latest = told["recent_transactions"]
    assert 3 <= len(latest) <= 10
    days = [one["date"] for one in latest]
    assert days == sorted(days, reverse=True)
    assert days[0] <= as_of.isoformat()
    for one in latest + told["pending_transactions"]:
        assert one["amount"] > 0
        assert whole_cents(one["amount"])
        assert one["category"] in {"debit", "credit"}
        assert one["personal_finance_category"].startswith(PRIMARY)
        assert one["merchant"]
        assert "{" not in one["description"]
        if one["personal_finance_category"].startswith("INCOME_"):
            assert one["category"] == "credit"
        assert one["description"] != "Opening balance"


def check_sums(told: dict[str, Any]) -> None:
    spent = [in_cents(line["amount"]) for line in told["spending_by_category"]]
    assert in_cents(told["monthly_spending"]) == sum(spent)
    assert spent == sorted(spent, reverse=True)
    cards = told["cards"]
    assert in_cents(told["credit_limit"]) == sum(in_cents(card["limit"]) for card in cards)
    assert in_cents(told["credit_used"]) == sum(in_cents(card["balance"]) for card in cards)
    assert in_cents(told["credit_available"]) == in_cents(told["credit_limit"]) - in_cents(
        told["credit_used"]
    )
    due = sum(in_cents(card["minimum_due"]) for card in cards)
    assert in_cents(told["minimum_payment_due"]) == due
    assert told["pending_payments"] == len(told["pending_transactions"])


def check_dates(told: dict[str, Any], as_of: date) -> None:
    if told["next_card_payment_due"]:
        due = date.fromisoformat(told["next_card_payment_due"])
        assert as_of <= due <= as_of + timedelta(days=40)
    assert bool(told["next_card_payment_due"]) == (told["credit_used"] > 0)
    if told["next_pay_date"]:
        assert told["next_pay_date"] > as_of.isoformat()
    if told["last_pay_date"]:
        assert told["last_pay_date"] <= as_of.isoformat()
    assert (told["last_card_payment"] is None) == (told["last_card_payment_date"] is None)
    assert 1988 <= int(told["member_since"]) <= as_of.year


def check_cards(told: dict[str, Any]) -> None:
    assert told["overdue"] == any(card["status"] == "overdue" for card in told["cards"])
    for card in told["cards"]:
        assert 0 <= card["balance"] <= card["limit"]
        assert 15 < card["apr"] < 31
        assert card["minimum_due"] <= card["last_statement"]
        assert (card["due_date"] is None) == (card["balance"] == 0)
        if card["status"] == "paid":
            assert card["minimum_due"] == 0


def check_history(told: dict[str, Any], as_of: date) -> None:
    series = told["balance_history"]
    start, values = date.fromisoformat(series["start"]), series["values"]
    assert start + timedelta(days=len(values) - 1) == as_of
    assert 20 <= len(values) <= 180
    assert values[-1] == told["checking_balance"]


def check_synthetic(told: dict[str, Any]) -> None:
    assert told["synthetic"] is True
    assert re.fullmatch(r"\*{4}\d{4}", told["account_number"])
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", told["phone"])
    assert re.fullmatch(r"[a-z.]+\d+@example\.(com|org|net)", told["email"])
    for card in told["cards"]:
        assert re.fullmatch(r"\*{4}\d{4}", card["card_number"])


def check(told: dict[str, Any], as_of: date) -> None:
    for name, kind in STATED.items():
        assert type(told[name]) is kind, name
    assert 300 <= told["credit_score"] <= 850
    assert told["credit_used"] <= told["credit_limit"]
    check_transactions(told, as_of)
    check_sums(told)
    check_dates(told, as_of)
    check_cards(told)
    check_history(told, as_of)
    check_synthetic(told)


@settings(max_examples=60, deadline=None)
@given(SESSION_IDS, DATES)
def test_any_customer_on_any_date_holds_together(session_id: str, as_of: date) -> None:
    check(document(cohort(MODE, [session_id], as_of), 0), as_of)


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_customers_of_a_block_hold_together(as_of: date) -> None:
    customers = cohort(MODE, IDS[:170], as_of)
    for row in range(170):
        check(document(customers, row), as_of)


def test_a_thousand_customers_hold_together() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    for row in range(1000):
        check(document(customers, row), AS_OF)


def test_a_customer_is_told_the_same_alone_and_in_a_block() -> None:
    block = cohort(MODE, IDS[:60], AS_OF)
    backwards = cohort(MODE, IDS[59::-1], AS_OF)
    for row in range(0, 60, 7):
        alone = text(cohort(MODE, [IDS[row]], AS_OF), 0)
        assert alone == text(block, row) == text(backwards, 59 - row)


@settings(max_examples=25, deadline=None)
@given(SESSION_IDS, DATES.filter(lambda day: day < date(2045, 12, 31)))
def test_a_day_later_the_person_is_the_same_and_old_transactions_read_the_same(
    session_id: str, as_of: date
) -> None:
    today = document(cohort(MODE, [session_id], as_of), 0)
    later = document(cohort(MODE, [session_id], as_of + ONE_DAY), 0)
    if today["member_since"] != later["member_since"]:
        return  # a newcomer's yearly cycle begins anew
    for name in FIXED:
        assert today[name] == later[name], name
    fresh = [one for one in later["recent_transactions"] if one["date"] > as_of.isoformat()]
    kept = later["recent_transactions"][len(fresh) :]
    if len(today["balance_history"]["values"]) <= len(later["balance_history"]["values"]):
        assert kept == today["recent_transactions"][: len(kept)]
        assert (
            today["balance_history"]["values"][-20:] == later["balance_history"]["values"][-21:-1]
        )


def test_monthly_spending_is_what_the_last_thirty_days_hold() -> None:
    customers = cohort(MODE, IDS[:80], AS_OF)
    ledger = customers.records.ledger
    for row in range(80):
        spent = 0
        for at in range(int(ledger.offsets[row]), int(ledger.offsets[row + 1])):
            code = ledger.purposes[ledger.purpose[at]].category
            own = code.startswith("TRANSFER_") and code != "TRANSFER_OUT_WITHDRAWAL"
            own |= code == "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
            in_month = 0 <= AS_OF.toordinal() - int(ledger.day[at]) < 30
            if in_month and ledger.cents[at] < 0 and not own:
                spent -= int(ledger.cents[at])
        assert in_cents(document(customers, row)["monthly_spending"]) == spent


def test_pending_payments_are_those_that_settle_after_the_date() -> None:
    customers = cohort(MODE, IDS[:200], AS_OF)
    told = [document(customers, row) for row in range(200)]
    assert 0.5 < sum(one["pending_payments"] for one in told) / 200 < 2.5
    for one in told:
        for payment in one["pending_transactions"]:
            assert date.fromisoformat(payment["date"]) >= AS_OF - timedelta(days=1)


def test_every_category_of_the_catalogue_is_plaids() -> None:
    for purpose in catalogue().purposes:
        assert purpose.category.startswith(tuple(f"{code}_" for code in PRIMARY)), purpose


def test_a_category_that_nobody_named_is_named_after_its_code() -> None:
    known = category("TRAVEL_RENTAL_CARS")
    assert known.label == "Travel rental cars"
    assert known.spending
    assert not category("TRANSFER_OUT_SAVINGS").spending
    assert category("TRANSFER_OUT_WITHDRAWAL").spending
    assert not category("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT").spending


def test_every_shop_and_payer_is_named_with_an_invented_word() -> None:
    tables = catalogue()
    words = {name.split()[0] for name in tables.merchants[: tables.words]}
    assert len(words) == tables.words == 67
    plain = {tables.merchants[at] for at in tables.services.merchant}
    plain |= {"Savings account", "Checking account", "Credit card", "This bank"}
    plain |= {"Pennypass", "Swiftwren Pay", "Handbridge", "Coinburrow", "Spareacorn"}
    plain |= {"Social Security"}
    for merchant in tables.merchants:
        assert merchant in plain or set(merchant.split()) & words, merchant
