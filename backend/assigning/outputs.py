"""Where a run writes: a folder with a Parquet file, feature files, traces, and a store."""

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import polars as pl
from polars.exceptions import PolarsError

from backend.domain.assignment import PersonaAssignmentRecord
from backend.errors import InputError

ASSIGNMENTS: Final = "persona_assignments"


def write_frames(folder: Path, frames: Mapping[str, Sequence[pl.DataFrame]]) -> list[Path]:
    """Write a Parquet file for each name, the frames one below the other, whole or not at all.

    Raises:
        InputError: the folder can not be written.
    """
    written = []
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, parts in frames.items():
            path = folder / f"{name}.parquet"
            _whole(path, pl.concat(parts).write_parquet)
            written.append(path)
    return written


def write_traces(folder: Path, assignments: Sequence[PersonaAssignmentRecord]) -> None:
    """Write one JSON file for each user and window, ``<user>.<window>.json``.

    What a file name can not hold of an id stands there as in a URL, ``:`` as ``%3A``.

    Raises:
        InputError: the folder can not be written.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for one in assignments:
            name = f"{quote(one.user_id, safe='')}.{one.time_window}.json"
            (folder / name).write_text(f"{one.assignment_trace}\n", encoding="utf-8")


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
        part = Path(beside) / path.name
        write(part)
        part.replace(path)


@contextmanager
def _writing(folder: Path) -> Generator[None, None, None]:
    try:
        yield
    except (OSError, PolarsError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{folder}: can not be written: {reason}.") from None
