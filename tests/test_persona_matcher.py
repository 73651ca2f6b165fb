from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.signals import Column
from backend.errors import InputError
from backend.personas import logic
from backend.personas.figures import usable
from backend.personas.matcher import match
from tests.persona_kit import came, leaf, outcomes, rulebook, table, verdicts

JUST_UNDER, AT, JUST_OVER = 49.9, 50.0, 50.1


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
        ("==", [False, True, False]),
        ("!=", [True, False, True]),
    ],
)
def test_a_comparison_turns_exactly_at_its_threshold(operator: str, expected: list[bool]) -> None:
    figures = [JUST_UNDER, AT, JUST_OVER]
    assert outcomes(leaf("use_pct", operator, 50), use_pct=figures) == expected


def test_in_is_true_for_the_listed_values_alone() -> None:
    criteria = leaf("visit_count", "in", [1, 3])
    assert outcomes(criteria, visit_count=[0, 1, 2, 3]) == [False, True, False, True]


def test_is_missing_is_always_known() -> None:
    assert outcomes(leaf("use_pct", "is_missing"), use_pct=[None, 0.0]) == [True, False]


@pytest.mark.parametrize("operator", [">=", ">", "<=", "<", "==", "!=", "in"])
@pytest.mark.parametrize("policy", ["unknown", "pass", "fail"])
def test_a_missing_signal_is_worth_what_its_policy_says(operator: str, policy: str) -> None:
    criteria = leaf("use_pct", operator, [777] if operator == "in" else 777, missing=policy)
    worth = {"unknown": None, "pass": True, "fail": False}[policy]
    assert outcomes(criteria, use_pct=[None]) == [worth]


def test_a_missing_signal_is_unknown_where_no_policy_is_stated() -> None:
    assert outcomes(leaf("use_pct", "<", 50), use_pct=[None]) == [None]


def test_a_policy_changes_nothing_where_the_signal_is_known() -> None:
    for policy in ("unknown", "pass", "fail"):
        criteria = leaf("use_pct", ">=", 50, missing=policy)
        assert outcomes(criteria, use_pct=[49.9, 50.0]) == [False, True]


TRUE, FALSE, UNKNOWN = 50.0, 0.0, None
VALUE = {True: TRUE, False: FALSE, None: UNKNOWN}
KLEENE_AND = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, True): False,
    (False, False): False,
    (False, None): False,
    (None, True): None,
    (None, False): False,
    (None, None): None,
}
KLEENE_OR = {
    (True, True): True,
    (True, False): True,
    (True, None): True,
    (False, True): True,
    (False, False): False,
    (False, None): None,
    (None, True): True,
    (None, False): None,
    (None, None): None,
}


@pytest.mark.parametrize(("branch", "truths"), [("all", KLEENE_AND), ("any", KLEENE_OR)])
def test_all_and_any_follow_kleenes_tables(
    branch: str, truths: dict[tuple[bool | None, bool | None], bool | None]
) -> None:
    criteria = {branch: [leaf("use_pct", ">=", 50), leaf("fund_months", ">=", 50)]}
    left = [VALUE[pair[0]] for pair in truths]
    right = [VALUE[pair[1]] for pair in truths]
    assert outcomes(criteria, use_pct=left, fund_months=right) == list(truths.values())


def test_not_turns_true_and_false_and_leaves_unknown() -> None:
    criteria = {"not": leaf("use_pct", ">=", 50)}
    assert outcomes(criteria, use_pct=[TRUE, FALSE, UNKNOWN]) == [False, True, None]


def test_unknown_counts_as_not_matched() -> None:
    unsure = rulebook(leaf("use_pct", ">=", 50), {"not": leaf("use_pct", ">=", 50)})
    found = verdicts(unsure, use_pct=[None])
    assert found.matched.tolist() == [[False], [False]]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e16])
def test_a_value_that_is_no_sensible_number_is_missing(value: float) -> None:
    rules = rulebook({"any": [leaf("use_pct", ">=", 50), leaf("use_pct", "<", 50)]})
    columns = {"use_pct": Column(np.array([value]), np.array([True]))}
    assert came(match(rules, usable(rules, columns)), 0) == [None]


def test_a_table_without_a_needed_signal_is_refused_by_name() -> None:
    rules = rulebook(leaf("use_pct", ">=", 50))
    with pytest.raises(InputError, match="made asks for the signal use_pct"):
        usable(rules, {})


def test_a_table_of_nobody_has_no_verdict_on_anybody() -> None:
    assert outcomes({"all": [leaf("use_pct", ">=", 50)]}, use_pct=[]) == []


# --- against a naive interpreter, one customer at a time --------------------------------------

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "in": lambda a, b: a in b,
}
NAMES = ("use_pct", "fund_months", "visit_count")


def naive(criteria: dict[str, Any], figures: dict[str, float | None]) -> bool | None:
    if "not" in criteria:
        below = naive(criteria["not"], figures)
        return None if below is None else not below
    if "all" in criteria or "any" in criteria:
        parts = [naive(part, figures) for part in criteria.get("all") or criteria["any"]]
        decisive = "any" in criteria
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    actual = figures[criteria["signal"]]
    if criteria["operator"] == "is_missing":
        return actual is None
    if actual is None:
        return {"unknown": None, "pass": True, "fail": False}[criteria.get("missing", "unknown")]
    return COMPARE[criteria["operator"]](actual, criteria["threshold"])


numbers = st.integers(0, 4)
leaves = st.one_of(
    st.builds(
        lambda signal, operator, threshold, missing: leaf(
            signal, operator, threshold, missing=missing
        ),
        st.sampled_from(NAMES),
        st.sampled_from([">=", ">", "<=", "<", "==", "!="]),
        numbers,
        st.sampled_from(["unknown", "pass", "fail"]),
    ),
    st.builds(
        lambda signal, some: leaf(signal, "in", some),
        st.sampled_from(NAMES),
        st.lists(numbers, min_size=1, max_size=3),
    ),
    st.builds(lambda signal: leaf(signal, "is_missing"), st.sampled_from(NAMES)),
)
trees = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.builds(lambda part: {"not": part}, below),
        st.builds(lambda parts: {"all": parts}, st.lists(below, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(below, min_size=1, max_size=3)),
    ),
    max_leaves=6,
).filter(lambda tree: depth(tree) <= 8)


def depth(tree: dict[str, Any]) -> int:
    parts = tree.get("all") or tree.get("any") or ([tree["not"]] if "not" in tree else [])
    return 1 + max(map(depth, parts), default=0)


EVERY_ROW = list(product([None, 0.0, 1.0, 2.0, 3.0, 4.0], repeat=len(NAMES)))


@given(trees)
def test_the_kernels_agree_with_a_naive_interpreter_on_every_row(tree: dict[str, Any]) -> None:
    columns = {name: [row[place] for row in EVERY_ROW] for place, name in enumerate(NAMES)}
    expected = [naive(tree, dict(zip(NAMES, row, strict=True))) for row in EVERY_ROW]
    assert outcomes(tree, **columns) == expected


@given(trees, st.sampled_from(EVERY_ROW))
def test_one_customer_alone_comes_out_as_among_many(
    tree: dict[str, Any], row: tuple[float | None, ...]
) -> None:
    alone = {name: [row[place]] for place, name in enumerate(NAMES)}
    among = {name: [3.0, row[place], None] for place, name in enumerate(NAMES)}
    assert outcomes(tree, **alone) == outcomes(tree, **among)[1:2]


@given(trees)
def test_everything_is_true_false_or_unknown(tree: dict[str, Any]) -> None:
    columns = {name: [row[place] for row in EVERY_ROW] for place, name in enumerate(NAMES)}
    rules = rulebook(tree)
    truth = match(rules, usable(rules, table(**columns))).truth
    assert set(truth.ravel().tolist()) <= {logic.TRUE, logic.FALSE, logic.UNKNOWN}
