"""What a rulebook decided for one customer, with the evidence it decided on."""

from typing import Literal, NamedTuple, TypeAlias

from pydantic import Field

from backend.domain.fact import Fact
from backend.strictjson import JsonText

Status: TypeAlias = Literal["ASSIGNED", "STABLE", "UNCLASSIFIED"]
Outcome: TypeAlias = Literal["true", "false", "unknown"]
Operator: TypeAlias = Literal[">=", "<=", "<", ">", "==", "!=", "in", "is_missing"]


class Leaf(Fact):
    """One comparison of a rule: what was asked of a signal, and how it came out."""

    signal: str
    actual: float | None = Field(description="null when the signal is missing")
    operator: Operator
    threshold: float | tuple[float, ...] | None
    margin: float | None = Field(
        description="how far on the passing side, in the signal's unit; null when unknown"
    )
    outcome: Outcome
    why: str | None = Field(
        default=None,
        description="why it could not be decided",
        exclude_if=lambda value: value is None,
    )


class Evidence(Fact):
    """How one behavioural persona's criteria came out."""

    matched: bool
    evidence: dict[str, float | None] = Field(description="signal to actual value")
    matched_conditions: tuple[str, ...]
    leaves: tuple[Leaf, ...]


class Assignment(Fact):
    """The behavioural persona of one customer over one window, with every persona's evidence."""

    rulebook: str
    time_window: str = Field(description="30d or 180d")
    status: Status
    primary: str | None
    secondary: str | None
    qualifying: tuple[str, ...] = Field(description="ids, best first")
    reason: str
    summary: str = Field(description="one sentence for a person who reads it")
    title: str = Field(description="the primary persona's name for people")
    evidence: dict[str, Evidence]


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
        qualifying_personas, match_evidence, assignment_trace: what their names say, as JSON.
        signal_id: of the signals that it was made from, None until they are stored. To be stored:
            their position in the batch.
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
    qualifying_personas: JsonText
    match_evidence: JsonText
    assignment_trace: JsonText
    prioritization_reason: str
    signal_id: int | None
    assigned_at: str
