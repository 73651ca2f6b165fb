"""A hash of what a table holds, whatever file it is in and however it came together."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.domain.table import Coded
from backend.population.frames import ColumnKind, Kinds, Sheet
from backend.strictjson import canonical

_WORDS: Final = 1 << 14
"""With the word after so many the words of a column begin anew, so that few are kept in mind."""

_NO_WORD: Final = 2**32 - 1


class ContentHash:
    """The running hash of one table, fed with its rows in their order, in pieces of any size.

    Each column has three streams of its own: which values are known, a byte each; the values,
    little-endian, whole cents for money and days since 1970 for dates, 0 where unknown; and a
    third for text. Of text the values are its bytes, and the third stream is their number in each
    value, 32 bits. Of a category or a reference the third stream has each word when it first
    comes, as the number of its bytes and these, and the values are the words' numbers in that
    order, 32 bits; a row that brings the 16,385th word begins a new count from 0. The table's hash
    is SHA-256 over canonical JSON of the columns' names, kinds and SHA-256 digests and of the
    number of rows.

    Args:
        kinds: the table's columns.
        words: after how many a count begins anew; tables are hashed with the usual number.
    """

    def __init__(self, kinds: Kinds, words: int = _WORDS) -> None:
        self.kinds = dict(kinds)
        self._rows = 0
        self._columns = {name: _Column(kind, words) for name, kind in kinds.items()}

    @property
    def rows(self) -> int:
        """How many rows it has been fed."""
        return self._rows

    def update(self, sheet: Sheet) -> None:
        """Take in the next rows.

        Raises:
            ValueError: they have other columns, or columns of other kinds.
        """
        if dict(sheet.kinds) != self.kinds:
            raise ValueError(f"expected the columns {self.kinds}, and {sheet.kinds} came")
        for name, column in self._columns.items():
            column.update(sheet.frame[name], sheet.coded.get(name))
        self._rows += len(sheet.frame)

    def hexdigest(self) -> str:
        """Return the hash of the rows so far as 64 hex digits."""
        columns = [
            [name, column.kind, *(stream.hexdigest() for stream in column.streams)]
            for name, column in self._columns.items()
        ]
        return sha256(canonical({"columns": columns, "rows": self._rows}).encode()).hexdigest()


class _Column:
    """The running hashes of one column: what is known, the values, and what text has beside."""

    def __init__(self, kind: ColumnKind, words: int) -> None:
        self.kind = kind
        self.streams = (sha256(), sha256(), sha256())
        self._most = words
        self._numbers: dict[str, int] = {}

    def update(self, values: pl.Series, coded: Coded | None) -> None:
        known, stream, beside = self.streams
        is_known = values.is_not_null().to_numpy()
        known.update(_little(is_known, "u1"))
        if self.kind in {"category", "reference"}:
            stream.update(_little(self._numbered(coded or _coded(values), is_known), "<u4"))
        elif self.kind == "text":
            text = values.fill_null("")
            beside.update(_little(text.str.len_bytes().to_numpy(), "<u4"))
            stream.update(text.str.join("").cast(pl.Binary).item())
        else:
            stream.update(_numbers(values, self.kind))

    def _numbered(self, text: Coded, known: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """Return the number of each value's word; 0 where none is known."""
        codes = text.codes if known.all() else text.codes[known]
        told = np.empty(len(codes), dtype=np.uint32)
        done = 0
        while done < len(codes):
            done += self._count(text.words, codes[done:], told[done:])
        if len(codes) == len(known):
            return told
        found = np.zeros(len(known), dtype=np.uint32)
        found[known] = told
        return found

    def _count(
        self, words: Sequence[str], codes: NDArray[np.int64], told: NDArray[np.uint32]
    ) -> int:
        """Tell the numbers of the first values, up to a new count, and return how many."""
        rows = len(codes)
        first = np.full(len(words), rows)
        first[codes[::-1]] = np.arange(rows)[::-1]  # the last that is told of a word stays
        seen = (first < rows).nonzero()[0]
        seen = seen[first[seen].argsort()]
        numbers = self._known([*map(words.__getitem__, seen.tolist())])
        stop = int(first[seen[len(numbers)]]) if len(numbers) < len(seen) else rows
        number = np.zeros(len(words), dtype=np.uint32)
        number[seen[: len(numbers)]] = numbers
        told[:stop] = number[codes[:stop]]
        if stop < rows:
            self._numbers.clear()
        return stop

    def _known(self, words: Sequence[str]) -> list[int]:
        """Return the words' numbers, up to the first that begins a new count; new ones are told."""
        numbers = list(map(self._numbers.get, words))
        fresh = []
        for at in [at for at, number in enumerate(numbers) if number is None]:
            number = self._numbers.get(words[at])  # it may stand among the words twice
            if number is None:
                if len(self._numbers) == self._most:
                    del numbers[at:]
                    break
                number = self._numbers[words[at]] = len(self._numbers)
                fresh.append(words[at].encode())
            numbers[at] = number
        self.streams[2].update(b"".join(len(w).to_bytes(4, "little") + w for w in fresh))
        return cast("list[int]", numbers)


def _coded(values: pl.Series) -> Coded:
    """Return a column's values by the positions of its own words."""
    physical = values.cast(pl.Categorical).to_physical().fill_null(_NO_WORD).to_numpy()
    _, first, codes = np.unique(physical, return_index=True, return_inverse=True)
    return Coded(values.gather(first).cast(pl.String).fill_null("").to_list(), codes)


def _numbers(column: pl.Series, kind: ColumnKind) -> memoryview:
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
