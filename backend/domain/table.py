"""Records as tables: what is exported, printed and stored of customers, one row a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Kind: TypeAlias = Literal["text", "integer", "money", "number", "date", "flag"]


@dataclass(frozen=True, slots=True)
class Coded:
    """Text that repeats: each of *m* values is one of ``words``, by its position in ``codes``."""

    words: Sequence[str]
    codes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Joined:
    """Text that is put together: each value is those of all ``parts``, one after the other."""

    parts: tuple[Coded, ...]

    def __len__(self) -> int:
        return len(self.parts[0])


Text: TypeAlias = NDArray[Any] | Sequence[str] | Coded | Joined


@dataclass(frozen=True, slots=True)
class Field:
    """One column of *m* records.

    ``values`` holds, by ``kind``: text (as it is, or as codes, which costs less), whole numbers,
    money in whole cents, numbers, days as proleptic Gregorian ordinals, or truths. Where ``known``
    is False there is no value, whatever stands in ``values``; without ``known`` every record has
    one. Outside money has two decimals and a day is an ISO date.
    """

    name: str
    kind: Kind
    values: NDArray[Any] | Text
    known: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one kind of several customers, by customer.

    ``row`` is the customer's position, ``(m,)``, ascending; every field has *m* values.
    """

    name: str
    row: NDArray[np.int64]
    fields: tuple[Field, ...]

    def __len__(self) -> int:
        return len(self.row)
