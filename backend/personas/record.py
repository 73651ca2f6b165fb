"""An assignment as it is kept: one customer, one window, one date, one rulebook."""

from typing import NamedTuple

from pydantic_core import to_json

from backend.personas.rulebook import Rulebook
from backend.personas.trace import Traced
from backend.personas.windows import read_window


class PersonaAssignmentRecord(NamedTuple):
    """One row of ``persona_assignments``; its fields are the table's columns.

    Attributes:
        assignment_id: None until a store has given it.
        time_window: ``30d`` or ``180d``.
        window_days: the same as a number.
        as_of_date: ISO date up to which was looked.
        assigned_persona_id: the primary persona's id; for nobody's ``unclassified`` in a rulebook
            ordered by priority, None in one ordered by severity.
        primary_persona_id, secondary_persona_id: personas' numbers, with their names beside them;
            None for nobody.
        priority: smaller goes first; a level's rank, 0 to 3, in a rulebook ordered by severity.
        severity: the primary persona's; None in a rulebook ordered by priority.
        qualifying_personas, match_evidence, assignment_trace: JSON text.
        signal_id: of the signals that it was made from, None until they are stored.
        assigned_at: when, as ``timestamp`` of ``backend/clock.py`` writes it.
    """

    assignment_id: int | None
    user_id: str
    time_window: str
    window_days: int
    as_of_date: str
    rulebook: str
    rulebook_version: str
    status: str
    assigned_persona_id: str | None
    primary_persona_id: int | None
    primary_persona_name: str | None
    secondary_persona_id: int | None
    secondary_persona_name: str | None
    priority: int | None
    severity: float | None
    qualifying_personas: str
    match_evidence: str
    assignment_trace: str
    prioritization_reason: str
    signal_id: int | None
    assigned_at: str


def record_of(rulebook: Rulebook, traced: Traced, assigned_at: str) -> PersonaAssignmentRecord:
    """Return the record of one customer's choice.

    Args:
        rulebook: the rules.
        traced: the choice and its trace.
        assigned_at: when it was decided, as ``timestamp`` of ``backend/clock.py`` writes it.
    """
    ranking, trace = traced.ranking, traced.trace
    primary, secondary = ranking.primary, ranking.secondary
    return PersonaAssignmentRecord(
        assignment_id=None,
        user_id=trace["user_id"],
        time_window=read_window(trace["window_days"]),
        window_days=trace["window_days"],
        as_of_date=trace["as_of_date"],
        rulebook=rulebook.name,
        rulebook_version=rulebook.version,
        status=ranking.status,
        assigned_persona_id=ranking.primary_id,
        primary_persona_id=primary.number if primary else None,
        primary_persona_name=primary.name if primary else None,
        secondary_persona_id=secondary.number if secondary else None,
        secondary_persona_name=secondary.name if secondary else None,
        priority=primary.priority if primary else None,
        severity=ranking.severity,
        qualifying_personas=to_json([persona.id for persona in ranking.qualifying]).decode(),
        match_evidence=traced.evidence_json(),
        assignment_trace=traced.trace_json(),
        prioritization_reason=ranking.reason,
        signal_id=None,
        assigned_at=assigned_at,
    )
