"""Healthcare: a plan, conditions, prescriptions, visits and appointments."""

from typing import Final

from backend.domain.care import Care
from backend.industries.healthcare.flows import flows
from backend.industries.healthcare.generate import generate
from backend.industries.healthcare.persona import HealthcarePersona
from backend.industries.healthcare.present import present
from backend.industries.healthcare.sheets import FOLDER
from backend.industries.healthcare.signals import SIGNALS, measure
from backend.industries.healthcare.tables import tables
from backend.industries.shape import Mode

MODE: Final[Mode[Care]] = Mode(
    id="healthcare",
    folder=FOLDER,
    persona=HealthcarePersona,
    generate=generate,
    present=present,
    signals=SIGNALS,
    measure=measure,
    flows=flows,
    default_rulebook="care",
    tables=tables,
)
