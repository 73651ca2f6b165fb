"""What a rulebook decided, as a frame: ``persona_assignments.parquet``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.personas.outcomes import Outcomes
from backend.personas.rulebook import Rulebook
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


@dataclass(frozen=True, slots=True)
class Decided:
    """The choices for *n* customers over one window, as numbers.

    ``primary`` and ``secondary``, ``(n,)``, are places in the rulebook's ``personas``, -1 for
    none; ``qualifying``, ``(n, p)``, are all that qualify, best first, then -1. ``severity`` and
    ``reason`` are the primary persona's, ``(n,)``.
    """

    ids: Sequence[str]
    window: str
    primary: NDArray[np.int64]
    secondary: NDArray[np.int64]
    qualifying: NDArray[np.int16]
    severity: NDArray[np.float64]
    reason: NDArray[Any]


def decided(outcomes: Outcomes, ids: Sequence[str], window: str) -> Decided:
    """Return what is kept of the choices for customers, until they are written.

    Args:
        outcomes: what was decided.
        ids: whose it is.
        window: ``30d`` or ``180d``.
    """
    rank = np.arange(len(outcomes.rulebook.personas))[:, None]
    ordered = np.where(rank < outcomes.counts(), outcomes.order(), -1)
    return Decided(
        ids,
        window,
        outcomes.primary,
        outcomes.secondary(),
        ordered.T.astype(np.int16),
        outcomes.primary_severities(),
        outcomes.reasons(),
    )


def assignment_frame(
    parts: Sequence[Decided], rulebook: Rulebook, as_of: date, at: str
) -> pl.DataFrame:
    """Return the choices for customers, a row each, in the order of the parts.

    All at once: a column of words costs Polars about as much for a thousand rows as for many.

    Args:
        parts: the choices, one part or more.
        rulebook: what decided them.
        as_of: the date that the signals look back from.
        at: when it was decided.
    """
    personas, nobody = rulebook.personas, (rulebook.nobody_status, rulebook.nobody_id)
    first, second = (np.concatenate([getattr(one, name) for one in parts])
                     for name in ("primary", "secondary"))  # fmt: skip
    windows = list(dict.fromkeys(one.window for one in parts))
    window = np.repeat(
        [windows.index(one.window) for one in parts], [len(one.ids) for one in parts]
    )
    numbers = [*(persona.number for persona in personas), None]
    names = [*(persona.name for persona in personas), None]
    columns: dict[str, Any] = {
        "user_id": [user_id for one in parts for user_id in one.ids],
        "time_window": _picked(windows, window),
        "window_days": _picked([days_of(one) for one in windows], window),
        "status": _picked([*["ASSIGNED"] * len(personas), nobody[0]], first),
        "assigned_persona_id": _picked([*(persona.id for persona in personas), nobody[1]], first),
        "primary_persona_id": _picked(numbers, first),
        "primary_persona_name": _picked(names, first),
        "secondary_persona_id": _picked(numbers, second),
        "secondary_persona_name": _picked(names, second),
        "priority": _picked([*(persona.priority for persona in personas), None], first),
        "severity": pl.Series(np.concatenate([one.severity for one in parts])).fill_nan(None),
        "qualifying_personas": _qualifying(parts, [persona.id for persona in personas]),
        "prioritization_reason": pl.Series(
            np.concatenate([one.reason for one in parts]).tolist(), dtype=pl.String
        ),
    }
    same = {
        "as_of_date": as_of, "rulebook": rulebook.name, "rulebook_version": rulebook.version,
        "assigned_at": at,
    }  # fmt: skip
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(value).alias(name) for name, value in same.items()
    )
    return frame.select(pl.col(name).cast(kind) for name, kind in FRAME_COLUMNS.items())


def _picked(values: Sequence[Any], places: NDArray[np.int64]) -> pl.Series:
    """Return the value at each place, where -1 is the last."""
    at = np.where(places < 0, len(values) - 1, places)
    return pl.Series(values).gather(pl.Series(at))


def _qualifying(parts: Sequence[Decided], ids: Sequence[str]) -> pl.Series:
    rows = np.concatenate([one.qualifying for one in parts])
    # a row's bytes as one value: along an axis, NumPy compares field by field
    whole = np.ascontiguousarray(rows).view(f"V{rows.shape[1] * rows.itemsize}").reshape(-1)
    _, some, which = np.unique(whole, return_index=True, return_inverse=True)
    lists = [[ids[place] for place in row if place >= 0] for row in rows[some].tolist()]
    return pl.Series(lists, dtype=pl.List(pl.String)).gather(pl.Series(which))
