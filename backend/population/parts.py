"""Tables that grow block by block: parts on disk, and one file a table at the end."""

from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs

from backend.population.build import Block
from backend.population.content import ContentHash
from backend.population.frames import DTYPES, Kinds, Sheet
from backend.population.manifest import Format, Manifest, TableEntry

# a fixed size makes a file's bytes independent of the blocks that its rows came in
_ROWS_A_GROUP: Final = 1 << 18
_BYTES_A_PART: Final = 1 << 23
"""A part is written when so much waits in memory: small files cost more than the rows in them."""

_CENTS: Final = 2
_ON_DISK: Final = pl.Decimal(38, _CENTS)


class Parts:
    """The tables of a population under way.

    Args:
        scratch: an empty folder for the parts.
        whole: the folder for the finished files.
        file_format: what the finished files are.
    """

    def __init__(self, scratch: Path, whole: Path, file_format: Format) -> None:
        self._scratch = scratch
        self.whole = whole
        self.file_format = file_format
        self._hashes: dict[str, ContentHash] = {}
        self._kinds: dict[str, Kinds] = {}
        self._coded: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, list[Path]] = {}
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._size: dict[str, int] = {}

    def add(self, block: Block) -> None:
        """Take in the next members' rows of every table."""
        for name, sheet in block.items():
            if name not in self._kinds:
                self._kinds[name], self._coded[name] = sheet.kinds, sheet.coded
                self._hashes[name] = ContentHash(sheet.kinds)
                self._parts[name], self._waiting[name], self._size[name] = [], [], 0
            self._hashes[name].update(sheet)
            self._waiting[name].append(sheet.frame)
            self._size[name] += int(sheet.frame.estimated_size())
            if self._size[name] >= _BYTES_A_PART:
                self._write(name)

    def finish(self) -> dict[str, TableEntry]:
        """Write one file a table, and return what is in each."""
        for name, paths in self._parts.items():
            self._write(name)
            self._merge(name, paths)
        return {
            name: TableEntry(
                rows=running.rows, sha256=running.hexdigest(), columns=dict(self._kinds[name])
            )
            for name, running in self._hashes.items()
        }

    def _write(self, name: str) -> None:
        frames, self._waiting[name], self._size[name] = self._waiting[name], [], 0
        if frames or not self._parts[name]:
            path = self._scratch / f"{name}.{len(self._parts[name]):06d}.parquet"
            pl.concat(frames).write_parquet(path, compression="lz4", statistics=False)
            self._parts[name].append(path)

    def _merge(self, name: str, paths: list[Path]) -> None:
        rows = pl.scan_parquet(paths)
        target = self.whole / f"{name}.{self.file_format}"
        if self.file_format == "parquet":
            # the file is the same to others; Polars then reads numbers and not words
            rows.with_columns(pl.col(self._coded[name]).cast(pl.Categorical)).sink_parquet(
                target, compression="zstd", row_group_size=_ROWS_A_GROUP
            )
        else:
            rows.with_columns(_spelt(self._kinds[name])).sink_csv(target)
        for path in paths:
            path.unlink()


def load_table(folder: Path, manifest: Manifest, name: str) -> pl.LazyFrame:
    """Return a table of an exported population, with the same column types from either format."""
    return scan_table(folder, manifest, name).with_columns(cs.categorical().cast(pl.String))


def scan_table(folder: Path, manifest: Manifest, name: str) -> pl.LazyFrame:
    """Return a table as its file has it: text of few words is categorical in Parquet."""
    path = folder / manifest.files()[name]
    if manifest.format == "parquet":
        return pl.scan_parquet(path)
    kinds = manifest.tables[name].columns
    return pl.scan_csv(path, schema={column: DTYPES[kind] for column, kind in kinds.items()})


def content_of(folder: Path, manifest: Manifest, name: str) -> str:
    """Return the content hash of a table as its file has it now."""
    kinds = manifest.tables[name].columns
    running = ContentHash(kinds)
    running.update(Sheet(load_table(folder, manifest, name).collect(), kinds))
    return running.hexdigest()


def _spelt(kinds: Kinds) -> list[pl.Expr]:
    return [_two_decimals(name) for name, kind in kinds.items() if kind == "money"]


def _two_decimals(name: str) -> pl.Expr:
    cents = (pl.col(name) * 10**_CENTS).round().cast(pl.Int64)
    return (cents.cast(_ON_DISK) / 10**_CENTS).cast(_ON_DISK).alias(name)
