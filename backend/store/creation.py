"""The tables made at once in a database that has none, at the revision that this code works with.

Step by step, by ``migrations/``, they come out the same; but that takes Alembic, whose import
alone is longer than all the rest.
"""

from typing import Final

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, text

from backend.store.schema import ASSIGNMENT_INDEXES, METADATA, PERSONA_ASSIGNMENTS, REVISION

_VERSIONS: Final = Table(
    "alembic_version",
    MetaData(),  # Alembic's own: apart from ours, which are compared with what migrations make
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_LATEST: Final = """
CREATE VIEW latest_persona_assignments AS
SELECT one.* FROM persona_assignments AS one
WHERE NOT EXISTS (
  SELECT 1 FROM persona_assignments AS later
  WHERE later.user_id = one.user_id
    AND later.time_window = one.time_window
    AND later.rulebook = one.rulebook
    AND (later.assigned_at, later.assignment_id) > (one.assigned_at, one.assignment_id)
)
"""


def create(connection: Connection) -> None:
    """Make the tables, the view of the latest assignments and the indexes, and say which they are.

    Raises:
        SQLAlchemyError: there is something of one of these names, or the database refuses.
    """
    for table in METADATA.tables.values():  # in the order of the migrations: files come out alike
        table.create(connection, checkfirst=False)
    for name, columns in ASSIGNMENT_INDEXES.items():
        connection.execute(text(f"CREATE INDEX {name} ON {PERSONA_ASSIGNMENTS.name} ({columns})"))
    connection.execute(text(_LATEST))
    _VERSIONS.create(connection, checkfirst=False)
    connection.execute(_VERSIONS.insert().values(version_num=REVISION))
