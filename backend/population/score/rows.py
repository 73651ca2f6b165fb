"""The rows of the scorecard, as ``scorecard.yaml`` has them."""

from functools import cache
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from backend.errors import ConfigurationError
from backend.yamlfile import YamlDocument, read_yaml

FILE: Final = Path(__file__).with_name("scorecard.yaml")


class Target(BaseModel):
    """What a quantity is in the world: a value, a range, a bound, or a share of each class.

    ``of`` says which year or group it is of. Without any of the rest the target is the shape
    that the row's test names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    shares: dict[str, float] | None = None

    def nearest(self, value: float) -> float:
        """Return what of the target lies nearest to a value.

        Raises:
            TypeError: the target is no figure.
        """
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if low is None and high is None:
            raise TypeError("a figure is compared with a value or a range, and the target has none")
        value = value if low is None else max(value, low)
        return value if high is None else min(value, high)


class Row(BaseModel):
    """One quantity of the scorecard.

    Attributes:
        id: the row's stable name.
        theme: what it is about.
        quantity: what a person calls it.
        measure: the name of the function that measures it.
        unit: what its figures are in.
        test: what decides, by name.
        targets: what it is in the world; of several any will do.
        within: the tolerance, in the unit, or in percent of the target where it ends in %; for
            splits and fits the greatest distance, in points and in parts of 1.
        source: where the target stands.
        standing: primary; secondary: a page that quotes the primary body; unsourced: recalled,
            no page found; measured: found by trying.
        note: what exactly is compared with what.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    theme: Literal["credit", "money", "spending", "insurance", "care"]
    quantity: str
    measure: str
    unit: Literal["%", "$", "points", "times", "per 100", "a person", "a month"]
    test: Literal[
        "share", "mean", "median", "quantile", "ratio", "total variation",
        "mean absolute deviation", "Kolmogorov-Smirnov",
    ]  # fmt: skip
    targets: tuple[Target, ...]
    within: float | str
    source: str
    standing: Literal["primary", "secondary", "unsourced", "measured"] = "primary"
    note: str

    @property
    def relative(self) -> bool:
        """Whether the tolerance is a part of the target."""
        return isinstance(self.within, str)

    @property
    def tolerance(self) -> float:
        """The tolerance as a number: in the unit, or in percent of the target."""
        return float(self.within.removesuffix("%") if isinstance(self.within, str) else self.within)

    @model_validator(mode="after")
    def _tolerance_is_a_number(self) -> Self:
        if isinstance(self.within, str) and not self.within.endswith("%"):
            raise ValueError("within: a number, or one that ends in %")
        if not self.targets or not self.tolerance >= 0:
            raise ValueError("a row has a target, and a tolerance of 0 or more")
        return self


class Scorecard(BaseModel):
    """All rows in their order, and what is known of why some are red, by row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: tuple[Row, ...]
    explanations: dict[str, str]

    @model_validator(mode="after")
    def _names_meet(self) -> Self:
        ids = [row.id for row in self.rows]
        if len(set(ids)) != len(ids):
            raise ValueError("two rows have one id")
        strangers = sorted(self.explanations.keys() - set(ids))
        if strangers:
            raise ValueError(f"explanations of rows that are not there: {', '.join(strangers)}")
        return self


@cache
def scorecard() -> Scorecard:
    """Return the scorecard, read once.

    Raises:
        ConfigurationError: the file is not one; the sentence names the line.
    """
    return read_scorecard(read_yaml(FILE))


def read_scorecard(document: YamlDocument) -> Scorecard:
    """Return the scorecard that a document holds.

    Raises:
        ConfigurationError: it holds none; the sentence names the line.
    """
    try:
        return Scorecard.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(f"{document.where(first['loc'])}: {first['msg']}") from None
