"""One sentence a customer for the person who reads an assignment."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from backend.domain.assignment import Operator
from backend.domain.signals import SignalDefinition
from backend.personas.explain import Findings
from backend.personas.leaves import leaves_of
from backend.personas.nearest import FigureChange, NearestChange
from backend.personas.prioritizer import Ranking
from backend.personas.rulebook import Condition, Rulebook
from backend.personas.speaking import Speaking
from backend.personas.trials import MAX_FIGURES

_WORDS: Final[dict[Operator, str]] = {
    ">=": "at least",
    "<=": "at most",
    "<": "under",
    ">": "over",
    "==": "exactly",
    "!=": "other than",
    "in": "one of",
}
_FLAG: Final = "1 or 0"
"""The unit of a signal that says whether something is so."""

_SPELLED: Final = {
    "%": "{}%",
    "percent": "{}%",
    "USD": "${}",
    "US dollars": "${}",
    "days": "{} days",
    "months": "{} months",
    "years": "{} years",
    "times": "{} times",
}


def summarise(
    rulebook: Rulebook,
    ranking: Ranking,
    findings: Findings,
    values: Sequence[float],
    change: NearestChange | None,
) -> str:
    """Return which persona a customer is given, on what figures, and what would turn it.

    Args:
        rulebook: the rules.
        ranking: the choice made for the customer.
        findings: how the conditions came out.
        values: their figures, in the order of the table of conditions.
        change: the nearest change that would give another primary persona.
    """
    near = _nearest(rulebook, change)
    if ranking.primary is None:
        return f"{rulebook.nobody.name}, as no criteria are met; {near}."
    speaking = findings.spoken[_places(rulebook)[ranking.primary.id]]
    phrases = _phrases(rulebook, speaking, findings.known)
    figures = [phrase.told(values) for phrase in phrases]
    before = f", ahead of {ranking.secondary.name}" if ranking.secondary else ""
    return f"{ranking.primary.name}{before}, because {_joined(figures)}; {near}."


def _nearest(rulebook: Rulebook, change: NearestChange | None) -> str:
    if change is None:
        return f"no change of up to {MAX_FIGURES} known figures would alter that"
    place = _places(rulebook).get(change.primary)
    name = rulebook.nobody.name if place is None else rulebook.personas[place].name
    figures = _joined([_altered(rulebook, figure) for figure in change.figures])
    return f"it would be {name} if {figures}"


@lru_cache(maxsize=64)
def _places(rulebook: Rulebook) -> Mapping[str | None, int]:
    return {persona.id: place for place, persona in enumerate(rulebook.personas)}


def _altered(rulebook: Rulebook, figure: FigureChange) -> str:
    definition = rulebook.signals[figure.signal]
    to = _amount(figure.to, definition.unit, definition.decimals)
    actual = _amount(figure.actual, definition.unit, definition.decimals)
    return f"the {definition.label} were {to} instead of {actual}"


class _Phrase(NamedTuple):
    """What is said of one figure; ``row`` is a condition on it, None where it is missing."""

    before: str
    row: int | None
    unit: str
    decimals: int
    after: str

    def told(self, values: Sequence[float]) -> str:
        if self.row is None:
            return f"{self.before}not known{self.after}"
        return f"{self.before}{_amount(values[self.row], self.unit, self.decimals)}{self.after}"


@lru_cache(maxsize=1 << 12)
def _phrases(rulebook: Rulebook, speaking: Speaking, known: tuple[int, ...]) -> tuple[_Phrase, ...]:
    conditions = leaves_of(rulebook).conditions
    limits: dict[str, list[str]] = {}
    actual: dict[str, tuple[int | None, str, int]] = {}
    for leaf, want in speaking.leaves:
        definition = rulebook.signals[conditions[leaf].signal]
        label = definition.label
        if leaf not in known:
            actual[label], limits[label] = (None, "", 0), [definition.missing_when]
            continue
        actual[label] = leaf, definition.unit, definition.decimals
        limit = "" if definition.unit == _FLAG else _limit(conditions[leaf], definition)
        limits.setdefault(label, []).append(limit if want or not limit else f"not {limit}")
    # whether something is so needs no limit beside it
    return tuple(
        _Phrase(f"the {label} is ", *actual[label], f" ({_joined(told)})" if any(told) else "")
        for label, told in limits.items()
    )


def _limit(condition: Condition, definition: SignalDefinition) -> str:
    if condition.threshold is None:
        return "unknown"
    if isinstance(condition.threshold, tuple):
        limits = [
            _amount(item, definition.unit, condition.decimals) for item in condition.threshold
        ]
        return f"{_WORDS[condition.operator]} {', '.join(limits)}"
    limit = _amount(condition.threshold, definition.unit, condition.decimals)
    return f"{_WORDS[condition.operator]} {limit}"


@lru_cache(maxsize=1 << 12)
def _amount(value: float, unit: str, decimals: int) -> str:
    if unit == _FLAG:
        return "seen" if value else "not seen"
    spelled = _SPELLED.get(unit, "{}")
    whole, _, fraction = f"{abs(value):,.{decimals}f}".partition(".")
    kept = fraction if spelled.startswith("$") and fraction.strip("0") else fraction.rstrip("0")
    number = f"{whole}.{kept}" if kept else whole
    return f"{'-' if value < 0 else ''}{spelled.format(number)}"


def _joined(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
