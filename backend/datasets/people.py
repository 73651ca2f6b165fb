"""Who is in a data set: what ``users`` tells of them."""

from pathlib import Path
from typing import Final

import polars as pl

from backend.datasets.cells import read_cells
from backend.datasets.dataset import Users
from backend.datasets.files import find_table, read_table

USERS: Final = "users"

_NAMES: Final = {
    "user_id": ("user_id", "client_user_id"),
    "name": ("name",),
    "archetype": ("archetype", "target_archetype", "target_persona", "target"),
}


def read_users(folder: Path, notes: list[str], *, skip: bool) -> pl.DataFrame:
    """Return ``user_id``, ``name`` and ``archetype`` of those whom a folder's ``users`` names.

    Raises:
        InputError: the file, or a row of it, can not be read.
    """
    nobody = pl.DataFrame(schema=dict.fromkeys(_NAMES, pl.String))
    path = find_table(folder, USERS)
    if path is None:
        return nobody
    source = read_table(path, _NAMES, ("user_id",))
    frame = read_cells(source, dict.fromkeys(_NAMES, "text"), ("user_id",), notes, skip=skip)
    found = pl.concat(
        [nobody, frame.select(c for c in _NAMES if c in frame.columns)], how="diagonal"
    )
    return found.unique("user_id", keep="first", maintain_order=True)


def described(ids: pl.Series, known: pl.DataFrame) -> Users:
    """Return the users with these ids, with what is known of them."""
    told = ids.to_frame("user_id").join(known, on="user_id", how="left", maintain_order="left")
    return Users(*(told[name].to_list() for name in _NAMES))
