"""A hash of what a table holds, whatever file it is in and however it came together."""

from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.domain.table import Kind
from backend.population.frames import Kinds, Sheet
from backend.strictjson import canonical


class ContentHash:
    """The running hash of one table, fed with its rows in their order, in pieces of any size.

    Each column has three streams of its own: which values are known, a byte each; the values,
    little-endian, whole cents for money and days since 1970 for dates, 0 where unknown; and of
    text the lengths in bytes as 32-bit numbers. The table's hash is SHA-256 over canonical JSON
    of the columns' names, kinds and SHA-256 digests and of the number of rows.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = dict(kinds)
        self._rows = 0
        self._streams = {name: (sha256(), sha256(), sha256()) for name in kinds}

    @property
    def rows(self) -> int:
        """How many rows it has been fed."""
        return self._rows

    def update(self, sheet: Sheet) -> None:
        """Take in the next rows.

        Raises:
            ValueError: they have other columns, or columns of other kinds.
        """
        if dict(sheet.kinds) != self._kinds:
            raise ValueError(f"expected the columns {self._kinds}, and {sheet.kinds} came")
        self._rows += len(sheet.frame)
        for name, kind in self._kinds.items():
            column = sheet.frame[name]
            known, values, lengths = self._streams[name]
            known.update(_little(column.is_not_null().to_numpy(), "u1"))
            if kind == "text":
                text = column.fill_null("")
                lengths.update(_little(text.str.len_bytes().to_numpy(), "<u4"))
                values.update(text.str.join("").cast(pl.Binary).item())
            else:
                values.update(_numbers(column, kind))

    def hexdigest(self) -> str:
        """Return the hash of the rows so far as 64 hex digits."""
        columns = [
            [name, kind, *(stream.hexdigest() for stream in self._streams[name])]
            for name, kind in self._kinds.items()
        ]
        return sha256(canonical({"columns": columns, "rows": self._rows}).encode()).hexdigest()


def _numbers(column: pl.Series, kind: Kind) -> memoryview:
    match kind:
        case "money":
            cents = (column.fill_null(0.0) * 100).round()
            return _little(cents.to_numpy(), "<i8")
        case "date":
            return _little(column.cast(pl.Int32).fill_null(0).to_numpy(), "<i4")
        case "flag":
            return _little(column.fill_null(value=False).to_numpy(), "u1")
        case "integer":
            return _little(column.fill_null(0).to_numpy(), "<i8")
        case _:
            return _little(column.fill_null(0.0).to_numpy(), "<f8")


def _little(values: NDArray[Any], layout: str) -> memoryview:
    return np.ascontiguousarray(values.astype(layout)).data
