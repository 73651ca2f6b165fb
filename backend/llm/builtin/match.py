"""From a question to what it asks of the record, or to nothing.

Every word of a question must be accounted for, by the name of a field or list, by a column, by a
value that stands in the record, or by an operation: a question about a mortgage is not answered
with a balance because both speak of a bank. What explains most of the words most exactly wins.
"""

from typing import Final

from backend.llm.builtin.asked import Asked, FieldsAsked
from backend.llm.builtin.lists import read_list
from backend.llm.builtin.question import MANNERS, Question
from backend.llm.builtin.record import Field, Record
from backend.llm.builtin.scores import KIND_FITS, name_score
from backend.llm.builtin.speech import Kind

_NEAR: Final = 1e-9
_NAME: Final = frozenset({"name"})
_NAMED_KINDS: Final = frozenset({Kind.PERSON, Kind.PLACE, Kind.TEXT})
_FIELD_OPS: Final = frozenset({"@until"})


def find_asked(question: Question, record: Record) -> Asked | None:
    """Return what the question asks of the record; None where a word is left unexplained."""
    fields = [(score, field) for field in record.fields if (score := _field_score(question, field))]
    readings = (read_list(question, table, record) for table in record.tables)
    tables = [reading for reading in readings if reading is not None and reading[0] > 0]
    best_field = max((score for score, _ in fields), default=0.0)
    best_table = max((score for score, _ in tables), default=0.0)
    if not fields and not tables:
        return None
    if best_table > best_field + _NEAR:
        return next(asked for score, asked in tables if score == best_table)
    return FieldsAsked(
        tuple(field for score, field in fields if score > best_field - _NEAR), question
    )


def _field_score(question: Question, field: Field) -> float:
    free = _NAME if field.kind in _NAMED_KINDS else frozenset()
    if not question.content <= field.words | free or not question.hard <= field.words | _FIELD_OPS:
        return 0.0
    if question.number is not None or question.rank is not None:
        return 0.0
    if field.kind is not Kind.DATE and question.hard & _FIELD_OPS - field.words:
        return 0.0
    said = question.content | question.ops | question.weak
    best = max(name_score(name, said) for name in field.sayings.names)
    whole = any(name <= said for name in field.sayings.names)
    if best <= 0 or not (whole or (question.content and not field.sayings.whole)):
        return 0.0
    fit = _kind_score(question, field)
    return 0.0 if fit is None else best + fit


def _kind_score(question: Question, field: Field) -> float | None:
    """Return what the manner of asking adds; None where the field can not answer it."""
    if not question.wanted or question.ops & MANNERS & field.words:
        return 0.0
    if field.kind in question.wanted:
        return 0.0 if field.kind is Kind.COUNT and "@howmuch" in question.ops else KIND_FITS
    told = field.kind is Kind.TEXT and question.ops & {"@who", "@where"}
    return 0.0 if told else None
