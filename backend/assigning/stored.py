"""What a store holds of assignments, asked for in more ways than by user."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, exists, func, select

from backend.assigning.listing import Filter, Listed
from backend.domain.assignment import PersonaAssignmentRecord
from backend.store.portal import Portal
from backend.store.records import SignalRow
from backend.store.schema import BEHAVIORAL_SIGNALS, LATEST_ASSIGNMENTS, USERS


class StoredAssignments:
    """Reads the tables that ``AssignmentStore`` writes.

    Args:
        where: path of an SQLite file, made if need be; or a URL.

    Raises:
        ConfigurationError: it can not be used.
    """

    def __init__(self, where: str | Path) -> None:
        self._portal = Portal(where)

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
        self._portal.close()

    def latest(self, user_id: str) -> list[PersonaAssignmentRecord]:
        """Return a user's latest assignments, one a window and rulebook."""
        view = LATEST_ASSIGNMENTS.c
        query = select(*view).where(view.user_id == user_id)
        query = query.order_by(view.window_days, view.rulebook)
        rows = self._portal.run(lambda link: link.execute(query).all(), writes=False)
        return [PersonaAssignmentRecord(*row) for row in rows]

    def page(self, wanted: Filter, limit: int, offset: int) -> tuple[int, list[Listed]]:
        """Return how many of the latest assignments there are, and some of them.

        They are by user, window and rulebook; the database orders text its own way, always alike.
        """
        view, users = LATEST_ASSIGNMENTS.c, USERS.c
        conditions = _conditions(wanted)
        count = select(func.count()).select_from(LATEST_ASSIGNMENTS).where(*conditions)
        joined = LATEST_ASSIGNMENTS.join(USERS, users.user_id == view.user_id)
        query = (
            select(*view, users.name, users.archetype)
            .select_from(joined)
            .where(*conditions)
            .order_by(view.user_id, view.window_days, view.rulebook, view.assignment_id)
            .limit(limit)
            .offset(offset)
        )
        total, rows = self._portal.run(
            lambda link: (link.scalar(count), link.execute(query).all()), writes=False
        )
        return total or 0, [Listed(PersonaAssignmentRecord(*row[:-2]), *row[-2:]) for row in rows]

    def signals(self, user_id: str, mode: str, as_of: str | None = None) -> list[SignalRow]:
        """Return a user's latest signals, one row a window; those of a date where it is given."""
        table = BEHAVIORAL_SIGNALS.c
        wanted: list[ColumnElement[bool]] = [table.user_id == user_id, table.mode == mode]
        if as_of is not None:
            wanted.append(table.as_of_date == as_of)
        query = (
            select(*(table[name] for name in SignalRow._fields))
            .where(*wanted)
            .order_by(table.computed_at.desc(), table.signal_id.desc())
        )
        rows = self._portal.run(lambda link: link.execute(query).all(), writes=False)
        found: dict[str, SignalRow] = {}
        for row in (SignalRow(*row) for row in rows):
            found.setdefault(row.time_window, row)
        # windows of one date alone
        return [row for row in found.values() if row.as_of_date == rows[0].as_of_date]


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    view, signals = LATEST_ASSIGNMENTS.c, BEHAVIORAL_SIGNALS.c
    given: dict[Any, str | None] = {
        view.assigned_persona_id: wanted.persona,
        view.status: wanted.status,
        view.time_window: wanted.window,
        view.rulebook: wanted.rulebook,
    }
    found = [column == value for column, value in given.items() if value is not None]
    if wanted.mode is not None:
        of_mode = and_(signals.signal_id == view.signal_id, signals.mode == wanted.mode)
        found.append(exists().where(of_mode))
    return found
