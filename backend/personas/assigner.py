"""From a table of signals to assignments, and to what the assistant is told of one."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.assignment import Assignment
from backend.domain.signals import SignalTable
from backend.personas.explain import explain, leaves_of_rows
from backend.personas.figures import usable
from backend.personas.nearest import NearestChange, explore
from backend.personas.outcomes import Outcomes, evaluate
from backend.personas.prioritizer import Ranking
from backend.personas.rulebook import Rulebook
from backend.personas.speaking import speaking
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
    return [
        assignment
        for outcomes, changes in explore(rulebook, figures)
        for assignment in _assigned(outcomes, changes, time_window)
    ]


def _assigned(
    outcomes: Outcomes, changes: list[NearestChange | None], time_window: str
) -> Iterator[Assignment]:
    rulebook, verdicts = outcomes.rulebook, outcomes.verdicts
    by_customer = zip(
        outcomes.rankings(),
        verdicts.matched.T.tolist(),
        leaves_of_rows(rulebook, verdicts.decided),
        speaking(rulebook, verdicts),
        changes,
        strict=True,
    )
    for ranking, matched, leaves, spoken, change in by_customer:
        yield Assignment.model_validate(
            {
                "rulebook": rulebook.name,
                "time_window": time_window,
                "status": ranking.status,
                "primary": ranking.primary_id,
                "secondary": ranking.secondary.id if ranking.secondary else None,
                "qualifying": [persona.id for persona in ranking.qualifying],
                "reason": ranking.reason,
                "summary": summarise(rulebook, ranking, leaves, spoken, change),
                "title": ranking.title(rulebook),
                "evidence": explain(rulebook, matched, leaves, spoken),
            }
        )


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
