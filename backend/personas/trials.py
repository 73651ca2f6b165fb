"""Every way to set a few figures of one persona beside its thresholds."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.personas.races import Races, races_of
from backend.personas.rulebook import Rulebook
from backend.personas.steps import Step, steps_of, ways

MAX_FIGURES: Final = 4
"""Figures that a trial may set: what needs more of them is not near."""

_SLOTS: Final = range(MAX_FIGURES)


@dataclass(frozen=True, slots=True)
class Trials:
    """*r* trials of a rulebook: the first changes nothing, others 1 to ``MAX_FIGURES`` figures.

    ``signal``, ``to`` and ``scale`` are of shape ``(MAX_FIGURES, r)``: positions in the
    rulebook's ``asked``, the values to set, and the thresholds that a change is measured in (1
    for a threshold of 0). A trial of fewer figures is padded with what measures as no change.
    ``sets`` and ``values``, of shape ``(s, 1, r)``, say of every signal whether a trial sets it,
    and to what. ``size``, of shape ``(r,)``, is the number of figures set.

    The last figure of the trials in ``races`` depends on the customer, and is not yet in ``to``
    and ``values``.
    """

    signal: NDArray[np.int64]
    to: NDArray[np.float64]
    scale: NDArray[np.float64]
    sets: NDArray[np.bool_]
    values: NDArray[np.float64]
    size: NDArray[np.int64]
    races: Races | None

    def __len__(self) -> int:
        return len(self.size)


_PADDING: Final = Step(0, 0.0, math.inf)


@lru_cache(maxsize=64)
def trials_of(rulebook: Rulebook) -> Trials:
    """Return the trials of a rulebook, in the order of its personas and their conditions."""
    steps = {persona.id: steps_of(rulebook, persona) for persona in rulebook.personas}
    rows = [(), *(way for one in steps.values() for way in ways(one, MAX_FIGURES))]
    races, completed = races_of(rulebook, steps, MAX_FIGURES, len(rows))
    rows += completed
    slots = [[row[slot] if slot < len(row) else _PADDING for row in rows] for slot in _SLOTS]
    values = np.full((len(rulebook.asked), 1, len(rows)), math.nan)
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
        races,
    )
