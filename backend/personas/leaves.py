"""All conditions of a rulebook as one table, so that one operation compares many figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.assignment import Operator
from backend.personas.comparison import Numbers, holds, margins
from backend.personas.figures import Figures
from backend.personas.logic import FALSE, TRUE, UNKNOWN, Flags, Truth, truth_of
from backend.personas.rulebook import Condition, MissingPolicy, Rulebook

_WORTH: Final[dict[MissingPolicy, int]] = {"pass": TRUE, "fail": FALSE, "unknown": UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Group:
    """Conditions with one operator, in the table's rows ``rows``; ``thresholds`` ``(g, k)``."""

    operator: Operator
    rows: slice
    thresholds: Numbers


@dataclass(frozen=True, slots=True)
class Leaves:
    """The *l* conditions of a rulebook, those with one operator next to each other.

    ``of`` holds each persona's rows of the table, from left to right; ``signal``, of shape
    ``(l,)``, positions in the rulebook's ``asked``. ``missing``, ``(l, 1)``, says what a
    condition is worth where its signal is missing. ``scale``, ``(l, 1)``, is 10 to the power of
    the decimals of its margin.
    """

    conditions: tuple[Condition, ...]
    spelled: tuple[str, ...]
    of: tuple[tuple[int, ...], ...]
    groups: tuple[_Group, ...]
    signal: NDArray[np.int64]
    missing: Truth
    scale: Numbers


@dataclass(frozen=True, slots=True)
class Decided:
    """How the conditions of ``leaves`` came out for *n* customers, and on what: ``(l, n)``."""

    leaves: Leaves
    known: Flags
    values: Numbers
    truth: Truth

    def margins(self) -> Numbers:
        """Return each figure's margin, rounded, ``(l, n)``; see ``comparison.margins``."""
        raw = np.concatenate(
            [margins(g.operator, self.values[g.rows], g.thresholds) for g in self.leaves.groups]
        )
        # adding 0 turns a negative zero into zero
        rounded: Numbers = np.rint(raw * self.leaves.scale) / self.leaves.scale + 0.0
        return rounded


def decide(rulebook: Rulebook, figures: Figures) -> Decided:
    """Return how every condition of a rulebook comes out."""
    leaves = leaves_of(rulebook)
    known, values = figures.known[leaves.signal], figures.values[leaves.signal]
    holding = np.concatenate(
        [holds(group.operator, values[group.rows], group.thresholds) for group in leaves.groups]
    )
    return Decided(leaves, known, values, np.where(known, truth_of(holding), leaves.missing))


@lru_cache(maxsize=64)
def leaves_of(rulebook: Rulebook) -> Leaves:
    """Return the table of a rulebook's conditions."""
    listed = [condition for persona in rulebook.personas for condition in persona.conditions]
    order = sorted(range(len(listed)), key=lambda place: _kind(listed[place]))
    row_of = {place: row for row, place in enumerate(order)}
    places = iter(range(len(listed)))
    conditions = tuple(listed[place] for place in order)
    missing = [
        TRUE if condition.operator == "is_missing" else _WORTH[condition.missing]
        for condition in conditions
    ]
    return Leaves(
        conditions=conditions,
        spelled=tuple(str(condition) for condition in conditions),
        of=tuple(
            tuple(row_of[next(places)] for _ in persona.conditions) for persona in rulebook.personas
        ),
        groups=tuple(_groups(conditions)),
        signal=np.array([rulebook.asked.index(condition.signal) for condition in conditions]),
        missing=np.array(missing, dtype=np.int8)[:, None],
        scale=np.array([[10.0**condition.decimals] for condition in conditions]),
    )


def _groups(conditions: tuple[Condition, ...]) -> Iterator[_Group]:
    start = 0
    for (operator, _), members in groupby(conditions, _kind):
        thresholds = np.array([_thresholds(condition) for condition in members])
        stop = start + len(thresholds)
        yield _Group(operator, slice(start, stop), thresholds)
        start = stop


def _kind(condition: Condition) -> tuple[Operator, int]:
    return condition.operator, len(_thresholds(condition))


def _thresholds(condition: Condition) -> tuple[float, ...]:
    if isinstance(condition.threshold, tuple):
        return condition.threshold
    return (0.0 if condition.threshold is None else condition.threshold,)
