"""The customer's record, laid out to be asked: fields and lists with the words that name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.llm.builtin.speech import Kind
from backend.llm.builtin.vocabulary import Sayings, TableSayings, Vocabulary, WordSet


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the record, or one that follows from others."""

    path: str
    value: Any
    kind: Kind
    sayings: Sayings
    words: WordSet
    own: WordSet

    @property
    def label(self) -> str:
        """Return what the field is called in a sentence."""
        return self.sayings.label or self.path.rpartition(".")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a table's rows."""

    name: str
    kind: Kind
    sayings: Sayings
    words: WordSet

    @property
    def label(self) -> str:
        """Return what the column is called in a sentence."""
        return self.sayings.label or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Table:
    """A list of the record: claims, appointments or orders."""

    path: str
    rows: tuple[Mapping[str, Any], ...]
    columns: Mapping[str, Column]
    sayings: TableSayings
    words: WordSet
    noun: str
    plural: str
    date: str | None
    amount: str | None
    row_words: tuple[WordSet, ...]
    """The words by which each row's texts can be asked for."""
    kinds_known: tuple[WordSet, ...] = ()
    """The words of each sort of row that there may be, whether or not one is there."""

    @property
    def held_words(self) -> WordSet:
        """Return the words of all rows."""
        return frozenset[str]().union(*self.row_words)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of the customer, as of a day."""

    mode: str
    as_of: date
    customer: Mapping[str, Any]
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]
    stems: WordSet
    vocabulary: Vocabulary

    def field(self, path: str) -> Field | None:
        """Return the field at a dotted path."""
        return next((field for field in self.fields if field.path == path), None)

    def table(self, path: str) -> Table | None:
        """Return the list at a path."""
        return next((table for table in self.tables if table.path == path), None)

    @property
    def given_name(self) -> str | None:
        """Return the customer's given name."""
        name = self.customer.get("name")
        parts = name.split() if isinstance(name, str) else []
        return parts[0] if parts else None
