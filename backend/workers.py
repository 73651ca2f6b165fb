"""Work on many items, done here and in other processes, with the results in the items' order.

Composing text and drawing lives is Python for the most part: only a process more makes it faster.
The others are told over pipes that there is a letter for them, and end when their input does; the
letters, pickles of some megabytes, pass through a file, as a pipe takes them in small pieces, and
between two of these a thread that computes can keep the one that reads waiting (decision 0012).
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
from tempfile import TemporaryFile
from typing import IO, Any, Final, Generic, TypeVar

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


class _Letters:
    """A file that two processes have open, with room for one letter: a question or its answer."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @property
    def number(self) -> int:
        """The file's descriptor."""
        return self._file.fileno()

    def write(self, content: object) -> int:
        """Leave a letter, and return its bytes."""
        packed = memoryview(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))
        self._file.seek(0)
        done = 0
        while done < len(packed):
            done += self._file.write(packed[done:])
        return done

    def read(self, size: int) -> Any:  # noqa: ANN401 - whatever was written
        """Return what is in the letter."""
        self._file.seek(0)
        return pickle.loads(self._file.read(size))  # noqa: S301 - of our own process

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _nameless_file() -> IO[bytes]:
    """Return a file that is gone with those that have it open; on Linux in memory alone."""
    in_memory: Callable[[str], int] | None = getattr(os, "memfd_create", None)
    if in_memory is None:
        return TemporaryFile(buffering=0)
    return os.fdopen(in_memory("walkin"), "r+b", buffering=0)


class _Other(Generic[Item, Result]):
    """Another process that works; it ends when its standard input does, however that comes."""

    def __init__(self, work: Callable[[Item], Result]) -> None:
        paths = [path or str(Path.cwd()) for path in sys.path]
        self._letters = _Letters(_nameless_file())
        # in a group of its own, where no interrupt at the keyboard comes: this process tells of it
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-P", "-c", _SERVE, str(self._letters.number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            pass_fds=(self._letters.number,),
            process_group=0,
        )
        self._packed = pickle.dumps(work)

    def ask(self, item: Item) -> Result:
        """Return what the work makes of an item."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise RuntimeError("its input and output are pipes")
        try:
            asked.write(b"%d\n" % self._letters.write((self._packed, item)))
            asked.flush()
            found: Result | WalkinError = self._letters.read(int(answers.readline()))
        except (OSError, ValueError):
            raise WalkinError("A process that shared the work was ended; try again.") from None
        if isinstance(found, WalkinError):
            raise found
        return found

    def end(self) -> None:
        """Have it end, and wait for that."""
        self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        """Let go of its input, output and letters, when nobody waits for it any more."""
        self._letters.close()
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
    """Do what standard input tells of, and tell of the answer, until the input ends."""
    gc.set_threshold(SELDOM)
    letters = _Letters(os.fdopen(int(sys.argv[1]), "r+b", buffering=0))
    packed, work = b"", _nothing
    for size in sys.stdin.buffer:
        given, item = letters.read(int(size))
        if given != packed:
            packed, work = given, pickle.loads(given)  # noqa: S301 - of the process that began this
        try:
            found = work(item)
        except WalkinError as error:
            found = error
        sys.stdout.buffer.write(b"%d\n" % letters.write(found))
        sys.stdout.buffer.flush()


def _nothing(item: Any) -> Any:  # noqa: ANN401 - a stand-in for any work
    raise RuntimeError(f"{item!r} came before the work to do with it")
