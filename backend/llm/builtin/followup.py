"""A question that leans on the one before it: "and the one before?", "what about home?"."""

import re
from dataclasses import replace
from typing import Final

from backend.llm.builtin.asked import Asked, FieldsAsked, TableAsked
from backend.llm.builtin.match import find_asked
from backend.llm.builtin.question import MANNERS, Question
from backend.llm.builtin.record import Record
from backend.llm.builtin.vocabulary import WordSet
from backend.llm.builtin.words import plain

_JOINED: Final = re.compile(
    r"^(?:ok |okay |so )?(?:and|what about|how about|or|then|also|what of)\b"
)
_POINTS: Final = re.compile(
    r"\b(?:it|its|that|they|them|their|those|one|ones|these|this one|the)\b"
)
_CHOICES: Final = frozenset(
    {"@total", "@average", "@max", "@min", "@last", "@first", "@next", "@howmany"}
)
"""What picks rows or figures: a new pick takes the place of the old one."""
_STEPS: Final = frozenset({"@before", "@after"})


def resolve(question: Question, before: Asked | None, record: Record) -> Asked | None:
    """Return what a question asks, with what was asked before it where it leans on that."""
    alone = find_asked(question, record)
    text = plain(question.text)
    joined, points = bool(_JOINED.match(text)), bool(_POINTS.search(text))
    if before is None or not (joined or points or not question.content):
        return alone
    if isinstance(before, TableAsked) and question.ops & _STEPS and not question.content:
        return _stepped(before)
    if isinstance(alone, FieldsAsked) and question.content:
        return alone
    merged = find_asked(_merged(question, before), record)
    if merged is None or (alone is not None and not _same_list(merged, alone)):
        return alone
    if isinstance(alone, TableAsked) and (alone.words or alone.chosen) and not joined:
        return alone
    return merged


def _stepped(before: TableAsked) -> Asked:
    rank = (before.question.rank or 1) + 1
    ops = before.question.ops | ({"@last"} if not before.question.ops & {"@next"} else frozenset())
    return replace(before, question=replace(before.question, rank=rank, ops=ops, number=None))


def _same_list(one: Asked, other: Asked) -> bool:
    return (
        isinstance(one, TableAsked)
        and isinstance(other, TableAsked)
        and one.table.path == other.table.path
    )


def _kept(question: Question, before: TableAsked) -> WordSet:
    """Return the old words that the new ones do not replace.

    A new value takes the place of the old one, a new column that of the old columns.
    """
    table, old = before.table, before.question.content
    asked = frozenset[str]().union(*(column.words for column in before.columns)) - table.words
    columns = frozenset[str]().union(*(column.words for column in table.columns.values()))
    if not question.content:
        return old
    if question.content <= columns | table.words:
        return old - asked if question.content - table.words else old
    return old - (old - table.words - asked)


def _merged(question: Question, before: Asked) -> Question:
    """Return the new question with what it leaves out taken from the old one."""
    old = before.question
    kept = old.content if isinstance(before, FieldsAsked) else _kept(question, before)
    old_ops = old.ops - MANNERS if question.ops & MANNERS or question.wanted else old.ops
    if question.ops & _CHOICES:
        old_ops -= _CHOICES
    ops = question.ops | old_ops
    if question.period is not None and old.period is not None:
        ops -= {old.period.token} - {question.period.token}
    return replace(
        question,
        tokens=(*old.tokens, *question.tokens),
        content=kept | question.content,
        weak=old.weak | question.weak,
        ops=ops,
        wanted=question.wanted or old.wanted,
        number=question.number if question.number is not None else old.number,
        rank=question.rank if question.rank is not None else old.rank,
        period=question.period or old.period,
    )
