"""What chance decides of a customer once and for all, drawn at one go."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS
from backend.domain.person import People
from backend.seeds import uniforms

MOST_VEHICLES: Final = 3
_KINDS: Final = len(POLICY_KINDS)


class Draws(NamedTuple):
    """Uniform draws of *n* customers, in the order of the sheet; a new one goes to the end.

    By kind of policy: whether it is ``held``, its ``start``, ``coverage``, ``premium``,
    ``deductible`` and ``number``.
    """

    children: NDArray[np.float64]
    due_day: NDArray[np.float64]
    insurer: NDArray[np.float64]
    held: NDArray[np.float64]
    start: NDArray[np.float64]
    coverage: NDArray[np.float64]
    premium: NDArray[np.float64]
    deductible: NDArray[np.float64]
    options: NDArray[np.float64]
    home_value: NDArray[np.float64]
    prone: NDArray[np.float64]
    late: NDArray[np.float64]
    number: NDArray[np.float64]
    vehicle: NDArray[np.float64]


_SHEET: Final = (
    ("insurance/children", 4),
    ("insurance/due-day", 1),
    ("insurance/insurer", 1),
    ("insurance/held", _KINDS),
    ("insurance/start", _KINDS),
    ("insurance/coverage", _KINDS),
    ("insurance/premium", _KINDS),
    ("insurance/deductible", _KINDS),
    ("insurance/options", 2),
    ("insurance/home-value", 1),
    ("insurance/prone", 1),
    ("insurance/late", 1),
    ("insurance/number", _KINDS),
    ("insurance/vehicle", MOST_VEHICLES),
)


def draw(people: People) -> Draws:
    """Return the draws of ``people``."""
    return Draws(*uniforms(people.keys, _SHEET))
