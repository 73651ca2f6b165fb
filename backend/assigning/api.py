"""Assignments for programs, synchronously, over a store.

with PersonaAssigner("walkin.db") as assigner:
    record = assigner.assign_persona("demo-1", date(2026, 1, 15), "30d")
    both = assigner.get_assignments_both_windows("demo-1")
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from pydantic_core import from_json

from backend.assigning.customer import Asked, Customers, check_generated
from backend.assigning.stored import StoredAssignments
from backend.clock import Clock, SystemClock, timestamp
from backend.domain.assignment import PersonaAssignmentRecord
from backend.domain.signals import Column
from backend.errors import InputError
from backend.modes import DEFAULT_MODE, all_modes
from backend.personas.api import BehavioralSummary, PersonaMatcher, load_persona_registry
from backend.personas.record import Occasion, record_of
from backend.personas.texts import written
from backend.personas.windows import TIME_WINDOWS, read_window
from backend.store.assignments import AssignmentStore
from backend.store.records import SignalRow

__all__ = ["BehavioralSummaryGenerator", "PersonaAssigner"]


class _OverAStore:
    """Something that is closed when done with."""

    def __init__(self, where: str | Path) -> None:
        self._stored = StoredAssignments(where)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._stored.close()


class BehavioralSummaryGenerator(_OverAStore):
    """Tells what is known of a user on a date.

    Args:
        url: path of an SQLite file, made if need be; or a URL.
        mode: whose signals.

    Raises:
        ConfigurationError: the store can not be used.
        InputError: there is no such mode.
    """

    def __init__(self, url: str | Path, mode: str = DEFAULT_MODE) -> None:
        if mode not in all_modes():
            raise InputError(f"mode: {', '.join(all_modes())}; not {mode!r:.40}.")
        self._mode = mode
        self._customers = Customers()
        super().__init__(url)

    def generate_summary(self, user_id: str, as_of: date) -> BehavioralSummary:
        """Return a user's signals over both windows: those stored, or a generated customer's.

        Raises:
            InputError: the user is stored with other dates alone and can not be generated, or the
                id is no session's.
            StorageUnavailableError: the store can not be read.
        """
        rows = self._stored.signals(user_id, self._mode, as_of.isoformat())
        if {row.time_window for row in rows} == set(TIME_WINDOWS):
            return BehavioralSummary(
                user_id, as_of, {row.time_window: from_json(row.signals) for row in rows}
            )
        self._refuse_others(user_id, as_of)
        tables = self._customers.signals(Asked(user_id, self._mode, as_of), TIME_WINDOWS)
        windows = {
            window: {name: _figure(column) for name, column in table.items()}
            for window, table in zip(TIME_WINDOWS, tables, strict=True)
        }
        return BehavioralSummary(user_id, as_of, windows)

    def _refuse_others(self, user_id: str, as_of: date) -> None:
        stored = self._stored.signals(user_id, self._mode)
        if stored and not self._customers.made(stored[0]):
            raise InputError(
                f"{user_id} is stored with signals as of {stored[0].as_of_date}, and {as_of} was "
                "asked for; nothing else is known of this user."
            )
        check_generated(user_id)


class PersonaAssigner(_OverAStore):
    """Assigns personas to users and keeps the assignments.

    Args:
        url: path of an SQLite file, made if need be; or a URL.
        rulebook: a rulebook's name, or its path; the mode's own if left out.
        mode: whose signals.
        clock: tells when an assignment is made.

    Raises:
        ConfigurationError: the store, or the rulebook, can not be used.
        InputError: there is no such rulebook or mode.
    """

    def __init__(
        self,
        url: str | Path,
        rulebook: str | Path | None = None,
        mode: str = DEFAULT_MODE,
        clock: Clock | None = None,
    ) -> None:
        self._summaries = BehavioralSummaryGenerator(url, mode)
        self._mode = mode
        self._clock = clock or SystemClock()
        chosen = rulebook or all_modes()[mode].default_rulebook
        try:
            self._rulebook = load_persona_registry(chosen, mode)
            self._store = AssignmentStore(url)
            super().__init__(url)
        except BaseException:
            self._summaries.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._summaries.close()
        self._store.close()
        super().close()

    def assign_persona(
        self, user_id: str, reference_date: date, time_window: str | int
    ) -> PersonaAssignmentRecord:
        """Assign a persona to a user, store it, and return it as it is stored.

        Raises:
            InputError: as ``BehavioralSummaryGenerator.generate_summary``, or it is no window.
            StorageUnavailableError: the store can not be read or written.
        """
        window = read_window(time_window)
        summary = self._summaries.generate_summary(user_id, reference_date)
        traced = PersonaMatcher(self._rulebook).trace(summary, reference_date, window)
        at = timestamp(self._clock.read().at)
        record = record_of(self._rulebook, traced, Occasion(window, reference_date, at))
        told = written(dict(summary.windows[window]))
        signals = SignalRow(user_id, self._mode, window, reference_date.isoformat(), told, at)
        self._store.write((), [signals], [record._replace(signal_id=0)])
        stored = self.get_assignment(user_id, window)
        return record if stored is None else stored

    def get_assignment(
        self, user_id: str, time_window: str | int
    ) -> PersonaAssignmentRecord | None:
        """Return a user's latest assignment by the rulebook, None where there is none.

        Raises:
            InputError: it is no window.
            StorageUnavailableError: the store can not be read.
        """
        found = self._latest(user_id, read_window(time_window))
        return found[0] if found else None

    def get_assignments_both_windows(
        self, user_id: str
    ) -> dict[str, PersonaAssignmentRecord | None]:
        """Return a user's latest assignments by the rulebook, window by window.

        Raises:
            StorageUnavailableError: the store can not be read.
        """
        found = {row.time_window: row for row in self._latest(user_id, None)}
        return {window: found.get(window) for window in TIME_WINDOWS}

    def _latest(self, user_id: str, window: str | None) -> Sequence[PersonaAssignmentRecord]:
        return self._store.latest(user_id, window, self._rulebook.name)


def _figure(column: Column) -> float | None:
    value = float(column.values[0])
    return value if bool(column.known[0]) and bool(np.isfinite(value)) else None
