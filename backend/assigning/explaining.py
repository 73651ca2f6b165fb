"""Customers explained: their rows for the store, with every trace.

A trace is text, and composing it is Python: ``backend.workers`` has other processes do it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from backend.assigning.rows import assignment_rows, signal_rows
from backend.domain.assignment import PersonaAssignmentRecord
from backend.domain.signals import SignalTable
from backend.personas.outcomes import evaluate
from backend.personas.record import Occasion
from backend.personas.rulebook import Rulebook
from backend.personas.windows import TIME_WINDOWS
from backend.store.records import SignalRow, UserRow


class Measured(NamedTuple):
    """Some customers, and their signals, a table a window."""

    users: Sequence[UserRow]
    tables: Sequence[SignalTable]


class Explained(NamedTuple):
    """What is kept of some customers; an assignment's ``signal_id`` is a place in ``signals``."""

    users: Sequence[UserRow]
    signals: list[SignalRow]
    assignments: list[PersonaAssignmentRecord]


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains what a rulebook makes of customers of a mode; ``at`` is when it is decided."""

    rulebook: Rulebook
    mode: str
    as_of: date
    at: str

    def __call__(self, measured: Measured) -> Explained:
        """Return the rows of some customers."""
        ids = [user.user_id for user in measured.users]
        signals: list[SignalRow] = []
        rows: list[PersonaAssignmentRecord] = []
        for window, table in zip(TIME_WINDOWS, measured.tables, strict=True):
            occasion = Occasion(window, self.as_of, self.at)
            outcomes = evaluate(self.rulebook, table)
            rows += assignment_rows(outcomes, ids, occasion, len(signals))
            signals += signal_rows(table, ids, self.mode, occasion)
        return Explained(measured.users, signals, rows)
