"""A data set is assigned whole: the same from any source, in every kind of output."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic_core import from_json

from backend.assigning.outputs import ASSIGNMENTS
from backend.assigning.run import Wanted, assign_dataset, blocks
from backend.assigning.tally import Tally
from backend.chat.reception import assign_all
from backend.datasets.dataset import DataSet
from backend.datasets.opening import open_dataset
from backend.errors import InputError
from backend.modes import generate
from backend.personas.library import all_rulebooks, rulebook_named
from backend.population.build import Population
from backend.population.export import export
from backend.store.assignments import AssignmentStore
from benchmarks import assign as benchmark
from tests.cohort_kit import FAKER
from tests.ledger_kit import FOOD, moved, write

AS_OF = date(2026, 1, 15)
AT = "2026-01-15T09:30:00.000Z"
USERS = 120
WINDOWS = ("30d", "180d")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("population") / "all"
    modes = ("banking", "insurance", "healthcare", "retail")
    export(Population("natural", 3, AS_OF, modes), USERS, out, "parquet", FAKER)
    return out


def assigned(dataset: DataSet, rulebook: str, wanted: Wanted) -> Tally:
    return assign_dataset(dataset, rulebook_named(rulebook, dataset.mode), wanted, AT)


def rows(folder: Path) -> list[dict[str, Any]]:
    found = pl.read_parquet(folder / f"{ASSIGNMENTS}.parquet").sort("user_id", "window_days")
    return found.to_dicts()


EVERY = [(mode, name) for mode, entries in all_rulebooks().items() for name, _ in entries]


@pytest.mark.parametrize(("mode", "rulebook"), EVERY)
def test_a_customer_in_bulk_is_assigned_as_in_chat(
    folder: Path, tmp_path: Path, mode: str, rulebook: str
) -> None:
    wanted = Wanted(store=str(tmp_path / "w.db"), out=tmp_path / "out")
    tally = assigned(open_dataset(folder, mode), rulebook, wanted)
    assert (tally.users, tally.rows) == (USERS, 2 * USERS)
    ids = [f"p:natural:3:{index}" for index in range(USERS)]
    cohort = generate(mode, ids, AS_OF, FAKER, identity="session")
    framed = {(row["user_id"], row["time_window"]): row for row in rows(tmp_path / "out")}
    with AssignmentStore(tmp_path / "w.db") as store:
        for window in WINDOWS:
            chat = assign_all(cohort, window, rulebook)
            for user_id, one in list(zip(ids, chat, strict=True))[::7]:
                (row,) = store.latest(user_id, window)
                told = {name: each.model_dump(mode="json") for name, each in one.evidence.items()}
                assert from_json(row.match_evidence) == told
                assert row.prioritization_reason == one.reason
                assert row.assigned_persona_id == one.primary
                assert from_json(row.qualifying_personas) == list(one.qualifying)
                frame = framed[user_id, window]
                assert frame["assigned_persona_id"] == one.primary
                assert frame["qualifying_personas"] == list(one.qualifying)
                assert frame["prioritization_reason"] == one.reason
                assert frame["secondary_persona_id"] == row.secondary_persona_id
                assert frame["priority"] == row.priority
                assert frame["severity"] == row.severity
                assert frame["status"] == row.status


@pytest.mark.parametrize("rulebook", ["registry", "severity"])
def test_from_feature_files_everybody_is_assigned_as_from_the_ledger(
    folder: Path, tmp_path: Path, rulebook: str
) -> None:
    ledger = open_dataset(folder, "banking")
    assigned(ledger, rulebook, Wanted(out=tmp_path / "a", features=tmp_path / "features"))
    features = open_dataset(tmp_path / "features", "banking")
    assert features.source == "features"
    assigned(features, rulebook, Wanted(out=tmp_path / "b"))
    assert rows(tmp_path / "a") == rows(tmp_path / "b")


def test_the_size_of_blocks_changes_nothing(folder: Path) -> None:
    dataset, rules = open_dataset(folder, "banking"), rulebook_named("severity")
    whole = [list(one.primary) for block in blocks(dataset, rules) for one in block.choices]
    split = list(blocks(dataset, rules, size=7))
    assert [user.user_id for block in split for user in block.users] == list(dataset.users.ids)
    for window in (0, 1):
        parts = [place for block in split for place in block.choices[window].primary]
        assert parts == whole[window]


def test_what_is_stored_names_its_signals_and_whose_it_is(tmp_path: Path) -> None:
    dataset = open_dataset(write(tmp_path / "ledger"), "banking")
    assigned(dataset, "registry", Wanted(store=str(tmp_path / "w.db")))
    with AssignmentStore(tmp_path / "w.db") as store:
        for window in WINDOWS:
            (row,) = store.latest("ann", window)
            assert row.assigned_persona_id == "high_utilization"
            assert row.assigned_at == AT
            assert row.signal_id is not None
            signals = store.signals(row.signal_id)
            assert signals is not None
            assert (signals.user_id, signals.mode, signals.time_window) == (
                "ann",
                "banking",
                window,
            )
            assert from_json(signals.signals)["credit_max_utilization_pct"] == 90.0


def test_traces_are_one_file_a_user_and_window_whatever_the_id(tmp_path: Path) -> None:
    dataset = open_dataset(write(tmp_path / "ledger"), "banking")
    assigned(dataset, "severity", Wanted(traces=tmp_path / "traces"))
    names = sorted(path.name for path in (tmp_path / "traces").iterdir())
    assert names == [f"{user}.{window}.json" for user in ("ann", "bob", "cyd")
                     for window in ("180d", "30d")]  # fmt: skip
    trace = from_json((tmp_path / "traces" / "ann.30d.json").read_bytes())
    assert trace.keys() == {"user_id", "window_days", "as_of_date", "evaluations", "result"}
    assert len(trace["evaluations"]) == 5


def test_an_id_that_no_file_can_be_called_is_spelled_out(tmp_path: Path) -> None:
    accounts = [{"user_id": "../a/b", "account_id": "x", "type": "depository",
                 "subtype": "checking", "balance_current": 1.0}]  # fmt: skip
    rows = [moved("x", AS_OF, 1.0, FOOD, "Shop")]
    write(tmp_path / "ledger", accounts=accounts, transactions=rows, liabilities=None)
    dataset = open_dataset(tmp_path / "ledger", "banking")
    assigned(dataset, "registry", Wanted(traces=tmp_path / "traces"))
    assert {path.name for path in (tmp_path / "traces").iterdir()} == {
        "..%2Fa%2Fb.30d.json", "..%2Fa%2Fb.180d.json",
    }  # fmt: skip


def test_targets_are_compared_with_what_came_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "ledger")
    pl.DataFrame(
        {"user_id": ["ann", "bob", "cyd"],
         "archetype": ["high_utilization", "high_utilization", None]}
    ).write_csv(folder / "users.csv")  # fmt: skip
    tally = assigned(open_dataset(folder, "banking"), "registry", Wanted())
    document = tally.document("registry")
    assert document["confusion"]["30d"]["high_utilization"].keys() >= {"high_utilization"}
    assert document["expected"]["30d"] == {
        "high_utilization": {"persona": "high_utilization", "users": 2, "hits": 1}
    }
    assert sum(document["personas"]["180d"].values()) == document["users"] == 3


def test_a_folder_that_can_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    dataset = open_dataset(write(tmp_path / "ledger"), "banking")
    for wanted in (Wanted(out=tmp_path / "file"), Wanted(traces=tmp_path / "file")):
        with pytest.raises(InputError, match="can not be written"):
            assigned(dataset, "registry", wanted)


def test_feature_files_are_bankings_alone(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="these are retail's"):
        assigned(open_dataset(folder, "retail"), "value", Wanted(features=tmp_path))


@pytest.mark.slow
def test_the_benchmark_gives_a_row_of_figures_a_side() -> None:
    table = benchmark.measure(users=60, rounds=1)
    assert len(table.rows) == 7
    assert all(float(cell) > 0 for row in table.rows for cell in row[1:])
