from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.domain.assignment import Assignment
from backend.domain.signals import Column
from backend.industries.banking import MODE
from backend.personas.assigner import assign
from backend.personas.figures import usable
from backend.personas.logic import at
from backend.personas.matcher import match
from backend.personas.registry import Rulebook, load_rulebook
from backend.yamlfile import read_yaml

CASES: dict[str, Any] = read_yaml(Path(__file__).parent / "cases" / "registry.yaml").value
ORDINARY = CASES["ordinary"]
PERSONAS = [name for name in CASES if name != "ordinary"]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(persona, case, id=f"{persona}: {case['name']}")
        for persona in PERSONAS
        for case in CASES[persona][kind]
    ]


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load_rulebook(MODE.folder / "rulebooks" / "registry.yaml", MODE.signals)


def customer(case: dict[str, Any]) -> dict[str, Column]:
    changed = {key: value for key, value in case.items() if key not in ("name", "outcome")}
    assert changed.keys() <= ORDINARY.keys()
    figures = ORDINARY | changed
    return {
        name: Column(np.array([0.0 if v is None else float(v)]), np.array([v is not None]))
        for name, v in figures.items()
    }


def assigned(rules: Rulebook, **changes: float | None) -> Assignment:
    return assign(rules, customer(changes), "30d")[0]


def test_every_persona_of_the_rulebook_has_cases(rules: Rulebook) -> None:
    assert [(p.id, p.number, p.priority) for p in rules.personas] == [
        (name, place, place) for place, name in enumerate(PERSONAS, 1)
    ]


def test_no_persona_fits_the_ordinary_customer(rules: Rulebook) -> None:
    found = assigned(rules)
    assert (found.status, found.qualifying) == ("UNCLASSIFIED", ())


@pytest.mark.parametrize(("persona", "case"), cases("pass"))
def test_this_customer_is_one(rules: Rulebook, persona: str, case: dict[str, Any]) -> None:
    found = assign(rules, customer(case), "30d")[0]
    assert persona in found.qualifying
    assert found.evidence[persona].matched


@pytest.mark.parametrize(("persona", "case"), cases("fail"))
def test_this_customer_is_none(rules: Rulebook, persona: str, case: dict[str, Any]) -> None:
    table = customer(case)
    (verdict,) = (v for v in match(rules, usable(rules, table)).personas if v.persona.id == persona)
    assert at(verdict.root.truth, 0) is (None if case.get("outcome") == "unknown" else False)
    assert persona not in assign(rules, table, "30d")[0].qualifying


def test_of_several_personas_the_lowest_number_wins(rules: Rulebook) -> None:
    found = assigned(
        rules, credit_max_utilization_pct=80, savings_emergency_fund_months=1,
        transaction_history_days=90,
    )  # fmt: skip
    assert found.qualifying == ("high_utilization", "low_savings", "young_professional")
    assert (found.primary, found.secondary) == ("high_utilization", "low_savings")
    assert found.reason == "Highest priority match among 3 qualifying personas (priority 1)"
    assert found.evidence["high_utilization"].matched_conditions == (
        "credit_max_utilization_pct >= 50.0",
    )
