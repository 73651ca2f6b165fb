"""What a rulebook decided, as a frame: ``persona_assignments.parquet``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.personas.outcomes import Outcomes
from backend.personas.windows import days_of

FRAME_COLUMNS: Final[Mapping[str, type[pl.DataType] | pl.DataType]] = {
    "user_id": pl.String,
    "time_window": pl.String,
    "window_days": pl.Int64,
    "as_of_date": pl.Date,
    "rulebook": pl.String,
    "rulebook_version": pl.String,
    "status": pl.String,
    "assigned_persona_id": pl.String,
    "primary_persona_id": pl.Int64,
    "primary_persona_name": pl.String,
    "secondary_persona_id": pl.Int64,
    "secondary_persona_name": pl.String,
    "priority": pl.Int64,
    "severity": pl.Float64,
    "qualifying_personas": pl.List(pl.String),
    "prioritization_reason": pl.String,
    "assigned_at": pl.String,
}
"""The columns of ``persona_assignments.parquet``: the store's, without evidence and trace."""


def assignment_frame(
    outcomes: Outcomes, ids: Sequence[str], window: str, as_of: date, at: str
) -> pl.DataFrame:
    """Return the choices for customers, a row each; no work a customer.

    Args:
        outcomes: what was decided.
        ids: whose it is.
        window: ``30d`` or ``180d``.
        as_of: the date that the signals look back from.
        at: when it was decided.
    """
    rulebook, second = outcomes.rulebook, outcomes.secondary()
    personas = rulebook.personas
    numbers = [*(persona.number for persona in personas), None]
    names = [*(persona.name for persona in personas), None]
    ranks = [*(persona.priority for persona in personas), None]
    severity = outcomes.primary_severities()
    columns: dict[str, Any] = {
        "user_id": ids,
        "status": _picked(
            [*["ASSIGNED"] * len(personas), rulebook.nobody_status], outcomes.primary
        ),
        "assigned_persona_id": _picked(
            [*(persona.id for persona in personas), rulebook.nobody_id], outcomes.primary
        ),
        "primary_persona_id": _picked(numbers, outcomes.primary),
        "primary_persona_name": _picked(names, outcomes.primary),
        "secondary_persona_id": _picked(numbers, second),
        "secondary_persona_name": _picked(names, second),
        "priority": _picked(ranks, outcomes.primary),
        "severity": pl.Series(severity).fill_nan(None),
        "qualifying_personas": _qualifying(outcomes),
        "prioritization_reason": pl.Series(outcomes.reasons().tolist(), dtype=pl.String),
    }
    same: dict[str, Any] = {
        "time_window": window, "window_days": days_of(window), "as_of_date": as_of,
        "rulebook": rulebook.name, "rulebook_version": rulebook.version, "assigned_at": at,
    }  # fmt: skip
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(value).alias(name) for name, value in same.items()
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in FRAME_COLUMNS.items())


def _picked(values: Sequence[Any], places: NDArray[np.int64]) -> pl.Series:
    """Return the value at each place, where -1 is the last."""
    at = np.where(places < 0, len(values) - 1, places)
    return pl.Series(values).gather(pl.Series(at))


def _qualifying(outcomes: Outcomes) -> pl.Series:
    ids = [persona.id for persona in outcomes.rulebook.personas]
    order = outcomes.order()
    rank = np.arange(len(ids))[:, None]
    ordered = np.where(rank < outcomes.counts(), order, -1).T
    found, which = np.unique(ordered, axis=0, return_inverse=True)
    lists = [[ids[place] for place in row if place >= 0] for row in found.tolist()]
    told = pl.Series(lists, dtype=pl.List(pl.String))
    return told.gather(pl.Series(which.reshape(-1)))
