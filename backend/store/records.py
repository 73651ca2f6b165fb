"""Rows of users, signals and persona assignments, ready for the driver.

They are tuples, and what is JSON in them is JSON text: a batch of them is written as it is.
"""

from typing import NamedTuple


class UserRow(NamedTuple):
    """A member of a population; None where it is not known."""

    user_id: str
    name: str | None = None
    archetype: str | None = None


class SignalRow(NamedTuple):
    """A user's signals over one window.

    Attributes:
        time_window: ``30d`` or ``180d``.
        as_of_date: ISO date up to which was looked.
        signals: JSON text: an object, signal to value or null.
        computed_at: when, as ``timestamp`` of ``backend/clock.py`` writes it.
    """

    user_id: str
    mode: str
    time_window: str
    as_of_date: str
    signals: str
    computed_at: str


class AssignmentRow(NamedTuple):
    """What a rulebook made of a user's signals over one window.

    Attributes:
        assignment_id: None until it is stored.
        time_window: ``30d`` or ``180d``.
        window_days: the same as a number; the database works it out.
        as_of_date: ISO date up to which was looked.
        assigned_persona_id: the persona's id.
        primary_persona_id, secondary_persona_id: personas' numbers.
        priority: smaller goes first; None where nobody's persona was assigned.
        severity: what decided between equals.
        qualifying_personas, match_evidence, assignment_trace: JSON text.
        signal_id: of the signals that it was made from. To be stored: their position in the batch.
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
