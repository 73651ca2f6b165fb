"""Sentences about single facts: a field's value, a row of a list."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from backend.llm.builtin.phrases import phrases
from backend.llm.builtin.record import Column, Field, Record, Table
from backend.llm.builtin.speech import Kind, as_date, counted, listed, spoken, uncapitalised

_PLACE: Final = re.compile(r"\{([^{}|#]+)(?:([|#])([^{}|]+)\|([^{}|]+))?\}")


_LOWER: Final = "_lower"
_CAPITAL: Final = "_capital"
_WHERE: Final = re.compile(r"\[(\w+)(?:(!?=)([\w. ]+))?:([^\]]*)\]")
"""``[column=value:text]``: text for rows of that value, ``!=`` for others, neither for any."""


def tell_field(field: Field, record: Record) -> str:
    """Return a sentence with the field's value."""
    sayings = field.sayings
    if field.value is None or field.value == "":
        return sayings.none or phrases().say("no_field", label=field.label)
    template = sayings.zero if field.value == 0 and sayings.zero else sayings.say
    told = _filled(template, lambda path: _looked_up(record, path)) if template else None
    return told or _plainly(field)


def _plainly(field: Field) -> str:
    words = "are" if field.label.endswith("s") and not field.label.endswith("ss") else "is"
    value = spoken(field.value, field.kind)
    return phrases().say("field", label=field.label, **{"is": words}, value=value)


def tell_template(template: str, record: Record) -> str | None:
    """Return a sentence about the whole record; None where a value is missing."""
    return _filled(template, lambda path: _looked_up(record, path))


def _looked_up(record: Record, path: str) -> tuple[Any, Kind] | None:
    name, _, column = path.partition(".")
    table = record.table(name)
    if table is not None:
        return _of_table(table, column) if table.rows or not column else None
    field = record.field(path)
    return None if field is None or field.value is None else (field.value, field.kind)


def _of_table(table: Table, column: str) -> tuple[Any, Kind] | None:
    """Return how many rows there are, all values of a column, or that of the first row."""
    if not column:
        return len(table.rows), Kind.COUNT
    first, _, name = column.rpartition(".")
    found = table.columns.get(name)
    if found is None:
        return None
    held = [spoken(row[name], found.kind) for row in table.rows if row.get(name) is not None]
    return listed(list(dict.fromkeys(held[:1] if first else held))) or None, Kind.TEXT


def _filled(template: str, look_up: Callable[[str], tuple[Any, Kind] | None]) -> str | None:
    """Return the template with its places filled; None where one has nothing to stand there."""
    missing = False

    def fill(place: re.Match[str]) -> str:
        nonlocal missing
        found = look_up(place[1])
        if found is None:
            missing = True
            return ""
        value, kind = found
        if place[2] == "#":
            return counted(value, place[3], place[4]) if value else f"no {place[4]}"
        if place[2] == "|":
            return place[3] if value == 1 else place[4]
        return spoken(value, kind)

    text = _PLACE.sub(fill, template)
    return None if missing else text


def tell_row(table: Table, row: Mapping[str, Any], *, brief: bool) -> str:
    """Return a row as a list item (``brief``), or as it stands at the end of a sentence."""
    templates = table.sayings.row if brief else table.sayings.sentence
    told = (_row_filled(template, table, row) for template in templates)
    return next(filter(None, told), None) or _row_plainly(table, row)


def tell_single(table: Table, row: Mapping[str, Any]) -> str | None:
    """Return the sentence for an answer that is one row, where the list has one."""
    return _row_filled(table.sayings.one, table, row)


def label_row(table: Table, row: Mapping[str, Any]) -> str:
    """Return what one row is called among the others."""
    told = _row_filled(table.sayings.row_label, table, row)
    if told:
        return told
    texts = (
        spoken(row[name], column.kind)
        for name, column in table.columns.items()
        if column.kind not in {Kind.MONEY, Kind.NUMBER, Kind.COUNT} and row.get(name) is not None
    )
    return next(texts, table.noun)


def tell_cell(table: Table, column: Column, row: Mapping[str, Any]) -> str:
    """Return a sentence with one property of a row."""
    label = label_row(table, row)
    if row.get(column.name) is None:
        return column.sayings.none or phrases().say("cell_none", column=column.label, label=label)
    told = _row_filled(column.sayings.say, table, row)
    value = spoken(row[column.name], column.kind)
    return told or phrases().say("cell", label=label, column=column.label, value=value)


def _row_filled(template: str | None, table: Table, row: Mapping[str, Any]) -> str | None:
    def look_up(name: str) -> tuple[Any, Kind] | None:
        plain = name.removesuffix(_LOWER).removesuffix(_CAPITAL)
        column, value = table.columns.get(plain), row.get(plain)
        if plain != name and isinstance(value, str):
            lower = name.endswith(_LOWER)
            value = uncapitalised(value) if lower else value[:1].upper() + value[1:]
        return None if column is None or value is None else (value, column.kind)

    return _filled(_fitting(template, row), look_up) if template else None


def _fitting(template: str, row: Mapping[str, Any]) -> str:
    def keep(where: re.Match[str]) -> str:
        value = row.get(where[1])
        if where[2] is None:
            return where[4] if value is not None else ""
        return where[4] if (str(value) == where[3]) is (where[2] == "=") else ""

    return _WHERE.sub(keep, template)


def _row_plainly(table: Table, row: Mapping[str, Any]) -> str:
    told = [
        (column, spoken(row[name], column.kind))
        for name, column in table.columns.items()
        if row.get(name) is not None and not isinstance(row[name], list | dict)
    ]
    if len(told) == 1:
        return told[0][1]
    return ", ".join(_named(column, text) for column, text in told)


def _named(column: Column, text: str) -> str:
    return text if column.kind in {Kind.TEXT, Kind.PERSON} else f"{column.label} {text}"


def days_away(value: object, record: Record) -> int | None:
    """Return how many days after today a date lies; negative where it is past."""
    at = as_date(value)
    return None if at is None else (at - record.as_of).days
