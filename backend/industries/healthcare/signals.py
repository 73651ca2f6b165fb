"""Signals of patients: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Care
from backend.domain.person import People
from backend.domain.signals import SignalDefinition, SignalTable
from backend.industries.healthcare.catalogue import CHECKUP, SETTINGS, catalogue
from backend.industries.rounding import Rounding, Sheet
from backend.industries.segments import largest, sums

_NEVER: Final = "never"
_NO_DEDUCTIBLE: Final = "the plan has no deductible"
_LATEST_FROM_MONTH: Final = 7
_YEAR_DAYS: Final = 365
_LOOK_BACK: Final = 180
_EMERGENCY: Final = (SETTINGS.index("emergency"), SETTINGS.index("hospital"))

SIGNALS: Final = (
    SignalDefinition(
        "deductible_met_pct",
        "met part of the deductible",
        "%",
        1,
        "part of this plan year's deductible that is met",
        _NO_DEDUCTIBLE,
    ),
    SignalDefinition(
        "out_of_pocket_met_pct",
        "spent part of the out-of-pocket maximum",
        "%",
        1,
        "part of this plan year's out-of-pocket maximum that is spent",
        _NEVER,
    ),
    SignalDefinition(
        "plan_year_days_left",
        "rest of the plan year",
        "days",
        0,
        "days until the plan year ends, today included",
        _NEVER,
    ),
    SignalDefinition(
        "visits_count", "number of recent visits", "visits", 0, "visits in the window", _NEVER
    ),
    SignalDefinition(
        "yearly_visits_count",
        "number of visits in a year",
        "visits",
        0,
        "visits of the last 365 days, whatever the window",
        _NEVER,
    ),
    SignalDefinition(
        "emergency_count",
        "number of emergency visits and hospital stays",
        "visits",
        0,
        "emergency visits and hospital stays in the window, looking back at least 180 days",
        _NEVER,
    ),
    SignalDefinition(
        "days_since_last_visit",
        "time since the last visit",
        "days",
        0,
        "days since the last visit",
        "there was no visit in three years",
    ),
    SignalDefinition(
        "days_since_last_checkup",
        "time since the last check-up",
        "days",
        0,
        "days since the last check-up",
        "there was no check-up in three years",
    ),
    SignalDefinition(
        "days_to_next_appointment",
        "time to the next appointment",
        "days",
        0,
        "days until the next appointment",
        "no appointment is booked",
    ),
    SignalDefinition(
        "checkups_booked_count",
        "number of booked check-ups",
        "appointments",
        0,
        "check-ups that are booked",
        _NEVER,
    ),
    SignalDefinition(
        "chronic_condition_count",
        "number of lasting conditions",
        "conditions",
        0,
        "lasting conditions on record",
        _NEVER,
    ),
    SignalDefinition(
        "active_prescription_count",
        "number of active prescriptions",
        "prescriptions",
        0,
        "active prescriptions",
        _NEVER,
    ),
    SignalDefinition(
        "overdue_refill_count",
        "number of overdue refills",
        "prescriptions",
        0,
        "prescriptions whose refill is overdue",
        _NEVER,
    ),
    SignalDefinition(
        "longest_refill_gap_days",
        "delay of the most overdue refill",
        "days",
        0,
        "days by which the most overdue refill is late; 0 without one",
        _NEVER,
    ),
    SignalDefinition(
        "own_cost_share_of_income_pct",
        "share of income spent on care",
        "%",
        2,
        "own costs of this plan year as a part of a year's income",
        "there is no income",
    ),
    SignalDefinition(
        "latest_deductible_met_pct",
        "met part of the latest deductible",
        "%",
        1,
        "part of the deductible that was met in the latest plan year of which six months are over:"
        " this one from July on, before that the last",
        _NO_DEDUCTIBLE,
    ),
    SignalDefinition(
        "latest_out_of_pocket_met_pct",
        "spent part of the latest out-of-pocket maximum",
        "%",
        1,
        "part of the out-of-pocket maximum that was spent in the latest plan year of which six"
        " months are over: this one from July on, before that the last",
        _NEVER,
    ),
)


_rounded: Final = Rounding(SIGNALS)


def measure(people: People, care: Care, as_of: date, windows: Sequence[int]) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    today, sheet = as_of.toordinal(), _rounded.sheet(len(windows), len(care.plan))
    _put_plan(sheet, people, care, as_of)
    _put_visits(sheet, care, today, tuple(windows))
    _put_appointments(sheet, care, today)
    _put_prescriptions(sheet, care, today)
    return _rounded.tables(sheet)


def _put_plan(sheet: Sheet, people: People, care: Care, as_of: date) -> None:
    plans, plan = catalogue().plan_arrays, care.plan
    deductible, maximum = plans.deductible[plan], plans.maximum[plan]
    now = care.this_year
    latest = now if as_of.month >= _LATEST_FROM_MONTH else care.last_year
    spent = now.out_of_pocket_spent * 100
    sheet.put("deductible_met_pct", now.deductible_met * 100, deductible)
    sheet.put("out_of_pocket_met_pct", spent, maximum)
    sheet.put("plan_year_days_left", (date(as_of.year + 1, 1, 1) - as_of).days)
    sheet.put("own_cost_share_of_income_pct", spent, people.income)
    sheet.put("latest_deductible_met_pct", latest.deductible_met * 100, deductible)
    sheet.put("latest_out_of_pocket_met_pct", latest.out_of_pocket_spent * 100, maximum)


def _put_visits(sheet: Sheet, care: Care, today: int, windows: tuple[int, ...]) -> None:
    visits, offsets, checkup = care.visits, care.visits.offsets, care.last_checkup
    recent = today - visits.date <= _look_backs(windows)
    emergencies = slice(1 + len(windows), None)
    recent[emergencies] &= catalogue().occasion_arrays.serious[visits.occasion]
    counts = sums(recent, offsets)
    last = largest(visits.date, offsets, 0)
    sheet.put("yearly_visits_count", counts[0])
    sheet.put("visits_count", counts[1 : 1 + len(windows)])
    sheet.put("emergency_count", counts[emergencies])
    sheet.put("days_since_last_visit", today - last, last > 0)
    sheet.put("days_since_last_checkup", today - checkup, checkup > 0)


@lru_cache(maxsize=64)
def _look_backs(windows: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the days that visits are counted over, ``(1 + 2 * w, 1)``: emergencies come last."""
    days = [_YEAR_DAYS, *windows, *(max(window, _LOOK_BACK) for window in windows)]
    return np.array(days)[:, None]


def _put_appointments(sheet: Sheet, care: Care, today: int) -> None:
    booked, offsets = care.appointments, care.appointments.offsets
    soonest = -largest(-booked.date, offsets, 0)
    sheet.put("days_to_next_appointment", soonest - today, soonest > 0)
    sheet.put("checkups_booked_count", sums(booked.occasion == CHECKUP, offsets))


def _put_prescriptions(sheet: Sheet, care: Care, today: int) -> None:
    written, offsets = care.prescriptions, care.prescriptions.offsets
    late = np.maximum(today - written.next_refill, 0) * written.active
    active, overdue = sums(np.array([written.active, late > 0]), offsets)
    sheet.put("chronic_condition_count", sums(care.conditions.active, care.conditions.offsets))
    sheet.put("active_prescription_count", active)
    sheet.put("overdue_refill_count", overdue)
    sheet.put("longest_refill_gap_days", largest(late, offsets, 0))
