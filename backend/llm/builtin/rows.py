"""Which rows of a list a question is about, in which order, and what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from backend.llm.builtin.asked import TableAsked
from backend.llm.builtin.lists import lies_ahead
from backend.llm.builtin.record import Column, Record
from backend.llm.builtin.speech import (
    FIGURES,
    NUMBER_WORDS,
    Kind,
    as_date,
    counted,
    listed,
    spoken,
    uncapitalised,
)
from backend.llm.builtin.values import sorts_named
from backend.llm.builtin.vocabulary import Vocabulary, WordSet
from backend.llm.builtin.words import plain, stem

Row: TypeAlias = Mapping[str, Any]

_SORTS: Final = frozenset({"type", "status", "specialty", "kind", "policy_type", "account"})
"""Columns whose values stand before the noun: "pending claims", "an auto policy"."""
_BETWEEN: Final = {Kind.PLACE: "at", Kind.PERSON: "with"}


@dataclass(frozen=True, slots=True)
class Naming:
    """What the chosen rows are called: ``pending claim``, ``payments at Casa Verde``.

    ``short`` is one of them without what stands behind the noun.
    """

    short: str
    singular: str
    plural: str

    def counted(self, number: int) -> str:
        """Return ``1 pending claim``, ``3 pending claims``."""
        return counted(number, self.singular, self.plural)


class Selection:
    """The rows that a question about a list speaks of, latest first, or soonest first."""

    def __init__(self, asked: TableAsked, record: Record, vocabulary: Vocabulary) -> None:
        self._asked = asked
        self._question = asked.question
        self._vocabulary = vocabulary
        self.table = asked.table
        self._record = record
        self.date = self._named(Kind.DATE) or asked.table.date
        self.amount = self._named(Kind.MONEY) or self._named(Kind.COUNT) or asked.table.amount
        rows = zip(self.table.rows, self.table.row_words, strict=True)
        self.rows: Sequence[Row] = self._sorted(
            [row for row, held in rows if self._fits(row, held)]
        )

    @property
    def figure_columns(self) -> list[Column]:
        """Return the columns of figures that the question names."""
        return [column for column in self._asked.columns if column.kind in FIGURES]

    @property
    def wanted_columns(self) -> list[Column]:
        """Return the columns whose kind the question's manner asks for."""
        wanted = self._question.wanted - FIGURES
        return [column for column in self.table.columns.values() if column.kind in wanted]

    @property
    def lies_ahead(self) -> bool:
        """Return whether every row of the list lies today or later."""
        return lies_ahead(self.table, self._record, self.date)

    @property
    def narrowed(self) -> bool:
        """Return whether the question is about some rows of the list only."""
        asked = self._asked
        bounded = bool(self._question.ops & {"@over", "@under"})
        return bool(asked.chosen or asked.words or self._in_span or bounded)

    @property
    def latest(self) -> str | None:
        """Return what to call a list that holds only the latest rows, else None."""
        template = self.table.sayings.latest
        number = len(self.table.rows)
        if template is None or not number:
            return None
        return template.format(n=NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else number)

    @property
    def oldest_day(self) -> object:
        """Return the earliest date of the whole list, as it stands there."""
        return min((row.get(self.date or "") or "" for row in self.table.rows), default=None)

    def newest_first(self) -> list[Row]:
        """Return the chosen rows that have a date, newest first; one day's as they stand."""
        held = [row for row in self.rows if as_date(row.get(self.date or ""))]
        return sorted(held, key=self._day, reverse=True)

    def ahead(self) -> list[Row]:
        """Return the chosen rows of today and later, soonest first; one day's as they stand."""
        today = self._record.as_of.isoformat()
        held = [row for row in self.rows if as_date(row.get(self.date or ""))]
        return sorted((row for row in held if self._day(row)[:10] >= today), key=self._day)

    def naming(self) -> Naming:
        """Return what the chosen rows are called."""
        singular, plural = self.table.noun, self.table.plural
        front = ""
        for values in self._asked.chosen.values():
            nouns = [self.table.sayings.nouns.get(value) for value in values]
            if len(nouns) == 1 and nouns[0] is not None:
                singular, plural = nouns[0]
            elif None in nouns:
                front += f"{self._listed(values)} "
        before, behind = self._told_words()
        front += before
        behind += self._told_bounds()
        short = f"{front}{singular}"
        return Naming(short, f"{short}{behind}", f"{front}{plural}{behind}")

    def spoken_values(self) -> str:
        """Return the values that were asked for, as they are said inside a sentence."""
        chosen = [self._listed(values) for values in self._asked.chosen.values()]
        return listed([*dict.fromkeys(chosen), *filter(None, [self._typed_together()])])

    @property
    def is_past(self) -> bool:
        """Return whether the question is about a span that ends today or earlier."""
        period = self._question.period
        return self._in_span and period is not None and period.last <= self._record.as_of

    @property
    def reaches_back(self) -> bool:
        """Return whether the list goes back as far as the question's span does."""
        period, oldest = self._question.period, self.oldest_day
        return period is None or period.first.isoformat() > str(oldest)

    @property
    def ends_before(self) -> bool:
        """Return whether the question's span ends before the list begins."""
        period, oldest = self._question.period, self.oldest_day
        return period is not None and period.last.isoformat() < str(oldest)

    def _typed_together(self) -> str:
        sorts = sorts_named(self._asked.words, self.table)
        return listed(self._typed()) if len(sorts) > 1 else " ".join(self._typed())

    def _typed(self) -> list[str]:
        """Return the asked words as the customer wrote them, in the question's order."""
        written = {stem(word): word for word in plain(self._question.text).split()}
        words = [token for token in self._question.tokens if token in self._asked.words]
        return [written.get(word, word) for word in dict.fromkeys(words)]

    @staticmethod
    def _listed(values: WordSet) -> str:
        return listed(sorted(uncapitalised(value) for value in values))

    def _named(self, kind: Kind) -> str | None:
        return next((column.name for column in self._asked.columns if column.kind is kind), None)

    def _day(self, row: Row) -> str:
        return str(row.get(self.date or "") or "")

    def _sorted(self, rows: list[Row]) -> list[Row]:
        return sorted(rows, key=self._day, reverse=not self.lies_ahead) if self.date else rows

    def _fits(self, row: Row, held: WordSet) -> bool:
        for column, values in self._asked.chosen.items():
            if str(row.get(column)).casefold() not in {value.casefold() for value in values}:
                return False
        if "@upcoming" in self._question.ops and self.date is not None:
            at = as_date(row.get(self.date))
            if at is None or at < self._record.as_of:
                return False
        return self._holds(held) and self._is_in_span(row) and self._is_in_bounds(row)

    def _holds(self, held: WordSet) -> bool:
        """Return whether a row holds the words asked for; of several sorts, one will do."""
        words = self._asked.words
        sorts = sorts_named(words, self.table)
        rest = words - frozenset[str]().union(*sorts)
        return rest <= held and (not sorts or any(sort <= held for sort in sorts))

    @property
    def _in_span(self) -> bool:
        period = self._question.period
        if period is None or self.date is None:
            return False
        if self.table.sayings.rolling is not None and self._named(Kind.DATE) is None:
            return False
        return not any(period.token in column.words for column in self._asked.columns)

    def _is_in_span(self, row: Row) -> bool:
        period = self._question.period
        if period is None or not self._in_span:
            return True
        at = as_date(row.get(self.date or ""))
        return at is not None and period.first <= at <= period.last

    def _is_in_bounds(self, row: Row) -> bool:
        number, ops = self._question.number, self._question.ops
        if number is None or not ops & {"@over", "@under"}:
            return True
        held = row.get(self.amount or "")
        if not isinstance(held, int | float):
            return False
        return held > number if "@over" in ops else held < number

    def _told_words(self) -> tuple[str, str]:
        words = self._asked.words
        if not words:
            return "", ""
        for column in self.table.columns.values():
            text = self._common_text(column, words)
            if text is not None and column.name in _SORTS:
                return f"{uncapitalised(text)} ", ""
            if text is not None and column.kind in _BETWEEN:
                return "", f" {_BETWEEN[column.kind]} {text}"
        return "", f" for {self._typed_together() or ' '.join(sorted(words))}"

    def _common_text(self, column: Column, words: WordSet) -> str | None:
        texts = {str(row.get(column.name)) for row in self.rows}
        if len(texts) != 1:
            return None
        text = texts.pop()
        return spoken(text, column.kind) if words <= self._vocabulary.value_words(text) else None

    def _told_bounds(self) -> str:
        period, number = self._question.period, self._question.number
        told = f" {period.said}" if period is not None and self._in_span else ""
        if number is not None and self._question.ops & {"@over", "@under"}:
            side = "over" if "@over" in self._question.ops else "under"
            kind = self.table.columns[self.amount].kind if self.amount else Kind.NUMBER
            told += f" {side} {spoken(number, kind)}"
        return told


def cents_sum(rows: Sequence[Row], column: str) -> float:
    """Return the sum of a column's figures, exact to the cent."""
    cents: int = sum(round(row[column] * 100) for row in rows)
    return cents / 100
