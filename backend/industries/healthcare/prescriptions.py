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
from backend.industries.healthcare.draws import COURSE_DRAWS, Draws
from backend.industries.healthcare.visits import first_day
from backend.industries.segments import offsets_of
from backend.seeds import bits

_ORIGIN: Final = date(2010, 1, 1).toordinal()
_LINE_DRAWS: Final = 6
_WHICH, _DOSAGE, _FIRST_FILL, _SUPPLY, _TAKES = 1, 2, 3, 4, 0
_TURN_SHIFT: Final = 24
_LATEST_DAYS: Final = 21  # less than the shortest supply, so that fills keep their order
_MONTH_SUPPLY: Final = 30
_FIRST_FILL_WITHIN: Final = 7
# of medication that comes for three months, how much is filled for one, by assumption
_MONTHLY_SHARE: Final = 0.3
# how often a patient is late with a refill, by assumption: most hardly ever, a few mostly
_LATE_EDGES: Final = np.array([0.65, 0.88])
_LATE_OF_65536: Final = (np.array([0.03, 0.25, 0.6]) * 65_536).astype(np.int64)
_LOW_16: Final = np.uint64(0xFFFF)
_SHIFT_16, _SHIFT_32 = np.uint64(16), np.uint64(32)


@dataclass(frozen=True, slots=True)
class Courses:
    """What is taken: one row a medication, by row of people and condition.

    Supplies are counted from ``_ORIGIN + phase``; the first is number ``begins``. ``refills`` is
    what a new prescription allows. ``late`` is the chance of a late refill, of 65,536.
    """

    row: NDArray[np.int64]
    condition: NDArray[np.int64]
    medication: NDArray[np.int64]
    dosage: NDArray[np.int64]
    days: NDArray[np.int64]
    phase: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    refills: NDArray[np.int64]
    late: NDArray[np.int64]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FillDays:
    """Fills before the customer's date, by course and day.

    ``turn`` is the number of the supply, ``allowed`` the amount in cents.
    """

    course: NDArray[np.int64]
    turn: NDArray[np.int64]
    date: NDArray[np.int64]
    allowed: NDArray[np.int64]


def make_courses(health: Health, draws: Draws, as_of: date) -> Courses:
    """Return what is taken for the conditions that began before ``as_of``.

    Nothing, a medication, or two for one condition, from the week of its onset until it is over.
    A prescription of 30 days' supply allows five refills, one of 90 days' supply three; then it
    is renewed.
    """
    table = catalogue().medication_arrays
    owner, condition = health.begun(as_of)[:, 1:].nonzero()
    lines = draws.courses.reshape(len(health.ever), -1, COURSE_DRAWS)[owner, condition]
    drawn = lines[:, : 2 * _LINE_DRAWS].reshape(len(owner), 2, _LINE_DRAWS)
    takes = drawn[:, :, _TAKES] < table.taken[condition]
    takes[:, 1] &= takes[:, 0]
    which, line = takes.nonzero()
    of, own, row = condition[which], drawn[which, line], owner[which]
    listed = table.listed[of, line]
    medication = listed[:, 0] + (own[:, _WHICH] * listed[:, 1]).astype(np.int64)
    monthly = own[:, _SUPPLY] < _MONTHLY_SHARE
    days = np.where(monthly, _MONTH_SUPPLY, table.days[medication])
    onset = health.onset[row, of + 1]
    first = onset + (own[:, _FIRST_FILL] * _FIRST_FILL_WITHIN).astype(np.int64) - _ORIGIN
    often = _LATE_EDGES.searchsorted(draws.adherence[:, 0], side="right")
    return Courses(
        row=row,
        condition=of,
        medication=medication,
        dosage=(own[:, _DOSAGE] * table.dosages[medication]).astype(np.int64),
        days=days,
        phase=first % days,
        begins=first // days,
        ends=health.ends[row, of + 1],
        refills=np.where(days == _MONTH_SUPPLY, 5, 3),
        late=_LATE_OF_65536[often][row],
        token=of * 2 + line,
    )


def fill_days(people: People, courses: Courses, as_of: date) -> FillDays:
    """Return the fills from ``first_day`` to the day before ``as_of``."""
    begin, today = first_day(as_of).toordinal(), as_of.toordinal()
    start = (begin - _ORIGIN - courses.phase) // courses.days - 1
    turns = start[:, None] + np.arange((today - begin) // _MONTH_SUPPLY + 4)
    words = bits(
        people.keys.take(courses.row), "care/fill", (courses.token << _TURN_SHIFT)[:, None] + turns
    )
    late = (words & _LOW_16).astype(np.int64) < courses.late[:, None]
    drawn = ((words >> _SHIFT_16) & _LOW_16).astype(np.int64)
    day = (_ORIGIN + courses.phase)[:, None] + turns * courses.days[:, None]
    day += (1 + (drawn * _LATEST_DAYS >> 16)) * late
    told = (day >= begin) & (turns >= courses.begins[:, None])
    told &= day < np.minimum(courses.ends, today)[:, None]
    course, column = told.nonzero()
    monthly = catalogue().medication_arrays.price[courses.medication[course]]
    price = monthly * courses.days[course] // _MONTH_SUPPLY
    # pharmacies' prices differ by up to an eighth
    part = ((words[course, column] >> _SHIFT_32) & _LOW_16).astype(np.int64)
    allowed = price * 7 // 8 + ((price // 4) * part >> 16)
    return FillDays(course, turns[course, column], day[course, column], allowed)


def list_prescriptions(
    courses: Courses, fills: FillDays, customers: int, as_of: date
) -> Prescriptions:
    """Return the prescriptions as they stand before anything is filled on ``as_of``.

    One row a course: those that were not filled yet, or long ago, are not active and have no
    last fill.
    """
    edges = fills.course.searchsorted(np.arange(len(courses.row) + 1))
    filled = edges[1:] > edges[:-1]
    latest = (edges[1:] - 1)[filled]
    last_fill, turn = np.zeros_like(courses.row), np.zeros_like(courses.row)
    last_fill[filled], turn[filled] = fills.date[latest], fills.turn[latest]
    used = (turn - courses.begins) % (courses.refills + 1)
    return Prescriptions(
        offsets=offsets_of(courses.row, customers),
        condition=courses.condition,
        medication=courses.medication,
        dosage=courses.dosage,
        days=courses.days,
        last_fill=last_fill,
        next_refill=_ORIGIN + courses.phase + (turn + 1) * courses.days,
        refills_remaining=courses.refills - used,
        active=filled & (courses.ends > as_of.toordinal()),
        token=courses.token,
    )
