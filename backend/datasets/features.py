"""Signals as five feature files: fractions instead of percent, a row a user, window and date."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from backend.datasets.cells import ROW, CellKind, read_cells, refuse
from backend.datasets.dataset import WINDOWS, DataSet
from backend.datasets.files import find_table, read_table
from backend.datasets.people import described, read_users
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.errors import InputError
from backend.modes import all_modes
from backend.yamlfile import read_yaml

MODE: Final = "banking"
KEYS: Final = ("user_id", "window_days", "as_of_date")

_KEY_KINDS: Final[Mapping[str, CellKind]] = {
    "user_id": "text", "window_days": "number", "as_of_date": "date",
}  # fmt: skip
_FLAG: Final = "1 or 0"
_PERCENT: Final = "percent"
_LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of a feature file: the signal that it holds, and what it is multiplied by."""

    file: str
    name: str
    signal: SignalDefinition

    @property
    def percent(self) -> bool:
        """Whether it is a fraction of what the signal counts in percent."""
        return self.signal.unit == _PERCENT

    @property
    def flag(self) -> bool:
        """Whether it is true or false."""
        return self.signal.unit == _FLAG


@cache
def features() -> tuple[Feature, ...]:
    """Return every feature, file by file."""
    files = read_yaml(Path(__file__).with_name("features.yaml")).value
    signals = {signal.name: signal for signal in all_modes()[MODE].signals}
    return tuple(
        Feature(file, name, signals[signal])
        for file, columns in files.items()
        for name, signal in columns.items()
    )


def files() -> tuple[str, ...]:
    """Return the names of the five files, without their ending."""
    return tuple(dict.fromkeys(feature.file for feature in features()))


def holds_features(folder: Path) -> bool:
    """Return whether the folder has a feature file."""
    return any(find_table(folder, name) is not None for name in files())


# --- reading --------------------------------------------------------------------------------------


def read_features(folder: Path, as_of: date | None, *, skip: bool = False) -> DataSet:
    """Return the data set of a folder of feature files.

    A user whom any of the files names has a row for each window: what the files do not tell is
    missing, and a note says how often. A file, and a column, may be absent as a whole.

    Args:
        folder: where the files are.
        as_of: the date whose rows are read; the latest if left out.
        skip: leave out rows that can not be read, with a note, rather than refuse the file.

    Raises:
        InputError: a file or a row can not be read, two rows are of one key, or none is of the
            date.
    """
    notes: list[str] = []
    frames = {name: _frame(folder, name, notes, skip=skip) for name in files()}
    dates = pl.concat([frame["as_of_date"] for frame in frames.values()])
    if not len(dates):
        raise InputError(f"{folder}: the feature files have no rows.")
    latest = _chosen(folder, dates, as_of, notes)
    frames = {name: frame.filter(as_of_date=latest) for name, frame in frames.items()}
    known = read_users(folder, notes, skip=skip)
    named = [known["user_id"], *(frame["user_id"] for frame in frames.values())]
    ids = pl.concat(named).unique(maintain_order=True)
    tables = [_table(ids, frames, days, notes) for days in WINDOWS]

    def measure(start: int, stop: int) -> list[SignalTable]:
        part = slice(start, stop)
        return [
            {name: Column(column.values[part], column.known[part]) for name, column in one.items()}
            for one in tables
        ]

    return DataSet(MODE, "features", latest, described(ids, known), tuple(notes), measure)


def _frame(folder: Path, file: str, notes: list[str], *, skip: bool) -> pl.DataFrame:
    """Return a file's rows; a column that is not there is null."""
    own = [feature for feature in features() if feature.file == file]
    kinds = {**_KEY_KINDS, **{one.name: _kind(one) for one in own}}
    path = find_table(folder, file)
    if path is None:
        notes.append(f"{folder}: no {file}.parquet or {file}.csv; its signals are missing.")
        kinds_of_keys = {"user_id": pl.String, "window_days": pl.Float64, "as_of_date": pl.Date}
        nothing = {one.name: pl.Float64 for one in own}
        return pl.DataFrame(schema={**kinds_of_keys, **nothing})
    source = read_table(path, {name: (name,) for name in kinds}, KEYS)
    notes += source.notes()
    frame = read_cells(source, kinds, KEYS, notes, skip=skip)
    absent = [one.name for one in own if one.name not in frame.columns]
    if absent:
        notes.append(f"{path}: no column {', '.join(absent)}; missing throughout.")
    other = ~frame["window_days"].is_in([float(days) for days in WINDOWS])
    why = "window_days: 30 or 180 was expected"
    frame = refuse(source, frame, other, notes, why, skip=skip)
    doubled = ~frame.select(pl.struct(KEYS).is_first_distinct()).to_series()
    why = "a second row of one user, window and date"
    frame = refuse(source, frame, doubled, notes, why, skip=skip)
    figures = [pl.col(one.name).cast(pl.Float64) for one in own if one.name not in absent]
    nulls = [pl.lit(None, dtype=pl.Float64).alias(name) for name in absent]
    return frame.drop(ROW).with_columns(figures + nulls).select([*kinds])


def _kind(feature: Feature) -> CellKind:
    return "flag" if feature.flag else "number"


def _chosen(folder: Path, dates: pl.Series, as_of: date | None, notes: list[str]) -> date:
    told: list[date] = sorted(dates.unique().to_list())
    latest = told[-1] if as_of is None else as_of
    if latest not in told:
        raise InputError(f"{folder}: no feature is as of {latest}; the latest are of {told[-1]}.")
    if told[1:]:
        notes.append(f"{folder}: features of {len(told)} dates; those of {latest} are read.")
    return latest


def _table(
    ids: pl.Series, frames: Mapping[str, pl.DataFrame], days: int, notes: list[str]
) -> SignalTable:
    table: dict[str, Column] = {}
    for file, frame in frames.items():
        own = frame.filter(window_days=float(days))
        if len(frame) and (absent := len(ids) - len(own)):
            notes.append(f"{file}: {absent} of {len(ids)} users have no row of {days} days.")
        every = ids.to_frame("user_id").join(own, on="user_id", how="left", maintain_order="left")
        for feature in features():
            if feature.file == file:
                table[feature.signal.name] = _column(feature, every[feature.name])
    return table


def _column(feature: Feature, values: pl.Series) -> Column:
    known = (values.is_not_null() & values.is_finite()).fill_null(value=False).to_numpy()
    figures = values.fill_null(0.0).to_numpy()
    figures = np.where(known, figures, 0.0) * (100.0 if feature.percent else 1.0)
    known = known & (np.abs(figures) <= _LARGEST)
    scale = 10.0**feature.signal.decimals
    return Column(np.rint(np.where(known, figures, 0.0) * scale) / scale, known)


# --- writing --------------------------------------------------------------------------------------


def feature_frames(
    ids: Sequence[str], as_of: date, tables: Sequence[SignalTable]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each file's name with its rows for users' signals, window by window.

    Args:
        ids: the users.
        as_of: the date that the signals look back from.
        tables: the users' signals, one table a window.
    """
    for file in files():
        parts = [
            _rows(file, ids, days, as_of, table)
            for days, table in zip(WINDOWS, tables, strict=True)
        ]
        yield file, pl.concat(parts)


def _rows(
    file: str, ids: Sequence[str], days: int, as_of: date, table: SignalTable
) -> pl.DataFrame:
    keys = pl.DataFrame({"user_id": pl.Series(ids, dtype=pl.String)}).with_columns(
        window_days=pl.lit(days, dtype=pl.Int64), as_of_date=pl.lit(as_of)
    )
    own = [feature for feature in features() if feature.file == file]
    return keys.with_columns(_written(one, table[one.signal.name]) for one in own)


def _written(feature: Feature, column: Column) -> pl.Series:
    known = pl.Series(column.known)
    series = pl.Series(column.values / (100.0 if feature.percent else 1.0))
    cells = pl.select(pl.when(known).then(series)).to_series().alias(feature.name)
    return cells.cast(pl.Boolean) if feature.flag else cells
