"""A population of ten thousand as files, made once, and read as whoever was handed them would."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count, takewhile
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from backend import industries
from backend.industries.almanac import federal_holidays
from backend.modes import Cohort, all_modes, generate
from backend.population import build as building
from backend.population.build import Population
from backend.population.export import export
from backend.population.manifest import Manifest, read_manifest
from backend.seeds import SeededFaker
from backend.yamlfile import read_yaml

USERS: Final = 10_000
SEED: Final = 2718
AS_OF: Final = date(2026, 3, 24)
"""After most cards' due days, with a plan year under way, and neither at the end of a month."""

ONE_DAY: Final = timedelta(days=1)
FIRST_DAY: Final = date(2025, 8, 25)
"""The first of the seven months that a ledger tells."""

BANK_SHOWS: Final = ("monthly_spending", "credit_limit", "credit_used", "pending_payments")
SHOP_SHOWS: Final = ("loyalty_points", "total_revenue", "total_refunds", "total_purchases")
_SHOWN: Final = {"banking": BANK_SHOWS, "retail": SHOP_SHOWS}


@dataclass(frozen=True)
class Told:
    """A folder of exported tables, and beside it what customers are shown of some of them."""

    folder: Path

    def scan(self, table: str) -> pl.LazyFrame:
        """Give a table as its file has it, with money in whole cents."""
        kinds = _manifest(self.folder).tables[table].columns
        money = [name for name, kind in kinds.items() if kind == "money"]
        return pl.scan_parquet(self.folder / f"{table}.parquet").with_columns(
            (pl.col(name) * 100).round().cast(pl.Int64) for name in money
        )

    def rows(self, table: str, *columns: str) -> pl.DataFrame:
        """Return a table, all of it or some columns, with money in whole cents and text as such."""
        kinds = _manifest(self.folder).tables[table].columns
        chosen = [
            pl.col(name).cast(pl.String) if kinds[name] in {"text", "category"} else pl.col(name)
            for name in columns or kinds
        ]
        return self.scan(table).select(chosen).collect()

    def money(self) -> dict[str, list[str]]:
        """Return which columns hold money, by table."""
        tables = _manifest(self.folder).tables
        held = {
            name: [column for column, kind in entry.columns.items() if kind == "money"]
            for name, entry in tables.items()
        }
        return {name: columns for name, columns in held.items() if columns}

    def shown(self, mode: str) -> pl.DataFrame:
        """Return what the session personas of a mode say, with money in whole cents."""
        return pl.read_parquet(self.folder.parent / f"shown-{mode}.parquet")


def told_by(factory: pytest.TempPathFactory) -> Told:
    """Return the population of these tests: whichever worker asks first writes it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "ten-thousand" / "tables"
    with _alone(root / "ten-thousand.lock"):
        if not folder.exists():
            write(folder)
    return Told(folder)


def write(folder: Path, users: int = USERS, seed: int = SEED) -> None:
    """Export the population, and note down what its customers are shown."""
    population = Population("natural", seed, AS_OF, tuple(all_modes()))
    notes: dict[str, list[dict[str, Any]]] = {mode: [] for mode in _SHOWN}

    def noting(mode: str, ids: Sequence[str], *given: Any, **more: Any) -> Cohort:
        cohort = generate(mode, ids, *given, **more)
        for row, user in enumerate(ids if mode in notes else ()):
            persona = cohort.persona(row)
            notes[mode].append(
                {"user_id": user} | {name: int(getattr(persona, name)) for name in _SHOWN[mode]}
            )
        return cohort

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "generate", noting)
        export(population, users, folder, "parquet", SeededFaker())
    for mode, noted in notes.items():
        pl.DataFrame(noted).write_parquet(folder.parent / f"shown-{mode}.parquet")


@cache
def _manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def refuse(found: pl.DataFrame) -> None:
    """Fail with some of the rows if there are any: they break an identity."""
    assert found.is_empty(), f"{len(found)} rows, such as {found.head(3).to_dicts()}"


def refuse_difference(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """Fail unless two frames hold the same rows as often, in whatever order."""
    assert one.columns == other.columns
    counted = [frame.group_by(frame.columns).len("times") for frame in (one, other)]
    both = counted[0].join(counted[1], on=one.columns, how="full", nulls_equal=True)
    refuse(both.filter(pl.col("times").ne_missing(pl.col("times_right"))))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def working_days(first: date, last: date) -> list[date]:
    return [day for day in days(first, last) if is_working(day)]


def days(first: date, last: date) -> Iterator[date]:
    """Yield all days from the first to the last, both included."""
    return takewhile(lambda day: day <= last, (first + at * ONE_DAY for at in count()))


def months_between(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Return how many times the calendar's month changes from one day to another."""
    return (
        (last.dt.year() - first.dt.year()) * 12 + last.dt.month().cast(pl.Int32) - first.dt.month()
    )


def sheet(mode: str, name: str) -> Any:
    """Return one of a mode's files as people wrote it."""
    return read_yaml(Path(industries.__path__[0]) / mode / name).value
