r"""JSON as RFC 8259 has it, both ways: no NaN, no Infinity, no lone surrogates.

The standard library reads ``NaN``, ``1e999`` and ``"\ud800"`` and writes the first two back,
which no browser can parse. This module refuses them at the door, in either direction.
"""

import json
import math
from typing import Any, NewType

from pydantic_core import from_json

JsonText = NewType("JsonText", str)
"""Text that is JSON: whoever makes one answers for it, and nobody reads it again to be sure."""

type_names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean",
              int: "a number", float: "a number", type(None): "null"}  # fmt: skip


def parse(data: bytes | str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value that ``data`` spells.

    Raises:
        ValueError: with one sentence: where the text stops being JSON (depth over 200, numbers
            over 4,300 digits, lone surrogates and anything after the value included).
    """
    raw = data.encode() if isinstance(data, str) else data
    value = from_json(raw, allow_inf_nan=False, cache_strings="keys")
    if _has_infinity(value):
        raise ValueError("a number is too large for JSON")
    return value


def dumps(value: Any) -> JsonText:  # noqa: ANN401 - any JSON value
    """Return ``value`` as compact JSON text, keys in their own order.

    Raises:
        ValueError: ``value`` holds NaN, an infinity or a lone surrogate.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return JsonText(_encodable(text))


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return ``value`` as canonical JSON: sorted keys, no spaces, UTF-8 as it is.

    Equal values give equal bytes on every machine: floats are written in Python's shortest
    form, and money has at most two decimals.
    """
    return _encodable(
        json.dumps(
            value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
    )


def pretty(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return ``value`` as indented JSON text for people, keys in their own order."""
    return _encodable(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def kind(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return what a person calls the kind of ``value``, such as "an array"."""
    return type_names.get(type(value), type(value).__name__)


def well_formed(text: str) -> str:
    """Return ``text`` with what JSON and databases can not carry replaced by U+FFFD.

    Lone surrogates can not be encoded, and PostgreSQL refuses U+0000 in text.
    """
    text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _encodable(text: str) -> str:
    if not text.isascii():
        text.encode()
    return text


def _has_infinity(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, dict):
        return any(_has_infinity(item) for item in value.values())
    return isinstance(value, list) and any(_has_infinity(item) for item in value)
