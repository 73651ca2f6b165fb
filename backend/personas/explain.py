"""The evidence on every persona, made of the same arrays that decided."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from backend.domain.assignment import Outcome
from backend.personas.logic import FALSE, TRUE, UNKNOWN
from backend.personas.plan import plan_of
from backend.personas.rulebook import Rulebook
from backend.personas.speaking import Speaking, speaking_of

OUTCOMES: Final[dict[int, Outcome]] = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
"""How a truth is called in evidence."""

Row: TypeAlias = dict[str, Any]


class Findings(NamedTuple):
    """What is found of a customer by how the conditions came out, whatever the figures were.

    ``matched`` says which personas qualify, ``spoken`` what speaks for each. ``leaves``, in the
    order of the table of conditions, are whole but for the figures and margins of its rows in
    ``known``.
    """

    matched: tuple[bool, ...]
    spoken: tuple[Speaking, ...]
    leaves: tuple[Row, ...]
    known: tuple[int, ...]


@lru_cache(maxsize=1 << 12)
def findings_of(rulebook: Rulebook, truth: bytes, known: bytes) -> Findings:
    """Return what is found where the conditions came out so: in this pattern."""
    plan = plan_of(rulebook)
    came = np.frombuffer(truth, dtype=np.int8)
    return Findings(
        tuple(plan.matched(plan.decide(came[:, None]))[:, 0].tolist()),
        speaking_of(rulebook, truth, known),
        tuple(_outline(rulebook, row, outcome) for row, outcome in enumerate(came.tolist())),
        tuple(row for row, knows in enumerate(known) if knows),
    )


@lru_cache(maxsize=1 << 12)
def _outline(rulebook: Rulebook, row: int, truth: int) -> Row:
    """Return a condition's leaf without its figure and margin; nobody may change it."""
    condition = plan_of(rulebook).leaves.conditions[row]
    leaf = {
        "signal": condition.signal,
        "actual": None,
        "operator": condition.operator,
        "threshold": condition.threshold,
        "margin": None,
        "outcome": OUTCOMES[truth],
    }
    return leaf | {"why": why(rulebook, condition.signal)} if truth == UNKNOWN else leaf


def explain(
    rulebook: Rulebook, findings: Findings, values: Sequence[float], margins: Sequence[float]
) -> dict[str, Row]:
    """Return one customer's evidence on every persona, matched or not, by persona id.

    It has the fields of ``Evidence`` and is as good as JSON.

    Args:
        rulebook: the rules.
        findings: how the conditions came out.
        values: their figures, in the order of the table of conditions.
        margins: how far each figure is on the passing side.
    """
    leaves = list(findings.leaves)
    for row in findings.known:
        leaf = leaves[row]
        margin = None if leaf["operator"] == "is_missing" else margins[row]
        leaves[row] = {**leaf, "actual": values[row], "margin": margin}
    of = plan_of(rulebook).leaves.of
    rows = zip(rulebook.personas, findings.matched, of, findings.spoken, strict=True)
    return {
        persona.id: _evidence(came, [leaves[place] for place in places], speaks)
        for persona, came, places, speaks in rows
    }


def _evidence(matched: bool, leaves: list[Row], speaks: Speaking) -> Row:  # noqa: FBT001 - a value, not a switch
    return {
        "matched": matched,
        "evidence": {leaf["signal"]: leaf["actual"] for leaf in leaves},
        "matched_conditions": speaks.spelled,
        "leaves": leaves,
    }


def why(rulebook: Rulebook, signal: str) -> str:
    """Return why a condition on a signal could not be decided."""
    missing_when = rulebook.signals[signal].missing_when
    return f"could not be decided: {signal} is missing ({missing_when})"
