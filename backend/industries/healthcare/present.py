"""From records to the session persona of one patient."""

from datetime import date
from typing import Final

from backend.domain.care import Appointments, Care, Prescriptions, Visits
from backend.domain.person import People
from backend.industries.healthcare.catalogue import (
    AFTER_DEDUCTIBLE,
    PRIMARY_CARE,
    SETTINGS,
    Catalogue,
    catalogue,
)
from backend.industries.healthcare.persona import (
    Appointment,
    HealthcarePersona,
    Prescription,
    Visit,
)
from backend.industries.healthcare.tables import Setting
from backend.industries.life import person_facts

_RECENT_VISITS: Final = 6
_REVIEW: Final = 1  # the review of condition c is occasion 1 + c


def present(people: People, care: Care, row: int, as_of: date) -> HealthcarePersona:
    """Return the session persona of the patient at ``row``."""
    table = catalogue()
    plan = table.plans[care.plan[row]]
    deductible, maximum = plan.deductible * 100, plan.out_of_pocket_max * 100
    met, spent = int(care.deductible_met[row]), int(care.out_of_pocket_spent[row])
    visits = _rows(care.visits, row)
    last = visits[-1] if visits else None
    return HealthcarePersona(
        **person_facts(people, row),
        member_id=f"{_initials(plan.insurer)}-{care.member_number[row]:010d}",
        member_since=str(care.member_since[row]),
        plan_name=plan.name,
        plan_type=plan.type,
        insurer=plan.insurer,
        primary_care_provider=care.provider[row][table.specialties.index(PRIMARY_CARE)],
        pharmacy=care.pharmacy[row],
        deductible=deductible,
        deductible_met=met,
        deductible_remaining=deductible - met,
        out_of_pocket_max=maximum,
        out_of_pocket_spent=spent,
        out_of_pocket_remaining=maximum - spent,
        primary_care_copay=_copay(table, care, row, "primary"),
        specialist_copay=_copay(table, care, row, "specialist"),
        coinsurance_pct=plan.coinsurance_pct,
        conditions=_conditions(care, row),
        allergies=(table.allergies[care.allergy[row]],) if care.allergy[row] >= 0 else (),
        active_prescriptions=tuple(
            _prescription(care, row, at, as_of) for at in _rows(care.prescriptions, row)
        ),
        upcoming_appointments=tuple(
            _appointment(care, row, at) for at in _rows(care.appointments, row)
        ),
        recent_visits=tuple(_visit(care, row, at) for at in visits[: -_RECENT_VISITS - 1 : -1]),
        visits_this_year=sum(
            day >= date(as_of.year, 1, 1).toordinal()
            for day in care.visits.date[visits.start : visits.stop].tolist()
        ),
        last_visit=None if last is None else date.fromordinal(int(care.visits.date[last])),
        last_checkup=_day_or_none(int(care.last_checkup[row])),
        last_claim_amount=None if last is None else int(care.visits.allowed[last]),
    )


def _rows(rows: Visits | Appointments | Prescriptions, row: int) -> range:
    return range(int(rows.offsets[row]), int(rows.offsets[row + 1]))


def _day_or_none(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _initials(insurer: str) -> str:
    return insurer[:3].upper()


def _copay(table: Catalogue, care: Care, row: int, setting: Setting) -> int | None:
    cents = int(table.plan_arrays.copay[care.plan[row], SETTINGS.index(setting)])
    return None if cents == AFTER_DEDUCTIBLE else cents


def _conditions(care: Care, row: int) -> tuple[str, ...]:
    held = care.conditions
    codes = held.code[held.offsets[row] : held.offsets[row + 1]].tolist()
    return tuple(catalogue().conditions[code].name for code in codes)


def _prescription(care: Care, row: int, at: int, as_of: date) -> Prescription:
    table, written = catalogue(), care.prescriptions
    medication = table.medications[written.medication[at]]
    condition = int(written.condition[at])
    next_refill = date.fromordinal(int(written.next_refill[at]))
    return Prescription(
        medication=medication.name,
        dosage=medication.dosages[written.dosage[at]],
        frequency=medication.frequency,
        refills_remaining=int(written.refills_remaining[at]),
        prescriber=care.provider[row][table.occasions[_REVIEW + condition].specialty],
        condition=table.conditions[condition].name,
        days_supply=medication.days,
        last_filled=date.fromordinal(int(written.last_fill[at])),
        next_refill=next_refill,
        refill_status="overdue" if next_refill < as_of else "on time",
    )


def _appointment(care: Care, row: int, at: int) -> Appointment:
    booked = care.appointments
    occasion = catalogue().occasions[booked.occasion[at]]
    hour, quarter = divmod(int(booked.quarter[at]), 4)
    return Appointment(
        date=date.fromordinal(int(booked.date[at])),
        time=f"{hour:02d}:{quarter * 15:02d}",
        provider=care.provider[row][occasion.specialty],
        specialty=catalogue().specialties[occasion.specialty],
        location=care.clinic[row][occasion.specialty],
        reason=occasion.reason,
    )


def _visit(care: Care, row: int, at: int) -> Visit:
    visits = care.visits
    occasion = catalogue().occasions[visits.occasion[at]]
    amount, own = int(visits.allowed[at]), int(visits.own_share[at])
    return Visit(
        date=date.fromordinal(int(visits.date[at])),
        provider=care.provider[row][occasion.specialty],
        specialty=catalogue().specialties[occasion.specialty],
        location=care.clinic[row][occasion.specialty],
        reason=occasion.reason,
        amount=amount,
        plan_paid=amount - own,
        your_cost=own,
    )
