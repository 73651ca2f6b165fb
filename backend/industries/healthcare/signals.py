"""Signals of patients: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from backend.domain.care import Care
from backend.domain.person import People
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.industries.healthcare.catalogue import CHECKUP, SETTINGS, catalogue
from backend.industries.rounding import Rounding
from backend.industries.segments import count_column, largest, ratio_column, sums

_NEVER: Final = "never"
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
        _NEVER,
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
)


_rounded: Final = Rounding(SIGNALS)


def measure(people: People, care: Care, as_of: date, windows: Sequence[int]) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    today = as_of.toordinal()
    standing = (
        _plan_signals(people, care, as_of)
        | _history_signals(care, today)
        | _appointment_signals(care, today)
        | _prescription_signals(care, today)
    )
    return [_rounded(standing | _window_signals(care, today, window)) for window in windows]


def _plan_signals(people: People, care: Care, as_of: date) -> dict[str, Column]:
    plans = catalogue().plan_arrays
    left = date(as_of.year + 1, 1, 1).toordinal() - as_of.toordinal()
    spent = care.out_of_pocket_spent
    return {
        "deductible_met_pct": ratio_column(care.deductible_met, plans.deductible[care.plan], 100),
        "out_of_pocket_met_pct": ratio_column(spent, plans.maximum[care.plan], 100),
        "plan_year_days_left": count_column(np.full(len(spent), left)),
        "own_cost_share_of_income_pct": ratio_column(spent, people.income, 100),
    }


def _history_signals(care: Care, today: int) -> dict[str, Column]:
    visits, offsets = care.visits, care.visits.offsets
    last = largest(visits.date, offsets, 0)
    return {
        "yearly_visits_count": count_column(sums(visits.date >= today - _YEAR_DAYS, offsets)),
        "days_since_last_visit": count_column(today - last, last > 0),
        "days_since_last_checkup": count_column(today - care.last_checkup, care.last_checkup > 0),
    }


def _window_signals(care: Care, today: int, window_days: int) -> dict[str, Column]:
    visits, offsets = care.visits, care.visits.offsets
    serious = catalogue().occasion_arrays.serious[visits.occasion]
    recent = visits.date >= today - max(window_days, _LOOK_BACK)
    return {
        "visits_count": count_column(sums(visits.date >= today - window_days, offsets)),
        "emergency_count": count_column(sums(serious & recent, offsets)),
    }


def _appointment_signals(care: Care, today: int) -> dict[str, Column]:
    booked, offsets = care.appointments, care.appointments.offsets
    soonest = -largest(-booked.date, offsets, 0)
    return {
        "days_to_next_appointment": count_column(soonest - today, soonest > 0),
        "checkups_booked_count": count_column(sums(booked.occasion == CHECKUP, offsets)),
    }


def _prescription_signals(care: Care, today: int) -> dict[str, Column]:
    written, offsets = care.prescriptions, care.prescriptions.offsets
    late = np.maximum(today - written.next_refill, 0)
    conditions = care.conditions.offsets
    return {
        "chronic_condition_count": count_column(conditions[1:] - conditions[:-1]),
        "active_prescription_count": count_column(offsets[1:] - offsets[:-1]),
        "overdue_refill_count": count_column(sums(late > 0, offsets)),
        "longest_refill_gap_days": count_column(largest(late, offsets, 0)),
    }
