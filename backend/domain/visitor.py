"""Who walked in, as a conversation needs to know it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.domain.assignment import Assignment


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the model is told of a visitor, and what its replies are said to be made from."""

    prompt_id: str
    prompt: str
    persona_id: str | None
    rulebook: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visit of one mode: the customer's facts, their persona, and what the model is told."""

    customer: dict[str, Any]
    assignment: Assignment
    brief: Callable[[], Briefing]
    """Makes the briefing, which the customer's own first sight of the session does not wait for."""
