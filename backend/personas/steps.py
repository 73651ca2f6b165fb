"""Single figures beside the thresholds of a persona, and every way to set a few of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from typing import TypeAlias

from backend.personas.rulebook import BehaviouralPersona, Condition, Rulebook


@dataclass(frozen=True, slots=True)
class Step:
    """A figure to set: a position in the rulebook's ``asked``, a value, and what measures it."""

    signal: int
    to: float
    scale: float


Steps: TypeAlias = dict[str, dict[float, Step]]
Way: TypeAlias = tuple[Step, ...]


def ways(steps: Steps, most: int) -> Iterator[Way]:
    """Yield every way to take up to ``most`` of the signals, one step each; fewer signals first."""
    for size in range(1, most + 1):
        for chosen in combinations(steps.values(), size):
            yield from product(*(beside.values() for beside in chosen))


def steps_of(rulebook: Rulebook, persona: BehaviouralPersona) -> Steps:
    """Return the steps beside the thresholds of a persona's conditions, by signal and value."""
    thresholds: dict[str, list[tuple[str, float]]] = {}
    for condition in persona.conditions:
        for threshold in _thresholds(condition):
            found = thresholds.setdefault(condition.signal, [])
            found.append((condition.operator, threshold))
    for signal in _shared_figures(rulebook, persona):
        thresholds.setdefault(signal, []).append(("==", 0.0))
    return {signal: _steps(rulebook, signal, beside) for signal, beside in thresholds.items()}


def _steps(rulebook: Rulebook, signal: str, beside: list[tuple[str, float]]) -> dict[float, Step]:
    at, decimals = rulebook.asked.index(signal), rulebook.signals[signal].decimals
    # one scale a signal: else a longer way to a larger threshold would count as the shorter
    scale = min((abs(threshold) for _, threshold in beside if threshold), default=1.0)
    values = [to for one in beside for to in _beside(*one, decimals)]
    return {to: Step(at, to, scale) for to in values}


def _thresholds(condition: Condition) -> tuple[float, ...]:
    if isinstance(condition.threshold, tuple):
        return condition.threshold
    return () if condition.threshold is None else (condition.threshold,)


def _beside(operator: str, threshold: float, decimals: int) -> list[float]:
    # of the values that a signal of so many decimals can have, those where the outcome turns
    unit = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(threshold)) / unit
    low, high = math.floor(exact), math.ceil(exact)
    turns = {
        ">=": {high - 1, high}, "<": {high - 1, high}, ">": {low, low + 1}, "<=": {low, low + 1},
    }.get(operator, {low - 1, low, high, high + 1})  # fmt: skip
    return [float(tick * unit) for tick in sorted(turns)]


def _shared_figures(rulebook: Rulebook, persona: BehaviouralPersona) -> Iterator[str]:
    # two severities of one level that are made of one signal change places at 0 alone
    for other in rulebook.personas:
        if (
            other is not persona
            and other.level == persona.level
            and persona.severity
            and other.severity
            and other.severity.signal == persona.severity.signal
        ):
            yield persona.severity.signal
