"""The nearest change of a customer's figures that would have made another persona the primary.

A primary persona changes when it no longer matches, or when one that wins over it does. Either
lies within the figures of one persona, and criteria turn only beside their thresholds. By
severity, it changes as well when another of its level becomes graver (see ``races``). So every
trial (see ``trials``) is put to the rules themselves, for all customers at once, and the best
one that turned the choice is kept: the one with the fewest figures, then with the smallest
change, measured in its thresholds.

By priority no figure has a say in what turns a choice, and it is known beforehand (see
``settled``).
"""

import math
from collections.abc import Iterator
from functools import reduce
from typing import Final, NamedTuple

import numpy as np

from backend.domain.signals import Column, SignalTable
from backend.personas.comparison import Numbers
from backend.personas.figures import Figures
from backend.personas.outcomes import Outcomes, evaluate, evaluate_figures
from backend.personas.rulebook import Rulebook
from backend.personas.settled import Turns, settled_of
from backend.personas.trials import MAX_FIGURES, Trials, trials_of

_ROWS_AT_ONCE: Final = 1 << 18
"""Customers times trials evaluated together, which bounds the memory taken."""


class FigureChange(NamedTuple):
    """One signal's actual value, and the value that it would have to have."""

    signal: str
    actual: float
    to: float


class NearestChange(NamedTuple):
    """Figures to change, and the id of the persona that would then be the primary one.

    None stands for nobody's in a rulebook ordered by severity.
    """

    figures: tuple[FigureChange, ...]
    primary: str | None


def nearest_change(rulebook: Rulebook, table: SignalTable, row: int) -> NearestChange | None:
    """Return the nearest change of the customer at ``row``; see ``nearest_changes``."""
    alone = {
        name: Column(table[name].values[row : row + 1], table[name].known[row : row + 1])
        for name in rulebook.asked
    }
    return nearest_changes(evaluate(rulebook, alone))[0]


def nearest_changes(outcomes: Outcomes) -> list[NearestChange | None]:
    """Return each customer's nearest change, or None where no change of a few would do.

    Missing figures stay missing: to set one turns nothing, so no change ever names it. Equally
    near changes are settled by the rulebook's order.
    """
    rulebook, figures = outcomes.rulebook, outcomes.figures
    if outcomes.severity is not None:
        return [change for _, changes in explore(rulebook, figures) for change in changes]
    patterns = outcomes.verdicts.decided.patterns()
    return [
        nearest_turn(rulebook, settled_of(rulebook, *pattern).turns, values)
        for pattern, values in zip(patterns, figures.values.T, strict=True)
    ]


def nearest_turn(rulebook: Rulebook, turns: Turns | None, values: Numbers) -> NearestChange | None:
    """Return the nearest of what turns a choice.

    Args:
        rulebook: the rules, ordered by priority.
        turns: what would turn it.
        values: the customer's figures, ``(s,)``.
    """
    if turns is None:
        return None
    best, actual = turns.nearest(values), values.tolist()
    figures = [FigureChange(rulebook.asked[at], actual[at], to) for at, to in turns.ways[best]]
    return NearestChange(tuple(figures), _persona_id(rulebook, turns.winners[best]))


def _persona_id(rulebook: Rulebook, place: int) -> str | None:
    return rulebook.nobody_id if place < 0 else rulebook.personas[place].id


def explore(
    rulebook: Rulebook, figures: Figures
) -> Iterator[tuple[Outcomes, list[NearestChange | None]]]:
    """Yield what a rulebook decides with each customer's nearest change, in parts of the table.

    Both come of one evaluation, since the first trial of all changes nothing.
    """
    trials = trials_of(rulebook)
    step = max(1, _ROWS_AT_ONCE // len(trials))
    for start in range(0, figures.known.shape[1], step):
        yield _explored(rulebook, trials, figures.take(slice(start, start + step)))


def _explored(
    rulebook: Rulebook, trials: Trials, figures: Figures
) -> tuple[Outcomes, list[NearestChange | None]]:
    tried, to = _tried(trials, figures)
    outcomes = evaluate_figures(rulebook, tried)
    outcome = outcomes.primary.reshape(-1, len(trials))
    turned = outcome != outcome[:, :1]
    size = np.where(turned, trials.size, MAX_FIGURES + 1)
    fewest = size == size.min(axis=1)[:, None]
    best = np.where(fewest, _cost(trials, figures, to), math.inf).argmin(axis=1)
    changes = [
        _change(rulebook, trials, figures, to, (row, trial), int(outcome[row, trial]))
        if turned[row, trial]
        else None
        for row, trial in enumerate(best.tolist())
    ]
    return outcomes.every(len(trials)), changes


def _tried(trials: Trials, figures: Figures) -> tuple[Figures, Numbers]:
    """Return customers by trials, in one long table, and what is set, ``(n or 1, slots, r)``."""
    changed = np.where(trials.sets, trials.values, figures.values[:, :, None])
    to = trials.to[None]
    if trials.races:
        # what is not known counts as 0 in a severity, and stays so
        np.multiply(changed, figures.known[:, :, None], out=changed)
        values = trials.races.values(changed)
        known = figures.known[trials.races.own]
        changed[trials.races.own, :, trials.races.trial] = np.where(known, values, 0.0)
        to = np.repeat(to, figures.known.shape[1], axis=0)
        to[:, trials.races.slot, trials.races.trial] = values.T
    known = figures.known.repeat(len(trials), axis=1)
    return Figures(known, changed.reshape(known.shape)), to


def _cost(trials: Trials, figures: Figures, to: Numbers) -> Numbers:
    distance = np.abs(figures.values.T[:, trials.signal] - to) / trials.scale
    # added one after the other: a sum over an axis may group its terms by the table's length
    total: Numbers = reduce(np.add, distance.transpose(1, 0, 2))
    return total


def _change(
    rulebook: Rulebook,
    trials: Trials,
    figures: Figures,
    to: Numbers,
    at: tuple[int, int],
    winner: int,
) -> NearestChange:
    row, trial = at
    changes = tuple(
        FigureChange(
            rulebook.asked[trials.signal[slot, trial]],
            float(figures.values[trials.signal[slot, trial], row]),
            float(to[row if trials.races else 0, slot, trial]),
        )
        for slot in range(trials.size[trial])
    )
    return NearestChange(changes, _persona_id(rulebook, winner))
