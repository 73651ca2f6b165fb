"""The one shape that every mode's folder has.

A folder ``backend/industries/<id>/`` exports ``MODE`` and holds ``persona.py`` (the session
persona), ``generate.py`` (records from people), ``signals.py`` (figures from records),
``card.yaml`` (titles, greeting, starters and what the page shows) and ``rulebooks/*.yaml``.
With one prompt ``prompts/<id>.j2`` it is a mode: nothing else has to know of it.

A mode whose records a bank would see has ``flows.py``; the records themselves, as tables to export,
come from ``tables``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from backend.domain.ledger import Flows
from backend.domain.person import People
from backend.domain.session_persona import SessionPersona
from backend.domain.signals import SignalDefinition, SignalTable
from backend.domain.table import Table
from backend.seeds import SeededFaker

Records = TypeVar("Records")

FlowSource: TypeAlias = Callable[[People, int, int, SeededFaker], Flows]
"""People, a first and a last day as ordinals, and a Faker to what a bank sees of those days."""


@dataclass(frozen=True, slots=True, eq=False)
class Mode(Generic[Records]):
    """One industry: how its records come about, and what is read from them.

    Attributes:
        id: the mode's stable name on the wire; also its folder's and its prompt's.
        folder: where ``card.yaml`` and ``rulebooks/`` are.
        persona: the model of the session persona, for schemas.
        generate: people, a date and a Faker to their records, vectorised over the people. Last
            come the flows of the other modes, for the ledger of one who has them all; none
            where each mode has its own people.
        present: people, records, a row and the date to that customer's session persona.
        signals: the definitions of all signals that ``measure`` gives.
        measure: people, records, a date and windows in days to one table of signals a window.
        default_rulebook: the rulebook of ``rulebooks/`` that assigns where none is named.
        flows: what a bank sees of this mode, or None where there is nothing to see.
        generate_led: as ``generate``, and last what the mode's ``lives`` module calls for; None
            where lives are always the natural ones.
        tables: people, records and a date to the whole records as tables, or None where a mode
            exports nothing.
    """

    id: str
    folder: Path
    persona: type[SessionPersona]
    generate: Callable[[People, date, SeededFaker, Sequence[FlowSource]], Records]
    present: Callable[[People, Records, int, date], SessionPersona]
    signals: tuple[SignalDefinition, ...]
    measure: Callable[[People, Records, date, Sequence[int]], list[SignalTable]]
    default_rulebook: str
    flows: FlowSource | None = None
    tables: Callable[[People, Records, date], tuple[Table, ...]] | None = None
    generate_led: (
        Callable[[People, date, SeededFaker, Sequence[FlowSource], Any], Records] | None
    ) = None
