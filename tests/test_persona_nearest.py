from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.personas.nearest import NearestChange, nearest_change, nearest_changes
from backend.personas.outcomes import evaluate
from backend.personas.rulebook import Rulebook
from tests.persona_kit import choices, graded, graded_rulebook, leaf, rulebook, table

Row = dict[str, float | None]


def change_of(rules: Rulebook, row: Row) -> NearestChange | None:
    return nearest_change(rules, table(**{name: [value] for name, value in row.items()}), 0)


def primary_of(rules: Rulebook, row: Row) -> str | None:
    columns = {name: [value] for name, value in row.items()}
    return choices(rules, **columns)[0].primary_id


def applied(row: Row, change: NearestChange) -> Row:
    return row | {figure.signal: figure.to for figure in change.figures}


def test_the_nearest_change_of_a_customer_whom_nothing_fits_reaches_a_threshold() -> None:
    change = change_of(rulebook(leaf("use_pct", ">=", 50)), {"use_pct": 44.4})
    assert change is not None
    assert [(f.signal, f.actual, f.to) for f in change.figures] == [("use_pct", 44.4, 50.0)]
    assert change.primary == "p1"


def test_a_matched_persona_is_left_by_the_smallest_step_its_signal_can_take() -> None:
    change = change_of(rulebook(leaf("use_pct", ">=", 50)), {"use_pct": 62.5})
    assert change is not None
    assert [figure.to for figure in change.figures] == [49.9]
    assert change.primary == "unclassified"


def test_fewer_figures_go_before_smaller_ones() -> None:
    rules = rulebook(
        {"all": [leaf("use_pct", ">=", 50), leaf("fund_months", ">=", 6)]},
        leaf("limit_total", ">=", 5000),
    )
    change = change_of(rules, {"use_pct": 49.9, "fund_months": 5.9, "limit_total": 1.0})
    assert change is not None
    assert [figure.signal for figure in change.figures] == ["limit_total"]


def test_among_equally_many_figures_the_smallest_share_of_a_threshold_wins() -> None:
    rules = rulebook(leaf("use_pct", ">=", 50), leaf("limit_total", ">=", 5000))
    change = change_of(rules, {"use_pct": 40.0, "limit_total": 4900.0})
    assert change is not None
    assert (change.primary, change.figures[0].to) == ("p2", 5000.0)


def test_a_change_across_a_threshold_of_zero_is_measured_in_the_signal_s_own_unit() -> None:
    rules = rulebook(leaf("use_pct", "<=", 10), leaf("fund_months", "<=", 0))
    change = change_of(rules, {"use_pct": 25.0, "fund_months": 2.0})
    assert change is not None
    assert change.figures[0].signal == "use_pct"
    change = change_of(rules, {"use_pct": 25.0, "fund_months": 1.4})
    assert change is not None
    assert change.figures[0].signal == "fund_months"


def test_of_two_thresholds_of_one_signal_the_nearer_value_is_named() -> None:
    rules = rulebook(
        {
            "any": [
                {"all": [leaf("visit_count", ">=", 8), leaf("use_pct", ">=", 2)]},
                {"all": [leaf("visit_count", ">=", 6), leaf("fund_months", ">=", 1)]},
            ]
        }
    )
    change = change_of(rules, {"visit_count": 2.0, "use_pct": 0.0, "fund_months": 1.0})
    assert change is not None
    assert [figure.to for figure in change.figures] == [6.0]


def test_a_change_may_need_several_figures() -> None:
    rules = rulebook({"all": [leaf("use_pct", "<", 10), leaf("fund_months", ">=", 6)]})
    change = change_of(rules, {"use_pct": 20.0, "fund_months": 2.0})
    assert change is not None
    assert {figure.signal: figure.to for figure in change.figures} == {
        "use_pct": 9.9,
        "fund_months": 6.0,
    }


def test_a_threshold_between_two_values_of_a_signal_is_passed_at_the_next_one() -> None:
    change = change_of(rulebook(leaf("visit_count", ">", 2.5)), {"visit_count": 1.0})
    assert change is not None
    assert [figure.to for figure in change.figures] == [3.0]


@pytest.mark.parametrize(
    "criteria",
    [leaf("use_pct", ">=", 50), leaf("use_pct", ">=", 50, missing="pass"),
     leaf("use_pct", "is_missing")],
)  # fmt: skip
def test_what_is_missing_stays_missing(criteria: dict[str, Any]) -> None:
    assert change_of(rulebook(criteria), {"use_pct": None}) is None


def test_equally_near_changes_are_settled_by_the_order_of_the_rulebook() -> None:
    rules = rulebook(leaf("use_pct", ">=", 50), leaf("fund_months", ">=", 50))
    change = change_of(rules, {"use_pct": 40.0, "fund_months": 40.0})
    assert change is not None
    assert change.primary == "p1"


NAMES = ("use_pct", "fund_months", "visit_count")
HALVES = [half / 2 for half in range(-2, 13)]
# thresholds are whole here, so these stand for every value that the signals' decimals allow
GRID = {"use_pct": HALVES, "fund_months": HALVES, "visit_count": HALVES[::2]}


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        leaf,
        st.sampled_from(NAMES),
        st.sampled_from([">=", "<=", "<", ">", "==", "!="]),
        st.integers(0, 5),
        missing=st.sampled_from(["unknown", "pass", "fail"]),
    )


def trees() -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(conditions(), min_size=1, max_size=3)
    return st.one_of(
        conditions(),
        st.builds(lambda parts: {"all": parts}, some),
        st.builds(lambda parts: {"any": parts}, some),
        st.builds(lambda parts: {"not": {"all": parts}}, some),
    )


rows = st.fixed_dictionaries({name: st.sampled_from([None, *GRID[name]]) for name in NAMES})


@given(st.lists(trees(), min_size=1, max_size=3), rows)
def test_a_change_applied_makes_the_rules_give_the_persona_it_names(
    criteria: list[dict[str, Any]], row: Row
) -> None:
    rules = rulebook(*criteria)
    change = change_of(rules, row)
    assume(change is not None)
    assert change is not None
    assert primary_of(rules, applied(row, change)) == change.primary
    assert change.primary != primary_of(rules, row)
    assert all(row[figure.signal] == figure.actual != figure.to for figure in change.figures)


@given(st.lists(trees(), min_size=1, max_size=3), rows)
def test_no_change_of_fewer_figures_would_do(criteria: list[dict[str, Any]], row: Row) -> None:
    rules = rulebook(*criteria)
    change = change_of(rules, row)
    options = [[None] if row[name] is None else GRID[name] for name in NAMES]
    every = [dict(zip(NAMES, values, strict=True)) for values in product(*options)]
    columns = {name: [option[name] for option in every] for name in NAMES}
    current = primary_of(rules, row)
    turned = [
        sum(option[name] != row[name] for name in NAMES)
        for option, ranking in zip(every, choices(rules, **columns), strict=True)
        if ranking.primary_id != current
    ]
    assert (len(change.figures) if change else None) == min(turned, default=None)


@given(st.lists(trees(), min_size=1, max_size=2), st.lists(rows, min_size=2, max_size=4))
def test_one_customer_alone_has_the_same_nearest_change_as_among_many(
    criteria: list[dict[str, Any]], some: list[Row]
) -> None:
    rules = rulebook(*criteria)
    columns = table(**{name: [row[name] for row in some] for name in NAMES})
    among = nearest_changes(evaluate(rules, columns))
    assert among == [change_of(rules, row) for row in some]


def test_many_customers_are_tried_in_parts_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = graded_rulebook(
        graded("use", "HIGH", "use_pct", 10, leaf("use_pct", ">=", 50)),
        graded("fund", "HIGH", "fund_months", 1, leaf("fund_months", "<", 3)),
    )
    columns = table(use_pct=[10.0, 60.0, 49.0], fund_months=[9.0, 1.0, None])
    whole = nearest_changes(evaluate(rules, columns))
    monkeypatch.setattr("backend.personas.nearest._ROWS_AT_ONCE", 1)
    assert nearest_changes(evaluate(rules, columns)) == whole
