"""Blocks of customers explained: their rows for the store, made here and in other processes.

A trace is text, and composing it is Python: only a process more makes it faster. Blocks come
back in their order, whoever explained them.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple, Protocol

from backend.assigning.rows import assignment_rows, signal_rows
from backend.domain.assignment import PersonaAssignmentRecord
from backend.domain.signals import SignalTable
from backend.errors import WalkinError
from backend.personas.outcomes import evaluate
from backend.personas.record import Occasion
from backend.personas.rulebook import Rulebook
from backend.personas.windows import TIME_WINDOWS
from backend.store.records import SignalRow, UserRow

_AHEAD: Final = 2  # blocks handed to each process before it is done with the first
_WAITING: Final = 16  # explained blocks that wait in memory for an earlier one


class Measured(Protocol):
    """Some customers with their signals over each window."""

    @property
    def users(self) -> Sequence[UserRow]:
        """Who they are."""
        ...

    @property
    def tables(self) -> Sequence[SignalTable]:
        """Their signals, a table a window."""
        ...


class Explained(NamedTuple):
    """What is kept of some customers; an assignment's ``signal_id`` is a place in ``signals``."""

    users: Sequence[UserRow]
    signals: list[SignalRow]
    assignments: list[PersonaAssignmentRecord]


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains what a rulebook makes of customers of a mode; ``at`` is when it is decided."""

    rulebook: Rulebook
    mode: str
    as_of: date
    at: str

    def __call__(self, users: Sequence[UserRow], tables: Sequence[SignalTable]) -> Explained:
        """Return the rows of customers whose signals are ``tables``, one table a window."""
        ids = [user.user_id for user in users]
        signals: list[SignalRow] = []
        rows: list[PersonaAssignmentRecord] = []
        for window, table in zip(TIME_WINDOWS, tables, strict=True):
            occasion = Occasion(window, self.as_of, self.at)
            outcomes = evaluate(self.rulebook, table)
            rows += assignment_rows(outcomes, ids, occasion, len(signals))
            signals += signal_rows(table, ids, self.mode, occasion)
        return Explained(users, signals, rows)


def explained(
    explainer: Explainer, blocks: Iterable[Measured], processes: int
) -> Iterator[Explained]:
    """Yield what is kept of each block, in their order.

    Args:
        explainer: explains a block.
        blocks: some customers at a time.
        processes: how many may work, this one with them.

    Raises:
        WalkinError: one of the other processes was ended from outside.
    """
    if processes <= 1:
        for block in blocks:
            yield explainer(block.users, block.tables)
        return
    with _pool(processes - 1) as pool:
        yield from _shared(explainer, blocks, pool, (processes - 1) * _AHEAD)


def _shared(
    explainer: Explainer, blocks: Iterable[Measured], pool: ProcessPoolExecutor, ahead: int
) -> Iterator[Explained]:
    """Hand out as many blocks as keep the others busy, and explain the rest here."""
    packed = pickle.dumps(explainer)
    waiting: deque[Future[Explained]] = deque()
    for block in blocks:
        if sum(not one.done() for one in waiting) < ahead:
            waiting.append(pool.submit(_explained_there, packed, block.users, block.tables))
        else:
            waiting.append(_done(explainer(block.users, block.tables)))
        while waiting and (waiting[0].done() or len(waiting) > _WAITING):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _done(result: Explained) -> Future[Explained]:
    future: Future[Explained] = Future()
    future.set_result(result)
    return future


@contextmanager
def _pool(processes: int) -> Generator[ProcessPoolExecutor, None, None]:
    # threads run here, whose locks a forked process would inherit as they are
    context = multiprocessing.get_context("spawn")
    # an interrupt at the keyboard goes to all processes: this one tells of it, and ends them. The
    # tracker lets it through again as it starts
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pool = ProcessPoolExecutor(processes, context, initializer=_end_with_parent)
        for _ in range(processes):
            pool.submit(_explained_nothing)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    try:
        with pool:
            yield pool
    except BrokenProcessPool:
        raise WalkinError("A process that explained assignments was ended; try again.") from None


# --- in another process -----------------------------------------------------------------------


def _explained_there(
    packed: bytes, users: Sequence[UserRow], tables: Sequence[SignalTable]
) -> Explained:
    return _explainer(packed)(users, tables)


def _explained_nothing() -> None:
    """Bring a process up, which imports this module."""


@lru_cache(maxsize=1)
def _explainer(packed: bytes) -> Explainer:
    # the same object each time: what is known of a rulebook is kept by it
    found: Explainer = pickle.loads(packed)  # noqa: S301 - written by the process that began this
    return found


def _end_with_parent() -> None:
    """See to it that this process ends when the one that began it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
