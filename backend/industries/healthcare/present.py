"""From records to the session persona of one patient."""

from datetime import date
from typing import Any, Final, TypeAlias

from backend.domain.care import Appointments, Care, Conditions, Prescriptions, Visits
from backend.domain.person import People
from backend.industries.healthcare.catalogue import (
    AFTER_DEDUCTIBLE,
    PRIMARY_CARE,
    SETTINGS,
    Catalogue,
    catalogue,
)
from backend.industries.healthcare.persona import HealthcarePersona
from backend.industries.healthcare.sheets import Plan, Setting
from backend.industries.life import person_facts

_RECENT_VISITS: Final = 6
_REVIEW: Final = 1  # the review of condition c is occasion 1 + c

Row: TypeAlias = dict[str, Any]
"""A record before its model checks it: a persona is checked whole, in one pass."""


def present(people: People, care: Care, row: int, as_of: date) -> HealthcarePersona:
    """Return the session persona of the patient at ``row``."""
    table = catalogue()
    plan = table.plans[care.plan[row]]
    visits = _rows(care.visits, row)
    last = visits[-1] if visits else None
    known: Row = dict(
        person_facts(people, row),
        member_id=member_id(plan, int(care.member_number[row])),
        member_since=str(care.member_since[row]),
        plan_name=plan.name,
        plan_type=plan.type,
        insurer=plan.insurer,
        primary_care_provider=care.provider[row][table.specialties.index(PRIMARY_CARE)],
        pharmacy=care.pharmacy[row],
        **_year_to_date(plan, care, row),
        primary_care_copay=_copay(table, care, row, "primary"),
        specialist_copay=_copay(table, care, row, "specialist"),
        coinsurance_pct=plan.coinsurance_pct,
        conditions=_conditions(care, row),
        allergies=(table.allergies[care.allergy[row]],) if care.allergy[row] >= 0 else (),
        active_prescriptions=_prescriptions(care, row, as_of),
        upcoming_appointments=_appointments(care, row),
        recent_visits=_visits(care, row, visits[-_RECENT_VISITS:])[::-1],
        visits_this_year=_since(care.visits, visits, date(as_of.year, 1, 1)),
        last_visit=None if last is None else date.fromordinal(int(care.visits.date[last])),
        last_checkup=_day_or_none(int(care.last_checkup[row])),
        last_claim_amount=None if last is None else int(care.visits.allowed[last]),
    )
    return HealthcarePersona.of(known)


def member_id(plan: Plan, number: int) -> str:
    """Return what stands on the card of the plan."""
    return f"{plan.insurer[:3].upper()}-{number:010d}"


def time_of(quarter: int) -> str:
    """Return quarter hours since midnight as a time of the day."""
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


def _rows(rows: Visits | Appointments | Prescriptions | Conditions, row: int) -> range:
    return range(*rows.offsets[row : row + 2].tolist())


def _day_or_none(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _since(visits: Visits, rows: range, day: date) -> int:
    before = visits.date[rows.start : rows.stop].searchsorted(day.toordinal())
    return len(rows) - int(before)


def _year_to_date(plan: Plan, care: Care, row: int) -> Row:
    deductible, maximum = plan.deductible * 100, plan.out_of_pocket_max * 100
    met = int(care.this_year.deductible_met[row])
    spent = int(care.this_year.out_of_pocket_spent[row])
    return {
        "deductible": deductible,
        "deductible_met": met,
        "deductible_remaining": deductible - met,
        "out_of_pocket_max": maximum,
        "out_of_pocket_spent": spent,
        "out_of_pocket_remaining": maximum - spent,
    }


def _copay(table: Catalogue, care: Care, row: int, setting: Setting) -> int | None:
    cents = int(table.plan_arrays.copay[care.plan[row], SETTINGS.index(setting)])
    return None if cents == AFTER_DEDUCTIBLE else cents


def _conditions(care: Care, row: int) -> list[str]:
    held, rows, names = care.conditions, _rows(care.conditions, row), catalogue().conditions
    columns = (held.code[rows.start : rows.stop], held.active[rows.start : rows.stop])
    each = zip(*[column.tolist() for column in columns], strict=True)
    return [names[code].name for code, active in each if active]


def _prescriptions(care: Care, row: int, as_of: date) -> list[Row]:
    written, rows = care.prescriptions, _rows(care.prescriptions, row)
    columns = (
        written.active, written.medication, written.dosage, written.condition, written.days,
        written.last_fill, written.next_refill, written.refills_remaining,
    )  # fmt: skip
    lines = zip(*[column[rows.start : rows.stop].tolist() for column in columns], strict=True)
    return [_prescription(care, row, as_of, *line[1:]) for line in lines if line[0]]


def _prescription(  # noqa: PLR0913, PLR0917 - one column each
    care: Care,
    row: int,
    as_of: date,
    medication: int,
    dosage: int,
    condition: int,
    days: int,
    last_fill: int,
    next_refill: int,
    refills_remaining: int,
) -> Row:
    table = catalogue()
    drug = table.medications[medication]
    return {
        "medication": drug.name,
        "dosage": drug.dosages[dosage],
        "frequency": drug.frequency,
        "refills_remaining": refills_remaining,
        "prescriber": care.provider[row][table.occasions[_REVIEW + condition].specialty],
        "condition": table.conditions[condition].name,
        "days_supply": days,
        "last_filled": date.fromordinal(last_fill),
        "next_refill": date.fromordinal(next_refill),
        "refill_status": "overdue" if next_refill < as_of.toordinal() else "on time",
    }


def _met(care: Care, row: int, code: int) -> Row:
    table = catalogue()
    occasion = table.occasions[code]
    return {
        "provider": care.provider[row][occasion.specialty],
        "specialty": table.specialties[occasion.specialty],
        "location": care.clinic[row][occasion.specialty],
        "reason": occasion.reason,
    }


def _appointments(care: Care, row: int) -> list[Row]:
    booked, rows = care.appointments, _rows(care.appointments, row)
    columns = (booked.date, booked.quarter, booked.occasion)
    each = zip(*[column[rows.start : rows.stop].tolist() for column in columns], strict=True)
    return [
        {
            "date": date.fromordinal(day),
            "time": time_of(quarter),
            **_met(care, row, occasion),
        }
        for day, quarter, occasion in each
    ]


def _visits(care: Care, row: int, rows: range) -> list[Row]:
    visits = care.visits
    columns = (visits.date, visits.occasion, visits.allowed, visits.own_share)
    each = zip(*[column[rows.start : rows.stop].tolist() for column in columns], strict=True)
    return [
        {
            "date": date.fromordinal(day),
            **_met(care, row, occasion),
            "amount": amount,
            "plan_paid": amount - own,
            "your_cost": own,
        }
        for day, occasion, amount, own in each
    ]
