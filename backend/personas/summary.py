"""One sentence a customer for the person who reads an assignment."""

from collections.abc import Sequence
from typing import Final

from backend.domain.assignment import Operator
from backend.domain.signals import SignalDefinition
from backend.personas.explain import Row
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
    leaves: Sequence[Row],
    spoken: Sequence[Speaking],
    change: NearestChange | None,
) -> str:
    """Return which persona a customer is given, on what figures, and what would turn it.

    Args:
        rulebook: the rules.
        ranking: the choice made for the customer.
        leaves: how each condition came out, in the order of the table of conditions.
        spoken: which of them speak for each persona.
        change: the nearest change that would give another primary persona.
    """
    near = _nearest(rulebook, change)
    if ranking.primary is None:
        return f"{rulebook.nobody.name}, as no criteria are met; {near}."
    speaking = spoken[rulebook.personas.index(ranking.primary)]
    figures = _figures(rulebook, leaves, speaking)
    before = f", ahead of {ranking.secondary.name}" if ranking.secondary else ""
    return f"{ranking.primary.name}{before}, because {_joined(figures)}; {near}."


def _nearest(rulebook: Rulebook, change: NearestChange | None) -> str:
    if change is None:
        return f"no change of up to {MAX_FIGURES} known figures would alter that"
    named = (persona.name for persona in rulebook.personas if persona.id == change.primary)
    figures = _joined([_altered(rulebook, figure) for figure in change.figures])
    return f"it would be {next(named, rulebook.nobody.name)} if {figures}"


def _altered(rulebook: Rulebook, figure: FigureChange) -> str:
    definition = rulebook.signals[figure.signal]
    to = _amount(figure.to, definition, definition.decimals)
    actual = _amount(figure.actual, definition, definition.decimals)
    return f"the {definition.label} were {to} instead of {actual}"


def _figures(rulebook: Rulebook, leaves: Sequence[Row], speaking: Speaking) -> list[str]:
    conditions = leaves_of(rulebook).conditions
    limits: dict[str, list[str]] = {}
    actual: dict[str, str] = {}
    for leaf, want in speaking.leaves:
        definition = rulebook.signals[conditions[leaf].signal]
        label, value = definition.label, leaves[leaf]["actual"]
        if value is None:
            actual[label], limits[label] = "not known", [definition.missing_when]
            continue
        actual[label] = _amount(value, definition, definition.decimals)
        limit = "" if definition.unit == _FLAG else _limit(conditions[leaf], definition)
        limits.setdefault(label, []).append(limit if want or not limit else f"not {limit}")
    # whether something is so needs no limit beside it
    return [
        f"the {label} is {actual[label]}" + (f" ({_joined(told)})" if any(told) else "")
        for label, told in limits.items()
    ]


def _limit(condition: Condition, definition: SignalDefinition) -> str:
    if condition.threshold is None:
        return "unknown"
    if isinstance(condition.threshold, tuple):
        limits = [_amount(item, definition, condition.decimals) for item in condition.threshold]
        return f"{_WORDS[condition.operator]} {', '.join(limits)}"
    limit = _amount(condition.threshold, definition, condition.decimals)
    return f"{_WORDS[condition.operator]} {limit}"


def _amount(value: float, definition: SignalDefinition, decimals: int) -> str:
    if definition.unit == _FLAG:
        return "seen" if value else "not seen"
    spelled = _SPELLED.get(definition.unit, "{}")
    whole, _, fraction = f"{abs(value):,.{decimals}f}".partition(".")
    kept = fraction if spelled.startswith("$") and fraction.strip("0") else fraction.rstrip("0")
    number = f"{whole}.{kept}" if kept else whole
    return f"{'-' if value < 0 else ''}{spelled.format(number)}"


def _joined(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
