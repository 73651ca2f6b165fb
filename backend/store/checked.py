"""What no database here may be handed, refused once above all of them.

SQLite takes U+0000 and stores NaN as NULL without a word; PostgreSQL refuses the one in text and
in JSON, and the other in JSON. Neither takes lone surrogates or integers from 2**63 on.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from pydantic import BaseModel

from backend.errors import InputError

_LIMIT: Final = 2**63


def check_storable(value: Any, where: str) -> None:  # noqa: ANN401 - whatever is to be stored
    """Refuse a value that one database would take and another would not.

    Args:
        value: text, numbers and None, in mappings, sequences, records and models, as deep as it
            goes.
        where: what it is called in a refusal.

    Raises:
        InputError: it holds U+0000, half a surrogate pair, NaN, an infinity or an integer outside
            64 bits; the sentence says which, and where.
    """
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -_LIMIT <= value < _LIMIT:
            raise InputError(f"{where}: an integer of 64 bits was expected, not {value}.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"{where}: a finite number was expected, not {value}.")
    else:
        for name, part in _parts(value, where):
            check_storable(part, name)


def check_rows(
    rows: Sequence[tuple[object, ...]], where: str, written: Collection[str] = ()
) -> None:
    """Refuse rows of text, numbers and None as ``check_storable`` does, a column at a time.

    Args:
        rows: named tuples of one kind.
        where: what a row is called in a refusal.
        written: columns of JSON that a writer of ours made, which are looked at no further.

    Raises:
        InputError: as ``check_storable``.
    """
    if not rows:
        return
    names = getattr(rows[0], "_fields", ())
    columns = zip(names, zip(*rows, strict=True), strict=True)
    if not all(name in written or _is_plain(column) for name, column in columns):
        for row in rows:
            check_storable(row, where)


def _is_plain(column: tuple[Any, ...]) -> bool:
    """Say of most columns that are storable that they are."""
    told = [value for value in column if value is not None]
    kinds = set(map(type, told))
    if kinds == {str}:
        text = "".join(told)
        return text.isascii() and "\x00" not in text
    if kinds == {int}:
        return all(-_LIMIT <= value < _LIMIT for value in told)
    return all(map(math.isfinite, told)) if kinds == {float} else not kinds


def _check_text(value: str, where: str) -> None:
    if "\x00" in value:
        raise InputError(f"{where}: text without U+0000 was expected.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            half = f"U+{ord(value[error.start]):04X}"
            raise InputError(
                f"{where}: text was expected, and {half} is half a surrogate pair."
            ) from None


def _parts(value: Any, where: str) -> list[tuple[str, Any]]:  # noqa: ANN401 - see above
    if isinstance(value, Mapping):
        keys = [(f"{where}: a key", key) for key in value]
        return keys + [(f"{where}.{key}", part) for key, part in value.items()]
    if isinstance(value, BaseModel):
        return [(f"{where}.{name}", part) for name, part in value]
    if is_dataclass(value):
        return [(f"{where}.{one.name}", getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return [(f"{where}.{name}", part) for name, part in zip(value._fields, value, strict=True)]
    if isinstance(value, list | tuple):
        return [(f"{where}[{index}]", part) for index, part in enumerate(value)]
    raise InputError(f"{where}: what JSON can say was expected, not {type(value).__name__}.")
