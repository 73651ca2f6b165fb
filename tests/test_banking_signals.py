import itertools
import statistics
from collections import defaultdict
from dataclasses import replace
from datetime import date
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings

from backend.domain.ledger import CHECKING, SAVINGS, Ledger
from backend.industries.banking import MODE
from backend.industries.banking.categories import category
from backend.industries.banking.generate import generate
from backend.modes import Cohort
from backend.personas.registry import load_rulebook
from tests.banking_kit import with_traits
from tests.cohort_kit import DATES, FAKER, IDS, SESSION_IDS, cohort, figures, people_of

AS_OF = date(2026, 1, 15)
LAST = AS_OF.toordinal()
BLOCK = cohort(MODE, IDS[:300], AS_OF)
CREDIT = (
    "credit_max_utilization_pct",
    "credit_avg_utilization_pct",
    "credit_total_limits",
    "credit_interest_charges",
    "credit_minimum_payment_only",
    "credit_is_overdue",
)
BELOW_ZERO = {"savings_growth_rate", "savings_net_inflow_monthly", "cash_flow_buffer_months"}

Row = tuple[int, int, str, str, int, bool]


def rows_of(ledger: Ledger, row: int) -> list[Row]:
    return [
        (
            int(ledger.day[at]),
            int(ledger.cents[at]),
            ledger.purposes[ledger.purpose[at]].category,
            ledger.merchants[ledger.merchant[at]],
            int(ledger.account[at]),
            ledger.purposes[ledger.purpose[at]].id == "opening",
        )
        for at in range(int(ledger.offsets[row]), int(ledger.offsets[row + 1]))
    ]


def paid(rows: list[Row], days: int) -> list[Row]:
    return [
        one
        for one in rows
        if one[0] > LAST - days and one[1] > 0 and category(one[2]).pay and not one[5]
    ]


def spent(rows: list[Row], days: int, *, essential: bool = False) -> int:
    return -sum(
        cents
        for day, cents, code, _, _, opens in rows
        if not opens
        and day > LAST - days
        and cents < 0
        and (category(code).essential if essential else category(code).spending)
    )


def subscriptions(rows: list[Row]) -> list[int]:
    charges: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for day, cents, code, merchant, _, opens in rows:
        if not opens and day > LAST - 95 and cents < 0 and category(code).subscribable:
            charges[merchant].append((day, -cents))
    latest = []
    for own in charges.values():
        gaps = [after[0] - before[0] for before, after in itertools.pairwise(own)]
        amounts = [cents for _, cents in own]
        monthly = len(own) >= 3 and all(26 <= gap <= 35 for gap in gaps)
        if monthly and min(amounts) >= 0.9 * max(amounts):
            latest.append(own[-1][1])
    return latest


def balances(rows: list[Row], days: int) -> list[int]:
    return [
        sum(cents for day, cents, _, _, account, _ in rows if account == CHECKING and day <= at)
        for at in range(LAST - days + 1, LAST + 1)
    ]


def credit(customers: Cohort, row: int, window: int) -> dict[str, float | None]:
    accounts, rows = customers.records.accounts, rows_of(customers.records.ledger, row)
    held = [at for at in range(3) if accounts.card_limit[row, at]]
    if not held:
        return dict.fromkeys(CREDIT)
    used = [100 * accounts.card_balance[row, at] / accounts.card_limit[row, at] for at in held]
    interest = sum(
        -cents
        for day, cents, code, *_ in rows
        if code == "BANK_FEES_INTEREST_CHARGE" and day > LAST - max(window, 31)
    )
    minimum = any(
        0 < accounts.card_paid[row, at] <= 1.1 * accounts.card_minimum[row, at]
        and accounts.card_statement[row, at] > accounts.card_minimum[row, at]
        for at in held
    )
    return {
        "credit_max_utilization_pct": max(used),
        "credit_avg_utilization_pct": sum(used) / len(used),
        "credit_total_limits": sum(int(accounts.card_limit[row, at]) for at in held) / 100,
        "credit_interest_charges": interest / 100 if LAST - rows[0][0] + 1 >= window else None,
        "credit_minimum_payment_only": float(minimum),
        "credit_is_overdue": float(accounts.card_overdue[row].any()),
    }


def income(rows: list[Row], look_back: int) -> dict[str, float | None]:
    checks = paid(rows, look_back)
    days = sorted({one[0] for one in paid(rows, max(look_back, 92))})
    gaps = [after - before for before, after in itertools.pairwise(days)]
    by_payer: dict[str, list[int]] = defaultdict(list)
    for one in checks:
        by_payer[one[3]].append(one[1])
    squares = sum(
        (cents / statistics.mean(own) - 1) ** 2 for own in by_payer.values() for cents in own
    )
    return {
        "income_paycheck_count": len(checks) * 30 / look_back,
        "income_median_pay_gap_days": statistics.median(gaps) if gaps else None,
        "income_variability_pct": 100 * sqrt(squares / len(checks)) if len(checks) > 1 else None,
    }


def naive(customers: Cohort, row: int, window: int) -> dict[str, float | None]:
    """Every signal in plain Python, straight from its definition."""
    accounts, rows = customers.records.accounts, rows_of(customers.records.ledger, row)
    look_back, history = max(window, 90), LAST - rows[0][0] + 1
    needed = spent(rows, look_back, essential=True) * 30 / look_back
    monthly, everything = sum(subscriptions(rows)), spent(rows, window)
    saved = int(accounts.savings[row])
    inflow = sum(
        one[1] for one in rows if one[4] == SAVINGS and not one[5] and one[0] > LAST - window
    )
    daily = balances(rows, window)
    mean = statistics.mean(daily)
    cadence = income(rows, look_back) | {
        "savings_emergency_fund_months": saved / needed if needed else None,
        "cash_flow_buffer_months": mean / needed if needed else None,
    }
    renewing = {
        "subscription_merchant_count": len(subscriptions(rows)),
        "subscription_monthly_spend": monthly / 100,
        "subscription_share_pct": 100 * monthly / (everything * 30 / window)
        if everything
        else None,
    }
    windowed = {
        "savings_growth_rate": 100 * inflow / (saved - inflow) if saved > inflow else None,
        "savings_net_inflow_monthly": inflow * 30 / window / 100,
        "cash_flow_pct_days_below_100": 100 * sum(one < 10_000 for one in daily) / window,
        "cash_flow_balance_volatility": statistics.pstdev(daily) / mean if mean > 0 else None,
    }
    return (
        credit(customers, row, window)
        | (cadence if history >= look_back else dict.fromkeys(cadence))
        | (renewing if history >= max(window, 95) else dict.fromkeys(renewing))
        | (windowed if history >= window else dict.fromkeys(windowed))
        | {"transaction_history_days": history}
    )


@pytest.mark.parametrize("window", [30, 180])
def test_every_signal_is_what_its_definition_says(window: int) -> None:
    tolerance = {signal.name: 0.5001 * 10**-signal.decimals for signal in MODE.signals}
    for row in range(0, 300, 3):
        told = figures(BLOCK, row, window)
        expected = naive(BLOCK, row, window)
        assert told.keys() == expected.keys()
        for name, value in expected.items():
            actual, known = told[name]
            assert known == (value is not None), name
            if value is not None:
                assert abs(actual - value) <= tolerance[name] + 1e-9, (name, actual, value)


def test_definitions_and_columns_are_the_same_in_number_and_name() -> None:
    assert [signal.name for signal in MODE.signals] == list(dict.fromkeys(BLOCK.signals(30)))
    assert len(MODE.signals) == 19


@settings(max_examples=40, deadline=None)
@given(SESSION_IDS, DATES)
def test_a_figure_is_rounded_and_finite_and_the_same_alone_and_among_others(
    session_id: str, as_of: date
) -> None:
    block = cohort(MODE, [*IDS[:3], session_id, *IDS[3:5]], as_of)
    alone = cohort(MODE, [session_id], as_of)
    for window in (30, 180):
        told = figures(alone, 0, window)
        assert told == figures(block, 3, window)
        for signal in MODE.signals:
            value, _ = told[signal.name]
            assert value == round(value, signal.decimals)
            assert value >= 0 or signal.name in BELOW_ZERO


def test_without_a_card_the_credit_signals_are_missing_and_not_zero() -> None:
    has_card = BLOCK.records.accounts.card_limit[:, 0] > 0
    assert 0 < has_card.sum() < 300
    for name in set(CREDIT) - {"credit_interest_charges"}:
        assert (BLOCK.signals(30)[name].known == has_card).all()


def test_people_paid_monthly_get_one_pay_check_in_thirty_days() -> None:
    gap = BLOCK.signals(30)["income_median_pay_gap_days"].values
    known = BLOCK.signals(30)["income_paycheck_count"].known
    gap = np.where(known, gap, 0)
    count = BLOCK.signals(30)["income_paycheck_count"].values
    assert (count[(gap >= 28) & (gap <= 33)] == 1).all()
    assert (count[gap == 14] >= 2).all()


def test_a_subscription_told_to_the_customer_is_one_that_is_counted() -> None:
    for row in range(40):
        persona = BLOCK.persona(row).model_dump(mode="json")
        told = figures(BLOCK, row, 30)
        if not told["subscription_merchant_count"][1]:
            continue
        assert len(persona["subscriptions"]) == told["subscription_merchant_count"][0]
        total = sum(round(line["amount"] * 100) for line in persona["subscriptions"])
        assert total == round(told["subscription_monthly_spend"][0] * 100)


def test_a_short_record_has_no_half_year_signals_and_says_so() -> None:
    people = people_of(IDS[:60])
    records = generate(people, AS_OF, FAKER, (), 3)
    short = Cohort(MODE, AS_OF, people, records)
    half_year, month = short.signals(180), short.signals(30)
    standing = set(CREDIT) - {"credit_interest_charges"} | {"transaction_history_days"}
    for name in half_year:
        if name not in standing:
            assert not half_year[name].known.any(), name
    old = records.recorded_from == records.recorded_from.min()
    assert (month["transaction_history_days"].values[old] == 92).all()
    assert month["income_paycheck_count"].known[old].all()
    assert not month["subscription_merchant_count"].known.any()  # three charges need 95 days


def test_newcomers_have_a_short_history() -> None:
    days = BLOCK.signals(30)["transaction_history_days"].values
    assert set(days[days < 214].astype(bool)) == {True}
    assert 0.02 < (days < 214).mean() < 0.1
    assert days.min() >= 20


def test_signals_of_a_ledger_hang_on_no_trait() -> None:
    # the record that a bank would hand in: what is not in it is worked out from it
    told = BLOCK.records
    short = replace(told, daily=told.daily[:, -30:])
    again = Cohort(MODE, AS_OF, BLOCK.people, short)
    for name, column in BLOCK.signals(180).items():
        assert (column.values == again.signals(180)[name].values).all()


def test_minimum_payers_and_the_overdue_are_found() -> None:
    common = {"cards": 1, "full_pay": False, "utilization": 0.6, "newcomer": False}
    people = people_of(IDS[:80])
    for trait, name in (
        ("minimum_only", "credit_minimum_payment_only"),
        ("overdue", "credit_is_overdue"),
    ):
        for wanted in (True, False):
            both = {"minimum_only": False, "overdue": False, "late": 0.0} | {trait: wanted}
            for as_of in (AS_OF, date(2026, 1, 27)):
                told = Cohort(MODE, as_of, people, with_traits(80, as_of, **common, **both))
                assert (told.signals(30)[name].values == wanted).all()


def test_the_rulebook_reads_and_uses_these_signals() -> None:
    rulebook = load_rulebook(MODE.folder / "rulebooks" / "registry.yaml", MODE.signals)
    assert [persona.id for persona in rulebook.personas] == [
        "high_utilization",
        "irregular_income",
        "low_savings",
        "subscription_heavy",
        "cash_flow_optimizer",
        "young_professional",
    ]


def test_the_natural_mix_keeps_to_the_published_shares() -> None:
    signals = cohort(MODE, IDS, AS_OF).signals(30)
    fund = signals["savings_emergency_fund_months"]
    used = signals["credit_max_utilization_pct"]
    # 46% of adults lack three months' expenses
    assert 0.4 < (fund.values < 3)[fund.known].mean() < 0.52
    assert 0.12 < (used.known & (used.values >= 50)).mean() < 0.18
    share = signals["subscription_share_pct"].values
    assert 0 < (share >= 20).mean() < 0.05
