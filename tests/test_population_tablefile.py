import errno
import threading
from pathlib import Path

import polars as pl
import pytest

from backend.population.frames import Kinds
from backend.population.tablefile import TableFile

KINDS: Kinds = {"name": "category", "cost": "money"}
FRAME = pl.DataFrame(
    {"name": ["a", None, "b"], "cost": [1.5, 2.0, None]},
    schema={"name": pl.Categorical, "cost": pl.Float64},
)


def begun(path: Path) -> TableFile:
    return TableFile(path, FRAME.schema, KINDS)


def full_disk(path: Path) -> Path:
    path.symlink_to("/dev/full")
    return path


def _add_many(file: TableFile) -> None:
    for _ in range(10**6):
        file.add(FRAME)


def writers() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("write ")]


@pytest.mark.parametrize("frames", [0, 1, 7])
def test_a_file_holds_the_frames_in_their_order(tmp_path: Path, frames: int) -> None:
    file = begun(tmp_path / "x.parquet")
    for _ in range(frames):
        file.add(FRAME)
    file.end()
    file.wait()
    expected = pl.concat([FRAME.clear(), *[FRAME] * frames])
    assert pl.read_parquet(tmp_path / "x.parquet").equals(expected)


def test_csv_has_two_decimals_of_money(tmp_path: Path) -> None:
    file = begun(tmp_path / "x.csv")
    file.add(FRAME)
    file.end()
    file.wait()
    assert (tmp_path / "x.csv").read_text() == "name,cost\na,1.50\n,2.00\nb,\n"


@pytest.mark.parametrize("name", ["x.parquet", "x.csv"])
def test_a_disk_that_refuses_is_told_to_who_waits(tmp_path: Path, name: str) -> None:
    file = begun(full_disk(tmp_path / name))
    file.add(FRAME)
    file.end()
    with pytest.raises(OSError, match="No space left on device") as refused:
        file.wait()
    assert refused.value.errno == errno.ENOSPC
    assert writers() == []


def test_a_disk_that_refuses_is_told_to_who_adds_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = begun(full_disk(tmp_path / "x.csv"))
    with pytest.raises(OSError, match="No space left on device"):
        _add_many(file)
    file.abandon()
    assert writers() == []


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        begun(tmp_path / "nowhere" / "x.parquet")


def test_an_abandoned_file_ends_its_thread(tmp_path: Path) -> None:
    file = begun(tmp_path / "x.parquet")
    file.add(FRAME)
    file.abandon()
    assert writers() == []


def test_a_whole_file_stays_when_it_is_abandoned_after_all(tmp_path: Path) -> None:
    file = begun(tmp_path / "x.parquet")
    file.add(FRAME)
    file.end()
    file.wait()
    file.abandon()
    assert pl.read_parquet(tmp_path / "x.parquet").equals(FRAME)
