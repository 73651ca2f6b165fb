"""A rulebook's criteria over customers' figures, for one customer or for a million.

Every step works element by element and nothing adds up over customers, so one customer is a
table of length one and the same figures give the same answer in any table.
"""

from typing import NamedTuple

from backend.personas.figures import Figures
from backend.personas.leaves import Decided, decide
from backend.personas.logic import Flags, Truth
from backend.personas.plan import Plan, plan_of
from backend.personas.rulebook import Rulebook


class Verdicts(NamedTuple):
    """How a rulebook's criteria came out for *n* customers.

    ``truth``, of shape ``(m, n)``, has a row for each node of the plan. ``matched``, of shape
    ``(p, n)``, says for whom the criteria of each persona are true, in the rulebook's order; who
    is unknown is not matched.
    """

    plan: Plan
    decided: Decided
    truth: Truth
    matched: Flags

    def truth_of(self, persona: int) -> Truth:
        """Return how the criteria of a persona came out, by its place in the rulebook: ``(n,)``."""
        truth: Truth = self.truth[self.plan.roots[persona].at]
        return truth

    def every(self, step: int) -> "Verdicts":
        """Return the verdicts on the first customer of every ``step``."""
        some = slice(None, None, step)
        decided = self.decided.take(some)
        return Verdicts(self.plan, decided, self.truth[:, some], self.matched[:, some])


def match(rulebook: Rulebook, figures: Figures) -> Verdicts:
    """Return a verdict on every persona of the rulebook."""
    plan = plan_of(rulebook)
    decided = decide(plan.leaves, figures)
    truth = plan.decide(decided.truth)
    return Verdicts(plan, decided, truth, plan.matched(truth))
