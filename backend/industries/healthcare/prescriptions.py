"""Prescriptions and their fills: keyed by (medication, how many supplies after an origin)."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Prescriptions
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.conditions import Series
from backend.industries.healthcare.draws import COURSE_DRAWS, Draws, lanes_of
from backend.industries.healthcare.period import SHORTEST_SUPPLY, Period
from backend.industries.segments import offsets_of
from backend.seeds import Asked, Words

_ORIGIN: Final = np.array(date(2010, 1, 1).toordinal())
_LINE_DRAWS: Final = 6
_WHICH, _DOSAGE, _FIRST_FILL, _SUPPLY, _TAKES = 1, 2, 3, 4, 0
_TURN_SHIFT: Final = np.array(24)
_LANE_BITS: Final = np.array(16)
_LATEST_DAYS: Final = np.array(21)  # less than the shortest supply, so that fills keep their order
_MONTH_SUPPLY: Final = np.array(SHORTEST_SUPPLY)
_FIRST_FILL_WITHIN: Final = np.array(7.0)
_REFILLS, _MORE_REFILLS = np.array(3), np.array(2)
# of medication that comes for three months, how much is filled for one, by assumption
_MONTHLY_SHARE: Final = np.array(0.3)
# how often a patient is late with a refill, by assumption: most hardly ever, a few mostly
_LATE_EDGES: Final = np.array([0.65, 0.88])
_LATE_OF_65536: Final = (np.array([0.03, 0.25, 0.6]) * 65_536).astype(np.int64)
_ONE, _TWO, _FOUR, _SEVEN, _EIGHT = (np.array(number) for number in (1, 2, 4, 7, 8))


class Courses(NamedTuple):
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


class Supplies(NamedTuple):
    """The *s* supplies of each course that may be filled, ``(k, s)``.

    ``due`` is the day if the patient is not late; ``token`` keys the fill.
    """

    turn: NDArray[np.int64]
    due: NDArray[np.int64]
    token: NDArray[np.int64]

    def asks(self, courses: Courses) -> Asked:
        """Return the draws that decide about the fills."""
        return "care/fill", courses.row.repeat(self.token.shape[1]), self.token.ravel()


class FillDays(NamedTuple):
    """Fills before the customer's date, by course and day; ``allowed`` is in cents.

    For each course, ``latest`` is the day of the last and ``turn`` its number, 0 without any.
    """

    course: NDArray[np.int64]
    date: NDArray[np.int64]
    allowed: NDArray[np.int64]
    latest: NDArray[np.int64]
    turn: NDArray[np.int64]


def make_courses(held: Series, draws: Draws) -> Courses:
    """Return what is taken for the conditions ``held``.

    Nothing, a medication, or two for one condition, from the week of its onset until it is over.
    A prescription of 30 days' supply allows five refills, one of 90 days' supply three; then it
    is renewed.
    """
    table = catalogue().medication_arrays
    line, own = _taken(held, draws)
    which = line // _TWO
    condition = held.code[which] - _ONE
    token = condition * _TWO + line % _TWO
    medication = table.begins[token] + (own[:, _WHICH] * table.counts[token]).astype(np.int64)
    monthly = own[:, _SUPPLY] < _MONTHLY_SHARE
    days = np.where(monthly, _MONTH_SUPPLY, table.days[medication])
    first = held.onset[which] + (own[:, _FIRST_FILL] * _FIRST_FILL_WITHIN).astype(np.int64)
    begins, phase = np.divmod(first - _ORIGIN, days)
    row = held.row[which]
    often = _LATE_EDGES.searchsorted(draws.adherence[:, 0], side="right")
    return Courses(
        row=row,
        condition=condition,
        medication=medication,
        dosage=(own[:, _DOSAGE] * table.dosages[medication]).astype(np.int64),
        days=days,
        phase=phase,
        begins=begins,
        ends=held.ends[which],
        refills=_REFILLS + _MORE_REFILLS * (days == _MONTH_SUPPLY),
        late=_LATE_OF_65536[often][row],
        token=token,
    )


def _taken(held: Series, draws: Draws) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return which lines of the conditions ``held`` are taken, two each, and their draws."""
    condition, shares = held.code - _ONE, catalogue().medication_arrays.taken
    drawn = draws.courses.reshape(-1, COURSE_DRAWS).take(held.row * len(shares) + condition, axis=0)
    lines = drawn[:, : 2 * _LINE_DRAWS].reshape(-1, _LINE_DRAWS)
    takes = lines[:, _TAKES].reshape(-1, 2) < shares.take(condition, axis=0)
    takes[:, 1] &= takes[:, 0]
    line = takes.ravel().nonzero()[0]
    return line, lines.take(line, axis=0)


def supplies_of(courses: Courses, told: Period) -> Supplies:
    """Return the supplies of courses in the period, and some around it."""
    origin = _ORIGIN + courses.phase
    start = (told.first - origin) // courses.days - _ONE
    turn = start[:, None] + told.supply_turns
    due = origin[:, None] + turn * courses.days[:, None]
    return Supplies(turn, due, (courses.token << _TURN_SHIFT)[:, None] + turn)


def fill(courses: Courses, supplies: Supplies, words: Words, told: Period) -> FillDays:
    """Return the fills from the period's first day to before the date."""
    lanes, shape = lanes_of(words), supplies.due.shape
    late = lanes[0].reshape(shape) < courses.late[:, None]
    delay = _ONE + (lanes[1] * _LATEST_DAYS >> _LANE_BITS)
    day = supplies.due + delay.reshape(shape) * late
    filled = (day >= told.first) & (supplies.turn >= courses.begins[:, None])
    filled &= day < np.minimum(courses.ends, told.today)[:, None]
    at = filled.ravel().nonzero()[0]
    course = at // told.supplies_a_course
    price = catalogue().medication_arrays.price[courses.medication] * courses.days // _MONTH_SUPPLY
    # pharmacies' prices differ by up to an eighth
    least, span = price * _SEVEN // _EIGHT, price // _FOUR
    return FillDays(
        course=course,
        date=day.take(at),
        allowed=least[course] + (span[course] * lanes[2][at] >> _LANE_BITS),
        latest=np.maximum.reduce(day * filled, axis=1),
        turn=np.maximum.reduce(supplies.turn * filled, axis=1),
    )


def list_prescriptions(
    courses: Courses, fills: FillDays, customers: int, told: Period
) -> Prescriptions:
    """Return the prescriptions as they stand before anything is filled on the date.

    One row a course: those that were not filled yet, or long ago, are not active and have no
    last fill.
    """
    used = (fills.turn - courses.begins) % (courses.refills + _ONE)
    return Prescriptions(
        offsets=offsets_of(courses.row, customers),
        condition=courses.condition,
        medication=courses.medication,
        dosage=courses.dosage,
        days=courses.days,
        last_fill=fills.latest,
        next_refill=_ORIGIN + courses.phase + (fills.turn + _ONE) * courses.days,
        refills_remaining=courses.refills - used,
        active=(fills.latest > 0) & (courses.ends > told.today),
        token=courses.token,
    )
