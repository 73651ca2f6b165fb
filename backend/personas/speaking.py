"""Which conditions speak for a persona: what its evidence and its sentence name."""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from backend.personas.leaves import Leaves
from backend.personas.logic import FALSE, TRUE
from backend.personas.matcher import Verdicts
from backend.personas.plan import LeafNode, Node, plan_of
from backend.personas.rulebook import Negation, Rulebook

_Found: TypeAlias = list[tuple[int, bool]]


class Speaking(NamedTuple):
    """The conditions that speak for one persona, left to right, and how they are spelled.

    ``leaves`` are rows of the table of conditions, each with what it had to be; below a ``not``
    that is False.
    """

    leaves: tuple[tuple[int, bool], ...]
    spelled: tuple[str, ...]


def speaking(rulebook: Rulebook, verdicts: Verdicts) -> list[tuple[Speaking, ...]]:
    """Return what speaks for each persona, for each customer.

    Where a persona matches, these are the conditions that made it so: a true ``any`` names its
    true parts and nothing of those that failed. Where it does not, they are all that are as
    wanted nevertheless. Below a ``not`` the opposite is wanted.
    """
    nodes, conditions = len(verdicts.truth), len(verdicts.decided.known)
    truth, known = verdicts.truth.T.tobytes(), verdicts.decided.known.T.tobytes()
    return [
        _speaking(
            rulebook,
            truth[row * nodes : (row + 1) * nodes],
            known[row * conditions : (row + 1) * conditions],
        )
        for row in range(verdicts.truth.shape[1])
    ]


@lru_cache(maxsize=1 << 12)
def _speaking(rulebook: Rulebook, truth: bytes, known: bytes) -> tuple[Speaking, ...]:
    # what came out, not the figures, decides it: customers share these by the thousand
    plan = plan_of(rulebook)
    came = memoryview(truth).cast("b").tolist()
    found = []
    for root in plan.roots:
        leaves = _holding(root, came, want=True)
        spelled = tuple(
            _spelled(plan.leaves, leaf, known=bool(known[leaf]), want=want) for leaf, want in leaves
        )
        found.append(Speaking(tuple(leaves), spelled))
    return tuple(found)


def _spelled(leaves: Leaves, leaf: int, *, known: bool, want: bool) -> str:
    if not known:  # a policy decided, not the comparison
        return f"{leaves.conditions[leaf].signal} is missing"
    return leaves.spelled[leaf] if want else f"not {leaves.spelled[leaf]}"


def _holding(node: Node, came: list[int], *, want: bool) -> _Found:
    is_wanted = came[node.at] == (TRUE if want else FALSE)
    if isinstance(node, LeafNode):
        return [(node.at, want)] if is_wanted else []
    below = want != isinstance(node.criteria, Negation)
    wanted = TRUE if below else FALSE
    found: _Found = []
    for part in node.parts:
        if not is_wanted or came[part.at] == wanted:
            found += _holding(part, came, want=below)
    return found
