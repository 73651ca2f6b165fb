"""Small rulebooks and tables of signals for the tests of behavioural personas."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.personas.assigner import rankings
from backend.personas.figures import usable
from backend.personas.logic import FALSE, TRUE, UNKNOWN
from backend.personas.matcher import Verdicts, match
from backend.personas.prioritizer import Ranking
from backend.personas.registry import read_rulebook
from backend.personas.rulebook import Rulebook
from backend.yamlfile import parse_yaml

SIGNALS = (
    SignalDefinition("use_pct", "use", "%", 1, "share of the limit in use", "there is no card"),
    SignalDefinition(
        "fund_months", "fund", "months", 1, "months that savings last", "nothing is spent"
    ),
    SignalDefinition(
        "limit_total", "total limit", "USD", 2, "sum of the limits", "there is no card"
    ),
    SignalDefinition(
        "visit_count",
        "number of visits",
        "count",
        0,
        "visits in the window",
        "the record is too short",
    ),
)


def leaf(signal: str, operator: str, threshold: Any = None, **more: str) -> dict[str, Any]:
    found = {"signal": signal, "operator": operator, **more}
    return found if threshold is None else found | {"threshold": threshold}


def persona(name: str, rank: int, criteria: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "number": rank,
        "name": name.replace("_", " ").capitalize(),
        "priority": rank,
        "risk": "low",
        "rationale": f"why {name} matters",
        "focus_areas": ["one"],
        "content_types": ["article"],
        "guidance": f"guidance for {name}",
        "secondary_guidance": f"second guidance for {name}",
        "criteria": criteria,
    }


def rulebook(*criteria: Mapping[str, Any], **named: Mapping[str, Any]) -> Rulebook:
    """Return a rulebook of personas p1, p2 … and of named ones, the earliest of which wins."""
    rules = {f"p{place}": tree for place, tree in enumerate(criteria, 1)} | named
    personas = [persona(name, place, tree) for place, (name, tree) in enumerate(rules.items(), 1)]
    return rulebook_of(personas)


def rulebook_of(personas: Sequence[Mapping[str, Any]], **more: Any) -> Rulebook:
    spelled = {
        "rulebook": "made",
        "version": "1",
        "title": "Made for a test",
        "order": "priority",
        "nobody": {"name": "Nobody in particular", "guidance": "guidance for nobody"},
        "personas": personas,
        **more,
    }
    return read_rulebook(parse_yaml(json.dumps(spelled).encode(), "made.yaml"), "made", SIGNALS)


def table(**columns: Sequence[float | None]) -> SignalTable:
    """Return a table; None is a missing value, signals that are not named are missing at all."""
    size = len(next(iter(columns.values())))
    absent = [None] * size
    return {s.name: _column(columns.get(s.name, absent)) for s in SIGNALS}


def _column(values: Sequence[float | None]) -> Column:
    known = np.array([value is not None for value in values], dtype=np.bool_)
    # what stands where nothing is known must not matter
    return Column(np.array([777.0 if v is None else v for v in values], dtype=np.float64), known)


def graded(
    name: str, level: str, figure: str, per: float, criteria: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a persona of a rulebook ordered by severity, without a number."""
    spelled = persona(name, 1, criteria)
    del spelled["priority"]
    return spelled | {"level": level, "severity": {"signal": figure, "per": per}}


def graded_rulebook(*personas: Mapping[str, Any], **more: Any) -> Rulebook:
    """Return a rulebook ordered by severity; its personas are numbered as they come."""
    numbered = [{**one, "number": place} for place, one in enumerate(personas, 1)]
    return rulebook_of(numbered, order="severity", **more)


def choices(rules: Rulebook, **columns: Sequence[float | None]) -> list[Ranking]:
    """Return whom each customer is treated as."""
    return rankings(rules, table(**columns))


def verdicts(rules: Rulebook, **columns: Sequence[float | None]) -> Verdicts:
    return match(rules, usable(rules, table(**columns)))


def outcomes(criteria: Mapping[str, Any], **columns: Sequence[float | None]) -> list[bool | None]:
    """Return how one tree comes out for each customer: True, False, or None for unknown."""
    return came(verdicts(rulebook(criteria), **columns), 0)


def came(found: Verdicts, persona: int) -> list[bool | None]:
    """Return how a persona's criteria come out for each customer."""
    spelled = {TRUE: True, FALSE: False, UNKNOWN: None}
    return [spelled[truth] for truth in found.truth_of(persona).tolist()]
