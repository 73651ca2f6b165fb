"""A whole data set: signals and personas of every customer, both windows."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend.assigning.explaining import Explainer, Measured
from backend.assigning.frames import Decided, assignment_frame, decided
from backend.assigning.outputs import ASSIGNMENTS, write_frames, write_traces
from backend.assigning.tally import Tally
from backend.datasets.dataset import DataSet
from backend.datasets.features import feature_frames
from backend.domain.signals import SignalTable
from backend.errors import InputError
from backend.personas.outcomes import Outcomes, evaluate
from backend.personas.rulebook import Rulebook
from backend.personas.windows import TIME_WINDOWS
from backend.store.records import UserRow
from backend.workers import SELDOM, shared

if TYPE_CHECKING:
    import polars as pl

    from backend.store.assignments import AssignmentStore

BLOCK: Final = 1_000
"""Customers at a time: their arrays stay in the processor's cache."""

_THREADS: Final = 2
"""That measure, where nothing else is done; beside the composing of text there is one."""

_MANY: Final = 5_000
"""From so many customers on a store is better off without indexes meanwhile, and a second process
is worth its start."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to write, beside what it counts; None for what is not wanted.

    ``store`` is the path or URL of a database; the rest are folders.
    """

    store: str | None = None
    out: Path | None = None
    features: Path | None = None
    traces: Path | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Some customers: their ids, their targets, and per window their signals and choices."""

    users: list[UserRow]
    tables: list[SignalTable]
    choices: list[Outcomes]

    @property
    def ids(self) -> list[str]:
        """The customers' ids."""
        return [user.user_id for user in self.users]


def assign_dataset(
    dataset: DataSet,
    rulebook: Rulebook,
    wanted: Wanted,
    at: str,
    progress: Callable[[int], None] = lambda _: None,
    processes: int = 1,
) -> Tally:
    """Measure and assign every customer of a data set, write what is wanted, and count.

    Args:
        dataset: the customers.
        rulebook: the rules.
        wanted: what to write.
        at: when it is decided, as ``timestamp`` of ``backend/clock.py`` writes it.
        progress: told how many customers are done.
        processes: how many may explain a large data set's assignments.

    Raises:
        InputError: the rules ask for a signal that there is not, or a folder can not be written.
        ConfigurationError: the store can not be used.
        StorageUnavailableError: the store refused; what was stored before stays.
        WalkinError: one of the processes was ended from outside.
    """
    if wanted.features and dataset.mode != "banking":
        raise InputError(f"feature files hold banking's signals, and these are {dataset.mode}'s.")
    tally, frames = Tally(), _Frames(wanted)
    kept = wanted.store is not None or wanted.traces is not None

    def counted() -> Iterator[Block]:
        for block in blocks(dataset, rulebook, threads=1 if kept else _THREADS):
            _count(tally, block)
            frames.add(dataset, block)
            progress(tally.users)
            yield block

    with _searching_seldom():
        if not kept:
            for _ in counted():
                pass
        else:
            explainer = Explainer(rulebook, dataset.mode, dataset.as_of, at)
            many = len(dataset.users) >= _MANY
            _keep(explainer, counted(), wanted, processes if many else 1, many=many)
        frames.write(rulebook, dataset.as_of, at)
    return tally


@contextmanager
def _searching_seldom() -> Generator[None, None, None]:
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def blocks(
    dataset: DataSet, rulebook: Rulebook, size: int = BLOCK, threads: int = _THREADS
) -> Iterator[Block]:
    """Yield the customers in their order, measured and assigned, some at a time.

    Raises:
        InputError: the rules ask for a signal that there is not.
    """
    users = [UserRow(*row) for row in zip(
        dataset.users.ids, dataset.users.names, dataset.users.archetypes, strict=True
    )]  # fmt: skip

    def made(start: int) -> Block:
        stop = min(start + size, len(users))
        tables = dataset.measure(start, stop)
        return Block(users[start:stop], tables, [evaluate(rulebook, table) for table in tables])

    starts = range(0, len(users), size)
    if dataset.source == "members":  # the words of a customer come from one Faker, one by one
        yield from map(made, starts)
        return
    with ThreadPoolExecutor(threads) as pool:
        # a few at a time, so that blocks do not wait in memory for a slow store
        ahead = threads * 2
        running = [pool.submit(made, start) for start in starts[:ahead]]
        for place in range(len(starts)):
            block = running.pop(0).result()
            if place + ahead < len(starts):
                running.append(pool.submit(made, starts[place + ahead]))
            yield block


def _count(tally: Tally, block: Block) -> None:
    archetypes = [user.archetype for user in block.users]
    tally.users += len(block.users)
    for window, table, outcomes in zip(TIME_WINDOWS, block.tables, block.choices, strict=True):
        tally.add(window, outcomes, table, archetypes)
    short, long = (outcomes.primary for outcomes in block.choices)
    tally.differ += int((short != long).sum())


class _Frames:
    """What becomes Parquet files: what is kept of each block, and at the end one file a name."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._decided: list[Decided] = []
        self._features: dict[str, list[pl.DataFrame]] = {}

    def add(self, dataset: DataSet, block: Block) -> None:
        if self._wanted.out is not None:
            self._decided += [
                decided(outcomes, block.ids, window)
                for window, outcomes in zip(TIME_WINDOWS, block.choices, strict=True)
            ]
        if self._wanted.features is not None:
            for name, frame in feature_frames(block.ids, dataset.as_of, block.tables):
                self._features.setdefault(name, []).append(frame)

    def write(self, rulebook: Rulebook, as_of: date, at: str) -> None:
        if self._wanted.out is not None and self._decided:
            frame = assignment_frame(self._decided, rulebook, as_of, at)
            write_frames(self._wanted.out, {ASSIGNMENTS: [frame]})
        if self._wanted.features is not None:
            write_frames(self._wanted.features, self._features)


def _keep(
    explainer: Explainer, measured: Iterable[Block], wanted: Wanted, processes: int, *, many: bool
) -> None:
    """Store all customers' assignments with their traces, block by block, where it is wanted."""
    with _store(wanted, many=many) as store:
        some = (Measured(block.users, block.tables) for block in measured)
        with closing(shared(explainer, some, processes)) as explained:
            for kept in explained:
                if store is not None:
                    store.write(*kept)
                if wanted.traces is not None:
                    write_traces(wanted.traces, kept.assignments)


@contextmanager
def _store(wanted: Wanted, *, many: bool) -> Generator["AssignmentStore | None", None, None]:
    """Give the store for a run; without its indexes meanwhile where the run is a large one."""
    if wanted.store is None:
        yield None
        return
    # a run that stores nothing does without SQLAlchemy, whose import takes as long as some thousand
    # customers
    from backend.store.assignments import AssignmentStore  # noqa: PLC0415 - see above

    with AssignmentStore(wanted.store) as store, store.bulk() if many else nullcontext():
        yield store
