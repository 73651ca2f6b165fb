from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.assignment import Evidence, Leaf
from backend.personas.assigner import assign
from backend.personas.rulebook import Rulebook
from backend.strictjson import canonical
from tests.persona_kit import leaf, rulebook, table


def every(rules: Rulebook, **figures: float | None) -> dict[str, Evidence]:
    found = assign(rules, table(**{name: [value] for name, value in figures.items()}), "30d")
    return found[0].evidence


def evidence(criteria: dict[str, Any], **figures: float | None) -> Evidence:
    return every(rulebook(criteria), **figures)["p1"]


def only_leaf(criteria: dict[str, Any], **figures: float | None) -> Leaf:
    (found,) = evidence(criteria, **figures).leaves
    return found


def test_a_leaf_says_what_was_asked_and_how_it_came_out() -> None:
    assert only_leaf(leaf("use_pct", ">=", 50), use_pct=62.5) == Leaf(
        signal="use_pct", actual=62.5, operator=">=", threshold=50.0, margin=12.5, outcome="true"
    )


@pytest.mark.parametrize(
    ("operator", "threshold", "actual", "margin"),
    [
        (">=", 50, 49.9, -0.1),
        (">=", 50, 50.0, 0.0),
        (">", 50, 50.1, 0.1),
        ("<=", 50, 50.1, -0.1),
        ("<", 50, 49.9, 0.1),
        ("<", 50, 50.0, 0.0),
        ("==", 50, 50.0, 0.0),
        ("==", 50, 48.0, -2.0),
        ("!=", 50, 48.0, 2.0),
        ("in", [10, 50], 20.0, -10.0),
        ("in", [10, 50], 50.0, 0.0),
        (">=", 0.125, 0.2, 0.075),
    ],
)
def test_a_margin_is_how_far_a_figure_is_on_the_passing_side(
    operator: str, threshold: float | list[float], actual: float, margin: float
) -> None:
    found = only_leaf(leaf("use_pct", operator, threshold), use_pct=actual)
    assert found.margin == margin


def test_a_margin_of_zero_has_no_sign() -> None:
    for operator in (">=", "<=", "==", "in"):
        threshold = [50] if operator == "in" else 50
        found = only_leaf(leaf("use_pct", operator, threshold), use_pct=50.0)
        assert canonical(found.margin) == "0.0"


def test_what_could_not_be_decided_says_so_and_why() -> None:
    found = only_leaf(leaf("use_pct", ">=", 50), use_pct=None)
    assert (found.actual, found.margin, found.outcome) == (None, None, "unknown")
    assert found.why == "could not be decided: use_pct is missing (there is no card)"


@pytest.mark.parametrize(("policy", "outcome"), [("pass", "true"), ("fail", "false")])
def test_a_policy_decides_without_a_margin(policy: str, outcome: str) -> None:
    found = only_leaf(leaf("use_pct", ">=", 50, missing=policy), use_pct=None)
    assert (found.actual, found.margin, found.outcome, found.why) == (None, None, outcome, None)


def test_is_missing_has_neither_threshold_nor_margin() -> None:
    found = only_leaf(leaf("use_pct", "is_missing"), use_pct=20.0)
    assert (found.actual, found.threshold, found.margin, found.outcome) == (
        20.0,
        None,
        None,
        "false",
    )


def test_a_known_leaf_leaves_why_out_of_the_json() -> None:
    assert "why" not in only_leaf(leaf("use_pct", ">=", 50), use_pct=1.0).model_dump()


def test_every_persona_is_traced_matched_or_not() -> None:
    rules = rulebook(high=leaf("use_pct", ">=", 50), thin=leaf("fund_months", "<", 3))
    found = every(rules, use_pct=60.0, fund_months=9.0)
    assert {name: item.matched for name, item in found.items()} == {"high": True, "thin": False}
    assert found["thin"].evidence == {"fund_months": 9.0}


def test_the_evidence_names_each_signal_once_with_its_actual_value() -> None:
    criteria = {
        "any": [leaf("use_pct", ">=", 50), leaf("use_pct", "<", 5), leaf("fund_months", "<", 3)]
    }
    assert evidence(criteria, use_pct=20.0).evidence == {"use_pct": 20.0, "fund_months": None}


A, B, C = leaf("use_pct", ">=", 50), leaf("fund_months", "<", 3), leaf("visit_count", ">", 2)
A_TEXT, B_TEXT, C_TEXT = "use_pct >= 50.0", "fund_months < 3.0", "visit_count > 2.0"
YES = {"use_pct": 50.0, "fund_months": 1.0, "visit_count": 3.0}
NO = {"use_pct": 0.0, "fund_months": 9.0, "visit_count": 0.0}


@pytest.mark.parametrize(
    ("criteria", "figures", "conditions"),
    [
        (A, YES, [A_TEXT]),
        (A, NO, []),
        ({"any": [A, B]}, YES | {"fund_months": 9.0}, [A_TEXT]),
        ({"any": [A, B]}, YES, [A_TEXT, B_TEXT]),
        ({"all": [A, B]}, YES, [A_TEXT, B_TEXT]),
        ({"all": [A, B]}, YES | {"fund_months": 9.0}, [A_TEXT]),
        ({"any": [{"all": [A, B]}, C]}, YES | {"fund_months": 9.0}, [C_TEXT]),
        ({"not": A}, NO, [f"not {A_TEXT}"]),
        ({"not": A}, YES, []),
        ({"not": {"not": A}}, YES, [A_TEXT]),
        ({"not": {"all": [A, B]}}, NO | {"fund_months": 1.0}, [f"not {A_TEXT}"]),
        (leaf("use_pct", "is_missing"), {"use_pct": None}, ["use_pct is missing"]),
        (leaf("use_pct", "<", 30, missing="pass"), {"use_pct": None}, ["use_pct is missing"]),
        ({"not": leaf("use_pct", "is_missing")}, {"use_pct": 1.0}, ["not use_pct is missing"]),
        (A, {"use_pct": None}, []),
    ],
)
def test_matched_conditions_are_those_that_speak_for_the_persona(
    criteria: dict[str, Any], figures: dict[str, float | None], conditions: list[str]
) -> None:
    assert list(evidence(criteria, **figures).matched_conditions) == conditions


values = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


@given(values, values, st.decimals(-(10**12), 10**12, places=9).map(float))
def test_evidence_is_always_json(use: float | None, fund: float | None, threshold: float) -> None:
    criteria = {
        "any": [
            *(leaf("use_pct", operator, threshold) for operator in (">=", "<", "==", "!=")),
            leaf("fund_months", "in", [threshold], missing="pass"),
        ]
    }
    found = evidence(criteria, use_pct=use, fund_months=fund)
    assert canonical(found.model_dump(mode="json"))
    assert found.matched == any(item.outcome == "true" for item in found.leaves)
