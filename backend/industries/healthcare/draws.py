"""What chance decides of a patient once and for all, drawn at one go."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.seeds import Sheet, uniforms

COURSE_DRAWS: Final = 16
"""Draws of a condition's medication: six for the first, six for the other, four to spare."""


class Draws(NamedTuple):
    """Uniform draws of *n* patients, in the order of the sheet; a new one goes to the end.

    ``health`` is frailty, then a draw a condition; ``phase`` one a series of planned visits;
    ``courses`` ``COURSE_DRAWS`` a condition.
    """

    health: NDArray[np.float64]
    plan: NDArray[np.float64]
    member_since: NDArray[np.float64]
    allergy: NDArray[np.float64]
    phase: NDArray[np.float64]
    diligence: NDArray[np.float64]
    adherence: NDArray[np.float64]
    courses: NDArray[np.float64]
    time_of_day: NDArray[np.float64]
    member: NDArray[np.float64]


@cache
def _sheet() -> Sheet:
    conditions = len(catalogue().conditions)
    return (
        ("care/health", 1 + conditions),
        ("care/plan", 1),
        ("care/member-since", 1),
        ("care/allergy", 1),
        ("care/phase", 1 + conditions),
        ("care/diligence", 2),
        ("care/adherence", 1),
        ("care/prescription", conditions * COURSE_DRAWS),
        ("care/hour", 1),
        ("care/member-number", 1),
    )


def draw(people: People) -> Draws:
    """Return the draws of ``people``."""
    return Draws(*uniforms(people.keys, _sheet()))
