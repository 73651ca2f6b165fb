"""``walkin prune`` as a user runs it."""

from pathlib import Path

import pytest

from backend.store.assignments import AssignmentStore
from tests.ledger_kit import write
from tests.terminal import walkin


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Return a store in which three customers were assigned twice."""
    ledger, path = write(tmp_path / "ledger"), tmp_path / "w.db"
    for _ in range(2):
        assert walkin("assign", str(ledger), "--store", str(path)).status == 0
    return path


def test_the_latest_assignments_stay(stored: Path) -> None:
    done = walkin("prune", "--store", str(stored), "--before", "2100-01-01")
    assert done.status == 0, done.err
    assert done.out == "6 assignments from before 2100-01-01 deleted\n"
    with AssignmentStore(stored) as store:
        assert len(store.latest("ann")) == 2
    again = walkin("prune", "--store", str(stored), "--before", "2100-01-01")
    assert again.out == "0 assignments from before 2100-01-01 deleted\n"


def test_what_is_younger_stays(stored: Path) -> None:
    done = walkin("prune", "--store", str(stored), "--before", "2020-01-01")
    assert done.out == "0 assignments from before 2020-01-01 deleted\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--store", "absent.db", "--before", "2026-01-01"), "absent.db is none"),
        (("--store", "absent.db", "--before", "soon"), "a date as YYYY-MM-DD; not 'soon'"),
        (("--store", "nosql://somewhere/w", "--before", "2026-01-01"), "nosql"),
    ],
)
def test_what_can_not_be_pruned_is_told_in_a_sentence(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = walkin("prune", *options)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []
