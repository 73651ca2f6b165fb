"""Work is shared with other processes, and those end whatever happens."""

import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from backend import workers
from backend.errors import InputError, WalkinError
from backend.population.members import read_member_id
from backend.workers import shared, worthwhile

ITEMS = range(200)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> "list[subprocess.Popen[bytes]]":
    """All processes that are begun."""
    found: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return found


def all_of(found: Iterator[Any]) -> list[Any]:
    return list(found)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_results_come_in_the_order_of_the_items(
    processes: int, begun: "list[subprocess.Popen[bytes]]"
) -> None:
    assert all_of(shared(hex, ITEMS, processes)) == [hex(item) for item in ITEMS]
    assert len(begun) == processes - 1


def test_nothing_to_do_is_done() -> None:
    assert all_of(shared(hex, [], 2)) == []


def test_what_the_work_refuses_is_told_in_its_own_words() -> None:
    with pytest.raises(InputError, match="p:<preset>:<seed>:<index>"):
        all_of(shared(read_member_id, ["p:natural:1:2", "nobody"] * 20, 2))


def test_a_process_that_is_killed_is_told_in_a_sentence(
    begun: "list[subprocess.Popen[bytes]]",
) -> None:
    def endless() -> Iterator[int]:
        while True:
            for child in begun:
                child.kill()
            yield from ITEMS

    with pytest.raises(WalkinError, match=r"was ended; try again\.$"):
        for _ in shared(hex, endless(), 2):
            pass
    assert [child.returncode for child in begun] == [-signal.SIGKILL]


def test_nothing_is_left_running_when_somebody_looks_no_further(
    begun: "list[subprocess.Popen[bytes]]",
) -> None:
    found = shared(hex, ITEMS, 3)
    next(found)
    assert [child.poll() for child in begun] == [None, None]
    found.close()
    assert None not in [child.returncode for child in begun]


@pytest.mark.parametrize(("processors", "pay"), [(None, 1), (1, 1), (2, 2), (64, 4)])
def test_a_process_a_processor_pays_up_to_some(
    monkeypatch: pytest.MonkeyPatch, processors: int | None, pay: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert worthwhile() == pay <= workers.MOST
