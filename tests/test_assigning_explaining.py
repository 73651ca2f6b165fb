"""Customers are explained alike here and in other processes, and those end whatever happens."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from backend.assigning.explaining import Explained, Explainer, Measured
from backend.assigning.run import Wanted, assign_dataset
from backend.datasets.opening import open_dataset
from backend.modes import generate
from backend.personas.library import rulebook_named
from backend.population.build import Population
from backend.population.export import export
from backend.store.records import UserRow
from backend.workers import shared
from tests.cohort_kit import FAKER
from tests.live import ROOT
from tests.terminal import COMMAND, clean_environment

AS_OF = date(2026, 1, 15)
AT = "2026-01-15T09:30:00.000Z"
BLOCKS, USERS = 12, 20


@pytest.fixture(scope="module")
def blocks() -> list[Measured]:
    made = []
    for block in range(BLOCKS):
        ids = [f"e{block}.{nth}" for nth in range(USERS)]
        cohort = generate("banking", ids, AS_OF, FAKER)
        made.append(Measured([UserRow(one) for one in ids], list(cohort.signals_over([30, 180]))))
    return made


@pytest.fixture
def explainer() -> Explainer:
    return Explainer(rulebook_named("severity"), "banking", AS_OF, AT)


def told(found: Iterator[Explained]) -> list[Explained]:
    return [Explained(*map(list, one)) for one in found]  # type: ignore[arg-type]  # rows of three kinds


@pytest.mark.parametrize("processes", [2, 3])
def test_other_processes_explain_as_this_one_does_and_in_order(
    blocks: list[Measured], explainer: Explainer, processes: int
) -> None:
    here = told(shared(explainer, blocks, 1))
    assert [one.users for one in here] == [block.users for block in blocks]
    assert told(shared(explainer, blocks, processes)) == here


def test_a_signal_id_is_a_place_among_the_blocks_signals(
    blocks: list[Measured], explainer: Explainer
) -> None:
    one = explainer(blocks[0])
    for row in one.assignments:
        assert row.signal_id is not None
        signals = one.signals[row.signal_id]
        assert (signals.user_id, signals.time_window) == (row.user_id, row.time_window)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Feature files of so many users that a run takes a while and asks for processes."""
    folder, out = tmp_path_factory.mktemp("few"), tmp_path_factory.mktemp("many")
    export(Population("natural", 3, AS_OF, ("banking",)), 100, folder / "p", "parquet", FAKER)
    data = open_dataset(folder / "p", "banking")
    assign_dataset(data, rulebook_named("registry"), Wanted(features=folder / "f"), AT)
    for path in (folder / "f").iterdir():
        few = pl.read_parquet(path)
        named = [
            few.with_columns(user_id=pl.format("{}.{}", "user_id", pl.lit(n))) for n in range(200)
        ]
        pl.concat(named).write_parquet(out / path.name)
    return out


def begun(many: Path, store: Path) -> "subprocess.Popen[str]":
    """Start a run in a session of its own, and wait until it has stored something."""
    command = [*COMMAND, "assign", str(many), "--store", str(store), "--processes", "2"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60  # noqa: TID251 - how long a test waits
    while not (store.exists() and store.stat().st_size > 1 << 22):
        assert time.monotonic() < deadline  # noqa: TID251 - the same
        os.sched_yield()
    return process


def test_an_interrupt_at_the_keyboard_is_told_of_once_and_ends_all(
    many: Path, tmp_path: Path
) -> None:
    with begun(many, tmp_path / "w.db") as process:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert said == "walkin: interrupted; what is stored or written already stays.\n"
    assert process.returncode == 130


def test_no_process_outlives_the_one_that_began_it(many: Path, tmp_path: Path) -> None:
    with begun(many, tmp_path / "w.db") as process:
        process.kill()
        # a process that went on would hold the pipe open
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
