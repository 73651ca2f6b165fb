"""How grave each persona is for each customer, in a rulebook ordered by severity."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.personas.comparison import Numbers
from backend.personas.criteria_reader import SEVERITY_DECIMALS
from backend.personas.figures import Figures
from backend.personas.rulebook import Rulebook

_SCALE: Final = np.array(10.0**SEVERITY_DECIMALS)


class Scales(NamedTuple):
    """What the *p* severities of a rulebook are made of.

    ``signal``, ``(p,)``, are positions in its ``asked``; ``per``, ``(p, 1)``, what they are
    divided by. ``rank``, ``(p, 1)``, are the ranks of the levels, 0 the gravest.
    """

    signal: NDArray[np.int64]
    per: Numbers
    rank: NDArray[np.int8]


@lru_cache(maxsize=64)
def scales_of(rulebook: Rulebook) -> Scales | None:
    """Return what a rulebook's severities are made of, None where it is ordered by priority."""
    if rulebook.order == "priority":
        return None
    figures = [persona.severity for persona in rulebook.personas if persona.severity]
    return Scales(
        np.array([rulebook.asked.index(figure.signal) for figure in figures]),
        np.array([[figure.per] for figure in figures]),
        np.array([[persona.priority] for persona in rulebook.personas], dtype=np.int8),
    )


def severities(scales: Scales, figures: Figures) -> Numbers:
    """Return every persona's severity, ``(p, n)``; one that is missing is 0, and sorts so."""
    return rounded(figures.values.take(scales.signal, axis=0) / scales.per)


def rounded(severity: Numbers) -> Numbers:
    """Return severities rounded to their decimals."""
    # adding 0 turns a negative zero into zero
    whole: Numbers = np.rint(severity * _SCALE) / _SCALE + 0.0
    return whole
