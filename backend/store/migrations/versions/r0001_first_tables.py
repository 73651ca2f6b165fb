"""Conversations with their changes and feedback, prompts, users, signals, assignments."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision: Final = "0001"
down_revision: Final = None

_JSON: Final[TypeEngine[str]] = sa.Text().with_variant(JSONB(), "postgresql")
_ROW_ID: Final[TypeEngine[int]] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WINDOW_DAYS: Final = "CAST(replace(time_window, 'd', '') AS INTEGER)"
_WINDOWS: Final = "time_window IN ('30d', '180d')"
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


def upgrade() -> None:
    """Make the tables, the view of the latest assignments, and the indexes."""
    _make_conversations()
    _make_changes()
    _make_prompts()
    _make_signals()
    _make_assignments()
    op.execute(_LATEST)


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("visit", sa.BigInteger, nullable=False),
        sa.Column("touched_at", sa.Text, nullable=False),
    )
    op.create_index("idx_conversations_touched", "conversations", ["touched_at"])


def _make_changes() -> None:
    conversation = "conversations.token_hash"
    op.create_table(
        "changes",
        sa.Column("token_hash", sa.Text, sa.ForeignKey(conversation, ondelete="CASCADE")),
        sa.Column("seq", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text),
        sa.Column("prompt_id", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", "seq"),
        sa.UniqueConstraint("token_hash", "client_id", name="changes_client_id"),
    )
    op.create_index("idx_changes_prompt", "changes", ["prompt_id"])
    op.create_table(
        "feedback",
        sa.Column("token_hash", sa.Text, sa.ForeignKey(conversation, ondelete="CASCADE")),
        sa.Column("seq", sa.Integer),
        sa.Column("reply_id", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", "seq"),
    )


def _make_prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("prompt_id", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
    )
    op.create_index("idx_prompts_saved", "prompts", ["saved_at"])


def _make_signals() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("archetype", sa.Text),
    )
    op.create_table(
        "behavioral_signals",
        sa.Column("signal_id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("time_window", sa.Text, nullable=False),
        sa.Column("window_days", sa.Integer, sa.Computed(_WINDOW_DAYS, persisted=True)),
        sa.Column("as_of_date", sa.Text, nullable=False),
        sa.Column("signals", _JSON, nullable=False),
        sa.Column("computed_at", sa.Text, nullable=False),
        sa.CheckConstraint(_WINDOWS, name="signals_time_window"),
    )


def _make_assignments() -> None:
    op.create_table(
        "persona_assignments",
        sa.Column("assignment_id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("time_window", sa.Text, nullable=False),
        sa.Column("window_days", sa.Integer, sa.Computed(_WINDOW_DAYS, persisted=True)),
        sa.Column("as_of_date", sa.Text, nullable=False),
        sa.Column("rulebook", sa.Text, nullable=False),
        sa.Column("rulebook_version", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("assigned_persona_id", sa.Text),
        sa.Column("primary_persona_id", sa.Integer),
        sa.Column("primary_persona_name", sa.Text),
        sa.Column("secondary_persona_id", sa.Integer),
        sa.Column("secondary_persona_name", sa.Text),
        sa.Column("priority", sa.Integer),
        sa.Column("severity", sa.Double),
        sa.Column("qualifying_personas", _JSON, nullable=False),
        sa.Column("match_evidence", _JSON, nullable=False),
        sa.Column("assignment_trace", _JSON, nullable=False),
        sa.Column("prioritization_reason", sa.Text, nullable=False),
        sa.Column("signal_id", _ROW_ID, sa.ForeignKey("behavioral_signals.signal_id")),
        sa.Column("assigned_at", sa.Text, nullable=False),
        sa.CheckConstraint(_WINDOWS, name="assignments_time_window"),
    )
    for name, columns in {
        "idx_assignments_user_window": ["user_id", "time_window", "rulebook", "assigned_at"],
        "idx_persona_user_window": ["user_id", "window_days"],
        "idx_persona_primary": ["primary_persona_id"],
        "idx_persona_status": ["status"],
    }.items():
        op.create_index(name, "persona_assignments", columns)
