"""What the page shows of a customer: each mode's ``card.yaml``, as data."""

from typing import Literal, TypeAlias

from backend.domain.fact import Fact

Format: TypeAlias = Literal["money", "number", "percent", "date", "time", "text"]


class Figure(Fact):
    """One field of the session persona, with its label."""

    field: str
    label: str
    format: Format = "text"


class Progress(Fact):
    """A bar: one field as a part of another."""

    label: str
    part: str
    whole: str
    format: Format = "money"


class Listing(Fact):
    """A list field: what stands first in a row, what below it, and what at its end."""

    field: str
    label: str
    title: str
    details: tuple[Figure, ...] = ()
    amount: Figure | None = None
    sign: str | None = None
    """A field of the row that holds ``debit`` or ``credit``, when amounts have a direction."""
    badge: str | None = None
    """A field of the row shown as a badge, such as a status."""
    empty: str
    """What stands there when the list is empty."""


class Chart(Fact):
    """A field that holds a ``DailySeries``, drawn as a line over its days."""

    field: str
    label: str
    format: Format = "money"


class Card(Fact):
    """One mode as the page shows it."""

    title: str
    greeting: str
    starters: tuple[str, ...]
    highlights: tuple[Figure, ...]
    facts: tuple[Figure, ...] = ()
    progress: tuple[Progress, ...] = ()
    charts: tuple[Chart, ...] = ()
    lists: tuple[Listing, ...] = ()
