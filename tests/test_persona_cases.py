"""Banking's rulebooks, held to the cases of ``tests/cases/<rulebook>.yaml``."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from backend.domain.assignment import Assignment
from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking import MODE
from backend.personas.assigner import assign
from backend.personas.figures import usable
from backend.personas.logic import FALSE, UNKNOWN
from backend.personas.matcher import match
from backend.personas.nearest import nearest_change
from backend.personas.outcomes import evaluate
from backend.personas.registry import Rulebook, load_rulebook, read_overrides
from backend.yamlfile import read_yaml

HERE: Final = Path(__file__).parent / "cases"
APART: Final = ("name", "outcome")
WINDOWS: Final = ("30d", "180d")
STATED: Final = tuple(
    SignalDefinition(name, name, unit, decimals, "made for a case", "nothing is known")
    for name, unit, decimals in (
        ("credit_interest_charges", "US dollars", 2),
        ("credit_minimum_payment_only", "flag", 0),
        ("credit_is_overdue", "flag", 0),
        ("income_median_pay_gap_days", "days", 1),
        ("savings_growth_rate", "percent", 1),
        ("savings_net_inflow_monthly", "US dollars", 2),
        ("cash_flow_buffer_months", "months", 2),
        ("cash_flow_pct_days_below_100", "percent", 1),
        ("cash_flow_balance_volatility", "times", 2),
    )
)
KNOWN: Final = {signal.name: signal for signal in (*STATED, *MODE.signals)}


@cache
def cases_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(HERE / f"{name}.yaml").value
    return found


@cache
def rules_of(name: str) -> Rulebook:
    return load_rulebook(MODE.folder / "rulebooks" / f"{name}.yaml", tuple(KNOWN.values()))


def personas_of(name: str) -> list[str]:
    return [key for key in cases_of(name) if key not in ("ordinary", "choices")]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(name, persona, case, id=f"{name}, {persona}: {case['name']}")
        for name in ("registry", "severity")
        for persona in personas_of(name)
        for case in cases_of(name)[persona][kind]
    ]


def customer(name: str, **changes: float | None) -> dict[str, Column]:
    ordinary = cases_of(name)["ordinary"]
    assert changes.keys() <= ordinary.keys()
    return {
        signal: Column(np.array([0.0 if v is None else float(v)]), np.array([v is not None]))
        for signal, v in (ordinary | changes).items()
    }


def of_case(name: str, case: dict[str, Any]) -> dict[str, Column]:
    return customer(name, **{key: value for key, value in case.items() if key not in APART})


def assigned(name: str, **changes: float | None) -> Assignment:
    return assign(rules_of(name), customer(name, **changes), "30d")[0]


@pytest.mark.parametrize("name", ["registry", "severity"])
def test_every_persona_of_a_rulebook_has_cases(name: str) -> None:
    found = sorted(rules_of(name).personas, key=lambda persona: persona.number)
    assert [(persona.id, persona.number) for persona in found] == [
        (persona, place) for place, persona in enumerate(personas_of(name), 1)
    ]


@pytest.mark.parametrize("name", ["registry", "severity"])
def test_the_ordinary_customer_has_every_figure_that_is_asked_for(name: str) -> None:
    assert set(rules_of(name).asked) == set(cases_of(name)["ordinary"])


def test_no_persona_of_the_registry_fits_the_ordinary_customer() -> None:
    found = assigned("registry")
    assert (found.status, found.primary, found.qualifying) == ("UNCLASSIFIED", "unclassified", ())


def test_by_severity_the_ordinary_customer_is_stable_and_has_no_persona() -> None:
    found = assigned("severity")
    assert (found.status, found.primary, found.secondary) == ("STABLE", None, None)
    assert (found.qualifying, found.title) == ((), "Steady")


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("name", "persona", "case"), cases("pass"))
def test_this_customer_is_one(name: str, persona: str, case: dict[str, Any], window: str) -> None:
    found = assign(rules_of(name), of_case(name, case), window)[0]
    assert found.time_window == window
    assert persona in found.qualifying
    assert found.evidence[persona].matched
    assert found.evidence[persona].matched_conditions


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("name", "persona", "case"), cases("fail"))
def test_this_customer_is_none(name: str, persona: str, case: dict[str, Any], window: str) -> None:
    rules, table = rules_of(name), of_case(name, case)
    place = [one.id for one in rules.personas].index(persona)
    truth = match(rules, usable(rules, table)).truth_of(place).tolist()
    assert truth == [UNKNOWN if case.get("outcome") == "unknown" else FALSE]
    found = assign(rules, table, window)[0]
    assert persona not in found.qualifying
    outcomes = {leaf.outcome for leaf in found.evidence[persona].leaves}
    assert case.get("outcome") != "unknown" or "unknown" in outcomes


@pytest.mark.parametrize(("name", "persona", "case"), [*cases("pass"), *cases("fail")])
def test_the_nearest_change_applied_turns_the_rules_as_it_says(
    name: str, persona: str, case: dict[str, Any]
) -> None:
    rules, table = rules_of(name), of_case(name, case)
    change = nearest_change(rules, table, 0)
    assert change is not None, persona
    before = assign(rules, table, "30d")[0]
    changed = {figure.signal: figure.to for figure in change.figures}
    applied = table | {key: Column(np.array([to]), np.array([True])) for key, to in changed.items()}
    after = assign(rules, applied, "30d")[0]
    assert after.primary == change.primary != before.primary
    for figure in change.figures:
        assert (float(table[figure.signal].values[0]), bool(table[figure.signal].known[0])) == (
            figure.actual, True,
        )  # fmt: skip


@pytest.mark.parametrize(
    "case", cases_of("severity")["choices"], ids=lambda case: str(case["name"])
)
def test_by_severity_this_customer_is_treated_as(case: dict[str, Any]) -> None:
    table = customer("severity", **case["changes"])
    (found,) = evaluate(rules_of("severity"), table).rankings()
    assert found.primary_id == case["primary"]
    assert (found.secondary.id if found.secondary else None) == case["secondary"]
    assert found.severity == case.get("severity")
    assert found.reason == case["reason"]
    assert found.status == ("ASSIGNED" if case["primary"] else "STABLE")


def test_of_several_personas_of_the_registry_the_lowest_number_wins() -> None:
    found = assigned(
        "registry", credit_max_utilization_pct=80, savings_emergency_fund_months=1,
        transaction_history_days=90,
    )  # fmt: skip
    assert found.qualifying == ("high_utilization", "low_savings", "young_professional")
    assert (found.primary, found.secondary) == ("high_utilization", "low_savings")
    assert found.reason == "Highest priority match among 3 qualifying personas (priority 1)"
    assert found.evidence["high_utilization"].matched_conditions == (
        "credit_max_utilization_pct >= 50.0",
    )


def test_the_levels_of_the_severity_rulebook_are_ranked_from_critical_to_low() -> None:
    found = {
        persona.id: (persona.level, persona.priority) for persona in rules_of("severity").personas
    }
    assert found == {
        "high_utilizer": ("CRITICAL", 0),
        "variable_income": ("HIGH", 1),
        "cash_flow_stressed": ("HIGH", 1),
        "subscription_heavy": ("MEDIUM", 2),
        "savings_builder": ("LOW", 3),
    }


def test_a_config_file_moves_a_threshold_and_marks_the_version(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"high_utilization": 70, "long_pay_gap": 20}')
    path = MODE.folder / "rulebooks" / "severity.yaml"
    rules = load_rulebook(path, tuple(KNOWN.values()), read_overrides(config))
    table = customer("severity", credit_max_utilization_pct=68)
    assert assign(rules, table, "30d")[0].primary is None
    assert rules.version == "1+high_utilization=70,long_pay_gap=20"
    assert rules.settings["thin_buffer"] == 1.0
    paid_late = customer("severity", income_median_pay_gap_days=30, cash_flow_buffer_months=0.5)
    (found,) = evaluate(rules, paid_late).rankings()
    assert (found.primary_id, found.severity) == ("variable_income", 1.5)


def test_a_rulebook_asks_only_for_signals_that_banking_has() -> None:
    landed = {signal.name for signal in MODE.signals}
    if not {signal.name for signal in STATED} <= landed:
        pytest.skip("banking does not measure all of them yet")
    assert set(rules_of("severity").asked) <= landed
    assert KNOWN["savings_growth_rate"].unit == "percent"
