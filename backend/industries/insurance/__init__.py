"""Insurance: policies with their claims and premiums."""

from typing import Final

from backend.domain.cover import Cover
from backend.industries.insurance.catalogue import FOLDER
from backend.industries.insurance.flows import flows
from backend.industries.insurance.generate import generate
from backend.industries.insurance.persona import InsurancePersona
from backend.industries.insurance.present import present
from backend.industries.insurance.signals import SIGNALS, measure
from backend.industries.insurance.tables import tables
from backend.industries.shape import Mode

MODE: Final[Mode[Cover]] = Mode(
    id="insurance",
    folder=FOLDER,
    persona=InsurancePersona,
    generate=generate,
    present=present,
    signals=SIGNALS,
    measure=measure,
    flows=flows,
    default_rulebook="cover",
    tables=tables,
)
