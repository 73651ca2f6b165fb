"""``manifest.json``: what a folder of tables is, how it came about, and what is in it."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from backend.domain.identity import Identity
from backend.errors import InputError
from backend.population.controls.configuration import Configuration
from backend.population.frames import ColumnKind
from backend.strictjson import parse, pretty

FILE: Final = "manifest.json"
MAX_BYTES: Final = 1 << 20

Format: TypeAlias = Literal["parquet", "csv"]
TableName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""Also the name of the table's file, so nothing that leads elsewhere."""


class TableEntry(BaseModel):
    """One table: its number of rows, the hash of its content, and the kind of each column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int
    sha256: str
    columns: dict[str, ColumnKind]


class Manifest(BaseModel):
    """All that it takes to make the tables again, and to tell whether they are the same.

    ``configuration`` is there where ``preset`` is a configuration's hash.
    Nothing here tells when or where they were made: equal populations have equal manifests.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    made_by: Literal["walkin"] = "walkin"
    synthetic: Literal[True] = True
    generator: str
    preset: str
    configuration: Configuration | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
    seed: int
    as_of: date
    users: int
    modes: tuple[str, ...]
    identity: Identity
    format: Format
    tables: dict[TableName, TableEntry]

    def files(self) -> dict[str, str]:
        """Return the name of each table's file."""
        return {table: f"{table}.{self.format}" for table in self.tables}


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest into the folder."""
    text = pretty(manifest.model_dump(mode="json"))
    (folder / FILE).write_text(f"{text}\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder says of itself.

    Raises:
        InputError: it has no manifest, or one that Walk-in did not write.
    """
    path = folder / FILE
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can not be read: {error.strerror}.") from None
    try:
        if len(raw) > MAX_BYTES:
            raise InputError(f"{path}: {len(raw)} bytes; a manifest may have {MAX_BYTES}.")
        return Manifest.model_validate(parse(raw))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise InputError(f"{path}: no manifest of a population: {place}: {first['msg']}.") from None
    except ValueError as error:
        raise InputError(f"{path}: no JSON: {error}.") from None
