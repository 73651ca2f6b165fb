"""Rows of users and signals, ready for the driver as ``PersonaAssignmentRecord`` is.

They are tuples, and what is JSON in them is JSON text: a batch of them is written as it is.
"""

from typing import NamedTuple

from backend.strictjson import JsonText


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
    signals: JsonText
    computed_at: str
