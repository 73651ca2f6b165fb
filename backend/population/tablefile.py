"""One table's file under way: frames go in as they are made, and are encoded beside."""

from collections.abc import Iterator
from enum import Enum, auto
from io import FileIO
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Final

import polars as pl
from polars.io.plugins import register_io_source

from backend.population.frames import Kinds

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# a fixed size makes a file's bytes independent of the blocks that its rows came in; of each group
# some 60 KB of description stay in memory to the end, and until it is full all of its rows
_ROWS_A_GROUP: Final = 1 << 14
_LONG: Final = frozenset({"transactions", "order_lines"})
_ROWS_A_GROUP_OF_LONG: Final = 1 << 17
_QUICKEST: Final = 1  # files are a twentieth larger than with the usual level
# each group has customers of any day and amount: its least and most would leave out no group
_STATISTICS: Final = {"min": False, "max": False, "null_count": True}
_FRAMES_WAITING: Final = 2
_CENTS: Final = 2
_ON_DISK: Final = pl.Decimal(38, _CENTS)


class _End(Enum):
    """After the last frame: the file is whole, or there will be no more of it."""

    WHOLE = auto()
    ABANDONED = auto()


class _AbandonedError(Exception):
    """Makes Polars break off a file."""


class _Output(FileIO):
    """A file as Polars writes it, which knows at once of what the disk refuses.

    Polars itself goes on to the last row before it says that it could not write, and not always
    why.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "wb")
        self.refusal: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.refusal = error
            raise


class TableFile:
    """A table's file, which Polars writes in a thread, taking frames as it needs them.

    Only so many frames wait: whoever adds more is kept until there is room.

    Args:
        path: where the file is written; its ending says what it is, Parquet or CSV.
        schema: the frames' columns.
        kinds: what the columns hold; CSV has two decimals of money.

    Raises:
        OSError: the disk refuses.
    """

    def __init__(self, path: Path, schema: pl.Schema, kinds: Kinds) -> None:
        self._output = _Output(path)
        self._is_parquet = path.suffix == ".parquet"
        self._group = _ROWS_A_GROUP_OF_LONG if path.stem in _LONG else _ROWS_A_GROUP
        self._schema = schema
        self._kinds = kinds
        self._frames: Queue[pl.DataFrame | _End] = Queue(_FRAMES_WAITING)
        self._ended = False
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._write, name=f"write {path.name}", daemon=True)
        self._thread.start()

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the next rows.

        Raises:
            OSError: the disk refuses.
        """
        self._check()
        self._frames.put(frame)

    def end(self) -> None:
        """Say that there are no more rows."""
        self._frames.put(_End.WHOLE)

    def wait(self) -> None:
        """Return when the file is whole.

        Raises:
            OSError: the disk refuses.
        """
        self._thread.join()
        self._check()

    def abandon(self) -> None:
        """Leave the file as it is, if it is not whole yet."""
        if self._thread.is_alive():
            self._frames.put(_End.ABANDONED)
            self._thread.join()

    def _check(self) -> None:
        fault = self._output.refusal or self._fault
        if fault is not None:
            raise fault

    def _write(self) -> None:
        rows = register_io_source(self._source, schema=self._schema)
        try:
            with self._output as output:
                if self._is_parquet:
                    rows.sink_parquet(
                        output,
                        compression="zstd",
                        compression_level=_QUICKEST,
                        statistics=_STATISTICS,
                        row_group_size=self._group,
                    )
                else:
                    rows.with_columns(_spelt(self._kinds)).sink_csv(output)
        except BaseException as error:  # noqa: BLE001 - raised again where rows are added
            self._fault = error
            while not self._ended:  # who adds meanwhile is not to wait for room
                self._next()

    def _source(self, *_: object) -> Iterator[pl.DataFrame]:
        """Give Polars the frames, whatever it asks for: every column and row is written."""
        while isinstance(found := self._next(), pl.DataFrame):
            yield found
        if found is _End.ABANDONED:
            raise _AbandonedError

    def _next(self) -> pl.DataFrame | _End:
        found = self._frames.get()
        self._ended = isinstance(found, _End)
        return found


def _spelt(kinds: Kinds) -> list[pl.Expr]:
    return [_two_decimals(name) for name, kind in kinds.items() if kind == "money"]


def _two_decimals(name: str) -> pl.Expr:
    cents = (pl.col(name) * 10**_CENTS).round().cast(pl.Int64)
    return (cents.cast(_ON_DISK) / 10**_CENTS).cast(_ON_DISK).alias(name)
