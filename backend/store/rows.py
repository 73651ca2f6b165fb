"""Lasting changes as rows, and back."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Row

from backend.domain.transcript import (
    FeedbackTaken,
    Lasting,
    MessageTaken,
    Moved,
    ReplyBegun,
    ReplyEnded,
)

Written: TypeAlias = dict[str, Any]

Kept: TypeAlias = MessageTaken | ReplyBegun | ReplyEnded | Moved
"""The changes that stand in ``changes``; feedback has a table of its own."""

_KINDS: Final[dict[str, type[Kept]]] = {
    "message": MessageTaken,
    "reply_begun": ReplyBegun,
    "reply_ended": ReplyEnded,
    "moved": Moved,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


@cache
def _adapters() -> dict[str, TypeAdapter[Kept]]:
    return {name: TypeAdapter(kind) for name, kind in _KINDS.items()}


def write_rows(
    token_hash: str, changes: Sequence[Lasting], seq: int
) -> tuple[list[Written], list[Written]]:
    """Return the rows of ``changes`` and of ``feedback`` for changes from number ``seq`` on."""
    kept: list[Written] = []
    feedback: list[Written] = []
    for number, change in enumerate(changes, seq):
        place = {"token_hash": token_hash, "seq": number}
        if isinstance(change, FeedbackTaken):
            feedback.append({
                **place, "reply_id": change.reply_id, "value": change.value,
                "note": change.note, "at": change.at,
            })  # fmt: skip
        else:
            kept.append({**place, **_columns(change)})
    return kept, feedback


def _columns(change: Kept) -> Written:
    kind = _NAMES[type(change)]
    return {
        "kind": kind,
        "client_id": None if isinstance(change, ReplyEnded) else change.id,
        "prompt_id": change.provenance.prompt_id if isinstance(change, ReplyEnded) else None,
        "at": change.at,
        "body": _adapters()[kind].dump_json(change).decode(),
    }


def read_rows(
    kept: Iterable[Row[*tuple[Any, ...]]], feedback: Iterable[Row[*tuple[Any, ...]]]
) -> list[tuple[int, Lasting]]:
    """Return changes with their numbers, in order.

    Args:
        kept: ``seq``, ``kind`` and ``body`` of ``changes``.
        feedback: ``seq``, ``reply_id``, ``value``, ``note`` and ``at`` of ``feedback``.
    """
    adapters = _adapters()
    found: list[tuple[int, Lasting]] = [
        (row[0], adapters[row[1]].validate_json(row[2])) for row in kept
    ]
    found += [(row[0], FeedbackTaken(*row[1:])) for row in feedback]
    return sorted(found, key=lambda one: one[0])
