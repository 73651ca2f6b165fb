"""Signals and persona assignments: written in batches, read by user; all of it synchronous.

Assignments are only ever added. What counts is the latest of a user, window and rulebook, which
the view ``latest_persona_assignments`` shows.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, select, text

from backend.domain.assignment import PersonaAssignmentRecord
from backend.errors import InputError
from backend.store.checked import check_rows, check_storable
from backend.store.portal import Portal
from backend.store.records import SignalRow, UserRow
from backend.store.schema import (
    ASSIGNMENT_INDEXES,
    BEHAVIORAL_SIGNALS,
    LATEST_ASSIGNMENTS,
    PERSONA_ASSIGNMENTS,
)

WINDOWS: Final = ("30d", "180d")

_USER_COLUMNS: Final = UserRow._fields
_SIGNAL_COLUMNS: Final = ("signal_id", *SignalRow._fields)
_WRITTEN: Final = tuple(
    name for name in PersonaAssignmentRecord._fields if name not in {"assignment_id", "window_days"}
)
_MERGE: Final = (
    " ON CONFLICT (user_id) DO UPDATE SET name = coalesce(excluded.name, users.name),"
    " archetype = coalesce(excluded.archetype, users.archetype)"
)
_SIGNALS_JSON: Final = ("signals",)
_ASSIGNMENT_JSON: Final = ("qualifying_personas", "match_evidence", "assignment_trace")
_PRUNE: Final = """
DELETE FROM persona_assignments
WHERE assigned_at < :before
  AND assignment_id NOT IN (SELECT assignment_id FROM latest_persona_assignments)
"""
_PRUNE_SIGNALS: Final = """
DELETE FROM behavioral_signals
WHERE computed_at < :before
  AND NOT EXISTS (
    SELECT 1 FROM persona_assignments AS named
    WHERE named.signal_id = behavioral_signals.signal_id
  )
"""


class AssignmentStore:
    """The tables ``users``, ``behavioral_signals`` and ``persona_assignments``.

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

    # --- writing ------------------------------------------------------------------------------

    def write(
        self,
        users: Sequence[UserRow] = (),
        signals: Sequence[SignalRow] = (),
        assignments: Sequence[PersonaAssignmentRecord] = (),
    ) -> None:
        """Add a batch, whole or not at all.

        Users are merged by id, and those that only the other rows name are added.

        Args:
            users: n members.
            signals: m rows.
            assignments: k rows. The ``signal_id`` of each is a position in ``signals``, or None;
                ``assignment_id`` and ``window_days`` are not looked at.

        Raises:
            InputError: a row holds what no database takes, or a window that there is not.
            StorageUnavailableError: the database refused; nothing was written.
        """
        _check(users, signals, assignments)
        named = dict.fromkeys(
            [one.user_id for one in signals] + [one.user_id for one in assignments]
        )
        for one in users:
            named.pop(one.user_id, None)
        everyone = [*users, *map(UserRow, named)]
        self._portal.run(lambda link: _write(link, everyone, signals, assignments))

    @contextmanager
    def bulk(self) -> Generator[None, None, None]:
        """Do without the indexes of ``persona_assignments`` meanwhile, and make them at the end."""
        self._portal.run(drop_indexes)
        try:
            yield
        finally:
            self._portal.run(make_indexes)

    def prune(self, before: str) -> int:
        """Delete assignments made before a time stamp; the latest of each kind stay.

        Signals as old go with the last assignment that was made from them.

        Returns:
            how many assignments were deleted.
        """
        return self._portal.run(lambda link: _prune(link, before))

    # --- reading ------------------------------------------------------------------------------

    def latest(
        self, user_id: str, time_window: str | None = None, rulebook: str | None = None
    ) -> list[PersonaAssignmentRecord]:
        """Return the latest assignments of a user, 30 days before 180, rulebooks by name."""
        view = LATEST_ASSIGNMENTS.c
        wanted: list[ColumnElement[bool]] = [view.user_id == user_id]
        if time_window is not None:
            wanted.append(view.time_window == time_window)
        if rulebook is not None:
            wanted.append(view.rulebook == rulebook)
        query = select(*view).where(*wanted).order_by(view.window_days, view.rulebook)
        rows = self._portal.run(lambda link: link.execute(query).all(), writes=False)
        return [PersonaAssignmentRecord(*row) for row in rows]

    def assignment(self, assignment_id: int) -> PersonaAssignmentRecord | None:
        """Return one assignment, the latest or not; None when there is none."""
        table = PERSONA_ASSIGNMENTS.c
        query = select(*table).where(table.assignment_id == assignment_id)
        row = self._portal.run(lambda link: link.execute(query).one_or_none(), writes=False)
        return None if row is None else PersonaAssignmentRecord(*row)

    def signals(self, signal_id: int) -> SignalRow | None:
        """Return the signals that an assignment was made from; None when there are none."""
        table = BEHAVIORAL_SIGNALS.c
        query = select(*(table[name] for name in SignalRow._fields))
        one = query.where(table.signal_id == signal_id)
        row = self._portal.run(lambda link: link.execute(one).one_or_none(), writes=False)
        return None if row is None else SignalRow(*row)


def make_indexes(connection: Connection) -> None:
    """Make the indexes of ``persona_assignments`` that are not there: after a bulk load."""
    for name, columns in ASSIGNMENT_INDEXES.items():
        statement = f"CREATE INDEX IF NOT EXISTS {name} ON persona_assignments ({columns})"
        connection.execute(text(statement))


def drop_indexes(connection: Connection) -> None:
    """Drop the indexes of ``persona_assignments``: before a bulk load."""
    for name in ASSIGNMENT_INDEXES:
        connection.execute(text(f"DROP INDEX IF EXISTS {name}"))


def _write(
    connection: Connection,
    users: Sequence[UserRow],
    signals: Sequence[SignalRow],
    assignments: Sequence[PersonaAssignmentRecord],
) -> None:
    _insert(connection, "users", _USER_COLUMNS, users, _MERGE)
    ids = _new_signal_ids(connection, len(signals)) if signals else ()
    rows = [(key, *row) for key, row in zip(ids, signals, strict=True)]
    _insert(connection, "behavioral_signals", _SIGNAL_COLUMNS, rows)
    found = [
        (*row[1:3], *row[4:-2], None if row.signal_id is None else ids[row.signal_id], row[-1])
        for row in assignments
    ]
    _insert(connection, "persona_assignments", _WRITTEN, found)


def _prune(connection: Connection, before: str) -> int:
    deleted = connection.execute(text(_PRUNE), {"before": before}).rowcount
    connection.execute(text(_PRUNE_SIGNALS), {"before": before})
    return deleted


def _insert(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    ending: str = "",
) -> None:
    # straight to the driver: SQLAlchemy's own handling of a row takes longer than SQLite's
    if not rows:
        return
    sqlite = connection.dialect.name == "sqlite"
    marks = ", ".join("?" if sqlite else f"${place}" for place in range(1, len(columns) + 1))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){ending}"  # noqa: S608 - names of our own
    connection.exec_driver_sql(statement, list(rows))


def _new_signal_ids(connection: Connection, count: int) -> Sequence[int]:
    if connection.dialect.name == "sqlite":  # nobody else writes during this transaction
        last = connection.scalar(text("SELECT coalesce(max(signal_id), 0) FROM behavioral_signals"))
        return range(last + 1, last + 1 + count)
    sequence = "pg_get_serial_sequence('behavioral_signals', 'signal_id')"
    query = f"SELECT nextval({sequence}) FROM generate_series(1, :count)"  # noqa: S608 - no value in it
    return connection.scalars(text(query), {"count": count}).all()


def _check(
    users: Sequence[UserRow],
    signals: Sequence[SignalRow],
    assignments: Sequence[PersonaAssignmentRecord],
) -> None:
    check_rows(users, "user")
    check_rows(signals, "signals", _SIGNALS_JSON)
    check_rows(assignments, "assignment", _ASSIGNMENT_JSON)
    for row in signals:
        _check_window(row)
        _check_json(row, _SIGNALS_JSON)
    for one in assignments:
        _check_window(one)
        _check_json(one, _ASSIGNMENT_JSON)
        if one.signal_id is not None and not 0 <= one.signal_id < len(signals):
            raise InputError(
                f"signal_id of {one.user_id}: a position among the batch's {len(signals)} rows of "
                f"signals was expected, not {one.signal_id}."
            )


def _check_window(row: SignalRow | PersonaAssignmentRecord) -> None:
    if row.time_window not in WINDOWS:
        raise InputError(
            f"time_window of {row.user_id}: 30d or 180d was expected, not {row.time_window!r}."
        )


def _check_json(row: SignalRow | PersonaAssignmentRecord, columns: Iterable[str]) -> None:
    for name in columns:
        text: str = getattr(row, name)
        if "\\u0000" in text:
            check_storable(from_json(text), f"{name} of {row.user_id}")
