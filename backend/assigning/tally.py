"""What a run comes to: who was covered, who is what, and how targets came out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.domain.signals import SignalTable
from backend.personas.outcomes import Outcomes
from backend.personas.targets import expected, nobody_of


@dataclass(slots=True)
class Tally:
    """Counts of a run, window by window.

    ``personas`` counts primary personas and nobody's, ``statuses`` statuses, ``known`` how many
    customers have each signal, ``targets`` primary personas by target archetype. ``differ``
    counts customers whose windows differ.
    """

    users: int = 0
    rows: int = 0
    differ: int = 0
    personas: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    known: dict[str, Counter[str]] = field(default_factory=dict)
    targets: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    def add(
        self, window: str, outcomes: Outcomes, table: SignalTable, archetypes: Sequence[str | None]
    ) -> None:
        """Count the choices for some customers over a window."""
        rulebook = outcomes.rulebook
        personas = self.personas.setdefault(
            window, Counter({persona.id: 0 for persona in rulebook.personas})
        )
        primary = [nobody_of(rulebook) if one is None else one
                   for one in outcomes.persona_ids(outcomes.primary).tolist()]  # fmt: skip
        personas.update(primary)
        self.statuses.setdefault(window, Counter()).update(outcomes.statuses().tolist())
        known = self.known.setdefault(window, Counter())
        known.update({name: int(column.known.sum()) for name, column in table.items()})
        targets = self.targets.setdefault(window, {})
        for target, persona in zip(archetypes, primary, strict=True):
            if target is not None:
                targets.setdefault(target, Counter())[persona] += 1
        self.rows += len(outcomes)

    def document(self, rulebook: str) -> dict[str, Any]:
        """Return the counts as JSON has them; ``expected`` where a target has a persona."""
        found: dict[str, Any] = {
            "users": self.users,
            "rows": self.rows,
            "windows_differ": self.differ,
            "personas": {window: dict(count) for window, count in self.personas.items()},
            "statuses": {window: dict(count) for window, count in self.statuses.items()},
            "signals_known": {window: dict(count) for window, count in self.known.items()},
        }
        if any(self.targets.values()):
            found["confusion"] = {
                window: {target: dict(count) for target, count in sorted(rows.items())}
                for window, rows in self.targets.items()
            }
            found["expected"] = {
                window: {
                    target: {"persona": wanted[0], "users": count.total(), "hits": count[wanted[0]]}
                    for target, count in sorted(rows.items())
                    if len(wanted := expected(rulebook, target)) == 1
                }
                for window, rows in self.targets.items()
            }
        return found
