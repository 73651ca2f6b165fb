"""Records as Polars frames: what a file holds of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import add
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import polars as pl

from backend.domain.person import People
from backend.domain.table import Coded, Field, Joined, Kind, Table, Text

ColumnKind: TypeAlias = Kind | Literal["category", "reference"]
"""What a column holds.

A category is text of few words that stand in many rows. A reference names a customer or an account:
many words, each in a run of rows. Both are hashed by their words.
"""

Kinds: TypeAlias = Mapping[str, ColumnKind]
"""The kind of each column, in their order."""

USER_ID: Final = "user_id"
USERS: Final = "users"
DTYPES: Final[Mapping[ColumnKind, type[pl.DataType]]] = {
    "text": pl.String,
    "category": pl.Categorical,
    "reference": pl.String,
    "integer": pl.Int64,
    "money": pl.Float64,
    "number": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}
"""Column types in memory and in Parquet; money is dollars.

Polars keeps every word of its categories for as long as the program runs, so that references, of
which there are more with every customer, are none.
"""

_NAMES_SOMETHING: Final = "_id"

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as a frame, with the kind of each of its columns.

    ``coded`` has the values of categories once more, by the positions of these rows' own words.
    """

    frame: pl.DataFrame
    kinds: Kinds
    coded: Mapping[str, Coded] = field(default_factory=dict)


def sheet_of(table: Table, ids: Sequence[str]) -> Sheet:
    """Return a table as a frame: its customer's id first, then its own fields.

    Args:
        table: the records.
        ids: the id of the customer at each position.

    Raises:
        ValueError: a field has another number of values than there are records.
    """
    fields = (Field(USER_ID, "text", Coded(ids, table.row)), *table.fields)
    columns = [_series(one) for one in fields]
    for column in columns:
        if len(column) != len(table):
            raise ValueError(
                f"{table.name}.{column.name}: expected {len(table)} values, one a record, "
                f"and {len(column)} came"
            )
    coded = {one.name: one.values for one in fields if isinstance(one.values, Coded)}
    kinds: dict[str, ColumnKind] = {one.name: one.kind for one in fields}
    kinds.update({name: _kind_of_words(name) for name in coded})
    return Sheet(pl.DataFrame(columns), kinds, coded)


def _kind_of_words(name: str) -> ColumnKind:
    return "reference" if name.endswith(_NAMES_SOMETHING) else "category"


def users_of(people: People) -> Table:
    """Return who the people are, one row each."""
    places = people.place
    columns: dict[str, tuple[Kind, Any]] = {
        "name": ("text", _names(people)),
        "date_of_birth": ("date", people.birth),
        "occupation": ("text", people.occupation),
        "income": ("money", people.income),
        "street": ("text", people.street),
        "city": ("text", [place.city for place in places]),
        "state": ("text", [place.state for place in places]),
        "zip_code": ("text", [place.zip_code for place in places]),
        "phone": ("text", people.phone),
        "email": ("text", people.email),
    }
    fields = tuple(Field(name, kind, values) for name, (kind, values) in columns.items())
    return Table(USERS, np.arange(len(people)), fields)


def _names(people: People) -> list[str]:
    both = zip(people.given_name, people.family_name, strict=True)
    return [f"{given} {family}" for given, family in both]


def _series(one: Field) -> pl.Series:
    series = _known(one).alias(one.name)
    if one.known is None:
        return series
    known = pl.Series(np.asarray(one.known, dtype=np.bool_))
    return series.zip_with(
        known, pl.Series([None], dtype=series.dtype).new_from_index(0, len(series))
    )


def _text(texts: Text, dtype: type[pl.DataType]) -> pl.Series:
    match texts:
        case Coded():
            return _gathered(texts, dtype)
        case Joined(parts):
            return reduce(add, [_gathered(part, pl.String) for part in parts])
        case np.ndarray():
            return pl.Series(texts.tolist(), dtype=pl.String)
        case _:
            return pl.Series(texts, dtype=pl.String)


def _gathered(text: Coded, dtype: type[pl.DataType]) -> pl.Series:
    words = pl.Series(text.words, dtype=pl.String).cast(dtype)
    return words.gather(pl.Series(text.codes.astype(np.uint32)))


def _known(one: Field) -> pl.Series:
    if one.kind == "text":
        return _text(one.values, DTYPES[_kind_of_words(one.name)])
    values = np.asarray(one.values)
    match one.kind:
        case "money":
            return pl.Series(values.astype(np.int64) / 100)
        case "date":
            return pl.Series((values - _EPOCH).astype(np.int32)).cast(pl.Date)
        case "flag":
            return pl.Series(values.astype(np.bool_))
        case "integer":
            return pl.Series(values.astype(np.int64))
        case _:
            return pl.Series(values.astype(np.float64))
