"""From a table of signals to assignments, and to what the assistant is told of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.assignment import Assignment
from backend.domain.signals import SignalTable
from backend.personas.explain import Findings, explain, findings_of
from backend.personas.figures import Figures, usable
from backend.personas.leaves import decide, leaves_of
from backend.personas.nearest import NearestChange, explore, nearest_turn
from backend.personas.outcomes import evaluate
from backend.personas.prioritizer import Ranking
from backend.personas.rulebook import Rulebook
from backend.personas.settled import settled_of
from backend.personas.summary import summarise


@dataclass(frozen=True, slots=True)
class Guidance:
    """How the assistant is to treat a customer: by the primary persona, and by the secondary."""

    primary: str
    secondary: str | None


def assign(rulebook: Rulebook, table: SignalTable, time_window: str) -> list[Assignment]:
    """Return one assignment a customer, in the table's order.

    Args:
        rulebook: the rules.
        table: the signals that they ask for, one row a customer.
        time_window: the window that the signals look at, ``30d`` or ``180d``.

    Raises:
        InputError: the table lacks a signal.
    """
    figures = usable(rulebook, table)
    decided = decide(leaves_of(rulebook), figures)
    patterns = decided.patterns()
    choices = _choices(rulebook, figures, patterns)
    numbers = zip(decided.values.T.tolist(), decided.margins().T.tolist(), strict=True)
    return [
        Assignment.model_validate(
            {
                "rulebook": rulebook.name,
                "time_window": time_window,
                **_told(rulebook, *choice, findings_of(rulebook, *pattern), *row),
            },
            extra="ignore",  # to ask whether anything else is told is a fifth of the work
        )
        for pattern, choice, row in zip(patterns, choices, numbers, strict=True)
    ]


def _choices(
    rulebook: Rulebook, figures: Figures, patterns: Sequence[tuple[bytes, bytes]]
) -> Iterator[tuple[Ranking, NearestChange | None]]:
    if rulebook.order == "severity":
        # which is graver is a matter of figures, and so nothing is settled by the conditions
        for outcomes, changes in explore(rulebook, figures):
            yield from zip(outcomes.rankings(), changes, strict=True)
        return
    for pattern, values in zip(patterns, figures.values.T, strict=True):
        settled = settled_of(rulebook, *pattern)
        yield settled.ranking, nearest_turn(rulebook, settled.turns, values)


def _told(
    rulebook: Rulebook,
    ranking: Ranking,
    change: NearestChange | None,
    findings: Findings,
    values: Sequence[float],
    margins: Sequence[float],
) -> dict[str, Any]:
    return {
        "status": ranking.status,
        "primary": ranking.primary_id,
        "secondary": ranking.secondary.id if ranking.secondary else None,
        "qualifying": [persona.id for persona in ranking.qualifying],
        "reason": ranking.reason,
        "summary": summarise(rulebook, ranking, findings, values, change),
        "title": ranking.title(rulebook),
        "evidence": explain(rulebook, findings, values, margins),
    }


def rankings(rulebook: Rulebook, table: SignalTable) -> list[Ranking]:
    """Return what ``assign`` decides, without the evidence: a fraction of its time.

    Raises:
        InputError: the table lacks a signal.
    """
    return evaluate(rulebook, table).rankings()


def guidance(rulebook: Rulebook, assignment: Assignment) -> Guidance:
    """Return what the rulebook tells the assistant about a customer with this assignment."""
    personas = {persona.id: persona for persona in rulebook.personas}
    primary = personas.get(assignment.primary or "")
    secondary = personas.get(assignment.secondary or "")
    return Guidance(
        primary.guidance if primary else rulebook.nobody.guidance,
        secondary.secondary_guidance if secondary else None,
    )
