from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.personas.assigner import assign
from backend.personas.nearest import NearestChange, nearest_change, nearest_changes
from backend.personas.outcomes import Outcomes, evaluate
from backend.personas.rulebook import LEVELS, Rulebook
from tests.persona_kit import choices, graded, graded_rulebook, leaf, rulebook, table

Row = dict[str, float | None]

RULES = graded_rulebook(
    graded("calm", "LOW", "visit_count", 1, leaf("visit_count", ">=", 1)),
    graded("use", "HIGH", "use_pct", 100, leaf("use_pct", ">=", 10)),
    graded("fund", "HIGH", "fund_months", 10, leaf("fund_months", ">=", 1)),
    graded("broke", "CRITICAL", "limit_total", 1000, leaf("limit_total", "<", 100)),
)


def primary_of(rules: Rulebook, row: Row) -> str | None:
    return choices(rules, **{name: [value] for name, value in row.items()})[0].primary_id


def change_of(rules: Rulebook, row: Row) -> NearestChange | None:
    return nearest_change(rules, table(**{name: [value] for name, value in row.items()}), 0)


def test_the_gravest_level_comes_first_whatever_the_severities() -> None:
    (found,) = choices(RULES, visit_count=[900.0], use_pct=[99.0], limit_total=[1.0])
    assert [persona.id for persona in found.qualifying] == ["broke", "use", "calm"]
    assert (found.status, found.severity) == ("ASSIGNED", 0.001)
    assert found.reason == "CRITICAL outranks HIGH among 3 qualifying personas (priority 0)"
    assert found.secondary_reason == (
        "After broke: HIGH outranks LOW among 2 qualifying personas (priority 1)"
    )


def test_in_one_level_the_larger_severity_comes_first() -> None:
    first, second = choices(RULES, use_pct=[51.0, 50.0], fund_months=[5.0, 5.1])
    assert (first.primary_id, first.severity) == ("use", 0.51)
    assert (second.primary_id, second.severity) == ("fund", 0.51)
    assert (
        first.reason == "Larger severity of HIGH personas among 2 qualifying personas (priority 1)"
    )
    assert first.secondary_reason == (
        "After use: Only HIGH persona among 1 qualifying personas (priority 1)"
    )


def test_of_equally_severe_personas_the_first_by_id_comes_first() -> None:
    (found,) = choices(RULES, use_pct=[50.0], fund_months=[5.0])
    assert [persona.id for persona in found.qualifying] == ["fund", "use"]
    assert found.reason == (
        "First id of equally severe HIGH personas among 2 qualifying personas (priority 1)"
    )


def test_one_alone_and_nobody_have_their_own_reasons() -> None:
    one, nobody = choices(RULES, use_pct=[50.0, 1.0])
    assert one.reason == "Only HIGH persona among 1 qualifying personas (priority 1)"
    assert one.secondary_reason == "No second qualifying persona"
    assert (nobody.status, nobody.primary_id, nobody.severity) == ("STABLE", None, None)
    assert nobody.reason == "No qualifying personas found"


def test_a_severity_that_is_missing_sorts_as_zero() -> None:
    missing = graded("a", "HIGH", "use_pct", 1, leaf("use_pct", "is_missing"))
    negative = graded("b", "HIGH", "fund_months", 1, leaf("fund_months", "<", 9))
    rules = graded_rulebook(missing, negative)
    found = choices(rules, use_pct=[None, None], fund_months=[-0.1, 0.1])
    assert [one.primary_id for one in found] == ["a", "b"]
    assert [one.severity for one in found] == [0.0, 0.1]


def test_the_wire_says_stable_without_a_persona() -> None:
    found = assign(RULES, table(use_pct=[1.0]), "30d")[0]
    assert (found.status, found.primary, found.secondary) == ("STABLE", None, None)
    assert found.summary.startswith("Nobody in particular, as no criteria are met; it would be")


def test_the_nearest_change_may_be_that_another_becomes_graver() -> None:
    change = change_of(RULES, {"use_pct": 50.0, "fund_months": 4.9, "limit_total": 5000.0})
    assert change is not None
    assert [(one.signal, one.to) for one in change.figures] == [("fund_months", 5.0)]
    assert change.primary == "fund"


def test_the_nearest_change_may_be_that_the_first_becomes_less_grave() -> None:
    row: Row = {"use_pct": 80.0, "fund_months": 7.9}
    change = change_of(RULES, row)
    assert change is not None
    assert [(one.signal, one.to) for one in change.figures] == [("fund_months", 8.0)]
    steep = graded_rulebook(
        graded("slow", "HIGH", "fund_months", 1, leaf("fund_months", "in", [2])),
        graded("use", "HIGH", "use_pct", 10, leaf("use_pct", ">=", 10)),
        graded("rest", "LOW", "visit_count", 1, leaf("visit_count", ">=", 1)),
    )
    change = change_of(steep, {"use_pct": 25.0, "fund_months": 2.0})
    assert change is not None
    assert [(one.signal, one.to) for one in change.figures] == [("use_pct", 20.0)]
    assert change.primary == "slow"


# --- against brute force -----------------------------------------------------------------------

NAMES = ("use_pct", "fund_months", "visit_count")
HALVES = [half / 2 for half in range(-2, 13)]
GRID = {"use_pct": HALVES, "fund_months": HALVES, "visit_count": HALVES[::2]}


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        leaf, st.sampled_from(NAMES), st.sampled_from([">=", "<=", "<", ">", "==", "!="]),
        st.integers(0, 5), missing=st.sampled_from(["unknown", "pass", "fail"]),
    )  # fmt: skip


def trees() -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(conditions(), min_size=1, max_size=2)
    return st.one_of(
        conditions(),
        st.builds(lambda parts: {"all": parts}, some),
        st.builds(lambda parts: {"any": parts}, some),
        st.builds(lambda parts: {"not": {"all": parts}}, some),
    )


grades = st.tuples(st.sampled_from(["HIGH", "LOW"]), st.sampled_from(NAMES), trees())
rows = st.fixed_dictionaries({name: st.sampled_from([None, *GRID[name]]) for name in NAMES})


def qualifying(found: Outcomes) -> list[list[str]]:
    ids = [persona.id for persona in found.rulebook.personas]
    orders = found.order().T.tolist()
    counts = found.counts().tolist()
    return [[ids[at] for at in order[:count]] for order, count in zip(orders, counts, strict=True)]


def ruled(some: list[tuple[str, str, dict[str, Any]]]) -> Rulebook:
    # whole figures per 1: the grid then holds every way to change places
    return graded_rulebook(*(
        graded(f"p{place}", level, figure, 1, tree)
        for place, (level, figure, tree) in enumerate(some)
    ))  # fmt: skip


@given(st.lists(grades, min_size=1, max_size=3), rows)
def test_a_change_applied_makes_the_rules_give_the_persona_it_names(
    some: list[tuple[str, str, dict[str, Any]]], row: Row
) -> None:
    rules = ruled(some)
    change = change_of(rules, row)
    assume(change is not None)
    assert change is not None
    applied = row | {figure.signal: figure.to for figure in change.figures}
    assert primary_of(rules, applied) == change.primary
    assert change.primary != primary_of(rules, row)
    assert all(row[figure.signal] == figure.actual != figure.to for figure in change.figures)


@given(st.lists(grades, min_size=1, max_size=3), rows)
def test_no_change_of_fewer_figures_would_do(
    some: list[tuple[str, str, dict[str, Any]]], row: Row
) -> None:
    rules = ruled(some)
    change = change_of(rules, row)
    options = [[None] if row[name] is None else GRID[name] for name in NAMES]
    every = [dict(zip(NAMES, values, strict=True)) for values in product(*options)]
    columns = {name: [option[name] for option in every] for name in NAMES}
    current = primary_of(rules, row)
    turned = [
        sum(option[name] != row[name] for name in NAMES)
        for option, found in zip(every, choices(rules, **columns), strict=True)
        if found.primary_id != current
    ]
    least = min(turned, default=None)
    assert (len(change.figures) if change else None) == least


@given(st.lists(grades, min_size=1, max_size=3), st.lists(rows, min_size=1, max_size=5))
def test_a_customer_alone_is_as_among_many_and_columns_say_what_rankings_say(
    some: list[tuple[str, str, dict[str, Any]]], customers: list[Row]
) -> None:
    rules = ruled(some)
    columns = {name: [row[name] for row in customers] for name in NAMES}
    many = evaluate(rules, table(**columns))
    ranked = many.rankings()
    assert many.persona_ids(many.primary).tolist() == [one.primary_id for one in ranked]
    seconds = many.persona_ids(many.secondary()).tolist()
    assert seconds == [one.secondary.id if one.secondary else None for one in ranked]
    assert many.reasons().tolist() == [one.reason for one in ranked]
    assert many.statuses().tolist() == [one.status for one in ranked]
    assert many.counts().tolist() == [len(one.qualifying) for one in ranked]
    assert qualifying(many) == [[persona.id for persona in one.qualifying] for one in ranked]
    own = many.primary_severities()
    assert [None if np.isnan(one) else one for one in own.tolist()] == [
        one.severity for one in ranked
    ]
    alone = [choices(rules, **{name: [row[name]] for name in NAMES})[0] for row in customers]
    assert alone == ranked
    assert nearest_changes(many) == [change_of(rules, row) for row in customers]


def test_by_priority_the_columns_say_what_the_rankings_say_as_well() -> None:
    rules = rulebook(leaf("use_pct", ">=", 50), leaf("fund_months", "<", 3))
    found = evaluate(rules, table(use_pct=[60.0, 60.0, None], fund_months=[1.0, 9.0, None]))
    assert found.persona_ids(found.primary).tolist() == ["p1", "p1", "unclassified"]
    assert found.secondary().tolist() == [1, -1, -1]
    assert qualifying(found) == [["p1", "p2"], ["p1"], []]
    assert found.reasons().tolist() == [one.reason for one in found.rankings()]
    assert found.statuses().tolist() == ["ASSIGNED", "ASSIGNED", "UNCLASSIFIED"]
    assert found.priorities()[:2].tolist() == [1.0, 1.0]
    assert np.isnan(found.priorities()[2])
    assert np.isnan(found.primary_severities()).all()


@pytest.mark.parametrize("order", ["priority", "severity"])
def test_a_table_of_nobody_has_columns_of_no_length(order: str) -> None:
    rules = RULES if order == "severity" else rulebook(leaf("use_pct", ">=", 50))
    found = evaluate(rules, table(use_pct=[]))
    assert (len(found), found.rankings(), found.reasons().tolist()) == (0, [], [])
    assert found.secondary().tolist() == []


def test_levels_are_ranked_from_critical_to_low() -> None:
    assert LEVELS == ("CRITICAL", "HIGH", "MEDIUM", "LOW")
    assert [persona.priority for persona in RULES.personas] == [0, 1, 1, 3]
