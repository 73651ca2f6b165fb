"""Database addresses and connections: what they may look like, and what each is told first."""

import ssl
from pathlib import Path
from sqlite3 import Error as SQLiteError
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from backend.errors import ConfigurationError

SETTING: Final = "WALKIN_DATABASE_URL"
FAULTS: Final = (SQLAlchemyError, OSError, TimeoutError, SQLiteError)
"""Whatever a database that is not there, or not well, raises through its driver."""

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_ACCEPTED: Final = (
    "sqlite+aiosqlite:///data/walkin.db, postgresql+asyncpg://user:password@host/database "
    "or memory:"
)
_OPTIONS: Final = frozenset({"ssl"})  # of asyncpg, as in ?ssl=require
_BUSY_MS: Final = 5000
_CONNECT_SECONDS: Final = 5
_COMMAND_SECONDS: Final = 10
_WRITES: Final = "walkin_writes"


def read_url(text: str, name: str = SETTING) -> URL:
    """Return the address that ``text`` spells; ``name`` says in a refusal whose it is.

    Raises:
        ConfigurationError: it is none, or of a database that is not known here. The sentence
            repeats the driver at most, never the rest: there may be a password in it.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            f"{name}: input should be like {_ACCEPTED}, and it is not a URL."
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise ConfigurationError(
            f"{name}: input should be like {_ACCEPTED}, and its driver is {url.drivername!r}."
        )
    fault = _fault_of(url)
    if fault is not None:
        raise ConfigurationError(f"{name}: input should be like {_ACCEPTED}, and {fault}.")
    return url.set(drivername=driver)


def _fault_of(url: URL) -> str | None:
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and (url.host or url.database in {None, "", ":memory:"}):
        return "it names no file (three slashes come before its path, four before a path from /)"
    unknown = sorted(set(url.query) - (set() if sqlite else _OPTIONS))
    return f"there is no option {unknown[0]!r}" if unknown else None


def open_engine(url: URL, name: str = SETTING) -> AsyncEngine:
    """Return an engine; nothing is connected before it is first used.

    The folder of an SQLite file is made, for its owner alone.

    Raises:
        ConfigurationError: the folder can not be made.
    """
    if url.get_backend_name() == "sqlite":
        _make_folder(url, name)
        engine = create_async_engine(url, connect_args={"timeout": _BUSY_MS / 1000})
        _listen(engine.sync_engine)
        return engine
    return create_async_engine(
        url,
        connect_args={"timeout": _CONNECT_SECONDS, "command_timeout": _COMMAND_SECONDS},
        json_serializer=str,
        json_deserializer=str,
    )


def open_file(url: URL) -> Engine:
    """Return a synchronous engine for an SQLite file that has been prepared."""
    engine = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": _BUSY_MS / 1000})
    _listen(engine)
    return starting_with(engine, writes=True)


def starting_with(engine: Engine, *, writes: bool) -> Engine:
    """Return a synchronous engine whose transactions take the right to write at once, or not."""
    return engine.execution_options(**{_WRITES: writes})


def for_writing(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine as one whose transactions take the right to write as they begin.

    SQLite refuses, without any waiting, a transaction that reads first and would write later
    when another one has written in between.
    """
    return engine.execution_options(**{_WRITES: True})


def reason_of(error: BaseException) -> str:
    """Return what a driver says went wrong: one line, without address or password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError):
        return "it can not be reached" if isinstance(cause, ConnectionError) else _plain(cause)
    first = str(cause).strip().partition("\n")[0].rstrip(".")
    return first or type(cause).__name__


def _plain(error: OSError) -> str:
    said = error.strerror or "it can not be reached"
    return said[0].lower() + said[1:]


def _make_folder(url: URL, name: str) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"{name}: the folder {folder} can not be made: {_plain(error)}."
        ) from None


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    driver: Any = connection
    # the driver's own transactions begin late and end at every DDL; ours are begun below
    driver.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    # safe when the process dies; a power cut may take the latest commits, never the file
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
