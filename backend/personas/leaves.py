"""All conditions of a rulebook as one table, so that one operation compares many figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.assignment import Operator
from backend.personas.comparison import Numbers, holds, margins
from backend.personas.figures import Figures
from backend.personas.logic import FALSE, TRUE, UNKNOWN, Flags, Truth, truth_of
from backend.personas.rulebook import Condition, MissingPolicy, Rulebook

_WORTH: Final[dict[MissingPolicy, int]] = {"pass": TRUE, "fail": FALSE, "unknown": UNKNOWN}


_ORDERED: Final = frozenset({">=", "<=", "<", ">"})


@dataclass(frozen=True, slots=True)
class _Group:
    """Conditions with one operator, in the table's rows ``rows``; ``thresholds`` ``(g, k)``."""

    operator: Operator
    rows: slice
    thresholds: Numbers


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The first *c* conditions, those that ask on which side of a threshold a figure is.

    A figure is over when it is at least its ``edge``, ``(c, 1)``, which is the threshold or the
    next float above it: so one comparison stands for four. ``below``, ``(c, 1)``, says where a
    figure passes that is not over; ``sign`` is -1 there and 1 elsewhere.
    """

    edge: Numbers
    below: Flags
    thresholds: Numbers
    sign: Numbers

    def hold(self, values: Numbers) -> Flags:
        """Return which of ``values``, ``(c, n)``, meet their row's condition."""
        return np.asarray((values >= self.edge) ^ self.below)

    def margins(self, values: Numbers) -> Numbers:
        """Return how far each value, ``(c, n)``, is on the passing side."""
        return np.asarray((values - self.thresholds) * self.sign)


@dataclass(frozen=True, slots=True)
class Leaves:
    """The *l* conditions of a rulebook: those with a bound first, then one operator at a time.

    ``of`` holds each persona's rows of the table, from left to right; ``signal``, of shape
    ``(l,)``, positions in the rulebook's ``asked``. ``missing``, ``(l, 1)``, says what a
    condition is worth where its signal is missing. ``scale``, ``(l, 1)``, is 10 to the power of
    the decimals of its margin.
    """

    conditions: tuple[Condition, ...]
    spelled: tuple[str, ...]
    of: tuple[tuple[int, ...], ...]
    bounds: _Bounds
    groups: tuple[_Group, ...]
    signal: NDArray[np.int64]
    missing: Truth
    scale: Numbers


class Decided(NamedTuple):
    """How the conditions of ``leaves`` came out for *n* customers, and on what: ``(l, n)``."""

    leaves: Leaves
    known: Flags
    values: Numbers
    truth: Truth

    def take(self, rows: slice) -> "Decided":
        """Return how they came out for some customers."""
        return Decided(self.leaves, self.known[:, rows], self.values[:, rows], self.truth[:, rows])

    def patterns(self) -> list[tuple[bytes, bytes]]:
        """Return how the conditions came out for each customer, and which figures were known.

        Each is a byte a condition. Customers share these by the thousand: what hangs on them
        alone is kept under them, and worked out once.
        """
        truth, known = self.truth.T.tobytes(), self.known.T.tobytes()
        size = len(self.known)
        return [(truth[at : at + size], known[at : at + size]) for at in range(0, len(truth), size)]

    def margins(self) -> Numbers:
        """Return each figure's margin, rounded, ``(l, n)``; see ``comparison.margins``."""
        bounds, groups = self.leaves.bounds, self.leaves.groups
        raw = bounds.margins(self.values[: len(bounds.edge)])
        if groups:
            others = [margins(g.operator, self.values[g.rows], g.thresholds) for g in groups]
            raw = np.concatenate([raw, *others])
        # adding 0 turns a negative zero into zero
        rounded: Numbers = np.rint(raw * self.leaves.scale) / self.leaves.scale + 0.0
        return rounded


def decide(leaves: Leaves, figures: Figures) -> Decided:
    """Return how every condition of a rulebook comes out."""
    known = figures.known.take(leaves.signal, axis=0)
    values = figures.values.take(leaves.signal, axis=0)
    holding = leaves.bounds.hold(values[: len(leaves.bounds.edge)])
    if leaves.groups:
        others = [holds(g.operator, values[g.rows], g.thresholds) for g in leaves.groups]
        holding = np.concatenate([holding, *others])
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
        bounds=_bounds([one for one in conditions if one.operator in _ORDERED]),
        groups=tuple(_groups(conditions)),
        signal=np.array([rulebook.asked.index(condition.signal) for condition in conditions]),
        missing=np.array(missing, dtype=np.int8)[:, None],
        scale=np.array([[10.0**condition.decimals] for condition in conditions]),
    )


def _bounds(conditions: list[Condition]) -> _Bounds:
    thresholds = np.array([_thresholds(one) for one in conditions]).reshape(-1, 1)
    beyond = np.array([[one.operator in {">", "<="}] for one in conditions], dtype=np.bool_)
    below = np.array([[one.operator in {"<", "<="}] for one in conditions], dtype=np.bool_)
    shape = thresholds.shape
    edge = np.where(beyond.reshape(shape), np.nextafter(thresholds, np.inf), thresholds)
    return _Bounds(
        edge, below.reshape(shape), thresholds, np.where(below.reshape(shape), -1.0, 1.0)
    )


def _groups(conditions: tuple[Condition, ...]) -> Iterator[_Group]:
    start = sum(one.operator in _ORDERED for one in conditions)
    for (_, operator, _), members in groupby(conditions[start:], _kind):
        thresholds = np.array([_thresholds(condition) for condition in members])
        stop = start + len(thresholds)
        yield _Group(operator, slice(start, stop), thresholds)
        start = stop


def _kind(condition: Condition) -> tuple[bool, Operator, int]:
    operator = condition.operator
    return operator not in _ORDERED, operator, len(_thresholds(condition))


def _thresholds(condition: Condition) -> tuple[float, ...]:
    if isinstance(condition.threshold, tuple):
        return condition.threshold
    return (0.0 if condition.threshold is None else condition.threshold,)
