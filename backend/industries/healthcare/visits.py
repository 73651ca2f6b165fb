"""Visits and appointments: check-ups, reviews of conditions, and what nobody plans.

Planned visits are keyed by (occasion, how many intervals after an absolute origin), unplanned
ones by absolute month. A planned visit is an appointment until its day has come.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Appointments
from backend.industries.almanac import next_working_days
from backend.industries.healthcare.catalogue import CHECKUP, catalogue
from backend.industries.healthcare.conditions import Health, Series
from backend.industries.healthcare.draws import Draws, lanes_of
from backend.industries.healthcare.period import Period
from backend.industries.segments import offsets_of
from backend.seeds import Asked, Words, exponential_of, normal_of, unit

_ORIGIN: Final = np.array(date(2010, 1, 1).toordinal())
_JITTER_DAYS: Final = np.array(15)
_CODE_SHIFT, _ACUTE_TOKEN = np.array(24), np.array(1 << 48)
_LANE_BITS: Final = np.array(16)
_FIRST_QUARTER, _BLOCK = np.array(32), np.array(9)  # 08:00, and a quarter of the working day
_BLOCKS, _PART = np.array(4), np.array(3)  # twelve series have a time of their own
# by assumption: most patients come nine times in ten, the others to every second review and to a
# seventh of the check-ups; of 65,536
_DILIGENT, _HALF_OF_ALL = np.array(0.48), np.array(0.5)
_HALF: Final = np.array(32_768)
_LIKELY: Final = np.array([58_982, 58_982, 32_768, 9_362])
_TWO, _NONE, _CHECKUP = np.array(2), np.array(0), np.array(CHECKUP)
# how trouble grows with conditions, by assumption: about 1 for the average patient
_ALONE, _PER_CONDITION = np.array(0.45), np.array(0.4)
_HOUR_BITS: Final = np.array(40, dtype=np.uint64)
_LOW_16: Final = np.array(0xFFFF, dtype=np.uint64)


class Encounters(NamedTuple):
    """Visits by row of people; ``token`` keys each one's own draws, of which ``luck`` is one."""

    row: NDArray[np.int64]
    date: NDArray[np.int64]
    occasion: NDArray[np.int64]
    token: NDArray[np.int64]
    luck: Words


class Turns(NamedTuple):
    """The *t* turns of each series at which a visit may fall due, ``(k, t)``.

    ``due`` is the day before it is moved; ``token`` keys the visit.
    """

    number: NDArray[np.int64]
    due: NDArray[np.int64]
    token: NDArray[np.int64]

    def asks(self, series: Series) -> list[Asked]:
        """Return the draws that decide about the visits: how they turn out, and their charge."""
        row, token = series.row.repeat(self.token.shape[1]), self.token.ravel()
        return [("care/planned", row, token), ("care/charge", row, token)]


class Plan(NamedTuple):
    """Planned visits: ``at`` which series, the day, the draws, and what came of it."""

    at: NDArray[np.int64]
    date: NDArray[np.int64]
    token: NDArray[np.int64]
    words: Words
    luck: Words
    booked: NDArray[np.bool_]
    attended: NDArray[np.bool_]


class Slots(NamedTuple):
    """Unplanned visits by row of people and position in ``Period.sudden``."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    slot: NDArray[np.int64]

    def asks(self) -> list[Asked]:
        """Return the draws that decide about the visits: how they turn out, and their charge."""
        return [
            ("care/acute-visit", self.row, self.slot),
            ("care/charge", self.row, self.slot + _ACUTE_TOKEN),
        ]


def planned_turns(series: Series, draws: Draws, told: Period) -> Turns:
    """Return the turns of check-ups and reviews in the period, and some around it.

    A check-up falls due once a year, the review of a condition at its own interval.
    """
    interval = catalogue().occasion_arrays.interval[series.code]
    phase = (draws.phase.take(series.place) * interval).astype(np.int64) + _ORIGIN
    start = (told.due_from - phase) // interval
    number = start[:, None] + told.visit_turns
    due = phase[:, None] + number * interval[:, None]
    return Turns(number, due, (series.code << _CODE_SHIFT)[:, None] + number)


def plan_visits(
    series: Series, turns: Turns, words: Sequence[Words], draws: Draws, told: Period
) -> Plan:
    """Return all planned visits of the period; ``words`` are what ``turns`` asks for.

    They fall due while the condition lasts, give or take two weeks, on a working day. Some
    patients skip many of them, nobody two check-ups running, and such patients book late.
    """
    lanes = lanes_of(words[0])
    due = turns.due.ravel() + (lanes[0] * _JITTER_DAYS >> _LANE_BITS)
    day = next_working_days(np.minimum(due, told.beyond))
    held = _lasting(day.reshape(turns.due.shape), series, told)
    at, day = held // told.turns_a_series, day[held]
    checkups = series.code == _CHECKUP
    checkup, habit = checkups[at], _habits(series, checkups, draws)[at]
    attended = lanes[1][held] < _LIKELY[habit]
    attended |= checkup & _never_skipped(series, turns.number.take(held), at, draws)
    # a check-up that will be skipped was not booked; half of such reviews were
    booked = attended | ((lanes[2][held] < _HALF) & ~checkup)
    booked &= day < told.booked_before[habit]
    token, outcome, luck = turns.token.take(held), words[0][held], words[1][held]
    return Plan(at, day, token, outcome, luck, booked, attended)


def sudden_slots(health: Health, drawn: NDArray[np.float64], told: Period) -> Slots:
    """Return where patients come unplanned, by their draws for ``told.sudden``, ``(n, m)``."""
    burden = health.frailty * (_ALONE + _PER_CONDITION * health.burden)
    row, column = (drawn < told.sudden.rate * burden[:, None]).nonzero()
    return Slots(row, column, told.sudden.slot[column])


def sudden_visits(slots: Slots, words: Sequence[Words], told: Period) -> Encounters:
    """Return the visits that nobody planned, from the first day to before the date."""
    table, column, lanes = told.sudden, slots.column, lanes_of(words[0])
    drawn = table.start[column] + (lanes[0] * table.days[column] >> _LANE_BITS)
    day = np.where(table.in_office[column], next_working_days(drawn), drawn)
    occasion = table.reason[column] + (lanes[1] * table.reasons[column] >> _LANE_BITS)
    kept = (day < told.today).nonzero()[0]
    token = _ACUTE_TOKEN + slots.slot[kept]
    return Encounters(slots.row[kept], day[kept], occasion[kept], token, words[1][kept])


def past_visits(series: Series, plan: Plan, told: Period) -> Encounters:
    """Return the planned visits that took place before the date."""
    came = (plan.attended & (plan.date < told.today)).nonzero()[0]
    at = plan.at[came]
    return Encounters(
        series.row[at], plan.date[came], series.code[at], plan.token[came], plan.luck[came]
    )


def charges(occasion: NDArray[np.int64], luck: Words) -> NDArray[np.int64]:
    """Return each visit's allowed amount in cents: log-normal around its occasion's median."""
    table = catalogue().occasion_arrays
    factor = exponential_of(table.sigma[occasion] * normal_of(unit(luck)))
    return np.rint(table.median[occasion] * factor).astype(np.int64)


def appointments(
    series: Series, plan: Plan, draws: Draws, customers: int, told: Period
) -> Appointments:
    """Return the appointments that are booked from the date on, by row, day and time."""
    ahead = (plan.booked & (plan.date >= told.today)).nonzero()[0]
    at, day = plan.at[ahead], plan.date[ahead]
    row, quarter = series.row[at], _quarters(series, at, plan.words[ahead], draws)
    order = np.lexsort((quarter, day, row))
    return Appointments(
        offsets=offsets_of(row[order], customers),
        date=day[order],
        quarter=quarter[order],
        occasion=series.code[at[order]],
        token=plan.token[ahead[order]],
    )


def _lasting(day: NDArray[np.int64], series: Series, told: Period) -> NDArray[np.int64]:
    """Return where in the table of days, laid flat, they are of the period and of the series."""
    first = np.maximum(series.onset, told.first)
    beyond = np.minimum(series.ends, told.beyond)
    return ((day >= first[:, None]) & (day < beyond[:, None])).ravel().nonzero()[0]


def _habits(series: Series, checkups: NDArray[np.bool_], draws: Draws) -> NDArray[np.int64]:
    """Return a position in ``_LIKELY`` for each series: whether many are skipped, and of what."""
    seldom = draws.diligence[:, 0] >= _DILIGENT
    return np.asarray(seldom[series.row] * _TWO + checkups)


def _never_skipped(
    series: Series, turn: NDArray[np.int64], at: NDArray[np.int64], draws: Draws
) -> NDArray[np.bool_]:
    # one year in two, which of them the patient's draw decides
    odd = draws.diligence[:, 1] < _HALF_OF_ALL
    return np.asarray((turn + odd[series.row[at]]) % _TWO == _NONE)


def _quarters(
    series: Series, at: NDArray[np.int64], words: Words, draws: Draws
) -> NDArray[np.int64]:
    # each series has its own part of the day, so that no two appointments of a day coincide
    rank = series.rank[at]
    turned = rank + (draws.time_of_day[:, 0] * _BLOCKS).astype(np.int64)[series.row[at]]
    drawn = (words >> _HOUR_BITS & _LOW_16).astype(np.int64)
    within = rank // _BLOCKS * _PART + (drawn * _PART >> _LANE_BITS)
    return np.asarray(_FIRST_QUARTER + turned % _BLOCKS * _BLOCK + within)
