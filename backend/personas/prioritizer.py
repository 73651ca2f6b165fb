"""Which of the qualifying personas a customer is treated as, and why that one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.domain.assignment import Status
from backend.personas.matcher import Verdicts
from backend.personas.rulebook import UNCLASSIFIED, BehaviouralPersona, Rulebook


@dataclass(frozen=True, slots=True)
class Ranking:
    """The choice for one customer: ``qualifying`` best first, and what was made of it."""

    status: Status
    primary: BehaviouralPersona | None
    secondary: BehaviouralPersona | None
    qualifying: tuple[BehaviouralPersona, ...]
    reason: str

    @property
    def primary_id(self) -> str:
        """Return the primary persona's id, ``unclassified`` where nothing qualifies."""
        return self.primary.id if self.primary else UNCLASSIFIED

    def title(self, rulebook: Rulebook) -> str:
        """Return the primary persona's name for people, or nobody's."""
        return self.primary.name if self.primary else rulebook.nobody.name


def rank(verdicts: Verdicts) -> list[Ranking]:
    """Return one ranking a customer: a rulebook's personas stand in the order in which they win.

    A persona whose criteria are unknown does not qualify.
    """
    personas = [verdict.persona for verdict in verdicts.personas]
    return [
        _ranking(tuple(persona for persona, hit in zip(personas, row, strict=True) if hit))
        for row in verdicts.matched.T.tolist()
    ]


def winners(verdicts: Verdicts) -> NDArray[np.int64]:
    """Return each customer's primary persona as a position in the rulebook, -1 for none."""
    matched = verdicts.matched
    return np.where(matched.any(axis=0), matched.argmax(axis=0), -1)


def _ranking(qualifying: tuple[BehaviouralPersona, ...]) -> Ranking:
    if not qualifying:
        return Ranking("UNCLASSIFIED", None, None, (), "No qualifying personas found")
    first = qualifying[0]
    reason = (
        f"Highest priority match among {len(qualifying)} qualifying personas"
        f" (priority {first.priority})"
    )
    return Ranking("ASSIGNED", first, qualifying[1] if qualifying[1:] else None, qualifying, reason)
