"""A choice as the record of it that is kept."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from backend.domain.assignment import PersonaAssignmentRecord
from backend.personas.rulebook import Rulebook
from backend.personas.texts import written
from backend.personas.trace import Traced
from backend.personas.windows import days_of
from backend.strictjson import JsonText


class Occasion(NamedTuple):
    """When choices were made, and over what.

    Attributes:
        time_window: the window that the signals look at, ``30d`` or ``180d``.
        as_of: the date that they look back from.
        assigned_at: when it was decided, as ``timestamp`` of ``backend/clock.py`` writes it.
    """

    time_window: str
    as_of: date
    assigned_at: str


def record_of(
    rulebook: Rulebook, traced: Traced, occasion: Occasion, signal_id: int | None = None
) -> PersonaAssignmentRecord:
    """Return the record of one customer's choice, made from the signals of that id."""
    ranking = traced.ranking
    primary, secondary = ranking.primary, ranking.secondary
    return PersonaAssignmentRecord(
        assignment_id=None,
        user_id=traced.user_id,
        time_window=occasion.time_window,
        window_days=days_of(occasion.time_window),
        as_of_date=occasion.as_of.isoformat(),
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
        qualifying_personas=_ids(tuple(persona.id for persona in ranking.qualifying)),
        match_evidence=traced.evidence_json,
        assignment_trace=traced.trace_json,
        prioritization_reason=ranking.reason,
        signal_id=signal_id,
        assigned_at=occasion.assigned_at,
    )


@lru_cache(maxsize=1 << 12)
def _ids(personas: tuple[str, ...]) -> JsonText:
    return written(personas)
