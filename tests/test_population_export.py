import errno
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from backend.errors import InputError
from backend.population import export as exporting
from backend.population import writing
from backend.population.build import Cut, Population
from backend.population.export import export
from backend.population.manifest import Manifest, read_manifest
from backend.population.tables import content_of, load_table
from backend.strictjson import parse
from tests.population_kit import FAKER, install, population, toy


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, toy("toy"))


def write(
    folder: Path, users: int = 30, file_format: Any = "parquet", block: int = 7, **more: Any
) -> Manifest:
    return export(population(), users, folder, file_format, FAKER, cut=Cut(block), **more)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_the_files_hold_what_the_manifest_says(tmp_path: Path, file_format: Any) -> None:
    manifest = write(tmp_path / "out", file_format=file_format)
    assert read_manifest(tmp_path / "out") == manifest
    assert set(files(tmp_path / "out")) == {"manifest.json", *manifest.files().values()}
    for name, entry in manifest.tables.items():
        table = load_table(tmp_path / "out", manifest, name).collect()
        assert table.columns == list(entry.columns)
        assert len(table) == entry.rows
        assert content_of(tmp_path / "out", manifest, name) == entry.sha256


def test_the_manifest_says_that_nobody_is_real(tmp_path: Path) -> None:
    write(tmp_path)
    manifest = parse((tmp_path / "manifest.json").read_bytes())
    assert manifest["synthetic"] is True
    assert (manifest["preset"], manifest["seed"], manifest["users"]) == ("natural", 42, 30)
    assert (manifest["as_of"], manifest["identity"]) == ("2026-01-15", "session")


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_blocks_of_any_size_give_the_same_bytes(tmp_path: Path, file_format: Any) -> None:
    write(tmp_path / "small", file_format=file_format, block=4)
    write(tmp_path / "large", file_format=file_format, block=2000)
    assert files(tmp_path / "small") == files(tmp_path / "large")


def test_both_formats_have_the_same_content(tmp_path: Path) -> None:
    parquet = write(tmp_path / "parquet")
    assert write(tmp_path / "csv", file_format="csv").tables == parquet.tables


def test_a_row_changed_in_a_file_changes_its_hash(tmp_path: Path) -> None:
    manifest = write(tmp_path, file_format="csv")
    path = tmp_path / "users.csv"
    path.write_text(path.read_text().replace("kind 1", "kind 2", 1))
    assert content_of(tmp_path, manifest, "users") != manifest.tables["users"].sha256


def test_money_has_two_decimals_in_csv_and_is_a_float_in_parquet(tmp_path: Path) -> None:
    write(tmp_path / "csv", file_format="csv")
    lines = (tmp_path / "csv" / "users.csv").read_text().splitlines()
    income = lines[0].split(",").index("income")
    assert [len(line.split(",")[income].partition(".")[2]) for line in lines[1:]] == [2] * 30
    manifest = write(tmp_path / "parquet")
    columns = load_table(tmp_path / "parquet", manifest, "movements").collect_schema()
    assert columns["amount"] == pl.Float64
    assert columns["date"] == pl.Date


def test_a_population_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write(tmp_path / "out", file_format="csv")
    write(tmp_path / "out", users=3)
    assert read_manifest(tmp_path / "out").users == 3
    assert not list((tmp_path / "out").glob("*.csv"))
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    assert read_manifest(tmp_path / "out").users == 30


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "out")
    (tmp_path / "out" / "thesis.txt").write_text("years of work")
    before = files(tmp_path / "out")
    with pytest.raises(InputError, match=r"holds 'thesis.txt', which is no part of a population"):
        write(tmp_path / "out", users=3)
    assert files(tmp_path / "out") == before


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'notes.csv'"):
        write(tmp_path)
    (tmp_path / "manifest.json").write_text('{"made_by": "somebody"}')
    with pytest.raises(InputError, match=r"no manifest of a population: made_by"):
        write(tmp_path)
    assert names(tmp_path) == ["manifest.json", "notes.csv"]


def test_a_file_where_the_folder_is_to_be_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match=r"expected a folder, or nothing yet"):
        write(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("there_before", [True, False])
def test_an_interrupted_run_leaves_all_as_it_was(tmp_path: Path, there_before: bool) -> None:  # noqa: FBT001 - a case
    if there_before:
        write(tmp_path / "out", users=3)
    before = files(tmp_path / "out") if there_before else None

    def interrupt(done: int) -> None:
        if done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out", progress=interrupt)
    assert names(tmp_path) == (["out"] if there_before else [])
    assert before is None or files(tmp_path / "out") == before


def test_a_full_disk_is_told_in_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.Writer, "finish", full)
    with pytest.raises(InputError, match=r"can not be written: No space left on device"):
        write(tmp_path / "out")
    assert names(tmp_path) == []


def test_progress_is_told_up_to_the_last_member(tmp_path: Path) -> None:
    told: list[int] = []
    write(tmp_path / "out", progress=told.append)
    assert told == [7, 14, 21, 28, 30]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no JSON"),
        ("[]", "no manifest of a population: the whole"),
        ('{"made_by":"walkin","synthetic":false}', "no manifest of a population: synthetic"),
    ],
)
def test_a_manifest_that_is_none_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest.json: can not be read: No such file"):
        read_manifest(tmp_path)


def test_other_processes_make_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # other processes know nothing of toys
    monkeypatch.setattr(exporting, "_MANY", 1)
    real = Population("archetypes", 42, date(2026, 1, 15), ("insurance", "retail"))
    for processes in (1, 3):
        cut = Cut(block=5, processes=processes)
        export(real, 40, tmp_path / f"{processes}", "parquet", FAKER, cut=cut)
    assert files(tmp_path / "1") == files(tmp_path / "3")
