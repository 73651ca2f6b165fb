"""What a rulebook decided for one customer, with the evidence it decided on."""

from typing import Literal, TypeAlias

from pydantic import Field

from backend.domain.fact import Fact

Status: TypeAlias = Literal["ASSIGNED", "STABLE", "UNCLASSIFIED"]
Outcome: TypeAlias = Literal["true", "false", "unknown"]
Operator: TypeAlias = Literal[">=", "<=", "<", ">", "==", "!=", "in", "is_missing"]


class Leaf(Fact):
    """One comparison of a rule: what was asked of a signal, and how it came out."""

    signal: str
    actual: float | None = Field(description="null when the signal is missing")
    operator: Operator
    threshold: float | tuple[float, ...] | None
    margin: float | None = Field(
        description="how far on the passing side, in the signal's unit; null when unknown"
    )
    outcome: Outcome
    why: str | None = Field(
        default=None,
        description="why it could not be decided",
        exclude_if=lambda value: value is None,
    )


class Evidence(Fact):
    """How one behavioural persona's criteria came out."""

    matched: bool
    evidence: dict[str, float | None] = Field(description="signal to actual value")
    matched_conditions: tuple[str, ...]
    leaves: tuple[Leaf, ...]


class Assignment(Fact):
    """The behavioural persona of one customer over one window, with every persona's evidence."""

    rulebook: str
    time_window: str = Field(description="30d or 180d")
    status: Status
    primary: str | None
    secondary: str | None
    qualifying: tuple[str, ...] = Field(description="ids, best first")
    reason: str
    summary: str = Field(description="one sentence for a person who reads it")
    title: str = Field(description="the primary persona's name for people")
    evidence: dict[str, Evidence]
