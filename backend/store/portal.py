"""A database for synchronous callers, whichever it is and wherever they call from."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection

from backend.errors import StorageUnavailableError
from backend.store.database import (
    FAULTS,
    for_writing,
    open_engine,
    open_file,
    read_url,
    reason_of,
    starting_with,
)
from backend.store.migrate import prepare

T = TypeVar("T")

_NAME: Final = "store"


class Portal:
    """Runs functions of a connection, each in a transaction of its own.

    SQLite is called directly. PostgreSQL's driver is asynchronous: its event loop runs in a
    thread beside the caller's, who may have one of their own, as notebooks do.

    Args:
        where: path of an SQLite file, made if need be; or a URL.

    Raises:
        ConfigurationError: it can not be used.
    """

    def __init__(self, where: str | Path) -> None:
        self.url = _url(where)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._await(prepare(self.url, _NAME))
        except BaseException:
            self._stop()
            raise
        sqlite = self.url.get_backend_name() == "sqlite"
        self._file = open_file(self.url) if sqlite else None
        self._server = None if sqlite else open_engine(self.url, _NAME)

    def run(self, work: Callable[[Connection], T], *, writes: bool = True) -> T:
        """Return what ``work`` returns; what it wrote is committed, or not at all if it raises.

        Args:
            work: called with a connection, in a transaction.
            writes: False where it only reads, which on SQLite need not wait for writers.

        Raises:
            StorageUnavailableError: the database refused, or is gone.
        """
        try:
            if self._file is not None:
                with starting_with(self._file, writes=writes).begin() as connection:
                    return work(connection)
            return self._await(self._served(work))
        except FAULTS as error:
            sentence = f"The store can not be used just now: {reason_of(error)}."
            raise StorageUnavailableError(sentence) from None

    def close(self) -> None:
        """Let go of the database."""
        if self._file is not None:
            self._file.dispose()
        if self._server is not None:
            self._await(self._server.dispose())
        self._stop()

    async def _served(self, work: Callable[[Connection], T]) -> T:
        if self._server is None:
            raise RuntimeError("a file is not served")
        async with for_writing(self._server).begin() as connection:
            return await connection.run_sync(work)

    def _await(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _url(where: str | Path) -> URL:
    text = str(where)
    return read_url(text if "://" in text else f"sqlite+aiosqlite:///{text}", _NAME)
