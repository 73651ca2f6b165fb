"""A rulebook, as read: its personas, best first, each with a tree of conditions.

The tree is a union of four frozen shapes; whoever walks it ends with ``assert_never``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, assert_never, get_args

from backend.domain.assignment import Operator, Status
from backend.domain.signals import SignalDefinition

UNCLASSIFIED: Final = "unclassified"
"""The id of nobody's persona in a rulebook ordered by priority."""

MissingPolicy: TypeAlias = Literal["unknown", "pass", "fail"]
Order: TypeAlias = Literal["priority", "severity"]
Level: TypeAlias = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Risk: TypeAlias = Literal["low", "medium", "high"]
Threshold: TypeAlias = float | tuple[float, ...] | None
Criteria: TypeAlias = "AllOf | AnyOf | Negation | Condition"

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""The levels of a rulebook ordered by severity, the gravest first: a level's place is its rank."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A leaf: one signal compared with its threshold.

    ``threshold`` is a tuple for ``in`` and None for ``is_missing``. ``missing`` says what the
    comparison is worth when the signal is missing. ``decimals`` are those of the signal or of
    the threshold, whichever has more: margins are rounded to them. ``setting`` names the setting
    that the threshold was taken from, if it was.
    """

    signal: str
    operator: Operator
    threshold: Threshold
    missing: MissingPolicy
    decimals: int
    setting: str | None = None

    def __str__(self) -> str:
        if self.threshold is None:
            return f"{self.signal} is missing"
        if isinstance(self.threshold, tuple):
            return f"{self.signal} in {list(self.threshold)}"
        return f"{self.signal} {self.operator} {self.threshold}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """True when its part is false; unknown stays unknown."""

    part: Criteria


@dataclass(frozen=True, slots=True)
class SeverityFigure:
    """How grave a persona is for a customer: a signal over ``per``, and 0 where it is missing."""

    signal: str
    per: float


@dataclass(frozen=True, slots=True)
class BehaviouralPersona:
    """A way that customers behave, with the rule that finds them.

    ``priority`` is the persona's own in a rulebook ordered by priority, and the rank of its
    ``level`` in one ordered by severity, where CRITICAL is 0; ``level`` and ``severity`` are None
    in the former. ``conditions`` are the leaves of ``criteria``, from left to right.
    """

    id: str
    number: int
    name: str
    priority: int
    level: Level | None
    severity: SeverityFigure | None
    risk: Risk
    rationale: str
    focus_areas: tuple[str, ...]
    content_types: tuple[str, ...]
    guidance: str
    secondary_guidance: str
    criteria: Criteria
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Nobody:
    """What is said of a customer for whom no persona qualifies."""

    name: str
    guidance: str


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """Behavioural personas by priority and then by id, and the signals they may ask for.

    ``asked`` are the names of the signals that criteria and severities do ask for, each once, in
    order. ``settings`` are the thresholds with a name, as they hold. ``version`` names those that
    were overridden.
    """

    name: str
    version: str
    title: str
    order: Order
    nobody: Nobody
    personas: tuple[BehaviouralPersona, ...]
    signals: Mapping[str, SignalDefinition]
    settings: Mapping[str, float]
    asked: tuple[str, ...]

    @property
    def nobody_id(self) -> str | None:
        """Return the primary persona of a customer whom none fits: by severity there is none."""
        return UNCLASSIFIED if self.order == "priority" else None

    @property
    def nobody_status(self) -> Status:
        """Return the status of a customer whom no persona fits."""
        return "UNCLASSIFIED" if self.order == "priority" else "STABLE"


def conditions_of(criteria: Criteria) -> Iterator[Condition]:
    """Yield the leaves of a tree from left to right."""
    match criteria:
        case Condition():
            yield criteria
        case Negation(part):
            yield from conditions_of(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions_of(part)
        case _:
            assert_never(criteria)
