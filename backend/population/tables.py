"""The tables of a population's folder, as frames."""

from pathlib import Path

import polars as pl
import polars.selectors as cs

from backend.population.content import ContentHash
from backend.population.frames import DTYPES, Sheet
from backend.population.manifest import Manifest


def load_table(folder: Path, manifest: Manifest, name: str) -> pl.LazyFrame:
    """Return a table of an exported population, its categories as text."""
    return scan_table(folder, manifest, name).with_columns(cs.categorical().cast(pl.String))


def scan_table(folder: Path, manifest: Manifest, name: str) -> pl.LazyFrame:
    """Return a table with the same column types from either format."""
    path = folder / manifest.files()[name]
    if manifest.format == "parquet":
        return pl.scan_parquet(path)
    kinds = manifest.tables[name].columns
    return pl.scan_csv(path, schema={column: DTYPES[kind] for column, kind in kinds.items()})


def content_of(folder: Path, manifest: Manifest, name: str) -> str:
    """Return the content hash of a table as its file has it now."""
    running = ContentHash(manifest.tables[name].columns)
    running.update(Sheet(scan_table(folder, manifest, name).collect(), running.kinds))
    return running.hexdigest()
