from typing import Any

import numpy as np
import pytest

from backend.domain.signals import Column, SignalDefinition
from backend.personas.assigner import assign
from backend.personas.registry import read_rulebook
from backend.yamlfile import parse_yaml
from tests.persona_kit import leaf, rulebook, table

USE, FUND = leaf("use_pct", ">=", 50), leaf("fund_months", "<", 3)


def summary(*criteria: dict[str, Any], **figures: float | None) -> str:
    rules = rulebook(*criteria)
    columns = table(**{name: [value] for name, value in figures.items()})
    return assign(rules, columns, "30d")[0].summary


def test_it_names_the_persona_its_figures_and_what_would_turn_it() -> None:
    assert summary(USE, use_pct=62.5) == (
        "P1, because the use is 62.5% (at least 50%);"
        " it would be Nobody in particular if the use were 49.9% instead of 62.5%."
    )


def test_it_names_the_persona_that_came_second() -> None:
    text = summary(USE, FUND, use_pct=62.5, fund_months=1.0)
    assert text == (
        "P1, ahead of P2, because the use is 62.5% (at least 50%);"
        " it would be P2 if the use were 49.9% instead of 62.5%."
    )


def test_it_names_what_came_nearest_where_nothing_fits() -> None:
    text = summary(USE, FUND, use_pct=10.0, fund_months=3.2)
    assert text == (
        "Nobody in particular, as no criteria are met;"
        " it would be P2 if the fund were 2.9 months instead of 3.2 months."
    )


def test_it_says_when_nothing_known_would_turn_it() -> None:
    assert summary(USE, use_pct=None) == (
        "Nobody in particular, as no criteria are met;"
        " no change of up to 4 known figures would alter that."
    )


def test_whether_something_is_so_is_told_without_a_figure() -> None:
    late = SignalDefinition("late", "late payment", "1 or 0", 0, "made up", "never")
    text = (
        '{"rulebook": "made", "version": "1", "title": "Made", "order": "priority", "nobody":'
        ' {"name": "Nobody", "guidance": "none"}, "personas": [{"id": "tardy", "number": 1,'
        ' "name": "Tardy", "priority": 1, "risk": "low", "rationale": "why", "focus_areas":'
        ' ["one"], "content_types": ["one"], "guidance": "one", "secondary_guidance": "one",'
        ' "criteria": {"signal": "late", "operator": ">=", "threshold": 1}}]}'
    )
    rules = read_rulebook(parse_yaml(text.encode(), "made.yaml"), "made", [late])
    columns = {"late": Column(np.array([1.0, 0.0]), np.array([True, True]))}
    assert [found.summary for found in assign(rules, columns, "30d")] == [
        (
            "Tardy, because the late payment is seen;"
            " it would be Nobody if the late payment were not seen instead of seen."
        ),
        (
            "Nobody, as no criteria are met;"
            " it would be Tardy if the late payment were seen instead of not seen."
        ),
    ]


@pytest.mark.parametrize(
    ("criteria", "figures", "words"),
    [
        (
            leaf("use_pct", "is_missing"),
            {"use_pct": None},
            "the use is not known (there is no card)",
        ),
        (
            leaf("use_pct", "<", 30, missing="pass"),
            {"use_pct": None},
            "the use is not known (there is no card)",
        ),
        (
            {"not": leaf("use_pct", "is_missing")},
            {"use_pct": 5.0},
            "the use is 5% (not unknown)",
        ),
        (
            leaf("limit_total", "<=", 3000),
            {"limit_total": 1234.5},
            "the total limit is $1,234.50 (at most $3,000)",
        ),
        (
            leaf("limit_total", ">", -20.5),
            {"limit_total": -3.0},
            "the total limit is -$3 (over -$20.50)",
        ),
        (
            leaf("visit_count", "!=", 0),
            {"visit_count": 1200.0},
            "the number of visits is 1,200 (other than 0)",
        ),
        (
            leaf("visit_count", "in", [1, 2]),
            {"visit_count": 2.0},
            "the number of visits is 2 (one of 1, 2)",
        ),
        (
            {"all": [leaf("use_pct", ">=", 50), leaf("use_pct", "<", 90)]},
            {"use_pct": 55.0},
            "the use is 55% (at least 50% and under 90%)",
        ),
        (
            {"not": {"any": [USE, FUND]}},
            {"use_pct": 5.0, "fund_months": 7.0},
            "the use is 5% (not at least 50%) and the fund is 7 months (not under 3 months)",
        ),
        (
            {"all": [USE, leaf("limit_total", ">", 1), leaf("visit_count", ">", 1)]},
            {"use_pct": 55.0, "limit_total": 9.0, "visit_count": 2.0},
            (
                "the use is 55% (at least 50%), the total limit is $9 (over $1)"
                " and the number of visits is 2 (over 1)"
            ),
        ),
    ],
)
def test_figures_are_spelled_as_a_person_would(
    criteria: dict[str, Any], figures: dict[str, float | None], words: str
) -> None:
    assert summary(criteria, **figures).split("; ")[0] == f"P1, because {words}"
