"""Each measure on a few records whose answer can be seen."""

from datetime import date, timedelta
from statistics import NormalDist
from typing import Any, Final

import polars as pl
import pytest

from backend.population.score.samples import Figure, Fit, Mean, Sample, Share, Split
from backend.population.score.scoring import MEASURES
from backend.population.score.spending import _black_friday
from tests.population_kit import AS_OF

GROCERIES: Final = "FOOD_AND_DRINK_GROCERIES"
Rows = list[dict[str, Any]]


def measured(name: str, **tables: Rows) -> Sample | None:
    frames = {table: pl.DataFrame(rows, infer_schema_length=None) for table, rows in tables.items()}
    needs = MEASURES[name].needs
    assert all(set(columns) <= set(frames[table].columns) for table, columns in needs.items())
    return MEASURES[name].of(frames, AS_OF)


def users(count: int, **columns: Any) -> Rows:
    return [{"user_id": f"u{at}", **columns} for at in range(count)]


def card(user: int, balance: float, limit: float = 1000.0) -> dict[str, Any]:
    return {
        "user_id": f"u{user}", "account_id": f"c{user}", "type": "credit",
        "subtype": "credit card", "balance_current": balance, "balance_limit": limit,
    }  # fmt: skip


def money(user: int, balance: float, subtype: str = "checking") -> dict[str, Any]:
    return {
        "user_id": f"u{user}", "account_id": f"{subtype}{user}", "type": "depository",
        "subtype": subtype, "balance_current": balance, "balance_limit": None,
    }  # fmt: skip


def moved(
    amount: float, code: str = GROCERIES, ago: int = 0, user: int = 0, merchant: str = "Shop"
) -> dict[str, Any]:
    return {
        "user_id": f"u{user}", "account_id": f"checking{user}", "amount": amount,
        "date": AS_OF - timedelta(days=ago), "merchant_name": merchant,
        "personal_finance_category_detailed": code,
    }  # fmt: skip


# --- credit -------------------------------------------------------------------------------------


def test_scores_are_counted_by_the_bands_that_they_lie_in() -> None:
    scores = [{"user_id": "u", "credit_score": score} for score in (300, 579, 580, 739, 740, 850)]
    assert measured("credit.score_bands", users=scores) == Split(
        {"300-579": 2, "580-669": 1, "670-739": 1, "740-799": 1, "800-850": 1}, 6
    )


def test_high_use_is_that_of_the_fullest_card_among_everybody() -> None:
    accounts = [card(0, 900), card(0, 0), card(1, 500), card(2, 499), money(3, 5.0)]
    high = measured("credit.high_utilisation", users=users(4), accounts=accounts)
    assert high == Share(2, 4)


def test_use_of_limits_is_all_balances_over_all_limits_of_who_has_a_card() -> None:
    accounts = [card(0, 900), card(0, 0), card(1, 500), card(2, 499), money(3, 5.0)]
    used = measured("credit.mean_utilisation", accounts=accounts)
    assert isinstance(used, Mean)
    assert used.value == pytest.approx((45 + 50 + 49.9) / 3)


def test_who_has_no_card_counts_in_cards_a_person() -> None:
    accounts = [card(0, 1), card(0, 1), card(1, 1)]
    cards = measured("credit.cards_a_person", users=users(4), accounts=accounts)
    assert isinstance(cards, Mean)
    assert cards.value == 0.75


def statement(
    owed: float, paid: float, paid_on: date | None, issued: date, due: date
) -> dict[str, Any]:
    return {
        "user_id": "u0", "last_statement_balance": owed, "last_payment_amount": paid,
        "last_payment_date": paid_on, "last_statement_issue_date": issued,
        "next_payment_due_date": due, "minimum_payment_amount": 25.0,
    }  # fmt: skip


def test_a_card_is_classed_by_what_was_paid_on_a_statement_that_fell_due() -> None:
    issued, due, paid_on = date(2025, 12, 31), date(2026, 2, 10), date(2026, 1, 10)
    cards = [
        statement(400, 400, paid_on, issued, due),
        statement(400, 100, paid_on, issued, due),
        statement(400, 25, paid_on, issued, due),
        statement(0, 0, None, issued, due),
        statement(400, 400, date(2025, 12, 10), issued, due),  # nothing paid since
        statement(400, 400, date(2025, 12, 20), issued, date(2026, 1, 20)),  # not due yet
    ]
    assert measured("credit.payment_kinds", liabilities=cards) == Split(
        {"in full": 1, "above the minimum": 1, "minimum": 1, "other": 2}, 5
    )
    assert measured("credit.minimum_payers", liabilities=cards) == Share(1, 5)


def test_a_balance_is_carried_where_interest_was_charged_of_late() -> None:
    charged = [moved(9, "BANK_FEES_INTEREST_CHARGE", 10), moved(9, user=1),
               moved(9, "BANK_FEES_INTEREST_CHARGE", 100, user=2)]  # fmt: skip
    assert measured("credit.carry", users=users(4), transactions=charged) == Share(1, 4)
    accounts = [card(0, 700), card(1, 100), card(2, 200)]
    carried = measured("credit.carried", users=users(4), transactions=charged, accounts=accounts)
    assert carried == Figure(700.0, 1)


# --- money --------------------------------------------------------------------------------------


def test_a_fund_of_three_months_is_savings_over_essential_spending() -> None:
    spent = [moved(300, user=at, ago=ago) for at in range(3) for ago in (1, 40, 80)]
    spent += [moved(5000, "TRAVEL_LODGING", 5)]
    accounts = [money(0, 900.0, "savings"), money(1, 899.0, "savings"), money(2, 9000.0)]
    assert measured("money.fund", accounts=accounts, transactions=spent) == Share(1, 3)


def paid(user: int, days: list[int]) -> Rows:
    return [moved(-1000, "INCOME_WAGES", ago, user) for ago in days]


def test_pay_frequency_is_read_off_the_pay_days() -> None:
    semimonthly = [(AS_OF - date(2025, month, day)).days for month in range(8, 13)
                   for day in (1, 15)]  # fmt: skip
    transactions = [
        *paid(0, list(range(0, 180, 7))),
        *paid(1, [ago + (ago % 4 == 0) for ago in range(0, 180, 14)]),
        *paid(2, semimonthly),
        *paid(3, [5, 36, 66, 97, 128]),
        *paid(4, [1, 2, 30, 33, 90]),
        *paid(5, [3]),
        moved(-50, "INCOME_INTEREST_EARNED", 3, 6),
    ]
    assert measured("money.pay_frequency", transactions=transactions) == Split(
        {"weekly": 1, "biweekly": 1, "semimonthly": 1, "monthly": 1}, 4
    )


def test_ages_are_told_on_the_day_of_the_data() -> None:
    born = [date(1951, 1, 15), date(1951, 1, 17), date(1995, 5, 5)]
    people = [{"user_id": f"u{at}", "date_of_birth": day} for at, day in enumerate(born)]
    accounts = [money(0, 10.0), money(0, 5.0, "savings"), money(1, 20.0), money(2, 30.0)]
    given = {"users": people, "accounts": accounts}
    assert measured("money.balances_from_75", **given) == Figure(15.0, 1)
    assert measured("money.balances_65_to_74", **given) == Figure(20.0, 1)
    assert measured("money.balances_under_35", **given) == Figure(30.0, 1)


def test_no_savings_cover_no_expense() -> None:
    accounts = [money(0, 100.0, "savings"), money(1, 2000.0, "savings"), money(2, 9000.0)]
    found = measured("money.largest_expense", users=users(3), accounts=accounts)
    assert found == Split({"under $100": 1, "$100-499": 1, "$2,000 or more": 1}, 3)
    assert measured("money.liquid", users=users(3), accounts=accounts) == Share(2, 3)


# --- spending -----------------------------------------------------------------------------------


def test_money_that_moves_between_own_accounts_is_not_spent() -> None:
    transactions = [
        moved(60), moved(-40), moved(500, "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"),
        moved(200, "TRANSFER_OUT_SAVINGS"), moved(40, ago=400),
        moved(20, "LOAN_PAYMENTS_CAR_PAYMENT"),
    ]  # fmt: skip
    mean = measured("spending.mean_payment", transactions=transactions)
    assert isinstance(mean, Mean)
    assert (mean.value, mean.n) == (40.0, 2)


def test_spending_falls_to_the_class_of_the_longest_code_that_fits() -> None:
    transactions = [
        moved(50, "RENT_AND_UTILITIES_WATER"), moved(30, "LOAN_PAYMENTS_MORTGAGE_PAYMENT"),
        moved(20, "LOAN_PAYMENTS_CAR_PAYMENT"), moved(5, "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT"),
        moved(7, "GENERAL_MERCHANDISE_PET_SUPPLIES"), moved(9, "GENERAL_MERCHANDISE_ELECTRONICS"),
    ]  # fmt: skip
    classes = measured("spending.household_classes", transactions=transactions)
    assert classes == Split({"housing": 80, "transport": 20, "entertainment": 7, "other": 14}, None)


def test_first_digits_are_those_of_the_cents() -> None:
    amounts = [moved(0.05), moved(-1.99), moved(10.01), moved(0.0), moved(905.0)]
    assert measured("spending.first_digit", transactions=amounts) == Split(
        {"5": 1, "1": 2, "9": 1}, 4
    )
    assert measured("spending.first_two_digits", transactions=amounts) == Share(1, 3)


def test_saturdays_are_set_beside_other_days() -> None:
    # 15 January 2026 is a Thursday: five days ago was a Saturday
    bought = [moved(9, ago=ago) for ago in [*range(7), 5, 5, 5, 6]]
    given = {"transactions": bought}
    assert measured("spending.saturday_above_friday", **given) == Figure(2.0, 11)
    assert measured("spending.busiest_day_is_saturday", **given) == Figure(2.0, 11)
    tuesday = measured("spending.quietest_days", **given)
    assert isinstance(tuesday, Figure)
    assert tuesday.value == pytest.approx(7 / 11)


def test_the_day_after_thanksgiving_is_found() -> None:
    assert _black_friday(2025) == date(2025, 11, 28)
    assert _black_friday(2024) == date(2024, 11, 29)
    assert _black_friday(2023) == date(2023, 11, 24)


def test_the_days_before_christmas_are_set_beside_black_friday() -> None:
    rush = [date(2025, 12, day) for day in (6, 13, 20, 23)]
    days = [*rush, *rush, date(2025, 11, 28), date(2025, 12, 9)]
    bought = [moved(9, ago=(AS_OF - day).days) for day in days]
    assert measured("spending.days_before_christmas", transactions=bought) == Figure(2.0, 10)


def test_amounts_of_a_lognormal_lie_near_their_curve_and_even_ones_do_not() -> None:
    curve = NormalDist(3.4, 1.1)
    logs = [curve.inv_cdf((at + 0.5) / 2000) for at in range(2000)]
    log = measured("spending.lognormal", transactions=[moved(2.718281828**x) for x in logs])
    even = measured("spending.lognormal", transactions=[moved(1.0 + at) for at in range(2000)])
    assert isinstance(log, Fit)
    assert isinstance(even, Fit)
    assert log.distance < 0.005
    assert even.distance > 0.08


FILM: Final = "ENTERTAINMENT_TV_AND_MOVIES"


def test_a_subscription_is_a_merchant_that_charges_about_the_same_every_month() -> None:
    months = (3, 34, 64, 95)
    transactions = [
        *[moved(12, FILM, ago, merchant="Films") for ago in months],
        *[moved(40, "RENT_AND_UTILITIES_TELEPHONE", ago, merchant="Phone") for ago in months],
        *[moved(900, "RENT_AND_UTILITIES_RENT", ago, merchant="Rent") for ago in months],
        *[moved(8 * ago, FILM, ago, merchant="Differs") for ago in months],
        *[moved(8, FILM, ago + 60, merchant="Cancelled") for ago in months],
        *[moved(8, FILM, ago, merchant="Often") for ago in range(60)],
        moved(8, FILM, 5, merchant="Once"),
    ]
    given = {"users": users(2), "transactions": transactions}
    spend = measured("subscriptions.spend", **given)
    digital = measured("subscriptions.digital_spend", **given)
    each = measured("subscriptions.a_subscriber", **given)
    assert isinstance(spend, Mean)
    assert isinstance(digital, Mean)
    assert isinstance(each, Mean)
    assert (spend.value, digital.value, each.value, each.n) == (26.0, 6.0, 1.0, 1)


# --- insurance ----------------------------------------------------------------------------------


def policy(kind: str, number: int, since: date, **more: Any) -> dict[str, Any]:
    return {
        "user_id": f"u{number}", "policy_id": f"{kind}{number}", "type": kind,
        "original_inception_date": since, "term_premium": 1000.0, "vehicles": 1,
        "has_collision": True, "has_comprehensive": False, **more,
    }  # fmt: skip


def claim(kind: str, number: int, cause: str, ago: int, **more: Any) -> dict[str, Any]:
    return {
        "user_id": f"u{number}", "policy_id": f"{kind}{number}", "type": kind,
        "cause_of_loss": cause, "date_of_loss": AS_OF - timedelta(days=ago), "status": "approved",
        "paid_amount": 500.0, **more,
    }  # fmt: skip


def test_claims_are_counted_over_the_years_that_cars_were_insured() -> None:
    long_ago, a_year_counted = date(2010, 1, 1), AS_OF - timedelta(days=180 + 365)
    policies = [
        policy("auto", 0, long_ago, vehicles=2), policy("auto", 1, a_year_counted),
        policy("auto", 2, long_ago, has_collision=False), policy("auto", 3, AS_OF),
    ]  # fmt: skip
    claims = [
        claim("auto", 0, "collision", 400), claim("auto", 0, "collision", 100),
        claim("auto", 1, "collision", 300, status="denied", paid_amount=0.0),
        claim("home", 1, "collision", 300),
    ]  # fmt: skip
    found = measured("insurance.frequency of collision", policies=policies, claims=claims)
    assert isinstance(found, Figure)
    assert found.value == pytest.approx(100 / (2 * 1646 / 365.25 + 365 / 365.25))
    assert measured("insurance.collision", policies=policies) == Share(3, 4)


def test_homes_with_a_claim_are_counted_once() -> None:
    policies = [policy("home", at, date(2010, 1, 1)) for at in range(4)]
    claims = [claim("home", 0, "fire", 20), claim("home", 0, "theft", 200),
              claim("home", 1, "fire", 400)]  # fmt: skip
    given = {"policies": policies, "claims": claims}
    assert measured("insurance.homes_with_a_claim", **given) == Share(1, 4)
    assert measured("insurance.home_causes", **given) == Split({"fire": 1, "theft": 1}, 2)


def test_premiums_are_told_a_car() -> None:
    policies = [policy("auto", 0, AS_OF, vehicles=3), policy("auto", 1, AS_OF),
                policy("home", 2, AS_OF)]  # fmt: skip
    assert measured("insurance.a_car", policies=policies) == Figure(500.0, 2)


# --- care ---------------------------------------------------------------------------------------


def fill(user: int, ago: int, medication: str = "a", days: int = 30) -> dict[str, Any]:
    return {
        "user_id": f"u{user}", "fill_date": AS_OF - timedelta(days=ago), "days_supply": days,
        "medication": medication,
    }  # fmt: skip


def test_a_drug_is_taken_as_long_as_its_supply_lasts() -> None:
    fills = [fill(0, 59), fill(1, 60), fill(2, 85, days=90), *[fill(3, 5, name) for name in "abc"]]
    given = {"users": users(5, date_of_birth=date(1980, 1, 1)), "fills": fills}
    assert measured("care.takes_a_drug_under_60", **given) == Share(3, 5)
    assert measured("care.takes_three_drugs", **given) == Share(1, 5)
    assert measured("care.takes_a_drug_from_60", **given) is None


def test_fills_and_visits_are_those_of_a_year() -> None:
    fills = [fill(0, ago) for ago in (0, 364, 365)]
    people = users(2, date_of_birth=date(1940, 1, 1))
    mean = measured("care.fills_from_65", users=people, fills=fills)
    assert isinstance(mean, Mean)
    assert mean.value == 1.0
    visits = [
        {"user_id": "u0", "visit_date": AS_OF - timedelta(days=ago), "class": kind}
        for ago, kind in [(1, "primary"), (9, "emergency"), (9, "hospital"), (400, "primary")]
    ]
    given = {"users": people, "visits": visits}
    assert measured("care.office_visits", **given) == Figure(50.0, 1)
    assert measured("care.ambulatory_visits", **given) == Figure(100.0, 2)
    each = measured("care.visits_from_75", **given)
    assert isinstance(each, Mean)
    assert each.value == 0.5


def test_a_deductible_is_told_where_there_is_one() -> None:
    plans = [{"user_id": "u", "deductible": amount} for amount in (0.0, 1000.0, 2000.0)]
    mean = measured("care.deductible", plans=plans)
    assert isinstance(mean, Mean)
    assert mean.value == 1500.0
    assert measured("care.has_deductible", plans=plans) == Share(2, 3)
