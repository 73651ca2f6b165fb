"""A rulebook's criteria over customers' figures, for one customer or for a million.

Every step works element by element and nothing adds up over customers, so one customer is a
table of length one and the same figures give the same answer in any table.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np

from backend.personas.figures import Figures
from backend.personas.leaves import Decided, decide
from backend.personas.logic import Flags, Truth, conjunction, disjunction, negation
from backend.personas.rulebook import (
    AllOf,
    AnyOf,
    BehaviouralPersona,
    Condition,
    Criteria,
    Negation,
    Rulebook,
)


class LeafVerdict(NamedTuple):
    """How one condition came out for *n* customers; ``at`` is its row of ``Decided``."""

    condition: Condition
    at: int
    truth: Truth


class BranchVerdict(NamedTuple):
    """How an ``all``, ``any`` or ``not`` came out for *n* customers, with its parts."""

    criteria: AllOf | AnyOf | Negation
    parts: tuple["NodeVerdict", ...]
    truth: Truth


NodeVerdict: TypeAlias = LeafVerdict | BranchVerdict


class Verdict(NamedTuple):
    """How one persona's criteria came out; ``leaves`` are rows of ``Decided``, left to right."""

    persona: BehaviouralPersona
    root: NodeVerdict
    leaves: tuple[int, ...]


class Verdicts(NamedTuple):
    """How a rulebook's criteria came out for *n* customers, by persona in the rulebook's order.

    ``matched``, of shape ``(p, n)``, says for whom they are true; who is unknown is not matched.
    """

    personas: tuple[Verdict, ...]
    matched: Flags
    decided: Decided


def match(rulebook: Rulebook, figures: Figures) -> Verdicts:
    """Return a verdict on every persona of the rulebook."""
    decided = decide(rulebook, figures)
    personas = tuple(
        Verdict(persona, _node(persona.criteria, iter(leaves), decided), leaves)
        for persona, leaves in zip(rulebook.personas, decided.leaves.of, strict=True)
    )
    return Verdicts(personas, np.array([one.root.truth.true for one in personas]), decided)


def _node(criteria: Criteria, leaves: Iterator[int], decided: Decided) -> NodeVerdict:
    match criteria:
        case Condition():
            at = next(leaves)
            return LeafVerdict(criteria, at, decided.truth(at))
        case Negation(part):
            below = _node(part, leaves, decided)
            return BranchVerdict(criteria, (below,), negation(below.truth))
        case AllOf(parts):
            nodes = tuple(_node(part, leaves, decided) for part in parts)
            return BranchVerdict(criteria, nodes, conjunction([node.truth for node in nodes]))
        case AnyOf(parts):
            nodes = tuple(_node(part, leaves, decided) for part in parts)
            return BranchVerdict(criteria, nodes, disjunction([node.truth for node in nodes]))
        case _:
            assert_never(criteria)
