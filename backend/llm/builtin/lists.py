"""Whether a question is about a list, and about which columns and rows of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from backend.llm.builtin.asked import TableAsked
from backend.llm.builtin.question import Question
from backend.llm.builtin.record import Column, Record, Table
from backend.llm.builtin.scores import CONTENT, KIND_FITS, name_score, names_score
from backend.llm.builtin.speech import FIGURES, Kind, as_date
from backend.llm.builtin.values import known_value, values_asked
from backend.llm.builtin.vocabulary import WordSet

_COLUMN_ONLY: Final = 0.1
_TABLE_OPERATION: Final = 0.5
_FIGURE_OPS: Final = frozenset({"@max", "@min", "@total", "@average"})
_DATE_OPS: Final = frozenset({"@last", "@first", "@next", "@before", "@until", "@after"})
_HELD: Final = frozenset({"@howmuch", "@have"})
_BOUNDS: Final = frozenset({"@over", "@under"})
_TABLE_OPS: Final = _FIGURE_OPS | _DATE_OPS | {
    "@over", "@under", "@howmany", "@this_month", "@last_month", "@this_year", "@span",
}  # fmt: skip


def read_list(question: Question, table: Table, record: Record) -> tuple[float, TableAsked] | None:
    """Return what the question asks of a list, with how well it fits; None where it does not."""
    if not _operates(question, table):
        return None
    columns = _columns_named(question, table)
    explained = table.words.union(*(column.words for column in columns))
    values = values_asked(question, table, explained, record.vocabulary)
    if values is None:
        return None
    chosen, words = values
    said = question.content | question.ops | question.weak
    head = max(table.sayings.sayings.names, key=lambda name: name_score(name, said))
    named = name_score(head, said) > 0
    if not named and not _stands_alone(question, table, columns, record):
        return None
    if not _can_answer(question, table, columns, record, named=named):
        return None
    names = [head] if named else []
    names += [max(c.sayings.names, key=lambda name: name_score(name, said)) for c in columns]
    # in "minimum due" the operation is a part of the column's name
    spoken_for = _operations_in_names(columns, said, every="@list" in question.ops)
    question = replace(question, ops=question.ops - spoken_for)
    score = names_score(names, said) + CONTENT * len(question.content - explained)
    score += _TABLE_OPERATION * len(question.hard & _TABLE_OPS)
    score += table.sayings.prefer - (0 if named else _COLUMN_ONLY)
    if question.ops & {"@list", "@howmany"}:
        score += KIND_FITS
    elif question.wanted and named:
        score += KIND_FITS / 2
    return score, TableAsked(table, columns, chosen, words, question)


def _operates(question: Question, table: Table) -> bool:
    """Return whether the list can be put through the operations that are asked for."""
    if question.ops & _BOUNDS - table.words and question.number is None:
        return False  # "more than I earn" sets no bound that rows can be held against
    return question.hard <= table.words | _TABLE_OPS | _column_words(table)


def _stands_alone(
    question: Question, table: Table, columns: Sequence[Column], record: Record
) -> bool:
    # "metformin" names a prescription by itself; "credit" alone names no transaction, since
    # fields go by that name
    if columns:
        return True
    if table.sayings.rolling is not None and question.ops >= _HELD:
        return False  # "how much cash did I have" asks for no spending
    rest = question.content - table.words
    if not rest & record.stems:
        return bool(rest)
    held = (value for row in table.rows for value in row.values() if isinstance(value, str))
    return any(rest == record.vocabulary.value_words(value) for value in held)


def _column_words(table: Table) -> WordSet:
    return frozenset[str]().union(*(column.words for column in table.columns.values()))


def _columns_named(question: Question, table: Table) -> tuple[Column, ...]:
    """Return the columns that are named in full; a part will do for a word not yet explained."""
    said = question.content | question.ops | question.weak
    full: dict[str, int] = {}
    for column in table.columns.values():
        sizes = [len(name) for name in column.sayings.names if _is_said(name, said, table)]
        if sizes:
            full[column.name] = max(sizes)
    longest = max(full.values(), default=0)
    named = [table.columns[name] for name, size in full.items() if size == longest or size > 1]
    explained = table.words.union(*(column.words for column in named))
    for word in sorted(question.content - explained):
        if known_value(word, table) is None:
            named += [
                column
                for column in table.columns.values()
                if column not in named and any(word in name for name in column.sayings.names)
            ][:1]
    return tuple(named)


def _operations_in_names(columns: Sequence[Column], said: WordSet, *, every: bool) -> WordSet:
    """Return the operations that are parts of names; of dates only where rows are listed."""
    names = (name for column in columns for name in column.sayings.names if name <= said)
    taken = _FIGURE_OPS | _DATE_OPS if every else _FIGURE_OPS
    return frozenset[str]().union(*names) & taken


def _is_said(name: WordSet, said: WordSet, table: Table) -> bool:
    plain = any(not word.startswith("@") for word in name)
    return plain and name <= said and not name <= table.words


def lies_ahead(table: Table, record: Record, column: str | None = None) -> bool:
    """Return whether every row of the list lies today or later, by its own date or a column's."""
    dates = [as_date(row.get(column or table.date or "")) for row in table.rows]
    return bool(dates) and all(at is not None and at >= record.as_of for at in dates)


def lies_behind(table: Table, columns: Sequence[Column], record: Record) -> bool:
    """Return whether the rows' dates, in the named column if there is one, are all past."""
    name = next((column.name for column in columns if column.kind is Kind.DATE), table.date)
    dates = [as_date(row.get(name or "")) for row in table.rows]
    return bool(dates) and all(at is None or at < record.as_of for at in dates)


def _can_answer(
    question: Question, table: Table, columns: Sequence[Column], record: Record, *, named: bool
) -> bool:
    return (
        _has_kinds(question, table, columns)
        and _reaches(question, table, columns, record)
        and _has_dates(question, table, columns, named=named)
        and _keeps_span(question, table, columns)
    )


def _keeps_span(question: Question, table: Table, columns: Sequence[Column]) -> bool:
    """Return whether a list of running figures is asked for no other span than a month."""
    period = question.period
    if table.sayings.rolling is None:
        return True
    if question.ops & _BOUNDS and not columns:
        return False  # "do I spend more than 3000" asks for no row above that
    return period is None or period.is_month or any(column.kind is Kind.DATE for column in columns)


def _has_kinds(question: Question, table: Table, columns: Sequence[Column]) -> bool:
    """Return whether the list has what the manner of asking wants: a place, a figure and so on."""
    ops, asked = question.ops, {column.kind for column in columns}
    kinds = {column.kind for column in table.columns.values()}
    for op, kind in (("@where", Kind.PLACE), ("@who", Kind.PERSON), ("@when", Kind.DATE)):
        if op in ops and kind not in kinds:
            return False
    if ops & {"@howmuch", "@howmany"} and columns and not asked & FIGURES:
        return False
    figures = bool(asked & {Kind.MONEY, Kind.COUNT}) or table.amount is not None
    return figures or not ops & (_FIGURE_OPS | {"@over", "@under"})


def _reaches(question: Question, table: Table, columns: Sequence[Column], record: Record) -> bool:
    """Return whether the list can hold rows of the time that is asked for."""
    ops, period = question.ops, question.period
    if "@last" in ops and lies_ahead(table, record) and "@last" not in _column_words(table):
        return False
    later = period is not None and period.first > record.as_of
    ahead = later or bool(ops & {"@next", "@until", "@upcoming"})
    return not (ahead and lies_behind(table, columns, record))


def _has_dates(question: Question, table: Table, columns: Sequence[Column], *, named: bool) -> bool:
    """Return whether a question of time has a date to go by.

    "Next premium" asks for a premium's own day, not for the day of the row that holds one.
    """
    if question.ops & _column_words(table):
        return True
    dated = (named and table.date is not None) or any(c.kind is Kind.DATE for c in columns)
    return dated or not (question.ops & _DATE_OPS or question.period is not None)
