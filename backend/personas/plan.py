"""A rulebook's trees as a table of nodes, so that one operation decides many of them.

The first rows are the conditions, in the order of ``Leaves``; the branches follow, those whose
parts are all decided first. All branches of one height make a layer and are decided together.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from backend.personas.leaves import Leaves, leaves_of
from backend.personas.logic import TRUE, Flags, Truth
from backend.personas.rulebook import AllOf, AnyOf, Condition, Criteria, Negation, Rulebook


class LeafNode(NamedTuple):
    """A condition; ``at`` is its row of the table."""

    at: int
    condition: Condition


class BranchNode(NamedTuple):
    """An ``all``, ``any`` or ``not`` over its parts; ``at`` is its row of the table."""

    at: int
    criteria: AllOf | AnyOf | Negation
    parts: tuple["Node", ...]


Node: TypeAlias = LeafNode | BranchNode


class Layer(NamedTuple):
    """*g* branches of up to *k* parts: ``after * min(before * parts)``.

    ``parts``, ``(g, k)``, are rows of the table; a branch of fewer parts names its first one
    again, which changes no smallest value. ``before`` is of shape ``(g, 1, 1)``, ``after`` of
    ``(g, 1)``.
    """

    rows: slice
    parts: NDArray[np.int64]
    before: Truth
    after: Truth


class Plan(NamedTuple):
    """How to decide a rulebook: its conditions, the layers above them, each persona's root."""

    leaves: Leaves
    layers: tuple[Layer, ...]
    roots: tuple[Node, ...]
    root_rows: NDArray[np.int64]

    def decide(self, conditions: Truth) -> Truth:
        """Return how all nodes come out, ``(m, n)``, when the conditions do so, ``(l, n)``."""
        if not self.layers:
            return conditions
        size = self.layers[-1].rows.stop
        truth = np.empty((size, conditions.shape[1]), dtype=np.int8)
        truth[: len(conditions)] = conditions
        for rows, parts, before, after in self.layers:
            smallest = np.minimum.reduce(truth.take(parts, axis=0) * before, axis=1)
            np.multiply(smallest, after, out=truth[rows])
        return truth

    def matched(self, truth: Truth) -> Flags:
        """Return for whom each persona's criteria are true, ``(p, n)``, by how all nodes are."""
        matched: Flags = truth.take(self.root_rows, axis=0) == TRUE
        return matched


@lru_cache(maxsize=64)
def plan_of(rulebook: Rulebook) -> Plan:
    """Return a rulebook's plan."""
    leaves = leaves_of(rulebook)
    trees = [persona.criteria for persona in rulebook.personas]
    branches = sorted((branch for tree in trees for branch in _branches(tree)), key=_height_at)
    first = len(leaves.conditions)
    # equal trees may stand twice: a branch is known by what it is, an object
    row_of = {id(branch): first + place for place, (_, branch) in enumerate(branches)}
    roots = tuple(
        _node(tree, iter(rows), leaves, row_of) for tree, rows in zip(trees, leaves.of, strict=True)
    )
    nodes = {node.at: node for root in roots for node in _branch_nodes(root)}
    layers = tuple(
        _layer([nodes[row_of[id(branch)]] for _, branch in members])
        for _, members in groupby(branches, _height_at)
    )
    return Plan(leaves, layers, roots, np.array([root.at for root in roots]))


def _height_at(branch: tuple[int, Criteria]) -> int:
    return branch[0]


def _branches(criteria: Criteria) -> Iterator[tuple[int, Criteria]]:
    if not isinstance(criteria, Condition):
        yield _height(criteria), criteria
        for part in _parts(criteria):
            yield from _branches(part)


def _height(criteria: Criteria) -> int:
    return 1 + max((_height(part) for part in _parts(criteria)), default=-1)


def _parts(criteria: Criteria) -> tuple[Criteria, ...]:
    match criteria:
        case Condition():
            return ()
        case Negation(part):
            return (part,)
        case AllOf(parts) | AnyOf(parts):
            return parts
        case _:
            assert_never(criteria)


def _node(criteria: Criteria, rows: Iterator[int], leaves: Leaves, row_of: dict[int, int]) -> Node:
    if isinstance(criteria, Condition):
        return LeafNode(next(rows), criteria)
    parts = tuple([_node(part, rows, leaves, row_of) for part in _parts(criteria)])
    return BranchNode(row_of[id(criteria)], criteria, parts)


def _branch_nodes(node: Node) -> Iterator[BranchNode]:
    if isinstance(node, BranchNode):
        yield node
        for part in node.parts:
            yield from _branch_nodes(part)


def _layer(nodes: list[BranchNode]) -> Layer:
    widest = max(len(node.parts) for node in nodes)
    parts = [[part.at for part in node.parts] for node in nodes]
    before = [1 if isinstance(node.criteria, AllOf) else -1 for node in nodes]
    after = [-1 if isinstance(node.criteria, AnyOf) else 1 for node in nodes]
    return Layer(
        slice(nodes[0].at, nodes[-1].at + 1),
        np.array([row + row[:1] * (widest - len(row)) for row in parts]),
        np.array(before, dtype=np.int8)[:, None, None],
        np.array(after, dtype=np.int8)[:, None],
    )
