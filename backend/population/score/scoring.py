"""A population beside the scorecard: every row measured, compared and judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from backend.errors import InputError
from backend.population.frames import USER_ID
from backend.population.manifest import Manifest, read_manifest
from backend.population.score import care, credit, insurance, money, spending, subscriptions
from backend.population.score.rows import Row, Scorecard
from backend.population.score.samples import Measure, Tables
from backend.population.score.verdict import Finding, Verdict, compare, is_green
from backend.population.tables import load_table

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        **credit.MEASURES,
        **money.MEASURES,
        **spending.MEASURES,
        **subscriptions.MEASURES,
        **insurance.MEASURES,
        **care.MEASURES,
    }
)


@dataclass(frozen=True, slots=True)
class Result:
    """A row with its verdict.

    ``finding`` is None where the data can not speak to the row; ``reason`` says why a row is red,
    where that is known.
    """

    row: Row
    verdict: Verdict
    finding: Finding | None
    reason: str | None


class Exported(Mapping[str, pl.DataFrame]):
    """The tables of an exported population, each read when it is first asked for.

    Args:
        folder: where the files are.
        manifest: what they are.
        columns: which columns of each are wanted; what a table has not is left out.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, columns: Mapping[str, frozenset[str]]
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._columns = columns
        self._read: dict[str, pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._read:
            has = self._manifest.tables[name].columns
            wanted = [column for column in has if column in self._columns.get(name, ())]
            table = load_table(self._folder, self._manifest, name)
            # a text is kept once, however often it stands in a column
            texts = pl.col(pl.String).cast(pl.Categorical)
            try:
                self._read[name] = table.select(wanted).with_columns(texts).collect()
            except (OSError, pl.exceptions.PolarsError) as error:
                path = self._folder / self._manifest.files()[name]
                reason = str(error).partition("\n")[0]
                raise InputError(f"{path}: can not be read as the table {name}: {reason}") from None
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._manifest.tables)

    def __len__(self) -> int:
        return len(self._manifest.tables)


def score(folder: Path, card: Scorecard) -> tuple[Manifest, list[Result]]:
    """Return what the folder is, and a result for each row of the scorecard.

    Raises:
        InputError: the folder holds no population, or a file of it can not be read.
    """
    manifest = read_manifest(folder)
    tables = Exported(folder, manifest, columns_of(card.rows))
    return manifest, judge(card, tables, manifest.as_of)


def judge(card: Scorecard, tables: Tables, as_of: date) -> list[Result]:
    """Return a result for each row of the scorecard."""
    return [_judge(row, tables, as_of, card.explanations.get(row.id)) for row in card.rows]


def columns_of(rows: Iterable[Row]) -> dict[str, frozenset[str]]:
    """Return which columns of each table the rows look at."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for table, columns in MEASURES[row.measure].needs.items():
            wanted.setdefault(table, {USER_ID}).update(columns)
    return {table: frozenset(columns) for table, columns in wanted.items()}


def _judge(row: Row, tables: Tables, as_of: date, reason: str | None) -> Result:
    measure = MEASURES[row.measure]
    sample = measure.of(tables, as_of) if _has(tables, measure) else None
    if sample is None:
        return Result(row, "not in this data", None, None)
    finding = compare(row, sample)
    if is_green(row, finding):
        return Result(row, "green", finding, None)
    return Result(row, "red", finding, reason)


def _has(tables: Tables, measure: Measure) -> bool:
    return all(
        name in tables and set(columns) <= set(tables[name].columns)
        for name, columns in measure.needs.items()
    )
