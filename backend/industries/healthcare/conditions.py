"""Which lasting conditions a patient has, and how frail the patient is: fixed for ever."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Conditions
from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.life import ANCHOR
from backend.industries.segments import offsets_of
from backend.seeds import uniform

_MOST: Final = 6
_DAYS_PER_YEAR_X100: Final = 36525
_KNOTS: Final = np.array([24.0, 45.0, 65.0, 80.0])
_FRAILTY_EDGES: Final = np.array([0.5, 0.8])
_FRAILTY: Final = np.array([0.6, 1.0, 2.0])  # mean 1


@dataclass(frozen=True, slots=True)
class Health:
    """``held`` of shape ``(n, conditions)``; ``frailty`` multiplies the chance of trouble."""

    held: NDArray[np.bool_]
    frailty: NDArray[np.float64]


def make_health(people: People) -> Health:
    """Return the health of ``people``: conditions by their prevalence at the anchor day's age.

    One draw decides frailty and makes conditions likelier together, as they are; nobody has more
    than six.
    """
    table = catalogue()
    drawn = uniform(people.keys, "care/health", np.arange(1 + len(table.conditions)))
    frailty = _FRAILTY[_FRAILTY_EDGES.searchsorted(drawn[:, 0], side="right")]
    likely = _prevalence(people) * (0.5 + 0.5 * frailty)[:, None]
    held = drawn[:, 1:] < likely
    return Health(held & (held.cumsum(axis=1) <= _MOST), frailty)


def list_conditions(health: Health) -> Conditions:
    """Return the conditions as rows."""
    rows, code = np.nonzero(health.held)
    return Conditions(offsets_of(rows, len(health.held)), code)


def _prevalence(people: People) -> NDArray[np.float64]:
    # a broken line through four ages, for all conditions at once
    age = ((ANCHOR.toordinal() - people.birth) * 100 // _DAYS_PER_YEAR_X100).astype(np.float64)
    inside = np.minimum(np.maximum(age, _KNOTS[0]), _KNOTS[-1])
    left = _KNOTS[1:-1].searchsorted(inside, side="right")
    part = (inside - _KNOTS[left]) / (_KNOTS[left + 1] - _KNOTS[left])
    height = catalogue().prevalence.T
    return np.asarray(height[left] + (height[left + 1] - height[left]) * part[:, None])
