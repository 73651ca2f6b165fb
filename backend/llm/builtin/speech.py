"""How values are said: amounts, dates, counts and lists, as a person would write them."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

_NOON: Final = 12
NUMBER_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


class Kind(StrEnum):
    """What sort of thing a value is, and so which questions it answers."""

    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    TEXT = "text"
    FLAG = "flag"


FIGURES: Final = frozenset({Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.PERCENT})


def money(amount: float) -> str:
    """Return an amount of dollars: ``$1,234.56``, ``-$5.00``."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def day(value: date) -> str:
    """Return a date in full: ``January 15, 2026``."""
    return f"{value:%B} {value.day}, {value.year}"


def clock_time(text: str) -> str:
    """Return ``14:30`` as ``2:30 PM``; anything else as it stands."""
    hour, _, rest = text.partition(":")
    if not hour.isdigit() or not rest[:2].isdigit():
        return text
    number = int(hour) % 24
    return f"{number % _NOON or _NOON}:{rest[:2]} {'AM' if number < _NOON else 'PM'}"


def as_date(value: object) -> date | None:
    """Return the date that an ISO string spells, else None."""
    if not isinstance(value, str) or len(value) < len("2026-01-15"):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def spoken(value: Any, kind: Kind) -> str:  # noqa: ANN401 - any JSON value
    """Return a value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, kind)
    if isinstance(value, list):
        return listed([spoken(part, Kind.TEXT) for part in value])
    return "nothing on record" if value is None else _text(str(value), kind)


def _text(text: str, kind: Kind) -> str:
    moment = as_date(text)
    if kind is Kind.DATE and moment is not None:
        return day(moment)
    if kind is Kind.TIME:
        return clock_time(text)
    coded = "_" in text and text.isupper()
    return text.replace("_", " ").lower() if coded else text


def _number(value: float, kind: Kind) -> str:
    if kind is Kind.MONEY:
        return money(value)
    whole = float(value).is_integer()
    shown = f"{int(value):,}" if whole else f"{value:,.2f}".rstrip("0")
    return f"{shown}%" if kind is Kind.PERCENT else shown


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:  # noqa: PLR2004 - one is no list
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def bullets(lines: Sequence[str]) -> str:
    """Return one line a part, each as a list item."""
    return "\n".join(f"- {line}" for line in lines)


def counted(number: int, singular: str, plural: str) -> str:
    """Return ``1 claim``, ``3 claims``."""
    return f"{number} {singular if number == 1 else plural}"


def plural_of(noun: str) -> str:
    """Return an English noun's plural, by the common rules."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def article(word: str) -> str:
    """Return ``a`` or ``an``, by the first letter."""
    return "an" if word[:1].lower() in "aeiou" else "a"


def uncapitalised(text: str) -> str:
    """Return a name of a kind as it stands inside a sentence: "cardiology", but "TV and movies"."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:].islower() else text
