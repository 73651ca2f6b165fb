"""Which stored assignments are asked for, and what is told of each."""

from dataclasses import dataclass
from typing import Final

from backend.domain.assignment import PersonaAssignmentRecord

MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of the latest assignments are asked for; None for any."""

    persona: str | None = None
    status: str | None = None
    window: str | None = None
    rulebook: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the latest assignments, with what ``users`` tells of whom it is."""

    row: PersonaAssignmentRecord
    name: str | None
    archetype: str | None
