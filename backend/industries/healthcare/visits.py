"""Visits and appointments: check-ups, reviews of conditions, and what nobody plans.

Planned visits are keyed by (occasion, how many intervals after an absolute origin), unplanned
ones by absolute month. A planned visit is an appointment until its day has come.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Appointments
from backend.domain.person import People
from backend.industries.almanac import month_of, month_starts, next_working_days
from backend.industries.healthcare.catalogue import CHECKUP, catalogue
from backend.industries.healthcare.conditions import Health
from backend.industries.healthcare.draws import Draws
from backend.industries.segments import offsets_of
from backend.seeds import bits, bits_each, exponential_of, normal, uniform

BOOKED_DAYS: Final = 180
"""How far ahead appointments are booked."""

YEARS_BACK: Final = 3

_ORIGIN: Final = date(2010, 1, 1).toordinal()
_JITTER_DAYS: Final = 15
_SHORTEST_INTERVAL: Final = 90
_CODE_SHIFT, _ACUTE_TOKEN = 24, 1 << 48
_SLOTS: Final = 8  # room for kinds of acute visits, so that a fifth moves no visit
_FIRST_QUARTER, _BLOCK = 32, 9  # 08:00, and a quarter of the working day
_BLOCKS, _PART = 4, 3  # twelve series have a time of their own
# by assumption: most patients come nine times in ten, the others to every second review and to a
# seventh of the check-ups; of 65,536
_DILIGENT: Final = 0.48
_OFTEN, _HALF, _RARELY = 58_982, 32_768, 9_362
_BOOKED_LATE_DAYS: Final = 45
# how trouble grows with conditions, by assumption: about 1 for the average patient
_ALONE, _PER_CONDITION = 0.45, 0.4
_LOW_16: Final = np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Encounters:
    """Visits by row of people and date; ``token`` keys each one's own draws."""

    row: NDArray[np.int64]
    date: NDArray[np.int64]
    occasion: NDArray[np.int64]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """Planned visits: an encounter each, the time of day, and what came of it."""

    encounters: Encounters
    quarter: NDArray[np.int64]
    booked: NDArray[np.bool_]
    attended: NDArray[np.bool_]


def first_day(as_of: date) -> date:
    """Return the day from which visits are made: January 1, three years back."""
    return date(as_of.year - YEARS_BACK, 1, 1)


def plan_visits(people: People, health: Health, draws: Draws, as_of: date) -> Plan:
    """Return all planned visits from ``first_day`` to ``BOOKED_DAYS`` after ``as_of``.

    A check-up falls due once a year, the review of a condition at its own interval while it
    lasts, give or take two weeks, on a working day. Some patients skip many of them, nobody two
    check-ups running, and such patients book late.
    """
    row, code = health.begun(as_of).nonzero()
    interval = catalogue().occasion_arrays.interval[code]
    phase = (draws.phase[row, code] * interval).astype(np.int64) + _ORIGIN
    today = as_of.toordinal()
    begin, end = first_day(as_of).toordinal(), today + BOOKED_DAYS
    start = (begin - 2 * _JITTER_DAYS - phase) // interval
    turns = start[:, None] + np.arange((end - begin) // _SHORTEST_INTERVAL + 3)
    token = (code << _CODE_SHIFT)[:, None] + turns
    words = bits(people.keys.take(row), "care/planned", token)
    due = phase[:, None] + turns * interval[:, None] + _below(words, 0, _JITTER_DAYS)
    day = next_working_days(np.minimum(due, end + 1))
    first = np.maximum(health.onset[row, code], begin)
    beyond = np.minimum(health.ends[row, code], end + 1)
    at, column = ((day >= first[:, None]) & (day < beyond[:, None])).nonzero()
    words, turns, day = words[at, column], turns[at, column], day[at, column]
    encounters = Encounters(row[at], day, code[at], token[at, column])
    attended, seldom = _attended(draws, encounters, words, turns)
    # a check-up that will be skipped was not booked; half of such reviews were
    checkup = encounters.occasion == CHECKUP
    booked = attended | (~checkup & (_below(words, 32, 2) == 0))
    booked &= day < np.where(seldom & checkup, today + _BOOKED_LATE_DAYS, end + 1)
    rank = (health.ever.cumsum(axis=1) - 1)[row, code]
    return Plan(encounters, _quarters(draws, row, rank, words, at), booked, attended)


def acute_visits(people: People, health: Health, as_of: date) -> Encounters:
    """Return the visits that nobody planned, from ``first_day`` to the day before ``as_of``."""
    table = catalogue().occasion_arrays
    kinds = len(table.acute)
    months = np.arange(month_of(first_day(as_of)), month_of(as_of) + 1)
    slots = (months[:, None] * _SLOTS + np.arange(kinds)).ravel()
    burden = health.frailty * (_ALONE + _PER_CONDITION * health.burden)
    rate = np.tile(table.acute_yearly / 12, len(months)) * burden[:, None]
    row, column = (uniform(people.keys, "care/acute", slots) < rate).nonzero()
    kind, month = column % kinds, months[column // kinds]
    words = bits_each(people.keys.take(row), "care/acute-visit", slots[column])
    start = month_starts(month)
    drawn = start + _below(words, 0, month_starts(month + 1) - start)
    # a surgery keeps working days, an emergency department and urgent care do not
    day = np.where(kind == 0, next_working_days(drawn), drawn)
    occasion = table.acute[kind, 0] + _below(words, 16, table.acute[kind, 1])
    kept = day < as_of.toordinal()
    token = _ACUTE_TOKEN + slots[column]
    return Encounters(row[kept], day[kept], occasion[kept], token[kept])


def past_visits(plan: Plan, acute: Encounters, as_of: date) -> Encounters:
    """Return all visits that took place before ``as_of``, by row and date."""
    came = plan.attended & (plan.encounters.date < as_of.toordinal())
    planned = plan.encounters
    row = np.concatenate([planned.row[came], acute.row])
    day = np.concatenate([planned.date[came], acute.date])
    token = np.concatenate([planned.token[came], acute.token])
    order = np.lexsort((token, day, row))
    occasion = np.concatenate([planned.occasion[came], acute.occasion])
    return Encounters(row[order], day[order], occasion[order], token[order])


def charges(people: People, visits: Encounters) -> NDArray[np.int64]:
    """Return each visit's allowed amount in cents: log-normal around its occasion's median."""
    table = catalogue().occasion_arrays
    spread = normal(people.keys.take(visits.row), "care/charge", visits.token[:, None])[:, 0]
    factor = exponential_of(table.sigma[visits.occasion] * spread)
    return np.rint(table.median[visits.occasion] * factor).astype(np.int64)


def appointments(plan: Plan, customers: int, as_of: date) -> Appointments:
    """Return the appointments that are booked from ``as_of`` on, by row, day and time."""
    planned = plan.encounters
    ahead = (plan.booked & (planned.date >= as_of.toordinal())).nonzero()[0]
    order = ahead[np.lexsort((plan.quarter[ahead], planned.date[ahead], planned.row[ahead]))]
    return Appointments(
        offsets=offsets_of(planned.row[order], customers),
        date=planned.date[order],
        quarter=plan.quarter[order],
        occasion=planned.occasion[order],
        token=planned.token[order],
    )


def _attended(
    draws: Draws, planned: Encounters, words: NDArray[np.uint64], turns: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which visits take place, and whose patient is one who skips many."""
    # two draws a patient: how diligent, and in which years a check-up is never skipped
    drawn = draws.diligence[planned.row]
    checkup, seldom = planned.occasion == CHECKUP, drawn[:, 0] >= _DILIGENT
    likely = np.where(seldom, np.where(checkup, _RARELY, _HALF), _OFTEN)
    never_skipped = checkup & ((turns + (drawn[:, 1] < 0.5)) % 2 == 0)  # noqa: PLR2004 - half
    return never_skipped | (_below(words, 16, 1 << 16) < likely), seldom


def _quarters(
    draws: Draws,
    row: NDArray[np.int64],
    rank: NDArray[np.int64],
    words: NDArray[np.uint64],
    at: NDArray[np.int64],
) -> NDArray[np.int64]:
    # each series has its own part of the day, so that no two appointments of a day coincide
    turned = rank + (draws.time_of_day[row, 0] * _BLOCKS).astype(np.int64)
    block, part = turned[at] % _BLOCKS, rank[at] // _BLOCKS
    within = part * _PART + _below(words, 40, _PART)
    return np.asarray(_FIRST_QUARTER + block * _BLOCK + within)


def _below(
    words: NDArray[np.uint64], shift: int, bound: int | NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return whole numbers from 0 to below ``bound``, from 16 bits of each word."""
    part = ((words >> np.uint64(shift)) & _LOW_16).astype(np.int64)
    return np.asarray(part * bound >> 16)
