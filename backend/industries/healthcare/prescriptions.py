"""Prescriptions and their fills: keyed by (medication, how many supplies after an origin)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Prescriptions
from backend.domain.person import People
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.conditions import Health
from backend.industries.healthcare.visits import first_day
from backend.industries.segments import offsets_of
from backend.seeds import bits, uniform

_ORIGIN: Final = date(2010, 1, 1).toordinal()
_SLOTS: Final = 16  # draws of a condition: six for the first medication, six for the other
_TURN_SHIFT: Final = 24
_LATEST_DAYS: Final = 21  # less than the shortest supply, so that fills keep their order
_MONTH_SUPPLY: Final = 30
# how often a patient is late with a refill, by assumption: most hardly ever, a few mostly
_LATE_EDGES: Final = np.array([0.65, 0.88])
_LATE: Final = np.array([0.03, 0.25, 0.6])
_LOW_16: Final = np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Courses:
    """What is taken: one row a medication, by row of people and condition.

    Supplies are counted from ``_ORIGIN + phase``; ``shift`` moves where a prescription's own
    count of refills begins. ``refills`` is what a new prescription allows.
    """

    row: NDArray[np.int64]
    condition: NDArray[np.int64]
    medication: NDArray[np.int64]
    dosage: NDArray[np.int64]
    days: NDArray[np.int64]
    phase: NDArray[np.int64]
    shift: NDArray[np.int64]
    refills: NDArray[np.int64]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FillDays:
    """Fills before the customer's date: the course, the day and the allowed amount in cents."""

    course: NDArray[np.int64]
    date: NDArray[np.int64]
    allowed: NDArray[np.int64]


def make_courses(people: People, health: Health) -> Courses:
    """Return what is taken for the conditions: nothing, a medication, or two for one condition.

    A prescription of 30 days' supply allows five refills, one of 90 days' supply three; then it
    is renewed.
    """
    table = catalogue().medication_arrays
    owner, condition = np.nonzero(health.held)
    index = condition[:, None] * _SLOTS + np.arange(2 * 6)
    drawn = uniform(people.keys.take(owner), "care/prescription", index)
    takes = drawn[:, [0, 6]] < table.taken[condition]
    takes[:, 1] &= takes[:, 0]
    which, line = takes.nonzero()
    of = condition[which]
    own = drawn[which[:, None], line[:, None] * 6 + np.arange(1, 6)]
    listed = np.where(line[:, None] == 0, table.first[of], table.add_on[of])
    medication = listed[:, 0] + (own[:, 0] * listed[:, 1]).astype(np.int64)
    days = table.days[medication]
    refills = np.where(days == _MONTH_SUPPLY, 5, 3)
    return Courses(
        row=owner[which],
        condition=of,
        medication=medication,
        dosage=(own[:, 1] * table.dosages[medication]).astype(np.int64),
        days=days,
        phase=(own[:, 2] * days).astype(np.int64),
        shift=(own[:, 3] * (refills + 1)).astype(np.int64),
        refills=refills,
        token=of * 2 + line,
    )


def fill_days(people: People, courses: Courses, as_of: date) -> FillDays:
    """Return the fills from ``first_day`` to the day before ``as_of``."""
    begin, today = first_day(as_of).toordinal(), as_of.toordinal()
    start = (begin - _ORIGIN - courses.phase) // courses.days - 1
    turns = start[:, None] + np.arange((today - begin) // _MONTH_SUPPLY + 4)
    words = bits(people.keys.take(courses.row), "care/fill", _tokens(courses, turns))
    day = _due(courses, turns) + _delays(people, courses, words)
    course, column = np.nonzero((day >= begin) & (day < today))
    price = catalogue().medication_arrays.price[courses.medication[course]]
    # pharmacies' prices differ by up to an eighth
    part = ((words[course, column] >> np.uint64(32)) & _LOW_16).astype(np.int64)
    allowed = price * 7 // 8 + ((price // 4) * part >> 16)
    return FillDays(course, day[course, column], allowed)


def list_prescriptions(people: People, courses: Courses, as_of: date) -> Prescriptions:
    """Return the prescriptions as they stand before anything is filled on ``as_of``."""
    today = as_of.toordinal()
    turn = (today - _ORIGIN - courses.phase) // courses.days
    turns = turn[:, None] - np.arange(2)
    words = bits(people.keys.take(courses.row), "care/fill", _tokens(courses, turns))
    filled = _due(courses, turns) + _delays(people, courses, words)
    done = filled[:, 0] < today
    last = np.where(done, turn, turn - 1)
    used = (last + courses.shift) % (courses.refills + 1)
    return Prescriptions(
        offsets=offsets_of(courses.row, len(people)),
        condition=courses.condition,
        medication=courses.medication,
        dosage=courses.dosage,
        last_fill=np.where(done, filled[:, 0], filled[:, 1]),
        next_refill=_due(courses, last[:, None] + 1)[:, 0],
        refills_remaining=courses.refills - used,
    )


def _tokens(courses: Courses, turns: NDArray[np.int64]) -> NDArray[np.int64]:
    return (courses.token << _TURN_SHIFT)[:, None] + turns


def _due(courses: Courses, turns: NDArray[np.int64]) -> NDArray[np.int64]:
    return _ORIGIN + courses.phase[:, None] + turns * courses.days[:, None]


def _delays(people: People, courses: Courses, words: NDArray[np.uint64]) -> NDArray[np.int64]:
    often = _LATE_EDGES.searchsorted(uniform(people.keys, "care/adherence"), side="right")
    limit = (_LATE[often] * 65_536).astype(np.int64)[courses.row][:, None]
    late = (words & _LOW_16).astype(np.int64) < limit
    drawn = ((words >> np.uint64(16)) & _LOW_16).astype(np.int64)
    return np.where(late, 1 + (drawn * _LATEST_DAYS >> 16), 0)
