"""Criteria from YAML: a tree of ``all``, ``any`` and ``not`` over conditions on known signals."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, get_args

from backend.domain.assignment import Operator
from backend.domain.signals import SignalDefinition
from backend.personas.reading import Part
from backend.personas.rulebook import (
    AllOf,
    AnyOf,
    Condition,
    Criteria,
    MissingPolicy,
    Negation,
    Threshold,
)

MAX_DEPTH: Final = 8
"""Levels of a tree; deeper ones no person can check."""

LARGEST_THRESHOLD: Final = 1e12
MOST_DECIMALS: Final = 9

_BRANCHES: Final = ("all", "any", "not")


def read_criteria(part: Part, signals: Mapping[str, SignalDefinition], depth: int = 1) -> Criteria:
    """Return the tree that stands at ``part``.

    Raises:
        ConfigurationError: it is no such tree; the sentence says where and why.
    """
    if depth > MAX_DEPTH:
        raise part.error(f"criteria may be {MAX_DEPTH} levels deep, and these are deeper")
    if not isinstance(part.value, dict):
        raise part.unlike("a mapping with all, any, not or signal")
    branch = next((key for key in _BRANCHES if key in part.value), None)
    if branch is None:
        return _read_condition(part, signals)
    below = part.entries((branch,))[branch]
    if branch == "not":
        return Negation(read_criteria(below, signals, depth + 1))
    parts = tuple(read_criteria(item, signals, depth + 1) for item in below.items())
    return AllOf(parts) if branch == "all" else AnyOf(parts)


def _read_condition(part: Part, signals: Mapping[str, SignalDefinition]) -> Condition:
    entries = part.entries(("signal", "operator"), ("threshold", "missing"))
    definition = _known_signal(entries["signal"], signals)
    operators: tuple[Operator, ...] = get_args(Operator)
    operator = entries["operator"].one_of(operators)
    threshold = _read_threshold(part, entries, operator)
    policies: tuple[MissingPolicy, ...] = get_args(MissingPolicy)
    missing = entries["missing"].one_of(policies) if "missing" in entries else "unknown"
    decimals = max(definition.decimals, _decimals(threshold))
    return Condition(definition.name, operator, threshold, missing, decimals)


def _known_signal(part: Part, signals: Mapping[str, SignalDefinition]) -> SignalDefinition:
    name = part.text()
    if name in signals:
        return signals[name]
    near = get_close_matches(name, signals, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(signals)}"
    raise part.error(f"there is no signal {name!r}{hint}")


def _read_threshold(part: Part, entries: Mapping[str, Part], operator: Operator) -> Threshold:
    if operator == "is_missing":
        for key in ("threshold", "missing"):
            if key in entries:
                raise entries[key].error(f"is_missing takes no {key}")
        return None
    if "threshold" not in entries:
        raise part.error(f"the operator {operator} needs a threshold")
    threshold = entries["threshold"]
    if operator != "in":
        return _read_number(threshold)
    if not isinstance(threshold.value, list):
        raise threshold.unlike("a list of numbers, as the operator is in")
    return tuple(_read_number(item) for item in threshold.items())


def _read_number(part: Part) -> float:
    # within these bounds a margin can be rounded without a loss
    number = part.number()
    if abs(number) > LARGEST_THRESHOLD or _decimals(number) > MOST_DECIMALS:
        raise part.unlike(
            f"a number up to {LARGEST_THRESHOLD:,.0f} with at most {MOST_DECIMALS} decimals"
        )
    return number


def _decimals(threshold: Threshold) -> int:
    if threshold is None:
        return 0
    if isinstance(threshold, tuple):
        return max(_decimals(item) for item in threshold)
    exponent = Decimal(repr(threshold)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
