"""Which lasting conditions a patient has, from when to when, and how frail the patient is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Conditions
from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.draws import Draws
from backend.industries.life import ANCHOR
from backend.industries.segments import offsets_of
from backend.seeds import Line, on_curve

NEVER: Final = date(2400, 1, 1).toordinal()
"""After every date that a life is told up to."""

_MOST: Final = 9
_DAYS_A_YEAR: Final = np.array(365.25)
_AGES: Final = (24.0, 45.0, 65.0, 80.0)
_CHILD, _YOUTH, _ADULT = 8.0, 22.0, 18.0
_NEVER_AGE: Final = 1000.0
_HAIR: Final = 1e-9
_APART: Final = 2.0
_FRAILTY_EDGES: Final = np.array([0.5, 0.8])
_FRAILTY: Final = np.array([0.34, 0.98, 2.68])  # mean 1


@dataclass(frozen=True, slots=True)
class Health:
    """The series of a patient's care: the check-ups in column 0, then the conditions.

    ``ever`` marks those of the whole life, ``(n, 1 + conditions)``; ``onset`` and ``ends`` are
    the first day and the day after the last as ordinals; ``frailty``, ``(n,)``, multiplies the
    chance of trouble, and ``burden`` counts the conditions of the anchor day.
    """

    ever: NDArray[np.bool_]
    onset: NDArray[np.int64]
    ends: NDArray[np.int64]
    frailty: NDArray[np.float64]
    burden: NDArray[np.int64]

    def begun(self, as_of: date) -> NDArray[np.bool_]:
        """Return which series had begun before ``as_of``, as ``ever`` has them."""
        return self.ever & (self.onset < as_of.toordinal())


def make_health(people: People, draws: Draws) -> Health:
    """Return the health of ``people``, whose conditions come and go as they age.

    A condition that is commoner with age begins on the day on which the curve of its prevalence
    passes the patient's own draw, and stays; one that is rarer with age began in youth and is
    over on that day. So at every age the share of patients who have it is the curve's, or a
    little less where it is so common that all of the frail have it. One draw decides frailty and
    makes conditions likelier together, as they are; nobody has more than nine in a life.
    """
    begins, ends = _ages()
    frailty = _FRAILTY[_FRAILTY_EDGES.searchsorted(draws.health[:, 0], side="right")]
    place = np.minimum(draws.health / frailty[:, None], 1.0) + _offsets(draws.health.shape[1])
    born = people.birth[:, None]
    onset = born + (on_curve(place, *begins) * _DAYS_A_YEAR).astype(np.int64)
    over = born + (on_curve(place, *ends) * _DAYS_A_YEAR).astype(np.int64)
    onset[:, 0], over[:, 0] = 0, NEVER
    ever = onset < NEVER
    ever &= ever.cumsum(axis=1) <= 1 + _MOST
    anchor = ANCHOR.toordinal()
    burden = (ever & (onset <= anchor) & (over > anchor)).sum(axis=1) - 1
    return Health(ever, onset, over, frailty, burden)


def list_conditions(health: Health, as_of: date) -> Conditions:
    """Return the conditions that began before ``as_of`` as rows."""
    rows, series = health.begun(as_of)[:, 1:].nonzero()
    ends = health.ends[rows, series + 1]
    return Conditions(
        offsets=offsets_of(rows, len(health.ever)),
        code=series,
        onset=health.onset[rows, series + 1],
        ends=ends,
        active=ends > as_of.toordinal(),
    )


@cache
def _offsets(series: int) -> NDArray[np.float64]:
    return np.arange(series).astype(np.float64) * _APART


@cache
def _ages() -> tuple[tuple[Line, Line], tuple[Line, Line]]:
    """Return two broken lines from a draw to the ages at which conditions begin and end.

    All conditions stand on one line, ``_APART`` from each other; the check-ups come first.
    """
    knots, begins, ends = [0.0], [0.0], [_NEVER_AGE]
    for series, shares in enumerate(catalogue().prevalence, 1):
        rising = shares[0] <= shares[-1]
        line = _rising(shares) if rising else _falling(shares)
        upto = 0.0
        for share, begin, end in line:
            # no two knots may coincide
            upto = max(share, upto + _HAIR)
            knots.append(series * _APART + upto)
            begins.append(begin)
            ends.append(end)
    return (tuple(knots), tuple(begins)), (tuple(knots), tuple(ends))


def _rising(shares: Sequence[float]) -> list[tuple[float, float, float]]:
    points = zip((0.0, *shares), (_ADULT, *_AGES), strict=True)
    return [*((share, age, _NEVER_AGE) for share, age in points), (0.0, _NEVER_AGE, _NEVER_AGE)]


def _falling(shares: Sequence[float]) -> list[tuple[float, float, float]]:
    first, last = shares[0], shares[-1]
    points = list(zip(shares, _AGES, strict=True))[::-1]

    def began(share: float) -> float:
        return _YOUTH - (_YOUTH - _CHILD) * share / first

    return [
        (0.0, _YOUTH, _NEVER_AGE),
        (last, began(last), _NEVER_AGE),
        *((share, began(share), age) for share, age in points),
        (0.0, _NEVER_AGE, _NEVER_AGE),
    ]
