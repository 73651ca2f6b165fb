"""A rulebook's criteria over customers' figures, for one customer or for a million.

Every step works element by element and nothing adds up over customers, so one customer is a
table of length one and the same figures give the same answer in any table.
"""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np

from backend.personas.figures import Figures
from backend.personas.leaves import Decided, decide
from backend.personas.logic import TRUE, Flags, Truth, conjunction, disjunction, negation
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
    table = list(map(LeafVerdict, decided.leaves.conditions, count(), decided.truth))
    personas = tuple(
        Verdict(persona, _node(persona.criteria, map(table.__getitem__, rows)), rows)
        for persona, rows in zip(rulebook.personas, decided.leaves.of, strict=True)
    )
    matched = np.array([one.root.truth for one in personas]) == TRUE
    return Verdicts(personas, matched, decided)


def _node(criteria: Criteria, leaves: Iterator[LeafVerdict]) -> NodeVerdict:
    match criteria:
        case Condition():
            return next(leaves)
        case Negation(part):
            below = _node(part, leaves)
            return BranchVerdict(criteria, (below,), negation(below.truth))
        case AllOf(parts):
            nodes = tuple([_node(part, leaves) for part in parts])
            return BranchVerdict(criteria, nodes, conjunction([node.truth for node in nodes]))
        case AnyOf(parts):
            nodes = tuple([_node(part, leaves) for part in parts])
            return BranchVerdict(criteria, nodes, disjunction([node.truth for node in nodes]))
        case _:
            assert_never(criteria)
