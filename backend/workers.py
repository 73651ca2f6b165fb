"""Work on many items, done here and in other processes, with the results in the items' order.

Composing text and drawing lives is Python for the most part: only a process more makes it faster.
The others are spoken to over pipes, and end when their input does (decision 0012).
"""

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

from backend.errors import WalkinError

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST: Final = 4
"""Processes beyond this have nothing to do while one writes what all of them make."""

SELDOM: Final = 200_000
"""How many objects come between two searches for cycles: records hold none, and are many."""

_SERVE: Final = "from backend.workers import serve; serve()"
_AHEAD: Final = 3  # items handed to each process before it is done with the first
_WAITING: Final = 16  # results that wait in memory for an earlier one


def worthwhile() -> int:
    """Return how many processes pay: one a processor, and at most ``MOST``."""
    return min(os.cpu_count() or 1, MOST)


def shared(
    work: Callable[[Item], Result], items: Iterable[Item], processes: int
) -> Generator[Result, None, None]:
    """Yield what the work makes of each item, in their order.

    Args:
        work: what is done with an item; it is pickled, and so are items and results.
        items: what it is done with.
        processes: how many may work, this one with them.

    Raises:
        WalkinError: the work raised it, or one of the other processes was ended from outside.
    """
    if processes <= 1:
        yield from map(work, items)
        return
    with _others(work, processes - 1) as others:
        yield from _shared(work, items, others, (processes - 1) * _AHEAD)


def _shared(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    others: "_Others[Item, Result]",
    ahead: int,
) -> Iterator[Result]:
    """Hand out as many items as keep the others busy, and do the rest here."""
    waiting: deque[Future[Result]] = deque()
    for item in items:
        if sum(not one.done() for one in waiting) < ahead:
            waiting.append(others.submit(item))
        else:
            waiting.append(_done(work(item)))
        while waiting and (waiting[0].done() or len(waiting) > _WAITING):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _done(result: Result) -> Future[Result]:
    future: Future[Result] = Future()
    future.set_result(result)
    return future


class _Other(Generic[Item, Result]):
    """Another process that works; it ends when its standard input does, however that comes."""

    def __init__(self, work: Callable[[Item], Result]) -> None:
        paths = [path or str(Path.cwd()) for path in sys.path]
        # in a group of its own, where no interrupt at the keyboard comes: this process tells of it
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            process_group=0,
        )
        self._packed = pickle.dumps(work)

    def ask(self, item: Item) -> Result:
        """Return what the work makes of an item."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise RuntimeError("its input and output are pipes")
        try:
            pickle.dump((self._packed, item), asked, pickle.HIGHEST_PROTOCOL)
            asked.flush()
            found: Result | WalkinError = pickle.load(answers)  # noqa: S301 - of our own process
        except (OSError, EOFError, pickle.UnpicklingError):
            raise WalkinError("A process that shared the work was ended; try again.") from None
        if isinstance(found, WalkinError):
            raise found
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


class _Others(Generic[Item, Result]):
    """Other processes that work, each with a thread here that waits for its answers."""

    def __init__(
        self, processes: Sequence[_Other[Item, Result]], threads: ThreadPoolExecutor
    ) -> None:
        self._threads = threads
        self._idle: SimpleQueue[_Other[Item, Result]] = SimpleQueue()
        for process in processes:
            self._idle.put(process)

    def submit(self, item: Item) -> Future[Result]:
        """Have the work done with an item."""
        return self._threads.submit(self._ask, item)

    def _ask(self, item: Item) -> Result:
        process = self._idle.get()
        try:
            return process.ask(item)
        finally:
            self._idle.put(process)


@contextmanager
def _others(
    work: Callable[[Item], Result], count: int
) -> Generator[_Others[Item, Result], None, None]:
    processes = [_Other(work) for _ in range(count)]
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
    """Do what standard input asks for, on standard output, until the input ends."""
    gc.set_threshold(SELDOM)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    packed, work = b"", _nothing
    while True:
        try:
            given, item = pickle.load(asked)  # noqa: S301 - of the process that began this
        except EOFError:
            return
        if given != packed:
            packed, work = given, pickle.loads(given)  # noqa: S301 - as above
        try:
            found = work(item)
        except WalkinError as error:
            found = error
        pickle.dump(found, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _nothing(item: Any) -> Any:  # noqa: ANN401 - a stand-in for any work
    raise RuntimeError(f"{item!r} came before the work to do with it")
