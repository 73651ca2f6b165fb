"""A toy: frequent flyers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.domain.session_persona import SessionPersona
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.industries.life import person_facts
from backend.industries.shape import FlowSource, Mode
from backend.seeds import SeededFaker, integers


class AviationPersona(SessionPersona):
    """A frequent flyer."""

    miles_flown: int
    flights: int


@dataclass(frozen=True, slots=True)
class FlightRecords:
    """Miles and flights of n people."""

    miles: NDArray[np.int64]
    flights: NDArray[np.int64]


def generate(
    people: People, as_of: date, faker: SeededFaker, _others: Sequence[FlowSource]
) -> FlightRecords:
    """Draw the miles and flights."""
    del as_of, faker
    return FlightRecords(
        integers(people.keys, "aviation.miles", 1000, 90_000),
        integers(people.keys, "aviation.flights", 1, 60),
    )


def present(people: People, records: FlightRecords, row: int, as_of: date) -> AviationPersona:
    """Return one flyer."""
    del as_of
    known = dict(
        person_facts(people, row),
        miles_flown=int(records.miles[row]),
        flights=int(records.flights[row]),
    )
    return AviationPersona.of(known)


def measure(
    people: People, records: FlightRecords, as_of: date, windows: Sequence[int]
) -> list[SignalTable]:
    """Return the miles as a signal, alike over all windows."""
    del as_of
    known = np.ones(len(people), dtype=np.bool_)
    return [{"miles_flown": Column(records.miles.astype(np.float64), known)} for _ in windows]


MODE: Mode[FlightRecords] = Mode(
    id="aviation",
    folder=Path(__file__).parent,
    persona=AviationPersona,
    generate=generate,
    present=present,
    signals=(
        SignalDefinition("miles_flown", "distance flown", "miles", 0, "Miles flown.", "never"),
    ),
    measure=measure,
    default_rulebook="flying",
)
