"""Which lasting conditions a patient has, from when to when, and how frail the patient is."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Conditions
from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.draws import Draws
from backend.industries.life import ANCHOR
from backend.industries.segments import offsets_of

NEVER: Final = date(2400, 1, 1).toordinal()
"""After every date that a life is told up to."""

_NEVER: Final = np.array(NEVER)
_ALWAYS: Final = np.array([[0], [NEVER]])
_ANCHOR: Final = np.array(ANCHOR.toordinal())
_MOST: Final = 9
_MOST_SERIES: Final = np.array(1 + _MOST)  # the check-ups too
_DAYS_A_YEAR: Final = np.array(365.25)
_AGES: Final = (24.0, 45.0, 65.0, 80.0)
_CHILD, _YOUTH, _ADULT = 8.0, 22.0, 18.0
_NEVER_AGE: Final = 1000.0
_HAIR: Final = 1e-9
_APART: Final = 2.0
_CERTAIN, _ONE = np.array(1.0), np.array(1)
_FRAILTY_EDGES: Final = np.array([0.5, 0.8])
_FRAILTY: Final = np.array([0.34, 0.98, 2.68])  # mean 1


class Series(NamedTuple):
    """*k* series of care that have begun, by row of people and code: 0 is the check-ups.

    ``place`` is where each stands in a table of patients by codes, laid flat; ``rank`` counts a
    patient's series from 0; ``onset`` and ``ends`` are the first day and the day after the last.
    """

    row: NDArray[np.int64]
    code: NDArray[np.int64]
    place: NDArray[np.int64]
    rank: NDArray[np.int64]
    onset: NDArray[np.int64]
    ends: NDArray[np.int64]

    def conditions(self) -> "Series":
        """Return all but the check-ups."""
        held = self.code.nonzero()[0]
        return Series(*[column[held] for column in self])


class Health(NamedTuple):
    """The series of a patient's care: the check-ups in column 0, then the conditions.

    ``ever`` marks those of the whole life, ``(n, 1 + conditions)``, and ``rank`` counts them from
    1; ``onset`` and ``ends`` are the first day and the day after the last as ordinals;
    ``frailty``, ``(n,)``, multiplies the chance of trouble, and ``burden`` counts the conditions
    of the anchor day.
    """

    ever: NDArray[np.bool_]
    rank: NDArray[np.int64]
    onset: NDArray[np.int64]
    ends: NDArray[np.int64]
    frailty: NDArray[np.float64]
    burden: NDArray[np.int64]

    def begun(self, today: NDArray[np.int64]) -> Series:
        """Return the series that had begun before a day."""
        place = (self.ever & (self.onset < today)).ravel().nonzero()[0]
        codes = self.ever.shape[1]
        row = place // codes
        return Series(
            row,
            place - row * codes,
            place,
            self.rank.take(place) - _ONE,
            self.onset.take(place),
            self.ends.take(place),
        )


def make_health(people: People, draws: Draws) -> Health:
    """Return the health of ``people``, whose conditions come and go as they age.

    A condition that is commoner with age begins on the day on which the curve of its prevalence
    passes the patient's own draw, and stays; one that is rarer with age began in youth and is
    over on that day. So at every age the share of patients who have it is the curve's, or a
    little less where it is so common that all of the frail have it. One draw decides frailty and
    makes conditions likelier together, as they are; nobody has more than nine in a life.
    """
    frailty = _FRAILTY[_FRAILTY_EDGES.searchsorted(draws.health[:, 0], side="right")]
    onset, ends = _days(draws.health / frailty[:, None], people.birth)
    ever = onset < _NEVER
    rank = np.add.accumulate(ever, axis=1, dtype=np.int64)
    ever &= rank <= _MOST_SERIES
    now = ever & (onset <= _ANCHOR) & (ends > _ANCHOR)
    burden = np.add.reduce(now, axis=1, dtype=np.int64) - _ONE
    return Health(ever, rank, onset, ends, frailty, burden)


def list_conditions(held: Series, customers: int, today: NDArray[np.int64]) -> Conditions:
    """Return conditions, which are all ``held``, as rows."""
    return Conditions(
        offsets=offsets_of(held.row, customers),
        code=held.code - _ONE,
        onset=held.onset,
        ends=held.ends,
        active=held.ends > today,
    )


def _days(drawn: NDArray[np.float64], birth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the days on which series begin and end, ``(2, n, series)``."""
    ages = _ages()
    place = np.minimum(drawn, _CERTAIN) + ages.offsets
    piece = ages.knots.searchsorted(place, side="right")
    rest = place - ages.start[piece]
    age = ages.height.take(piece, axis=1) + ages.slope.take(piece, axis=1) * rest
    days = birth[:, None] + (age * _DAYS_A_YEAR).astype(np.int64)
    days[:, :, 0] = _ALWAYS
    return np.asarray(days)


class _Ages(NamedTuple):
    """Two broken lines from a draw to the ages at which conditions begin and end.

    All conditions stand on one line, ``_APART`` from each other as ``offsets`` has it; the
    check-ups come first. The pieces that begin at ``start`` have a ``height`` there and a
    ``slope``, each ``(2, pieces)``; the first and the last are flat, as those of ``on_curve``.
    """

    offsets: NDArray[np.float64]
    knots: NDArray[np.float64]
    start: NDArray[np.float64]
    height: NDArray[np.float64]
    slope: NDArray[np.float64]


@cache
def _ages() -> _Ages:
    points = [(0.0, 0.0, _NEVER_AGE)]
    for series, shares in enumerate(catalogue().prevalence, 1):
        rising = shares[0] <= shares[-1]
        line = _rising(shares) if rising else _falling(shares)
        upto = 0.0
        for share, begin, end in line:
            # no two knots may coincide
            upto = max(share, upto + _HAIR)
            points.append((series * _APART + upto, begin, end))
    knots, *heights = np.array(points).T
    height, apart = np.array(heights), np.diff(knots)
    slope = np.diff(height) / apart
    height[:, -1] = height[:, -2] + slope[:, -1] * apart[-1]
    return _Ages(
        offsets=np.arange(1 + len(catalogue().prevalence)).astype(np.float64) * _APART,
        knots=knots,
        start=np.append(knots[0], knots),
        height=np.insert(height, 0, height[:, 0], axis=1),
        slope=np.pad(slope, ((0, 0), (1, 1))),
    )


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
