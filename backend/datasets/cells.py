"""Cells as values: what a row that can not be read is refused for, with file and line."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

import polars as pl

from backend.datasets.files import Source
from backend.errors import InputError

CellKind: TypeAlias = Literal["text", "money", "number", "date", "flag"]

ROW: Final = "row in the file"
"""The column that counts a table's rows from 0, whichever are left out later."""

_EXPECTED: Final[Mapping[CellKind, str]] = {
    "text": "text",
    "money": "an amount such as 12.50",
    "number": "a number",
    "date": "a date as YYYY-MM-DD",
    "flag": "true or false",
}
_TRUE, _FALSE = ("true", "t", "yes", "1", "1.0"), ("false", "f", "no", "0", "0.0")
_NOTHING: Final = ("", "nan", "null", "none")
_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
_LARGEST: Final = 1e11  # dollars
_SHOWN: Final = 3


def read_cells(
    source: Source,
    kinds: Mapping[str, CellKind],
    needed: tuple[str, ...],
    notes: list[str],
    *,
    skip: bool = False,
) -> pl.DataFrame:
    """Return a table with typed columns, and ``ROW`` in front.

    Money is whole cents, and an empty cell is null.

    Args:
        source: the table as it was read.
        kinds: the kind of each of its columns.
        needed: the columns that no row may lack.
        notes: gets a sentence on the rows that were left out.
        skip: leave rows that can not be read out, rather than refuse the table.

    Raises:
        InputError: a row can not be read.
    """
    raw = source.frame
    typed = raw.select(_typed(name, raw.schema[name], kinds[name]) for name in raw.columns)
    typed = typed.with_row_index(ROW)
    faults = typed.select(
        _fault(name, raw[name], needs=name in needed, kind=kinds[name]) for name in raw.columns
    )
    bad = faults.select(pl.any_horizontal(pl.all())).to_series()
    if not bad.any():
        return typed
    return refuse(source, typed, bad, notes, _sentence(source, faults, kinds), skip=skip)


def refuse(
    source: Source,
    frame: pl.DataFrame,
    bad: pl.Series,
    notes: list[str],
    why: str,
    *,
    skip: bool,
) -> pl.DataFrame:
    """Return the rows of ``frame`` that are not ``bad``, with a note on the others.

    Raises:
        InputError: there are any, and they are not to be skipped.
    """
    rows = frame[ROW].filter(bad).to_list()
    if not rows:
        return frame
    if not skip:
        more = f" ({len(rows) - 1} more rows can not be read.)" if rows[1:] else ""
        raise InputError(f"{source.place(rows[0])}: {why}.{more}")
    shown = "; ".join(source.place(row) for row in rows[:_SHOWN])
    notes.append(f"{source.path}: {len(rows)} rows left out, first {shown}: {why}.")
    return frame.filter(~bad)


def _typed(name: str, dtype: pl.DataType, kind: CellKind) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String and kind != "text":
        column = column.str.strip_chars()
        plain = column.str.to_lowercase()
        column = pl.when(~plain.is_in(_NOTHING)).then(column)
    match kind:
        case "text":
            stripped = column.cast(pl.String).str.strip_chars()
            return pl.when(stripped != "").then(stripped) if dtype == pl.String else stripped
        case "money":
            dollars = column.cast(pl.Float64, strict=False)
            sane = dollars.is_finite() & (dollars.abs() <= _LARGEST)
            return pl.when(sane).then((dollars * 100).round()).cast(pl.Int64).alias(name)
        case "number":
            figure = column.cast(pl.Float64, strict=False)
            return pl.when(figure.is_finite()).then(figure).alias(name)
        case "date":
            return _date(column, dtype).alias(name)
        case _:
            return _flag(column, dtype).alias(name)


def _date(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.String:
        # a time of day may follow
        fits = column.str.contains(r"^\d{4}-\d{2}-\d{2}([T ].*)?$")
        day = pl.when(fits).then(column.str.slice(0, 10)).str.to_date("%Y-%m-%d", strict=False)
    elif dtype.is_temporal():
        day = column.cast(pl.Date)
    else:
        return pl.lit(None, dtype=pl.Date)
    return pl.when(day.is_between(_FIRST, _LAST)).then(day)


def _flag(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return column
    text = column.cast(pl.String).str.to_lowercase()
    return pl.when(text.is_in(_TRUE)).then(True).when(text.is_in(_FALSE)).then(False)  # noqa: FBT003 - values


def _fault(name: str, raw: pl.Series, *, needs: bool, kind: CellKind) -> pl.Expr:
    unread = pl.col(name).is_null()
    if needs:
        return unread
    given = raw.is_not_null()
    if raw.dtype == pl.String:
        given &= ~raw.str.strip_chars().str.to_lowercase().is_in(_NOTHING)
    if raw.dtype.is_float():
        given &= raw.is_not_nan()
    return (unread & given if kind != "text" else pl.lit(value=False)).alias(name)


def _sentence(source: Source, faults: pl.DataFrame, kinds: Mapping[str, CellKind]) -> str:
    first = faults.select(pl.any_horizontal(pl.all())).to_series().arg_true()[0]
    name = next(name for name in faults.columns if faults[name][first])
    came = source.frame[name][first]
    told = "nothing" if came is None else repr(str(came)[:32])
    return f"{name}: {_EXPECTED[kinds[name]]} was expected, and {told} came"
