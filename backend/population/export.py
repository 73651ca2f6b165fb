"""A population as files: one folder, whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from backend.errors import InputError
from backend.population.build import Cut, Population, build, check, check_users
from backend.population.controls.configuration import Configuration
from backend.population.manifest import (
    FILE,
    Format,
    Manifest,
    TableEntry,
    read_manifest,
    write_manifest,
)
from backend.population.writing import Writer
from backend.seeds import SeededFaker
from backend.version import GENERATOR_VERSION

_ALONE: Final = Cut()
_WHOLE: Final = "whole"
_MANY: Final = 2_000
"""Customers from which on another process pays: it takes as long to start as to make some."""


def export(
    population: Population,
    users: int,
    folder: Path,
    file_format: Format,
    faker: SeededFaker,
    progress: Callable[[int], None] = lambda _: None,
    cut: Cut = _ALONE,
) -> Manifest:
    """Write the first members' tables into ``folder``, and return its manifest.

    Everything is written beside the folder under another name, which becomes the folder's at the
    end: whoever looks sees the whole or nothing of it. A population that was there before stays
    until then. ``progress`` is told how many members are done. The files are the same
    however the work is ``cut``; only for a large population are there several processes.

    Raises:
        InputError: the population can not be built, the folder holds something else, or the disk
            refuses.
        ConfigurationError: as ``build``.
        WalkinError: as ``build``.
    """
    check(population)
    check_users(users)
    refuse_others(folder)
    done = 0
    cut = cut if users >= _MANY else Cut(cut.block)
    try:
        with (
            _becoming(folder) as whole,
            closing(Writer(whole, file_format)) as writer,
            closing(build(population, range(users), faker, cut)) as pieces,
        ):
            for piece in pieces:
                writer.add(piece)
                done = min(done + cut.block, users)
                progress(done)
            manifest = _manifest(population, users, file_format, writer.finish())
            write_manifest(manifest, whole)
            return manifest
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{folder}: can not be written: {reason}.") from error


def refuse_others(folder: Path) -> None:
    """Let pass a folder that is new, empty, or a population and nothing else.

    Raises:
        InputError: something else is there.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise InputError(f"{folder}: expected a folder, or nothing yet.")
    found = {path.name for path in folder.iterdir()}
    if not found:
        return
    others = found - {FILE, *read_manifest(folder).files().values()} if FILE in found else found
    if others:
        raise InputError(
            f"{folder}: holds {min(others)!r}, which is no part of a population; "
            "choose an empty folder, or a new one."
        )


def _manifest(
    population: Population, users: int, file_format: Format, tables: dict[str, TableEntry]
) -> Manifest:
    return Manifest(
        generator=GENERATOR_VERSION,
        preset=population.preset,
        configuration=_without_time(population.configuration),
        seed=population.seed,
        as_of=population.as_of,
        users=users,
        modes=population.modes,
        identity=population.identity,
        format=file_format,
        tables=tables,
    )


def _without_time(configuration: Configuration | None) -> Configuration | None:
    if configuration is None:
        return None
    config = configuration.config.model_copy(update={"generation_timestamp": None})
    return configuration.model_copy(update={"config": config})


@contextmanager
def _becoming(folder: Path) -> Generator[Path, None, None]:
    """Give a folder that becomes ``folder`` when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        whole = beside / _WHOLE
        whole.mkdir()
        yield whole
        _replace(folder, whole, beside / "before")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _replace(folder: Path, whole: Path, before: Path) -> None:
    refuse_others(folder)  # somebody may have been there meanwhile
    if not folder.exists():
        whole.rename(folder)
        return
    folder.rename(before)
    try:
        whole.rename(folder)
    except OSError:
        before.rename(folder)
        raise
