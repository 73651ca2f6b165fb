"""The evidence on every persona, made of the same arrays that decided."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from backend.domain.assignment import Evidence, Outcome
from backend.personas.leaves import Decided
from backend.personas.logic import FALSE, TRUE, UNKNOWN, at
from backend.personas.matcher import LeafVerdict, NodeVerdict, Verdict, Verdicts
from backend.personas.rulebook import Negation, Rulebook

_OUTCOMES: Final[dict[int, Outcome]] = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
_EVIDENCE: Final = TypeAdapter(list[dict[str, Evidence]])

_Row: TypeAlias = dict[str, Any]


def explain(rulebook: Rulebook, verdicts: Verdicts) -> list[dict[str, Evidence]]:
    """Return each customer's evidence on every persona, matched or not, by persona id."""
    matched = verdicts.matched.T.tolist()
    rows = [
        {
            verdict.persona.id: _evidence(verdicts.decided, verdict, leaves, row, matched=came)
            for verdict, came in zip(verdicts.personas, matched[row], strict=True)
        }
        for row, leaves in enumerate(_leaves(rulebook, verdicts.decided))
    ]
    return _EVIDENCE.validate_python(rows)


def holding(
    node: NodeVerdict, row: int, *, want: bool = True
) -> Iterator[tuple[LeafVerdict, bool]]:
    """Yield the leaves that speak for a customer's ``node`` being ``want``, with what each is.

    Where the node is as wanted, these are the leaves that made it so: a true ``any`` names its
    true parts and nothing of those that failed. Where it is not, they are all leaves that are as
    wanted nevertheless. Below a ``not`` the opposite is wanted.
    """
    came = _is(node, row, want=want)
    if isinstance(node, LeafVerdict):
        if came:
            yield node, want
        return
    below = want != isinstance(node.criteria, Negation)
    for part in node.parts:
        if not came or _is(part, row, want=below):
            yield from holding(part, row, want=below)


def _is(node: NodeVerdict, row: int, *, want: bool) -> bool:
    return at(node.truth, row) is want


def _evidence(
    decided: Decided, verdict: Verdict, all_leaves: list[_Row], row: int, *, matched: bool
) -> _Row:
    leaves = [all_leaves[place] for place in verdict.leaves]
    return {
        "matched": matched,
        "evidence": {leaf["signal"]: leaf["actual"] for leaf in leaves},
        "matched_conditions": [
            _spelled(decided, leaf, row, want=want) for leaf, want in holding(verdict.root, row)
        ],
        "leaves": leaves,
    }


def _spelled(decided: Decided, leaf: LeafVerdict, row: int, *, want: bool) -> str:
    if not decided.known[leaf.at, row]:
        # a policy decided, not the comparison
        return f"{leaf.condition.signal} is missing"
    spelled = decided.leaves.spelled[leaf.at]
    return spelled if want else f"not {spelled}"


def _leaves(rulebook: Rulebook, decided: Decided) -> Iterator[list[_Row]]:
    """Yield each customer's leaves, in the order of the table of conditions."""
    columns = (decided.known, decided.values, decided.margins(), decided.truth)
    for row in zip(*(column.T.tolist() for column in columns), strict=True):
        yield [
            {
                "signal": condition.signal,
                "actual": actual if known else None,
                "operator": condition.operator,
                "threshold": condition.threshold,
                "margin": margin if known and condition.operator != "is_missing" else None,
                "outcome": _OUTCOMES[truth],
                "why": _why(rulebook, condition.signal) if truth == UNKNOWN else None,
            }
            for condition, known, actual, margin, truth in zip(
                decided.leaves.conditions, *row, strict=True
            )
        ]


def _why(rulebook: Rulebook, signal: str) -> str:
    missing_when = rulebook.signals[signal].missing_when
    return f"could not be decided: {signal} is missing ({missing_when})"
