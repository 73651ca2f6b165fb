from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import strictjson
from backend.domain.assignment import Evidence, PersonaAssignmentRecord
from backend.errors import InputError
from backend.personas.assigner import assign
from backend.personas.outcomes import evaluate
from backend.personas.record import Occasion, record_of
from backend.personas.rulebook import Rulebook
from backend.personas.trace import Traced, trace
from backend.personas.windows import days_of, read_window
from tests.persona_kit import graded, graded_rulebook, leaf, rulebook, table

AS_OF = date(2026, 1, 15)
BY_PRIORITY = rulebook(
    heavy_use=leaf("use_pct", ">=", 50),
    thin_fund={"any": [leaf("fund_months", "<", 3), leaf("limit_total", "<", 500)]},
)
BY_SEVERITY = graded_rulebook(
    graded("use", "HIGH", "use_pct", 100, leaf("use_pct", ">=", 10)),
    graded("fund", "HIGH", "fund_months", 10, leaf("fund_months", ">=", 1)),
    graded("broke", "CRITICAL", "limit_total", 1000, leaf("limit_total", "<", 100)),
)


def traced(rules: Rulebook, **figures: float | None) -> Traced:
    columns = table(**{name: [value] for name, value in figures.items()})
    (found,) = trace(evaluate(rules, columns), ["somebody"], AS_OF, "30d")
    return found


def test_a_trace_says_whose_it_is_and_when() -> None:
    found = traced(BY_PRIORITY, use_pct=60.0).trace
    assert list(found) == ["user_id", "window_days", "as_of_date", "evaluations", "result"]
    assert (found["user_id"], found["window_days"]) == ("somebody", 30)
    assert found["as_of_date"] == "2026-01-15"


def test_every_persona_is_evaluated_whether_it_matches_or_not() -> None:
    found = traced(BY_PRIORITY, use_pct=60.0, fund_months=9.0).trace["evaluations"]
    assert list(found) == ["heavy_use", "thin_fund"]
    for one in found.values():
        assert list(one) == ["matched", "criteria", "triggered_by", "severity", "priority"]
    assert found["heavy_use"]["matched"]
    assert found["heavy_use"]["triggered_by"] == ["use_pct >= 50.0"]
    assert (found["heavy_use"]["severity"], found["heavy_use"]["priority"]) == (None, 1)
    assert not found["thin_fund"]["matched"]
    assert found["thin_fund"]["triggered_by"] == []
    assert [one["outcome"] for one in found["thin_fund"]["criteria"]] == ["false", "unknown"]
    assert found["thin_fund"]["criteria"][1]["why"].startswith("could not be decided: limit_total")


def test_what_holds_without_a_match_has_triggered_nothing() -> None:
    rules = rulebook({"all": [leaf("use_pct", ">=", 50), leaf("fund_months", "<", 3)]})
    found = traced(rules, use_pct=60.0, fund_months=9.0)
    assert found.trace["evaluations"]["p1"]["triggered_by"] == []
    assert found.evidence["p1"]["matched_conditions"] == ["use_pct >= 50.0"]


def test_by_severity_every_figure_is_in_the_trace_with_the_rank_of_its_level() -> None:
    found = traced(BY_SEVERITY, use_pct=60.0, fund_months=5.0).trace
    counted = [(one["severity"], one["priority"]) for one in found["evaluations"].values()]
    assert list(found["evaluations"]) == ["broke", "fund", "use"]
    assert counted == [(0.0, 0), (0.5, 1), (0.6, 1)]
    assert found["result"] == {
        "primary_persona_id": 1,
        "primary_reasoning": (
            "Larger severity of HIGH personas among 2 qualifying personas (priority 1)"
        ),
        "secondary_persona_id": 2,
        "secondary_reasoning": (
            "After use: Only HIGH persona among 1 qualifying personas (priority 1)"
        ),
        "status": "ASSIGNED",
    }


def test_nobody_s_result_has_no_persona() -> None:
    for rules, status in ((BY_PRIORITY, "UNCLASSIFIED"), (BY_SEVERITY, "STABLE")):
        assert traced(rules, use_pct=1.0).trace["result"] == {
            "primary_persona_id": None,
            "primary_reasoning": "No qualifying personas found",
            "secondary_persona_id": None,
            "secondary_reasoning": "No second qualifying persona",
            "status": status,
        }


def test_a_second_persona_by_priority_has_its_reason() -> None:
    found = traced(BY_PRIORITY, use_pct=60.0, fund_months=1.0).trace["result"]
    assert found["secondary_persona_id"] == 2
    assert found["secondary_reasoning"] == (
        "Second highest priority match among 2 qualifying personas (priority 2)"
    )


figures = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


@pytest.mark.parametrize("rules", [BY_PRIORITY, BY_SEVERITY], ids=["priority", "severity"])
@given(st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=4))
def test_a_trace_is_what_was_assigned_and_always_json(rules: Rulebook, rows: Any) -> None:
    names = ("use_pct", "fund_months", "limit_total")
    columns = table(**{name: [row[at] for row in rows] for at, name in enumerate(names)})
    ids = [str(place) for place in range(len(rows))]
    found = list(trace(evaluate(rules, columns), ids, AS_OF, "180d"))
    for one, assignment in zip(found, assign(rules, columns, "180d"), strict=True):
        evidence = {name: Evidence.model_validate(row) for name, row in one.evidence.items()}
        assert evidence == assignment.evidence
        assert one.ranking.primary_id == assignment.primary
        assert strictjson.parse(one.evidence_json) == strictjson.parse(
            strictjson.dumps(assignment.model_dump(mode="json")["evidence"])
        )
        assert strictjson.parse(one.trace_json)["result"]["status"] == assignment.status
        matched = [name for name, row in one.trace["evaluations"].items() if row["matched"]]
        assert sorted(matched) == sorted(assignment.qualifying)


def test_a_trace_needs_an_id_a_customer() -> None:
    outcomes = evaluate(BY_PRIORITY, table(use_pct=[1.0, 2.0]))
    with pytest.raises(ValueError, match="zip"):
        list(trace(outcomes, ["one"], AS_OF, "30d"))


# --- the record ---------------------------------------------------------------------------------

COLUMNS = [
    "assignment_id",
    "user_id",
    "time_window",
    "window_days",
    "as_of_date",
    "rulebook",
    "rulebook_version",
    "status",
    "assigned_persona_id",
    "primary_persona_id",
    "primary_persona_name",
    "secondary_persona_id",
    "secondary_persona_name",
    "priority",
    "severity",
    "qualifying_personas",
    "match_evidence",
    "assignment_trace",
    "prioritization_reason",
    "signal_id",
    "assigned_at",
]
NOW = "2026-01-15T12:00:00.000Z"


def test_a_record_has_the_columns_of_its_table() -> None:
    assert list(PersonaAssignmentRecord._fields) == COLUMNS


def test_a_record_says_what_was_chosen() -> None:
    choice = traced(BY_SEVERITY, use_pct=60.0, fund_months=5.0)
    found = record_of(BY_SEVERITY, choice, Occasion("30d", AS_OF, NOW))
    assert (found.user_id, found.time_window, found.window_days) == ("somebody", "30d", 30)
    assert (found.rulebook, found.rulebook_version, found.status) == ("made", "1", "ASSIGNED")
    assert (found.assigned_persona_id, found.primary_persona_id) == ("use", 1)
    assert (found.primary_persona_name, found.secondary_persona_name) == ("Use", "Fund")
    assert (found.secondary_persona_id, found.priority, found.severity) == (2, 1, 0.6)
    assert found.qualifying_personas == '["use","fund"]'
    assert found.match_evidence == choice.evidence_json
    assert found.assignment_trace == choice.trace_json
    assert found.prioritization_reason == choice.ranking.reason
    assert (found.assignment_id, found.signal_id, found.assigned_at) == (None, None, NOW)


@pytest.mark.parametrize(
    ("rules", "persona", "status"),
    [(BY_PRIORITY, "unclassified", "UNCLASSIFIED"), (BY_SEVERITY, None, "STABLE")],
    ids=["priority", "severity"],
)
def test_a_record_of_nobody_has_neither_number_nor_priority(
    rules: Rulebook, persona: str | None, status: str
) -> None:
    found = record_of(rules, traced(rules, use_pct=1.0), Occasion("30d", AS_OF, NOW))
    assert (found.assigned_persona_id, found.status) == (persona, status)
    assert (found.primary_persona_id, found.primary_persona_name) == (None, None)
    assert (found.priority, found.severity, found.qualifying_personas) == (None, None, "[]")


# --- windows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["30d", "30", 30, "30_day", "30_days", "30day"])
def test_a_window_is_taken_in_however_it_is_spelled(spelled: str | int) -> None:
    assert (read_window(spelled), days_of(spelled)) == ("30d", 30)
    longer = str(spelled).replace("30", "180")
    assert (read_window(longer), days_of(longer)) == ("180d", 180)


@pytest.mark.parametrize("spelled", ["", "31d", "30D", " 30d", "d", "30_", "1800", -30, "٣٠"])
def test_another_window_is_refused_in_a_sentence(spelled: str | int) -> None:
    with pytest.raises(InputError, match="a window is 30d or 180d, and it came as"):
        read_window(spelled)
