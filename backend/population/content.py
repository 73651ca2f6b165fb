"""A hash of what a table holds, whatever file it is in and however it came together."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.domain.table import Coded
from backend.population.frames import ColumnKind, Kinds, Sheet
from backend.strictjson import canonical

_ROWS_A_CHUNK: Final = 1 << 17
"""After so many rows the words of a category begin anew, so that few are kept in mind."""

_NO_WORD: Final = 2**32 - 1


class _Piece(NamedTuple):
    """Rows of one chunk, and whether it begins with them."""

    start: int
    stop: int
    begins: bool


class ContentHash:
    """The running hash of one table, fed with its rows in their order, in pieces of any size.

    Each column has three streams of its own: which values are known, a byte each; the values,
    little-endian, whole cents for money and days since 1970 for dates, 0 where unknown; and a
    third for text. Of text the values are its bytes, and the third stream is their number in each
    value, 32 bits. A category's rows go in chunks of 131,072: the third stream has each word that
    a chunk brings, as the number of its bytes and these, and the values are the number of the
    row's word in its chunk, 32 bits. The table's hash is SHA-256 over canonical JSON of the
    columns' names, kinds and SHA-256 digests and of the number of rows.

    Args:
        kinds: the table's columns.
        chunk: rows of a chunk; tables are hashed with the usual number.
    """

    def __init__(self, kinds: Kinds, chunk: int = _ROWS_A_CHUNK) -> None:
        self.kinds = dict(kinds)
        self._chunk = chunk
        self._rows = 0
        self._columns = {name: _Column(kind) for name, kind in kinds.items()}

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
        pieces = self._pieces(len(sheet.frame))
        for name, column in self._columns.items():
            column.update(sheet.frame[name], sheet.coded.get(name), pieces)
        self._rows += len(sheet.frame)

    def _pieces(self, rows: int) -> list[_Piece]:
        """Return the next rows cut at the ends of chunks."""
        first = -self._rows % self._chunk
        begins = range(first, rows, self._chunk)
        cuts = sorted({0, *begins, rows})
        return [_Piece(start, stop, start in begins) for start, stop in pairwise(cuts)]

    def hexdigest(self) -> str:
        """Return the hash of the rows so far as 64 hex digits."""
        columns = [
            [name, column.kind, *(stream.hexdigest() for stream in column.streams)]
            for name, column in self._columns.items()
        ]
        return sha256(canonical({"columns": columns, "rows": self._rows}).encode()).hexdigest()


class _Column:
    """The running hashes of one column: what is known, the values, and what text has beside."""

    def __init__(self, kind: ColumnKind) -> None:
        self.kind = kind
        self.streams = (sha256(), sha256(), sha256())
        self._numbers: dict[str, int] = {}

    def update(self, values: pl.Series, coded: Coded | None, pieces: Sequence[_Piece]) -> None:
        known, stream, beside = self.streams
        is_known = values.is_not_null().to_numpy()
        known.update(_little(is_known, "u1"))
        if self.kind == "category":
            words = coded or _coded(values)
            for start, stop, begins in pieces:
                if begins:
                    self._numbers.clear()
                here = Coded(words.words, words.codes[start:stop])
                stream.update(_little(self._numbered(here, is_known[start:stop]), "<u4"))
        elif self.kind == "text":
            text = values.fill_null("")
            beside.update(_little(text.str.len_bytes().to_numpy(), "<u4"))
            stream.update(text.str.join("").cast(pl.Binary).item())
        else:
            stream.update(_numbers(values, self.kind))

    def _numbered(self, text: Coded, known: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """Return the number of each value's word in the chunk; 0 where none is known."""
        codes = text.codes if known.all() else text.codes[known]
        rows = len(codes)
        first = np.full(len(text.words), rows)
        first[codes[::-1]] = np.arange(rows)[::-1]  # the last that is told of a word stays
        seen = (first < rows).nonzero()[0]
        seen = seen[first[seen].argsort()]
        numbers = np.zeros(len(text.words), dtype=np.uint32)
        numbers[seen] = self._known([text.words[each] for each in seen.tolist()])
        if rows == len(known):
            return numbers[codes]
        found = np.zeros(len(known), dtype=np.uint32)
        found[known] = numbers[codes]
        return found

    def _known(self, words: Sequence[str]) -> list[int]:
        """Return the words' numbers in the chunk; new ones are told."""
        numbers = self._numbers
        fresh = [word for word in dict.fromkeys(words) if word not in numbers]
        numbers.update(zip(fresh, range(len(numbers), len(numbers) + len(fresh)), strict=True))
        spelt = [word.encode() for word in fresh]
        self.streams[2].update(b"".join(len(w).to_bytes(4, "little") + w for w in spelt))
        return [numbers[word] for word in words]


def _coded(values: pl.Series) -> Coded:
    """Return a category's values by the positions of its own words."""
    physical = values.to_physical().fill_null(_NO_WORD).to_numpy()
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
