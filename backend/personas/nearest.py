"""The nearest change of a customer's figures that would have made another persona the primary.

A primary persona changes when it no longer matches, or when one that wins over it does. Either
lies within the figures of one persona, and criteria turn only beside their thresholds. So every
trial (see ``trials``) is put to the rules themselves, for all customers at once, and the best
one that turned the choice is kept: the one with the fewest figures, then with the smallest
change, measured in its thresholds.
"""

import math
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import SignalTable
from backend.personas.figures import Figures, usable
from backend.personas.matcher import Verdicts, match
from backend.personas.prioritizer import winners
from backend.personas.rulebook import UNCLASSIFIED, Rulebook
from backend.personas.trials import MAX_FIGURES, Trials, trials_of

_ROWS_AT_ONCE: Final = 1 << 18
"""Customers times trials evaluated together, which bounds the memory taken."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One signal's actual value, and the value that it would have to have."""

    signal: str
    actual: float
    to: float


@dataclass(frozen=True, slots=True)
class NearestChange:
    """Figures to change, and the id of the persona that would then be the primary one."""

    figures: tuple[FigureChange, ...]
    primary: str


def nearest_change(rulebook: Rulebook, table: SignalTable, row: int) -> NearestChange | None:
    """Return the nearest change of the customer at ``row``; see ``nearest_changes``."""
    alone = usable(rulebook, table).take(slice(row, row + 1))
    return nearest_changes(rulebook, alone, match(rulebook, alone))[0]


def nearest_changes(
    rulebook: Rulebook, figures: Figures, verdicts: Verdicts
) -> list[NearestChange | None]:
    """Return each customer's nearest change, or None where none of three figures would do.

    Missing figures stay missing: to set one turns nothing, so no change ever names it. Equally
    near changes are settled by the rulebook's order.

    Args:
        rulebook: the rules.
        figures: what they were matched with.
        verdicts: how they came out.
    """
    trials = trials_of(rulebook)
    current = winners(verdicts)
    if not len(trials):
        return [None] * len(current)
    step = max(1, _ROWS_AT_ONCE // len(trials))
    found: list[NearestChange | None] = []
    for start in range(0, len(current), step):
        part = slice(start, start + step)
        found += _best(rulebook, trials, figures.take(part), current[part])
    return found


def _best(
    rulebook: Rulebook, trials: Trials, figures: Figures, current: NDArray[np.int64]
) -> list[NearestChange | None]:
    outcome = winners(match(rulebook, _tried(trials, figures)))
    outcome = outcome.reshape(len(current), len(trials))
    turned = outcome != current[:, None]
    size = np.where(turned, trials.size, MAX_FIGURES + 1)
    fewest = size == size.min(axis=1)[:, None]
    best = np.where(fewest, _cost(trials, figures), math.inf).argmin(axis=1)
    return [
        _change(rulebook, trials, figures, (trial, row), int(outcome[row, trial]))
        if turned[row, trial]
        else None
        for row, trial in enumerate(best.tolist())
    ]


def _tried(trials: Trials, figures: Figures) -> Figures:
    # customers by trials, one after the other in one long table
    changed = np.where(trials.sets, trials.values, figures.values[:, :, None])
    known = figures.known.repeat(len(trials), axis=1)
    return Figures(known, changed.reshape(known.shape))


def _cost(trials: Trials, figures: Figures) -> NDArray[np.float64]:
    distance = np.abs(figures.values.T[:, trials.signal] - trials.to) / trials.scale
    # added one after the other: a sum over an axis may group its terms by the table's length
    total: NDArray[np.float64] = reduce(np.add, distance.transpose(1, 0, 2))
    return total


def _change(
    rulebook: Rulebook, trials: Trials, figures: Figures, at: tuple[int, int], winner: int
) -> NearestChange:
    trial, row = at
    changes = tuple(
        FigureChange(
            rulebook.asked[trials.signal[slot, trial]],
            float(figures.values[trials.signal[slot, trial], row]),
            float(trials.to[slot, trial]),
        )
        for slot in range(trials.size[trial])
    )
    return NearestChange(changes, UNCLASSIFIED if winner < 0 else rulebook.personas[winner].id)
