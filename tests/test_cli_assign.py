"""``walkin assign`` as a user runs it."""

import json
from pathlib import Path

import polars as pl
import pytest

from backend import strictjson
from backend.store.assignments import AssignmentStore
from tests.ledger_kit import ACCOUNTS, account, life, write
from tests.terminal import Outcome, walkin


def assign(folder: Path, *options: str) -> Outcome:
    return walkin("assign", str(folder), *options)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write(tmp_path / "ledger")


def test_the_command_explains_itself_with_an_example() -> None:
    shown = walkin("assign", "--help")
    assert "Example: walkin assign customers" in " ".join(shown.out.split())


def test_one_command_writes_everything_and_says_what_it_covered(
    ledger: Path, tmp_path: Path
) -> None:
    done = assign(
        ledger, "--rulebook", "severity", "--store", str(tmp_path / "w.db"),
        "--out", str(tmp_path / "out"), "--write-features", str(tmp_path / "features"),
        "--traces", str(tmp_path / "traces"),
    )  # fmt: skip
    assert done.status == 0, done.err
    assert done.out.startswith(
        "3 users, 6 rows, windows 30d and 180d, as of 2026-01-14, from ledger; rulebook severity"
    )
    assert len(pl.read_parquet(tmp_path / "out" / "persona_assignments.parquet")) == 6
    assert len(list((tmp_path / "features").iterdir())) == 5
    assert len(list((tmp_path / "traces").iterdir())) == 6
    with AssignmentStore(tmp_path / "w.db") as store:
        assert len(store.latest("bob")) == 2


def test_the_answer_as_json_is_canonical_and_repeats(ledger: Path) -> None:
    first, second = (assign(ledger, "--json").out for _ in range(2))
    assert first == second
    document = strictjson.parse(first)
    assert first == f"{strictjson.canonical(document)}\n"
    assert (document["users"], document["rows"], document["as_of"]) == (3, 6, "2026-01-14")
    assert document["personas"]["30d"]["high_utilization"] == 1


def test_a_rulebook_of_ones_own_and_other_thresholds_are_taken(
    ledger: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"high_utilization": 95}))
    done = assign(ledger, "--rulebook", "severity", "--config", str(config), "--json")
    assert done.status == 0, done.err
    assert "high_utilization=95" in strictjson.parse(done.out)["rulebook_version"]
    source = Path("backend/industries/banking/rulebooks/registry.yaml")
    own = tmp_path / "mine.yaml"
    own.write_text(source.read_text().replace("rulebook: registry", "rulebook: mine"))
    done = assign(ledger, "--rulebook", str(own), "--json")
    assert done.status == 0, done.err
    assert strictjson.parse(done.out)["rulebook"] == "mine"


def test_notes_go_beside_the_answer(tmp_path: Path) -> None:
    folder = write(tmp_path, accounts=[*ACCOUNTS, account("bob", "loan", "loan", "auto", 1.0)])
    done = assign(folder)
    assert "note: 1 accounts are neither cash nor cards and are left out: loan auto." in done.err
    assert strictjson.parse(assign(folder, "--json").out)["notes"]


def test_a_row_that_can_not_be_read_stops_the_command_or_is_left_out(tmp_path: Path) -> None:
    rows = [{**row, "date": str(row["date"])} for row in life()]
    rows[4]["date"] = "someday"
    folder = write(tmp_path, transactions=rows)
    assert "line 6: date: a date as YYYY-MM-DD was expected, and 'someday' came" in (
        assign(folder).sentence()
    )
    done = assign(folder, "--skip-unreadable")
    assert done.status == 0
    assert "1 rows left out" in done.err


def test_targets_are_printed_with_what_came_out(ledger: Path) -> None:
    rows = {"user_id": ["ann"], "archetype": ["high_utilization"]}
    pl.DataFrame(rows).write_csv(ledger / "users.csv")
    done = assign(ledger)
    assert (
        "target high_utilization, 30d: high_utilization 1, 1 of 1 as high_utilization" in done.out
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--mode", "sorcery"), "--mode: banking"),
        (("--rulebook", "nope"), "there is no rulebook 'nope'"),
        (("--as-of", "soon"), "--as-of: a date as YYYY-MM-DD"),
        (("--mode", "retail"), "has no manifest.json"),
        (("--store", "mysql://x/y"), "its driver is 'mysql'"),
    ],
)
def test_a_wrong_option_is_refused_in_a_sentence(
    ledger: Path, options: tuple[str, ...], sentence: str
) -> None:
    done = assign(ledger, *options)
    assert done.status == 2
    assert sentence in done.err
