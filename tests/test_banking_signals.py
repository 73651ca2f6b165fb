import itertools
import statistics
from collections import defaultdict
from datetime import date
from math import sqrt

import pytest
from hypothesis import given, settings

from backend.domain.ledger import Ledger
from backend.industries.banking import MODE
from backend.industries.banking.categories import category
from backend.modes import Cohort
from backend.personas.registry import load_rulebook
from tests.cohort_kit import DATES, IDS, SESSION_IDS, cohort, figures

AS_OF = date(2026, 1, 15)
LAST = AS_OF.toordinal()
BLOCK = cohort(MODE, IDS[:300], AS_OF)
CREDIT = ("credit_max_utilization_pct", "credit_avg_utilization_pct", "credit_total_limits")

Row = tuple[int, int, str, str]


def rows_of(ledger: Ledger, row: int) -> list[Row]:
    return [
        (
            int(ledger.day[at]),
            int(ledger.cents[at]),
            ledger.purposes[ledger.purpose[at]].category,
            ledger.merchants[ledger.merchant[at]],
        )
        for at in range(int(ledger.offsets[row]), int(ledger.offsets[row + 1]))
    ]


def paid(rows: list[Row], days: int) -> list[Row]:
    return [one for one in rows if one[0] > LAST - days and one[1] > 0 and category(one[2]).pay]


def spent(rows: list[Row], days: int, *, essential: bool = False) -> int:
    return -sum(
        cents
        for day, cents, code, _ in rows
        if day > LAST - days
        and cents < 0
        and (category(code).essential if essential else category(code).spending)
    )


def subscriptions(rows: list[Row]) -> list[int]:
    charges: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for day, cents, code, merchant in rows:
        if day > LAST - 95 and cents < 0 and category(code).subscribable:
            charges[merchant].append((day, -cents))
    latest = []
    for own in charges.values():
        gaps = [after[0] - before[0] for before, after in itertools.pairwise(own)]
        amounts = [cents for _, cents in own]
        monthly = len(own) >= 3 and all(26 <= gap <= 35 for gap in gaps)
        if monthly and min(amounts) >= 0.9 * max(amounts):
            latest.append(own[-1][1])
    return latest


def naive(customers: Cohort, row: int, window: int) -> dict[str, float | None]:
    """Every signal in plain Python, straight from its definition."""
    accounts, rows = customers.records.accounts, rows_of(customers.records.ledger, row)
    look_back = max(window, 90)
    cards = [
        (int(limit), int(balance))
        for limit, balance in zip(accounts.card_limit[row], accounts.card_balance[row], strict=True)
        if limit
    ]
    used = [100 * balance / limit for limit, balance in cards]
    checks = paid(rows, look_back)
    days = sorted({one[0] for one in checks})
    gaps = [after - before for before, after in itertools.pairwise(days)]
    by_payer: dict[str, list[int]] = defaultdict(list)
    for _, cents, _, payer in checks:
        by_payer[payer].append(cents)
    squares = sum(
        (cents / statistics.mean(own) - 1) ** 2 for own in by_payer.values() for cents in own
    )
    needed = spent(rows, look_back, essential=True)
    monthly, everything = sum(subscriptions(rows)), spent(rows, window)
    return {
        "credit_max_utilization_pct": max(used) if used else None,
        "credit_avg_utilization_pct": sum(used) / len(used) if used else None,
        "credit_total_limits": sum(limit for limit, _ in cards) / 100 if cards else None,
        "income_paycheck_count": len(checks) * 30 / look_back,
        "income_median_pay_gap_days": statistics.median(gaps) if gaps else None,
        "income_variability_pct": 100 * sqrt(squares / len(checks)) if len(checks) > 1 else None,
        "savings_emergency_fund_months": int(accounts.savings[row]) / (needed * 30 / look_back)
        if needed
        else None,
        "subscription_merchant_count": len(subscriptions(rows)),
        "subscription_monthly_spend": monthly / 100,
        "subscription_share_pct": 100 * monthly / (everything * 30 / window)
        if everything
        else None,
        "transaction_history_days": LAST - int(accounts.opened[row]) + 1,
    }


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
                assert abs(actual - value) <= tolerance[name] + 1e-9, name


def test_definitions_and_columns_are_the_same_in_number_and_name() -> None:
    assert [signal.name for signal in MODE.signals] == list(dict.fromkeys(BLOCK.signals(30)))
    assert len(MODE.signals) == 11


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
            assert value == round(value, signal.decimals) >= 0


def test_without_a_card_the_credit_signals_are_missing_and_not_zero() -> None:
    has_card = BLOCK.records.accounts.card_limit[:, 0] > 0
    assert 0 < has_card.sum() < 300
    for name in CREDIT:
        assert (BLOCK.signals(30)[name].known == has_card).all()


def test_people_paid_monthly_get_one_pay_check_in_thirty_days() -> None:
    gap = BLOCK.signals(30)["income_median_pay_gap_days"].values
    count = BLOCK.signals(30)["income_paycheck_count"].values
    assert (count[(gap >= 28) & (gap <= 33)] == 1).all()
    assert (count[gap == 14] >= 2).all()


def test_a_subscription_told_to_the_customer_is_one_that_is_counted() -> None:
    for row in range(40):
        persona = BLOCK.persona(row).model_dump(mode="json")
        told = figures(BLOCK, row, 30)
        assert len(persona["subscriptions"]) == told["subscription_merchant_count"][0]
        total = sum(round(line["amount"] * 100) for line in persona["subscriptions"])
        assert total == round(told["subscription_monthly_spend"][0] * 100)


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
    fund = signals["savings_emergency_fund_months"].values
    used = signals["credit_max_utilization_pct"]
    assert 0.4 < (fund < 3).mean() < 0.52  # 46% of adults lack three months' expenses
    assert 0.1 < (used.known & (used.values >= 50)).mean() < 0.16
    share = signals["subscription_share_pct"].values
    assert 0 < (share >= 20).mean() < 0.05
