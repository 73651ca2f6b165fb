"""Tables in a folder, CSV or Parquet, and their columns under whatever name they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs
from polars.exceptions import PolarsError

from backend.errors import InputError

ENDINGS: Final = (".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class Source:
    """A table's file, read: ``frame`` has one column a wanted name that was found."""

    path: Path
    frame: pl.DataFrame
    ignored: tuple[str, ...]

    def notes(self) -> list[str]:
        """Return a sentence on the columns that nobody asked for, if there are any."""
        if not self.ignored:
            return []
        return [f"{self.path}: columns that are not used: {', '.join(self.ignored)}."]

    def place(self, row: int) -> str:
        """Return how a person finds a row: its line in a CSV file, its number in Parquet."""
        is_csv = self.path.suffix == ".csv"
        return f"{self.path}, {f'line {row + 2}' if is_csv else f'row {row + 1}'}"


def find_table(folder: Path, name: str) -> Path | None:
    """Return a table's file, or None where there is none.

    Raises:
        InputError: there are two.
    """
    found = [folder / f"{name}{end}" for end in ENDINGS if (folder / f"{name}{end}").is_file()]
    if len(found) > 1:
        raise InputError(f"{folder}: holds both {found[0].name} and {found[1].name}; leave one.")
    return found[0] if found else None


def read_table(
    path: Path, wanted: Mapping[str, Sequence[str]], needed: Sequence[str] = ()
) -> Source:
    """Return the wanted columns of a file.

    Values of CSV are text, as they stand. Names are taken in any case, with ``.`` or ``/`` for
    ``_``, and the fields of a structure by ``structure_field``.

    Args:
        path: the file.
        wanted: for each column, the names that it may stand under, the best first.
        needed: those of them that have to be there.

    Raises:
        InputError: it can not be read, or lacks a column.
    """
    try:
        return _read(path, wanted, needed)
    except (PolarsError, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"{path}: can not be read as {path.suffix[1:]}: {first}.") from None


def _read(path: Path, wanted: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Source:
    scan = (
        pl.scan_parquet(path)
        if path.suffix == ".parquet"
        else pl.scan_csv(path, infer_schema=False)
    )
    offered = _offered(scan.collect_schema())
    columns: dict[str, pl.Expr] = {}
    taken: set[str] = set()
    for name, aliases in wanted.items():
        alias = next((one for one in aliases if one in offered), None)
        if alias is not None:
            columns[name] = offered[alias].alias(name)
            taken.add(alias)
    missing = [name for name in needed if name not in columns]
    if missing:
        stand = ", ".join(list(offered)[:12]) or "none"
        raise InputError(f"{path}: expected a column {missing[0]}; the columns are {stand}.")
    found = scan.select(**columns).with_columns((cs.categorical() | cs.enum()).cast(pl.String))
    frame = found.collect() if columns else pl.DataFrame()
    return Source(path, frame, tuple(sorted(offered.keys() - taken)))


def _offered(schema: pl.Schema) -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    for name, kind in schema.items():
        if isinstance(kind, pl.Struct):
            for field in kind.fields:
                found[_plain(f"{name}_{field.name}")] = pl.col(name).struct.field(field.name)
        else:
            found.setdefault(_plain(name), pl.col(name))
    return found


def _plain(name: str) -> str:
    return name.strip().lower().replace(".", "_").replace("/", "_")
