"""One sentence a customer for the person who reads an assignment."""

from typing import Final

from backend.domain.assignment import Operator
from backend.domain.signals import SignalDefinition
from backend.personas.explain import holding
from backend.personas.leaves import Decided
from backend.personas.matcher import Verdict, Verdicts
from backend.personas.nearest import FigureChange, NearestChange
from backend.personas.prioritizer import Ranking
from backend.personas.rulebook import Condition, Rulebook
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
    verdicts: Verdicts,
    row: int,
    change: NearestChange | None,
) -> str:
    """Return which persona a customer is given, on what figures, and what would turn it.

    Args:
        rulebook: the rules.
        ranking: the choice made for the customer.
        verdicts: how the criteria came out.
        row: the customer's position in the verdicts.
        change: the nearest change that would give another primary persona.
    """
    near = _nearest(rulebook, change)
    if ranking.primary is None:
        return f"{rulebook.nobody.name}, as no criteria are met; {near}."
    verdict = next(v for v in verdicts.personas if v.persona is ranking.primary)
    figures = _figures(rulebook, verdicts.decided, verdict, row)
    before = f", ahead of {ranking.secondary.name}" if ranking.secondary else ""
    return f"{ranking.primary.name}{before}, because {_joined(figures)}; {near}."


def _nearest(rulebook: Rulebook, change: NearestChange | None) -> str:
    if change is None:
        return f"no change of up to {MAX_FIGURES} known figures would alter that"
    names = {persona.id: persona.name for persona in rulebook.personas}
    figures = _joined([_altered(rulebook, figure) for figure in change.figures])
    return f"it would be {names.get(change.primary, rulebook.nobody.name)} if {figures}"


def _altered(rulebook: Rulebook, figure: FigureChange) -> str:
    definition = rulebook.signals[figure.signal]
    to = _amount(figure.to, definition, definition.decimals)
    actual = _amount(figure.actual, definition, definition.decimals)
    return f"the {definition.label} were {to} instead of {actual}"


def _figures(rulebook: Rulebook, decided: Decided, verdict: Verdict, row: int) -> list[str]:
    limits: dict[str, list[str]] = {}
    actual: dict[str, str] = {}
    for leaf, want in holding(verdict.root, row):
        definition = rulebook.signals[leaf.condition.signal]
        label = definition.label
        if decided.known[leaf.at, row]:
            value = float(decided.values[leaf.at, row])
            actual[label] = _amount(value, definition, definition.decimals)
            limit = _limit(leaf.condition, definition)
            limits.setdefault(label, []).append(limit if want else f"not {limit}")
        else:
            actual[label], limits[label] = "not known", [definition.missing_when]
    return [f"the {label} is {actual[label]} ({_joined(limits[label])})" for label in limits]


def _limit(condition: Condition, definition: SignalDefinition) -> str:
    if condition.threshold is None:
        return "unknown"
    if isinstance(condition.threshold, tuple):
        limits = [_amount(item, definition, condition.decimals) for item in condition.threshold]
        return f"{_WORDS[condition.operator]} {', '.join(limits)}"
    limit = _amount(condition.threshold, definition, condition.decimals)
    return f"{_WORDS[condition.operator]} {limit}"


def _amount(value: float, definition: SignalDefinition, decimals: int) -> str:
    spelled = _SPELLED.get(definition.unit, "{}")
    whole, _, fraction = f"{abs(value):,.{decimals}f}".partition(".")
    kept = fraction if spelled.startswith("$") and fraction.strip("0") else fraction.rstrip("0")
    number = f"{whole}.{kept}" if kept else whole
    return f"{'-' if value < 0 else ''}{spelled.format(number)}"


def _joined(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
