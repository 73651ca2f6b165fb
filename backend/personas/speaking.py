"""Which conditions speak for a persona: what its evidence and its sentence name."""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

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
    return [speaking_of(rulebook, *pattern) for pattern in verdicts.decided.patterns()]


@lru_cache(maxsize=1 << 12)
def speaking_of(rulebook: Rulebook, truth: bytes, known: bytes) -> tuple[Speaking, ...]:
    """Return what speaks for each persona where the conditions came out so: in this pattern."""
    plan = plan_of(rulebook)
    came = plan.decide(np.frombuffer(truth, dtype=np.int8)[:, None])[:, 0].tolist()
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
