"""Every way to set a few figures of one persona beside its thresholds."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.personas.rulebook import BehaviouralPersona, Condition, Rulebook

MAX_FIGURES: Final = 3
"""Figures that a trial may set: what needs more of them is not near."""

_SLOTS: Final = range(MAX_FIGURES)


@dataclass(frozen=True, slots=True)
class Trials:
    """*r* trials of a rulebook, each of 1 to ``MAX_FIGURES`` figures.

    ``signal``, ``to`` and ``scale`` are of shape ``(MAX_FIGURES, r)``: positions in the
    rulebook's ``asked``, the values to set, and the thresholds that a change is measured in (1
    for a threshold of 0). A trial of fewer figures is padded with what measures as no change.
    ``sets`` and ``values``, of shape ``(s, 1, r)``, say of every signal whether a trial sets it,
    and to what. ``size``, of shape ``(r,)``, is the number of figures set.
    """

    signal: NDArray[np.int64]
    to: NDArray[np.float64]
    scale: NDArray[np.float64]
    sets: NDArray[np.bool_]
    values: NDArray[np.float64]
    size: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.size)


@dataclass(frozen=True, slots=True)
class _Step:
    signal: int
    to: float
    scale: float


@lru_cache(maxsize=64)
def trials_of(rulebook: Rulebook) -> Trials:
    """Return the trials of a rulebook, in the order of its personas and their conditions."""
    positions = {name: position for position, name in enumerate(rulebook.asked)}
    rows = [steps for persona in rulebook.personas for steps in _ways(persona, rulebook, positions)]
    padding = _Step(0, 0.0, math.inf)
    slots = [[row[slot] if slot < len(row) else padding for row in rows] for slot in _SLOTS]
    values = np.full((len(positions), 1, len(rows)), math.nan)
    for trial, row in enumerate(rows):
        for step in row:
            values[step.signal, 0, trial] = step.to
    return Trials(
        np.array([[step.signal for step in slot] for slot in slots], dtype=np.int64),
        np.array([[step.to for step in slot] for slot in slots], dtype=np.float64),
        np.array([[step.scale for step in slot] for slot in slots], dtype=np.float64),
        ~np.isnan(values),
        values,
        np.array([len(row) for row in rows], dtype=np.int64),
    )


def _ways(
    persona: BehaviouralPersona, rulebook: Rulebook, positions: Mapping[str, int]
) -> Iterator[tuple[_Step, ...]]:
    thresholds: dict[str, list[float]] = {}
    for condition in persona.conditions:
        thresholds.setdefault(condition.signal, []).extend(_thresholds(condition))
    steps: dict[str, dict[float, _Step]] = {}
    for signal, beside in thresholds.items():
        # one scale a signal: else a longer way to a larger threshold would count as the shorter
        scale = min((abs(one) for one in beside if one), default=1.0)
        values = [to for one in beside for to in _beside(one, rulebook.signals[signal].decimals)]
        steps[signal] = {to: _Step(positions[signal], to, scale) for to in values}
    for size in range(1, MAX_FIGURES + 1):
        for chosen in combinations(steps.values(), size):
            yield from product(*(beside.values() for beside in chosen))


def _thresholds(condition: Condition) -> tuple[float, ...]:
    if isinstance(condition.threshold, tuple):
        return condition.threshold
    return () if condition.threshold is None else (condition.threshold,)


def _beside(threshold: float, decimals: int) -> list[float]:
    # the values that a signal of so many decimals can have at its threshold and next to it
    unit = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(threshold)) / unit
    low, high = math.floor(exact), math.ceil(exact)
    return [float(tick * unit) for tick in sorted({low - 1, low, high, high + 1})]
