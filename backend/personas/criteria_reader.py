"""Criteria from YAML: a tree of ``all``, ``any`` and ``not`` over conditions on known signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from backend.domain.assignment import Operator
from backend.domain.signals import SignalDefinition
from backend.personas.faults import Faults
from backend.personas.reading import Part
from backend.personas.rulebook import (
    AllOf,
    AnyOf,
    Condition,
    Criteria,
    MissingPolicy,
    Negation,
    SeverityFigure,
    Threshold,
)
from backend.personas.settings import Settings, decimals_of, hint

MAX_DEPTH: Final = 8
"""Levels of a tree; deeper ones no person can check."""

SEVERITY_DECIMALS: Final = 9
"""Decimals of a severity, and the smallest step that one of a signal may come to."""

NOTHING: Final[Criteria] = AllOf(())
"""Stands for criteria that could not be read."""

_BRANCHES: Final = ("all", "any", "not")


@dataclass(frozen=True, slots=True)
class Scope:
    """What criteria may refer to, and where their errors go."""

    signals: Mapping[str, SignalDefinition]
    settings: Settings
    faults: Faults


def read_criteria(part: Part, scope: Scope, depth: int = 1) -> Criteria:
    """Return the tree that stands at ``part``; errors of single branches are noted in the scope.

    Raises:
        ConfigurationError: it is no such tree; the sentence says where and why.
    """
    if depth > MAX_DEPTH:
        raise part.error(f"criteria may be {MAX_DEPTH} levels deep, and these are deeper")
    if not isinstance(part.value, dict):
        raise part.unlike("a mapping with all, any, not or signal")
    branch = next((key for key in _BRANCHES if key in part.value), None)
    if branch is None:
        return _read_condition(part, scope)
    below = part.entries((branch,))[branch]
    if branch == "not":
        return Negation(read_criteria(below, scope, depth + 1))
    parts = tuple(
        scope.faults.take(NOTHING, lambda one: read_criteria(one, scope, depth + 1), item)
        for item in below.items()
    )
    return AllOf(parts) if branch == "all" else AnyOf(parts)


def read_severity(part: Part, scope: Scope) -> SeverityFigure:
    """Return the figure that stands at ``part``, ``{signal: ..., per: ...}``.

    Raises:
        ConfigurationError: it is no such figure; the sentence says where and why.
    """
    entries = part.entries(("signal",), ("per",))
    definition = _known_signal(entries["signal"], scope.signals)
    if "per" not in entries:
        return SeverityFigure(definition.name, 1.0)
    per, _ = scope.settings.number(entries["per"])
    largest = 10.0 ** (SEVERITY_DECIMALS - definition.decimals)
    if not 0 < per <= largest:
        raise entries["per"].unlike(f"a number above 0 and up to {largest:,.0f}")
    return SeverityFigure(definition.name, per)


def _read_condition(part: Part, scope: Scope) -> Condition:
    entries = part.entries(("signal", "operator"), ("threshold", "missing"))
    definition = _known_signal(entries["signal"], scope.signals)
    operators: tuple[Operator, ...] = get_args(Operator)
    operator = entries["operator"].one_of(operators)
    threshold, setting = _read_threshold(part, entries, operator, scope.settings)
    policies: tuple[MissingPolicy, ...] = get_args(MissingPolicy)
    missing = entries["missing"].one_of(policies) if "missing" in entries else "unknown"
    decimals = max(definition.decimals, _decimals(threshold))
    return Condition(definition.name, operator, threshold, missing, decimals, setting)


def _known_signal(part: Part, signals: Mapping[str, SignalDefinition]) -> SignalDefinition:
    name = part.text()
    if name in signals:
        return signals[name]
    raise part.error(f"there is no signal {name!r}{hint(name, list(signals))}")


def _read_threshold(
    part: Part, entries: Mapping[str, Part], operator: Operator, settings: Settings
) -> tuple[Threshold, str | None]:
    if operator == "is_missing":
        for key in ("threshold", "missing"):
            if key in entries:
                raise entries[key].error(f"is_missing takes no {key}")
        return None, None
    if "threshold" not in entries:
        raise part.error(f"the operator {operator} needs a threshold")
    threshold = entries["threshold"]
    if operator != "in":
        return settings.number(threshold)
    if not isinstance(threshold.value, list):
        raise threshold.unlike("a list of numbers, as the operator is in")
    return tuple(settings.number(item)[0] for item in threshold.items()), None


def _decimals(threshold: Threshold) -> int:
    if threshold is None:
        return 0
    if isinstance(threshold, tuple):
        return max(decimals_of(item) for item in threshold)
    return decimals_of(threshold)
