import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from backend.domain.table import Coded, Field, Table
from backend.population.build import Block
from backend.population.frames import sheet_of
from backend.population.writing import Writer


def block(first: int) -> Block:
    ids = [f"m{first}", f"m{first + 1}"]
    row = np.array([0, 1, 1])
    kind = Field("kind", "text", Coded(("x", "y"), np.array([1, 0, 1])))
    cost = Field("cost", "money", np.array([first, 250, 1]))
    return {
        "things": sheet_of(Table("things", row, (kind, cost)), ids),
        "none": sheet_of(Table("none", row[:0], (Field("x", "text", ()),)), ids),
    }


def test_blocks_become_one_file_a_table_and_its_entry(tmp_path: Path) -> None:
    with closing(Writer(tmp_path, "parquet")) as writer:
        writer.add(block(1))
        writer.add(block(3))
        entries = writer.finish()
    assert entries["things"].rows == 6
    assert entries["things"].columns == {
        "user_id": "reference",
        "kind": "category",
        "cost": "money",
    }
    assert entries["none"].rows == 0
    things = pl.read_parquet(tmp_path / "things.parquet")
    assert things["user_id"].cast(pl.String).to_list() == ["m1", "m2", "m2", "m3", "m4", "m4"]
    assert things["kind"].cast(pl.String).to_list() == ["y", "x", "y"] * 2
    assert len(pl.read_parquet(tmp_path / "none.parquet")) == 0


def _interrupted(folder: Path) -> None:
    with closing(Writer(folder, "parquet")) as writer:
        writer.add(block(1))
        raise KeyboardInterrupt


def test_an_error_ends_every_thread(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path)
    assert not [one for one in threading.enumerate() if one.name.startswith("write ")]
