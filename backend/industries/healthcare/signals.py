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
    today = as_of.toordinal()
    standing = (
        _plan_signals(people, care, as_of)
        | _appointment_signals(care, today)
        | _prescription_signals(care, today)
    )
    visits, windowed = _visit_signals(care, today, windows)
    return [_rounded(standing | visits | of_window) for of_window in windowed]


def _plan_signals(people: People, care: Care, as_of: date) -> dict[str, Column]:
    plans, plan = catalogue().plan_arrays, care.plan
    deductible, maximum = plans.deductible[plan], plans.maximum[plan]
    left = date(as_of.year + 1, 1, 1).toordinal() - as_of.toordinal()
    now = care.this_year
    latest = now if as_of.month >= _LATEST_FROM_MONTH else care.last_year
    return {
        "deductible_met_pct": ratio_column(now.deductible_met, deductible, 100),
        "out_of_pocket_met_pct": ratio_column(now.out_of_pocket_spent, maximum, 100),
        "plan_year_days_left": count_column(np.full(len(plan), left)),
        "own_cost_share_of_income_pct": ratio_column(now.out_of_pocket_spent, people.income, 100),
        "latest_deductible_met_pct": ratio_column(latest.deductible_met, deductible, 100),
        "latest_out_of_pocket_met_pct": ratio_column(latest.out_of_pocket_spent, maximum, 100),
    }


def _visit_signals(
    care: Care, today: int, windows: Sequence[int]
) -> tuple[dict[str, Column], list[dict[str, Column]]]:
    """Return what follows from the visits, and what does so in each window."""
    visits, offsets = care.visits, care.visits.offsets
    serious = catalogue().occasion_arrays.serious[visits.occasion]
    age = today - visits.date
    recent = [age <= window for window in windows]
    severe = [serious & (age <= max(window, _LOOK_BACK)) for window in windows]
    yearly, *counts = sums(np.array([age <= _YEAR_DAYS, *recent, *severe]), offsets)
    last = largest(visits.date, offsets, 0)
    return {
        "yearly_visits_count": count_column(yearly),
        "days_since_last_visit": count_column(today - last, last > 0),
        "days_since_last_checkup": count_column(today - care.last_checkup, care.last_checkup > 0),
    }, [
        {"visits_count": count_column(of_all), "emergency_count": count_column(of_serious)}
        for of_all, of_serious in zip(counts[: len(windows)], counts[len(windows) :], strict=True)
    ]


def _appointment_signals(care: Care, today: int) -> dict[str, Column]:
    booked, offsets = care.appointments, care.appointments.offsets
    soonest = -largest(-booked.date, offsets, 0)
    return {
        "days_to_next_appointment": count_column(soonest - today, soonest > 0),
        "checkups_booked_count": count_column(sums(booked.occasion == CHECKUP, offsets)),
    }


def _prescription_signals(care: Care, today: int) -> dict[str, Column]:
    written, offsets = care.prescriptions, care.prescriptions.offsets
    late = np.maximum(today - written.next_refill, 0) * written.active
    active, overdue = sums(np.array([written.active, late > 0]), offsets)
    conditions = sums(care.conditions.active, care.conditions.offsets)
    return {
        "chronic_condition_count": count_column(conditions),
        "active_prescription_count": count_column(active),
        "overdue_refill_count": count_column(overdue),
        "longest_refill_gap_days": count_column(largest(late, offsets, 0)),
    }
