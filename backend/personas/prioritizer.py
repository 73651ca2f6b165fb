"""Which of the qualifying personas a customer is treated as, and why that one.

The sentences name no figures: they are few, and are made once for all customers they fit.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.assignment import Status
from backend.personas.comparison import Numbers
from backend.personas.logic import Flags
from backend.personas.rulebook import LEVELS, BehaviouralPersona, Rulebook
from backend.personas.severity import Scales, scales_of

Places: TypeAlias = NDArray[np.int64]
Ground: TypeAlias = Literal["only", "level", "severity", "id"]
"""What put a persona of a rulebook ordered by severity before the next one."""

GROUNDS: Final[tuple[Ground, ...]] = ("only", "level", "severity", "id")
NO_REASON: Final = "No qualifying personas found"
NO_SECOND: Final = "No second qualifying persona"


@dataclass(frozen=True, slots=True)
class Ranking:
    """The choice for one customer: ``qualifying`` best first, and what was made of it.

    ``severity`` is the primary persona's, None in a rulebook ordered by priority.
    """

    status: Status
    primary: BehaviouralPersona | None
    secondary: BehaviouralPersona | None
    qualifying: tuple[BehaviouralPersona, ...]
    severity: float | None
    primary_id: str | None
    reason: str
    secondary_reason: str

    def title(self, rulebook: Rulebook) -> str:
        """Return the primary persona's name for people, or nobody's."""
        return self.primary.name if self.primary else rulebook.nobody.name


def winners(scales: Scales | None, matched: Flags, severity: Numbers | None) -> Places:
    """Return each customer's best persona as a place in the rulebook, -1 for none: ``(n,)``.

    Args:
        scales: what severities are made of; None orders by place alone.
        matched: who qualifies, ``(p, n)``.
        severity: every persona's severity, ``(p, n)``, where there are scales.
    """
    if scales is None or severity is None:
        return np.where(matched.any(axis=0), matched.argmax(axis=0), -1)
    rank = np.where(matched, scales.rank, np.int8(len(LEVELS)))
    gravest = matched & (rank == rank.min(axis=0))
    # of equals the first, and so the first by id
    best = np.where(gravest, severity, -np.inf).argmax(axis=0)
    return np.where(gravest.any(axis=0), best, -1)


def without(matched: Flags, places: Places) -> Flags:
    """Return who qualifies for anything but one persona each, ``(p, n)``."""
    rest: Flags = matched & (np.arange(len(matched))[:, None] != places)
    return rest


def rank(rulebook: Rulebook, matched: Flags, severity: Numbers | None) -> list[Ranking]:
    """Return one ranking a customer.

    A persona whose criteria are unknown does not qualify.

    Args:
        rulebook: the rules.
        matched: who qualifies, ``(p, n)``.
        severity: every persona's severity, ``(p, n)``, None where it is ordered by priority.
    """
    rows = matched.T.tolist()
    if severity is None or scales_of(rulebook) is None:
        return [_by_priority(rulebook, row) for row in map(bytes, rows)]
    figures = severity.T.tolist()
    return [_by_severity(rulebook, *one) for one in zip(rows, figures, strict=True)]


@lru_cache(maxsize=1 << 12)
def _by_priority(rulebook: Rulebook, row: bytes) -> Ranking:
    order = tuple([at for at, hit in enumerate(row) if hit])
    return _ranking(rulebook, order, ("only", "only"))


def _by_severity(rulebook: Rulebook, row: list[bool], figures: list[float]) -> Ranking:
    order = [at for at, hit in enumerate(row) if hit]
    if len(order) > 1:
        order.sort(key=lambda at: (rulebook.personas[at].priority, -figures[at], at))
    grounds = (_ground(rulebook, order, figures), _ground(rulebook, order[1:], figures))
    same = _ranking(rulebook, tuple(order), grounds)
    return _weighed(same, figures[order[0]]) if order else same


@lru_cache(maxsize=1 << 12)
def _ranking(rulebook: Rulebook, order: tuple[int, ...], grounds: tuple[Ground, Ground]) -> Ranking:
    """Return a ranking without its severity.

    Args:
        rulebook: the rules.
        order: places of those that qualify, best first.
        grounds: what put the first before the second, and the second before the third.
    """
    if not order:
        nobody, status = rulebook.nobody_id, rulebook.nobody_status
        return Ranking(status, None, None, (), None, nobody, NO_REASON, NO_SECOND)
    personas = tuple([rulebook.personas[at] for at in order])
    secondary = personas[1] if personas[1:] else None
    return Ranking(
        "ASSIGNED",
        personas[0],
        secondary,
        personas,
        None,
        personas[0].id,
        reason(personas[0], secondary, len(personas), grounds[0]),
        _second_reason(personas, grounds[1]),
    )


def _weighed(same: Ranking, severity: float) -> Ranking:
    return Ranking(
        same.status,
        same.primary,
        same.secondary,
        same.qualifying,
        severity,
        same.primary_id,
        same.reason,
        same.secondary_reason,
    )


def _ground(rulebook: Rulebook, order: list[int], figures: list[float]) -> Ground:
    if len(order) < 2:  # noqa: PLR2004 - nothing comes after it
        return "only"
    first, second = order[:2]
    if rulebook.personas[first].priority != rulebook.personas[second].priority:
        return "level"
    return "severity" if figures[first] != figures[second] else "id"


def reason(
    first: BehaviouralPersona, second: BehaviouralPersona | None, count: int, ground: Ground
) -> str:
    """Return why a persona is the primary one.

    Args:
        first: it.
        second: the next one, if there is one.
        count: how many qualify.
        ground: what put it before the next, in a rulebook ordered by severity.
    """
    among = f"among {count} qualifying personas (priority {first.priority})"
    if first.level is None:
        return f"Highest priority match {among}"
    if second is None or ground == "only":
        return f"Only {first.level} persona {among}"
    if ground == "level":
        return f"{first.level} outranks {second.level} {among}"
    if ground == "severity":
        return f"Larger severity of {first.level} personas {among}"
    return f"First id of equally severe {first.level} personas {among}"


def _second_reason(personas: tuple[BehaviouralPersona, ...], ground: Ground) -> str:
    rest = personas[1:]
    if not rest:
        return NO_SECOND
    if rest[0].level is None:
        among = f"among {len(personas)} qualifying personas (priority {rest[0].priority})"
        return f"Second highest priority match {among}"
    sentence = reason(rest[0], rest[1] if rest[1:] else None, len(rest), ground)
    return f"After {personas[0].id}: {sentence}"
