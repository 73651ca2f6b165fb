"""Spans of days in a question: "last month", "in january", "the past ten days"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from backend.llm.builtin.speech import NUMBER_WORDS, day

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORT: Final = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}
_NUMBERS: Final = {word: number for number, word in enumerate(NUMBER_WORDS[1:], 1)}
_COUNT: Final = r"(\d+|" + "|".join(_NUMBERS) + ")"
# a card's "apr" is no month
_MONTH: Final = (
    f"({'|'.join(MONTHS)}" r"|jan|feb|mar|(?<=in )apr|apr(?= \d)|jun|jul|aug|sept|sep|oct|nov|dec)"
)
_AHEAD: Final = re.compile(
    r"\b(?:appointment|appt|upcoming|due|renew|renewal|refill|will|next|book)\b"
)
"""Words that turn a month without a year towards the future."""
_LAST_DAYS: Final = (29, 30, 31)
_MONTH_TOKENS: Final = frozenset({"@this_month", "@last_month"})
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends in it; ``token`` stands for it among a question's words.

    ``calendar`` names the month where it is this calendar month or the last one, else "".
    """

    first: date
    last: date
    said: str
    token: str
    calendar: str = ""

    @property
    def is_month(self) -> bool:
        """Return whether it is this month, the last one, or the last 30 days."""
        return self.token in _MONTH_TOKENS


def find_period(found: tuple[str, ...], as_of: date) -> tuple[tuple[str, ...], Period | None]:
    """Return the words of a question without its span of days, and the span."""
    text = " ".join(found)
    for pattern, make in _PATTERNS:
        match = re.search(
            rf"(?:\b(?:in|on|for|during|over|within|since|of|the)\b )*\b{pattern}\b", text
        )
        if match is None:
            continue
        period = make(match, as_of)
        if period is not None:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return tuple(rest.split()), period
    return found, None


def _number(text: str) -> int:
    return _NUMBERS[text] if text in _NUMBERS else min(int(text), 5000)


def _back(match: re.Match[str], as_of: date) -> Period | None:
    number, unit = _number(match[1]), match[2]
    days = number * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
    if not 0 < days <= as_of.toordinal() - 1:
        return None
    token = "@this_month" if days in _LAST_DAYS else "@span"
    first = as_of - timedelta(days=days - 1)
    return Period(first, as_of, f"in the last {days} days", token)


def _ahead(match: re.Match[str], as_of: date) -> Period | None:
    number, unit = _number(match[1]), match[2]
    days = number * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
    return Period(as_of, as_of + timedelta(days=days), f"in the next {days} days", "@span")


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // _DECEMBER, (month - 1) % _DECEMBER + 1, 1)


def _month(year: int, month: int, token: str = "@span", said: str = "") -> Period:  # noqa: S107 - a word of the vocabulary
    first = _month_start(year, month)
    last = _month_start(year, month + 1) - timedelta(days=1)
    named = f"{first:%B} {first.year}"
    return Period(
        first, last, said or f"in {named}", token, named if token in _MONTH_TOKENS else ""
    )


def _this(match: re.Match[str], as_of: date) -> Period:
    if match[1] == "month":
        return _month(as_of.year, as_of.month, "@this_month", "this month")
    if match[1] == "week":
        return _week(as_of, 0, "this week")
    return Period(date(as_of.year, 1, 1), date(as_of.year, 12, 31), "this year", "@this_year")


def _last(match: re.Match[str], as_of: date) -> Period:
    if match[1] == "month":
        return _month(as_of.year, as_of.month - 1, "@last_month")
    if match[1] == "week":
        return _week(as_of, -1, "last week")
    year = as_of.year - 1
    return Period(date(year, 1, 1), date(year, 12, 31), "last year", "@span")


def _next(match: re.Match[str], as_of: date) -> Period:
    if match[1] == "month":
        return _month(as_of.year, as_of.month + 1)
    if match[1] == "week":
        return _week(as_of, 1, "next week")
    year = as_of.year + 1
    return Period(date(year, 1, 1), date(year, 12, 31), "next year", "@span")


def _week(as_of: date, shift: int, said: str) -> Period:
    monday = as_of - timedelta(days=as_of.weekday()) + timedelta(days=7 * shift)
    return Period(monday, monday + timedelta(days=6), said, "@span")


def _one_day(shift: int, said: str) -> Callable[[re.Match[str], date], Period]:
    def make(_match: re.Match[str], as_of: date) -> Period:
        at = as_of + timedelta(days=shift)
        return Period(at, at, said, "@span")

    return make


def _named_month(match: re.Match[str], as_of: date) -> Period | None:
    month, given = _SHORT[match[1][:3]], match[2]
    if match[0] == "may":
        return None  # the verb of "may I ask"
    ahead = _AHEAD.search(match.string) is not None
    turned = month < as_of.month if ahead else month > as_of.month
    year = int(given) if given else as_of.year + (turned if ahead else -turned)
    back = (as_of.year - year) * _DECEMBER + as_of.month - month
    return _month(year, month, {0: "@this_month", 1: "@last_month"}.get(back, "@span"))


def _named_day(match: re.Match[str], as_of: date) -> Period | None:
    month, number = _SHORT[match[1][:3]], int(re.sub(r"\D", "", match[2]))
    year = int(match[3]) if match[3] else as_of.year
    return _on(year, month, number)


def _iso_day(match: re.Match[str], _as_of: date) -> Period | None:
    return _on(*map(int, match[1].split("-")))


def _on(year: int, month: int, number: int) -> Period | None:
    try:
        at = date(year, month, number)
    except ValueError:
        return None
    return Period(at, at, f"on {day(at)}", "@span")


def _year(match: re.Match[str], _as_of: date) -> Period:
    year = int(match[1])
    return Period(date(year, 1, 1), date(year, 12, 31), f"in {year}", "@span")


def _back_one(match: re.Match[str], as_of: date) -> Period:
    days, token = {"month": (30, "@this_month"), "week": (7, "@span"), "year": (365, "@span")}[
        match[1]
    ]
    return Period(as_of - timedelta(days=days - 1), as_of, f"in the last {days} days", token)


_PATTERNS: Final[tuple[tuple[str, Callable[[re.Match[str], date], Period | None]], ...]] = (
    (r"(\d{4}-\d{2}-\d{2})", _iso_day),
    (rf"(?:last|past|previous) {_COUNT} (day|week|month|year)", _back),
    (rf"(?:next|coming) {_COUNT} (day|week|month|year)", _ahead),
    (rf"{_MONTH} (\d{{1,2}}(?:st|nd|rd|th)?)(?: (20\d\d))?", _named_day),
    (r"(?:in|over|during|within) the last (month|week|year)", _back_one),
    (r"past (month|week|year)", _back_one),
    (r"(?:so far )?this (month|week|year)", _this),
    (r"(?:current|plan) (year)", _this),
    (r"(?:last|previous) (month|week|year)", _last),
    (r"(?:next|coming) (month|week|year)", _next),
    (rf"{_MONTH}(?: (?:of )?(20\d\d))?", _named_month),
    (r"yesterday", _one_day(-1, "yesterday")),
    (r"tomorrow", _one_day(1, "tomorrow")),
    (r"today", _one_day(0, "today")),
    (r"(20\d\d)", _year),
)
