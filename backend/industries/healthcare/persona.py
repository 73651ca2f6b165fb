"""The session persona of a patient."""

import datetime as dt

from pydantic import Field

from backend.domain.care import PlanType, RefillStatus
from backend.domain.fact import Fact, Money
from backend.domain.session_persona import SessionPersona


class Appointment(Fact):
    """A booked appointment: a working day, at a quarter hour from 08:00 to 16:45."""

    date: dt.date
    time: str = Field(pattern=r"^\d\d:\d\d$", description="24 hours, local to the clinic")
    provider: str
    specialty: str
    location: str
    reason: str


class Prescription(Fact):
    """An active prescription."""

    medication: str
    dosage: str
    frequency: str
    refills_remaining: int = Field(ge=0, le=5)
    prescriber: str
    condition: str = Field(description="what it is taken for")
    days_supply: int = Field(description="how many days a fill lasts")
    last_filled: dt.date
    next_refill: dt.date = Field(description="past exactly where the refill is overdue")
    refill_status: RefillStatus


class Visit(Fact):
    """A visit that took place, and its claim."""

    date: dt.date
    provider: str
    specialty: str
    location: str
    reason: str
    amount: Money = Field(description="the amount that plan and provider agreed on")
    plan_paid: Money
    your_cost: Money = Field(description="amount less plan_paid")


class HealthcarePersona(SessionPersona):
    """A patient with a health plan; the plan year is the calendar year."""

    member_id: str
    member_since: str
    plan_name: str
    plan_type: PlanType
    insurer: str
    primary_care_provider: str
    pharmacy: str
    deductible: Money = Field(description="0 where the plan has none")
    deductible_met: Money = Field(description="this plan year")
    deductible_remaining: Money
    out_of_pocket_max: Money
    out_of_pocket_spent: Money = Field(description="this plan year, the deductible included")
    out_of_pocket_remaining: Money
    primary_care_copay: Money | None = Field(description="null where the deductible comes first")
    specialist_copay: Money | None = Field(description="null where the deductible comes first")
    coinsurance_pct: int = Field(description="own share of a claim once the deductible is met")
    conditions: tuple[str, ...] = Field(description="lasting conditions that are not over")
    allergies: tuple[str, ...]
    active_prescriptions: tuple[Prescription, ...]
    upcoming_appointments: tuple[Appointment, ...]
    recent_visits: tuple[Visit, ...] = Field(description="the latest six, newest first")
    visits_this_year: int = Field(description="visits of this plan year")
    last_visit: dt.date | None = Field(description="null without a visit in three years")
    last_checkup: dt.date | None
    last_claim_amount: Money | None = Field(description="amount of the last visit's claim")
