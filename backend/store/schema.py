"""The tables, as SQLAlchemy Core knows them; ``migrations/`` is what makes them.

Times are text, ISO 8601 in UTC and of one width, so that they sort as they passed and are the
same in every database. JSON is text on SQLite and ``jsonb`` on PostgreSQL; on this side of the
driver it is JSON text in both.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

REVISION: Final = "0001"
"""The revision that this code works with; a database at it is not migrated."""

METADATA: Final = MetaData()
JSON_TEXT: Final[TypeEngine[str]] = Text().with_variant(JSONB(none_as_null=True), "postgresql")
# SQLite counts rows itself where the key is declared as exactly INTEGER
ROW_ID: Final[TypeEngine[int]] = BigInteger().with_variant(Integer(), "sqlite")

_WINDOW_DAYS: Final = "CAST(replace(time_window, 'd', '') AS INTEGER)"
_WINDOWS: Final = "time_window IN ('30d', '180d')"

CONVERSATIONS: Final = Table(
    "conversations",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("visit", BigInteger, nullable=False),
    Column("touched_at", Text, nullable=False),
    Index("idx_conversations_touched", "touched_at"),
)

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("token_hash", ForeignKey("conversations.token_hash", ondelete="CASCADE")),
    Column("seq", Integer),
    Column("kind", Text, nullable=False),
    Column("client_id", Text),
    Column("prompt_id", Text),
    Column("at", Text, nullable=False),
    Column("body", JSON_TEXT, nullable=False),
    PrimaryKeyConstraint("token_hash", "seq"),
    UniqueConstraint("token_hash", "client_id", name="changes_client_id"),
    Index("idx_changes_prompt", "prompt_id"),
)

FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("token_hash", ForeignKey("conversations.token_hash", ondelete="CASCADE")),
    Column("seq", Integer),
    Column("reply_id", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("note", Text),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("token_hash", "seq"),
)

PROMPTS: Final = Table(
    "prompts",
    METADATA,
    Column("prompt_id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    Index("idx_prompts_saved", "saved_at"),
)

USERS: Final = Table(
    "users",
    METADATA,
    Column("user_id", Text, primary_key=True),
    Column("name", Text),
    Column("archetype", Text),
)

BEHAVIORAL_SIGNALS: Final = Table(
    "behavioral_signals",
    METADATA,
    Column("signal_id", ROW_ID, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("mode", Text, nullable=False),
    Column("time_window", Text, nullable=False),
    Column("window_days", Integer, Computed(_WINDOW_DAYS, persisted=True)),
    Column("as_of_date", Text, nullable=False),
    Column("signals", JSON_TEXT, nullable=False),
    Column("computed_at", Text, nullable=False),
    CheckConstraint(_WINDOWS, name="signals_time_window"),
)

PERSONA_ASSIGNMENTS: Final = Table(
    "persona_assignments",
    METADATA,
    Column("assignment_id", ROW_ID, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("time_window", Text, nullable=False),
    Column("window_days", Integer, Computed(_WINDOW_DAYS, persisted=True)),
    Column("as_of_date", Text, nullable=False),
    Column("rulebook", Text, nullable=False),
    Column("rulebook_version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("assigned_persona_id", Text),
    Column("primary_persona_id", Integer),
    Column("primary_persona_name", Text),
    Column("secondary_persona_id", Integer),
    Column("secondary_persona_name", Text),
    Column("priority", Integer),
    Column("severity", Double),
    Column("qualifying_personas", JSON_TEXT, nullable=False),
    Column("match_evidence", JSON_TEXT, nullable=False),
    Column("assignment_trace", JSON_TEXT, nullable=False),
    Column("prioritization_reason", Text, nullable=False),
    Column("signal_id", ForeignKey("behavioral_signals.signal_id")),
    Column("assigned_at", Text, nullable=False),
    CheckConstraint(_WINDOWS, name="assignments_time_window"),
)

LATEST_ASSIGNMENTS: Final = Table(
    "latest_persona_assignments",
    MetaData(),  # a view: apart from the tables, which are made and compared
    *(Column(column.name, column.type) for column in PERSONA_ASSIGNMENTS.columns),
)

ASSIGNMENT_INDEXES: Final = {
    "idx_assignments_user_window": "user_id, time_window, rulebook, assigned_at",
    "idx_persona_user_window": "user_id, window_days",
    "idx_persona_primary": "primary_persona_id",
    "idx_persona_status": "status",
}
"""The indexes of ``persona_assignments``: made after a bulk load, hence not parts of the table."""
