"""The evidence on every persona, made of the same arrays that decided."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from backend.domain.assignment import Outcome
from backend.personas.leaves import Decided, leaves_of
from backend.personas.logic import FALSE, TRUE, UNKNOWN
from backend.personas.rulebook import Rulebook
from backend.personas.speaking import Speaking

OUTCOMES: Final[dict[int, Outcome]] = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
"""How a truth is called in evidence."""

Row: TypeAlias = dict[str, Any]


def explain(
    rulebook: Rulebook, matched: list[bool], leaves: list[Row], spoken: Sequence[Speaking]
) -> dict[str, Row]:
    """Return one customer's evidence on every persona, matched or not, by persona id.

    It has the fields of ``Evidence`` and is as good as JSON.

    Args:
        rulebook: the rules.
        matched: which personas qualify.
        leaves: how each condition came out, in the order of the table of conditions.
        spoken: which conditions speak for each persona.
    """
    rows = zip(rulebook.personas, matched, leaves_of(rulebook).of, spoken, strict=True)
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


def leaves_of_rows(rulebook: Rulebook, decided: Decided) -> Iterator[list[Row]]:
    """Yield each customer's leaves, in the order of the table of conditions.

    Each has the fields of ``Leaf``; ``why`` is there where it could not be decided.
    """
    conditions = decided.leaves.conditions
    columns = (decided.known, decided.values, decided.margins(), decided.truth)
    for row in zip(*(column.T.tolist() for column in columns), strict=True):
        leaves = []
        for condition, known, actual, margin, truth in zip(conditions, *row, strict=True):
            leaf = {
                "signal": condition.signal,
                "actual": actual if known else None,
                "operator": condition.operator,
                "threshold": condition.threshold,
                "margin": margin if known and condition.operator != "is_missing" else None,
                "outcome": OUTCOMES[truth],
            }
            if truth == UNKNOWN:
                leaf["why"] = why(rulebook, condition.signal)
            leaves.append(leaf)
        yield leaves


def why(rulebook: Rulebook, signal: str) -> str:
    """Return why a condition on a signal could not be decided."""
    missing_when = rulebook.signals[signal].missing_when
    return f"could not be decided: {signal} is missing ({missing_when})"
