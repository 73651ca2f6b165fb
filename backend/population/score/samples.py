"""What a measure finds in a population, in five shapes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import polars as pl

Tables: TypeAlias = Mapping[str, pl.DataFrame]
"""Table name to its rows, with the columns that the measures ask for."""

Needs: TypeAlias = Mapping[str, tuple[str, ...]]
"""Which columns of which tables a measure looks at."""


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n`` have a quality."""

    hits: float
    n: int


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``n`` figures, and their standard deviation."""

    value: float
    deviation: float
    n: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure made of ``n``, such as a median or a ratio."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Split:
    """How much falls to each class. ``n`` counts what was split, None where it is money."""

    parts: Mapping[str, float]
    n: int | None


@dataclass(frozen=True, slots=True)
class Fit:
    """How far ``n`` figures lie off a shape: the greatest distance of the running shares."""

    distance: float
    n: int


Sample: TypeAlias = Share | Mean | Figure | Split | Fit


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity of a population: a pure function of its tables and the date they tell up to.

    It returns None where the tables hold nothing to measure.
    """

    needs: Needs
    of: Callable[[Tables, date], Sample | None]


def share_of(hits: pl.Series) -> Share | None:
    """Return the share of True among truths; unknown ones do not count."""
    known = hits.drop_nulls()
    return Share(int(known.sum()), len(known)) if len(known) else None


def mean_of(values: pl.Series) -> Mean | None:
    """Return the mean of figures; unknown ones do not count."""
    known = values.drop_nulls().cast(pl.Float64)
    if len(known) == 0:
        return None
    figures = known.to_numpy()
    return Mean(float(figures.mean()), float(figures.std()), len(figures))


def quantile_of(values: pl.Series, quantile: float = 0.5) -> Figure | None:
    """Return a quantile of figures, the median if left out; unknown ones do not count."""
    known = values.drop_nulls()
    found = known.quantile(quantile, "linear")
    return None if found is None else Figure(float(found), len(known))


def split_of(classes: pl.Series) -> Split | None:
    """Return how many there are of each class; unknown ones do not count."""
    known = classes.drop_nulls().cast(pl.String)
    counts = known.value_counts()
    parts = dict(zip(*counts.get_columns(), strict=True))
    return Split(parts, len(known)) if len(known) else None


def total(values: pl.Series) -> float:
    """Return the sum of figures; unknown ones do not count."""
    return float(values.drop_nulls().to_numpy().sum())


def binned(values: pl.Series, edges: Sequence[float], labels: Sequence[str]) -> pl.Series:
    """Return the label of the bin that each figure lies in; unknown ones are left out.

    ``edges`` are where the bins after the first begin: one label more than edges.
    """
    known = values.drop_nulls()
    bins = np.array(edges).searchsorted(known.to_numpy(), side="right")
    return pl.Series(values.name, [labels[at] for at in bins.tolist()], dtype=pl.String)
