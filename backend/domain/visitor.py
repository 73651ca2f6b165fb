"""Who walked in, as a conversation needs to know it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.domain.assignment import Assignment
from backend.domain.session_persona import SessionPersona


class CustomerFacts(Mapping[str, Any]):
    """A session persona as JSON-able values, which are made when the first of them is read.

    Frames and prompts are written from ``session_persona`` itself, and read none.
    """

    def __init__(self, session_persona: SessionPersona) -> None:
        self.session_persona = session_persona

    @cached_property
    def _values(self) -> dict[str, Any]:
        return self.session_persona.model_dump(mode="json")

    def __getitem__(self, field: str) -> object:
        """Return the value of one field."""
        return self._values[field]

    def __iter__(self) -> Iterator[str]:
        """Return the names of the fields, in their order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many fields there are."""
        return len(self._values)


def written_from(customer: Mapping[str, Any]) -> SessionPersona | Mapping[str, Any]:
    """Return what Pydantic writes a customer's JSON from."""
    return customer.session_persona if isinstance(customer, CustomerFacts) else customer


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

    customer: Mapping[str, Any]
    assignment: Assignment
    brief: Callable[[], Briefing]
    """Makes the briefing, which the customer's own first sight of the session does not wait for."""
