"""Blocks of customers explained: their rows for the store, made here and in other processes.

A trace is text, and composing it is Python: only a process more makes it faster. Blocks come
back in their order, whoever explained them.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import SimpleQueue
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

_SERVE: Final = "from backend.assigning.explaining import serve; serve()"
_AHEAD: Final = 2  # blocks handed to each process before it is done with the first
SELDOM: Final = 200_000
"""How many objects come between two searches for cycles: rows hold none, and are many."""

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
    with _others(explainer, processes - 1) as others:
        yield from _shared(explainer, blocks, others, (processes - 1) * _AHEAD)


def _shared(
    explainer: Explainer, blocks: Iterable[Measured], others: "_Others", ahead: int
) -> Iterator[Explained]:
    """Hand out as many blocks as keep the others busy, and explain the rest here."""
    waiting: deque[Future[Explained]] = deque()
    for block in blocks:
        if sum(not one.done() for one in waiting) < ahead:
            waiting.append(others.submit(block))
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


class _Other:
    """Another process that explains; it ends when its standard input does, however that comes."""

    def __init__(self, explainer: Explainer) -> None:
        paths = [path or str(Path.cwd()) for path in sys.path]
        # in a group of its own, where no interrupt at the keyboard comes: this process tells of it
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            process_group=0,
        )
        self._packed = pickle.dumps(explainer)

    def ask(self, block: Measured) -> Explained:
        """Return what is kept of a block."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise RuntimeError("its input and output are pipes")
        try:
            pickle.dump((self._packed, block.users, block.tables), asked, pickle.HIGHEST_PROTOCOL)
            asked.flush()
            found: Explained = pickle.load(answers)  # noqa: S301 - from a process of our own
        except (OSError, EOFError, pickle.UnpicklingError):
            sentence = "A process that explained assignments was ended; try again."
            raise WalkinError(sentence) from None
        return found

    def end(self) -> None:
        """Have it end, and wait for that."""
        self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        """Let go of its input and output, when nobody waits for it any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written has no reader
                if pipe is not None:
                    pipe.close()


class _Others:
    """Other processes that explain, each with a thread here that waits for its answers."""

    def __init__(self, processes: Sequence[_Other], threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._idle: SimpleQueue[_Other] = SimpleQueue()
        for process in processes:
            self._idle.put(process)

    def submit(self, block: Measured) -> Future[Explained]:
        """Have a block explained."""
        return self._threads.submit(self._ask, block)

    def _ask(self, block: Measured) -> Explained:
        process = self._idle.get()
        try:
            return process.ask(block)
        finally:
            self._idle.put(process)


@contextmanager
def _others(explainer: Explainer, count: int) -> Generator[_Others, None, None]:
    processes = [_Other(explainer) for _ in range(count)]
    with ExitStack() as stack:
        for process in processes:
            stack.callback(process.close)
        threads = stack.enter_context(ThreadPoolExecutor(count))
        for process in processes:
            stack.callback(process.end)
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        yield _Others(processes, threads)


# --- in another process -----------------------------------------------------------------------


def serve() -> None:
    """Explain what standard input asks for, on standard output, until the input ends."""
    gc.set_threshold(SELDOM)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    packed, explainer = b"", None
    while True:
        try:
            given, users, tables = pickle.load(asked)  # noqa: S301 - of the process that began this
        except EOFError:
            return
        if explainer is None or given != packed:
            packed, explainer = given, pickle.loads(given)  # noqa: S301 - as above
        pickle.dump(explainer(users, tables), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
