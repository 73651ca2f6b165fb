"""What a question asks of a record: some fields, or some rows of a list."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.llm.builtin.question import Question
from backend.llm.builtin.record import Column, Field, Table
from backend.llm.builtin.vocabulary import WordSet


@dataclass(frozen=True, slots=True)
class FieldsAsked:
    """One field, or a few that the question fits equally."""

    fields: tuple[Field, ...]
    question: Question


@dataclass(frozen=True, slots=True)
class TableAsked:
    """A list, with the columns and the values that the question named.

    ``chosen`` maps a column to the values that were asked for; ``words`` are further words that a
    row must hold.
    """

    table: Table
    columns: tuple[Column, ...]
    chosen: Mapping[str, frozenset[str]]
    words: WordSet
    question: Question


Asked = FieldsAsked | TableAsked
