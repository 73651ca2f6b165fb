"""Retail: the shoppers of a chain of stores, with their orders, lines and returns."""

from typing import Final

from backend.domain.orders import Shopping
from backend.industries.retail.flows import flows
from backend.industries.retail.generate import generate
from backend.industries.retail.persona import RetailPersona
from backend.industries.retail.present import present
from backend.industries.retail.reading import FOLDER
from backend.industries.retail.signals import SIGNALS, measure
from backend.industries.retail.tables import tables
from backend.industries.shape import Mode

MODE: Final[Mode[Shopping]] = Mode(
    id="retail",
    folder=FOLDER,
    persona=RetailPersona,
    generate=generate,
    present=present,
    signals=SIGNALS,
    measure=measure,
    flows=flows,
    tables=tables,
    default_rulebook="shoppers",
)
