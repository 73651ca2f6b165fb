"""How a rulebook came to its choices: everything evaluated, made of the arrays that decided.

Made for whom it is asked, and cheap enough to be written for everybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from pydantic_core import to_json

from backend.personas.explain import Row, explain, leaves_of_rows
from backend.personas.outcomes import Outcomes
from backend.personas.prioritizer import Ranking
from backend.personas.speaking import Speaking, speaking
from backend.personas.windows import days_of

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Traced:
    """The choice for one customer, and all that it was made of.

    ``evidence`` is that of every persona by id, with the fields of ``Evidence``; ``trace`` says
    as well whose it is, when, and what each persona would have counted. Both are as good as JSON.
    """

    ranking: Ranking
    evidence: dict[str, Row]
    trace: Document

    def evidence_json(self) -> str:
        """Return the evidence as compact JSON text."""
        return to_json(self.evidence).decode()

    def trace_json(self) -> str:
        """Return the trace as compact JSON text."""
        return to_json(self.trace).decode()


def trace(
    outcomes: Outcomes, user_ids: Sequence[str], as_of: date, time_window: str
) -> Iterator[Traced]:
    """Yield each customer's choice with its trace, in the order of the outcomes.

    Args:
        outcomes: what was decided.
        user_ids: whose it is, one a customer.
        as_of: the date that the signals look back from.
        time_window: the window that they look at.

    Raises:
        InputError: it is no window.
        ValueError: there are more or fewer ids than customers.
    """
    rulebook, verdicts = outcomes.rulebook, outcomes.verdicts
    frame = {"window_days": days_of(time_window), "as_of_date": as_of.isoformat()}
    by_customer = zip(
        user_ids,
        outcomes.rankings(),
        verdicts.matched.T.tolist(),
        leaves_of_rows(rulebook, verdicts.decided),
        speaking(rulebook, verdicts),
        _severities(outcomes),
        strict=True,
    )
    for user_id, ranking, matched, leaves, spoken, severity in by_customer:
        evidence = explain(rulebook, matched, leaves, spoken)
        document = {
            "user_id": user_id,
            **frame,
            "evaluations": _evaluations(outcomes, evidence, spoken, severity),
            "result": _result(ranking),
        }
        yield Traced(ranking, evidence, document)


def _severities(outcomes: Outcomes) -> list[list[float | None]]:
    personas = outcomes.rulebook.personas
    if outcomes.severity is None:
        return [[None] * len(personas)] * len(outcomes)
    figures: list[list[float | None]] = outcomes.severity.T.tolist()
    return figures


def _evaluations(
    outcomes: Outcomes,
    evidence: dict[str, Row],
    spoken: Sequence[Speaking],
    severity: Sequence[float | None],
) -> dict[str, Row]:
    rows = zip(outcomes.rulebook.personas, spoken, severity, strict=True)
    return {
        persona.id: {
            "matched": evidence[persona.id]["matched"],
            "criteria": evidence[persona.id]["leaves"],
            "triggered_by": speaks.spelled if evidence[persona.id]["matched"] else (),
            "severity": figure,
            "priority": persona.priority,
        }
        for persona, speaks, figure in rows
    }


def _result(ranking: Ranking) -> Row:
    return {
        "primary_persona_id": ranking.primary.number if ranking.primary else None,
        "primary_reasoning": ranking.reason,
        "secondary_persona_id": ranking.secondary.number if ranking.secondary else None,
        "secondary_reasoning": ranking.secondary_reason,
        "status": ranking.status,
    }
