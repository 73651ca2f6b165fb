"""Records for the outside: a table's rows as JSON objects."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.table import Coded, Field, Joined, Table

Row: TypeAlias = dict[str, Any]

_EPOCH = np.datetime64("0001-01-01", "D") - 1
"""Day zero of the proleptic Gregorian ordinals."""


def rows_of(table: Table) -> list[Row]:
    """Return the records of ``table`` in its order, each with its own fields alone.

    Raises:
        ValueError: a field has another number of values than there are records.
    """
    columns = [cells_of(field) for field in table.fields]
    for field, column in zip(table.fields, columns, strict=True):
        if len(column) != len(table):
            raise ValueError(
                f"{table.name}.{field.name}: expected {len(table)} values, one a record, "
                f"and {len(column)} came"
            )
    names = [field.name for field in table.fields]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def cells_of(field: Field) -> list[Any]:
    """Return the values of one column as JSON has them, in order; unknown ones are None.

    Money is dollars with at most two decimals, as in the session persona, and a day is an ISO
    date.
    """
    cells = _spelt(field)
    if field.known is None:
        return cells
    return [
        cell if known else None for cell, known in zip(cells, field.known.tolist(), strict=True)
    ]


def _spelt(field: Field) -> list[Any]:
    if isinstance(field.values, Coded):
        return _words(field.values)
    if isinstance(field.values, Joined):
        parts = [_words(part) for part in field.values.parts]
        return ["".join(texts) for texts in zip(*parts, strict=True)]
    if field.kind == "text":
        return [str(value) for value in field.values]
    cells: list[Any] = _numbers(field).tolist()
    return cells


def _words(text: Coded) -> list[str]:
    words = text.words
    return [words[code] for code in text.codes.tolist()]


def _numbers(field: Field) -> NDArray[Any]:
    values = np.asarray(field.values)
    match field.kind:
        case "money":
            return values / 100
        case "date":
            return np.datetime_as_string(_EPOCH + values.astype("timedelta64[D]"))
        case "flag":
            return values.astype(np.bool_)
        case "integer":
            return values.astype(np.int64)
        case _:
            return values.astype(np.float64)
