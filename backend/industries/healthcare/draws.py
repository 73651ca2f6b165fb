"""What chance decides of a patient: most of it drawn at one go, since a label more costs little."""

from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.period import Period
from backend.seeds import (
    Columns,
    Sheet,
    Words,
    columns_of,
    uniforms,
    unit,
    words_of,
)

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
    """Return the draws of ``people`` that no date takes part in."""
    return Draws(*uniforms(people.keys, _sheet()))


def draw_dated(people: People, told: Period) -> tuple[Draws, NDArray[np.float64]]:
    """Return what ``draw`` does, and a draw for each slot of ``told.sudden``, ``(n, m)``."""
    columns = _columns(told)
    drawn = unit(words_of(people.keys, columns))
    *undated, sudden = [drawn[:, part] for part in columns.parts]
    return Draws(*undated), sudden


@lru_cache(maxsize=64)
def _columns(told: Period) -> Columns:
    undated = [(label, np.arange(count)) for label, count in _sheet()]
    return columns_of([*undated, ("care/acute", told.sudden.slot)])


def lanes_of(words: Words) -> NDArray[np.int64]:
    """Return each word's four parts of 16 bits, lowest first, ``(4, m)``."""
    return words.astype("<u8", copy=False).view("<u2").reshape(-1, 4).T.astype(np.int64)
