"""Trials in which two personas of one level change places: a severity is set beside the other's.

Where such a severity would have to lie depends on the customer, so these trials are completed
when they are made.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.personas.comparison import Numbers
from backend.personas.rulebook import Rulebook
from backend.personas.severity import rounded
from backend.personas.steps import Step, Steps, Way, ways

_OFFSETS: Final = (-1, 0, 1, 2)
"""Steps of the signal around the value at which two severities are equal."""


class Races(NamedTuple):
    """*q* trials whose last figure is a severity's; each array is of shape ``(q,)``.

    ``trial`` and ``slot`` say where the figure stands; ``own`` and ``rival`` are the positions of
    the two severities' signals in the rulebook's ``asked``, ``per`` and ``rival_per`` what they
    are divided by; ``ticks`` is 10 to the power of the own signal's decimals, and ``offset`` the
    number of its smallest steps away from equality.
    """

    trial: NDArray[np.int64]
    slot: NDArray[np.int64]
    own: NDArray[np.int64]
    rival: NDArray[np.int64]
    per: Numbers
    rival_per: Numbers
    ticks: Numbers
    offset: Numbers

    def values(self, figures: Numbers) -> Numbers:
        """Return the value to set for each customer, ``(q, n)``.

        Args:
            figures: what the trials set otherwise, ``(s, n, r)``, 0 where nothing is known.
        """
        other = rounded(figures[self.rival, :, self.trial] / self.rival_per[:, None])
        equal = other * self.per[:, None] * self.ticks[:, None]
        tick = np.floor(equal) + self.offset[:, None]
        return np.asarray(tick / self.ticks[:, None])


class _Runner(NamedTuple):
    persona: str
    signal: str
    per: float


def races_of(
    rulebook: Rulebook, steps: Mapping[str, Steps], most: int, first: int
) -> tuple[Races | None, list[Way]]:
    """Return the races of a rulebook, and the trials that they complete.

    Args:
        rulebook: the rules.
        steps: the steps of each persona, by its id.
        most: how many figures a trial may set.
        first: the place that the first of these trials will have.
    """
    rows: list[Way] = []
    columns: list[tuple[float, ...]] = []
    for one, other in _rivals(rulebook):
        own, rival = (rulebook.asked.index(figure.signal) for figure in (one, other))
        ticks = 10.0 ** rulebook.signals[one.signal].decimals
        for way in _beside(own, steps, (one.persona, other.persona), most - 1):
            for offset in _OFFSETS:
                place = (first + len(rows), len(way), own, rival)
                columns.append((*place, one.per, other.per, ticks, offset))
                rows.append((*way, Step(own, 0.0, _scale(steps[one.persona], one))))
    if not rows:
        return None, []
    table = np.array(columns).T
    return Races(*table[:4].astype(np.int64), *table[4:]), rows


def _rivals(rulebook: Rulebook) -> Iterator[tuple[_Runner, _Runner]]:
    runners = [
        (persona.level, _Runner(persona.id, persona.severity.signal, persona.severity.per))
        for persona in rulebook.personas
        if persona.severity
    ]
    for (level, one), (other_level, other) in permutations(runners, 2):
        if level == other_level and one.signal != other.signal:
            yield one, other


def _beside(
    own: int, steps: Mapping[str, Steps], personas: tuple[str, str], most: int
) -> list[Way]:
    # what may have to be set as well, so that the severity counts at all
    found = [way for persona in personas for way in ways(steps[persona], most)]
    return [(), *(way for way in dict.fromkeys(found) if all(step.signal != own for step in way))]


def _scale(steps: Steps, runner: _Runner) -> float:
    beside = steps.get(runner.signal, {})
    return next((step.scale for step in beside.values()), runner.per)
