"""Banking: accounts, cards, and a ledger of dated movements."""

from pathlib import Path
from typing import Final

from backend.domain.ledger import BankingRecords
from backend.industries.banking.generate import generate, generate_led
from backend.industries.banking.persona import BankingPersona
from backend.industries.banking.present import present
from backend.industries.banking.signals import SIGNALS, measure
from backend.industries.banking.tables import tables
from backend.industries.shape import Mode

MODE: Final[Mode[BankingRecords]] = Mode(
    id="banking",
    folder=Path(__file__).parent,
    persona=BankingPersona,
    generate=generate,
    generate_led=generate_led,
    present=present,
    signals=SIGNALS,
    measure=measure,
    default_rulebook="registry",
    tables=tables,
)
