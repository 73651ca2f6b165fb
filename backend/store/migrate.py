"""The database brought to the revision that this code works with."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.errors import ConfigurationError
from backend.store.creation import create
from backend.store.database import FAULTS, SETTING, for_writing, open_engine, reason_of
from backend.store.schema import REVISION

SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x57414C4B494E  # any number does that nobody else in the database uses: "WALKIN"
_ATTEMPTS: Final = 20
_CONNECT_SECONDS: Final = 1.0


async def migrate(engine: AsyncEngine, name: str = SETTING) -> None:
    """Apply the revisions that the database lacks.

    All of them are one transaction: it is at the new revision or as it was. Processes that
    start at once wait for each other, with an advisory lock on PostgreSQL and an immediate
    transaction on SQLite.

    Raises:
        ConfigurationError: the database can not be reached, can not be written to, or was made
            by a newer version. There is no password in the sentence.
    """
    try:
        if engine.dialect.name == "sqlite":
            await _use_write_ahead_log(engine)
        async with for_writing(engine).connect() as connection:
            if await connection.run_sync(_revision) == REVISION:
                return
            await connection.rollback()
            async with connection.begin():
                await connection.run_sync(_bring_up, name)
    except FAULTS as error:
        where = describe(engine.url)
        raise ConfigurationError(f"{name}: {where} can not be used: {reason_of(error)}.") from None


async def prepare(url: URL, name: str = SETTING) -> None:
    """Migrate the database and leave it; ``name`` says in a refusal whose address it is.

    Raises:
        ConfigurationError: it can not.
    """
    engine = open_engine(url, name)
    try:
        await migrate(engine, name)
    finally:
        await engine.dispose()


def describe(url: URL) -> str:
    """Return what a person may be shown of an address."""
    if url.get_backend_name() == "sqlite":
        return f"the file {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"the database {url.database or ''} at {url.host or 'localhost'}{port}"


async def _use_write_ahead_log(engine: AsyncEngine) -> None:
    # lasts in the file. SQLite does not wait by itself when two processes switch at once
    for attempt in range(_ATTEMPTS):
        try:
            await asyncio.to_thread(_switch_log, engine.url.database or "")
        except sqlite3.OperationalError:
            if attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(0.1)
        else:
            return


def _switch_log(path: str) -> None:
    with closing(sqlite3.connect(path, timeout=_CONNECT_SECONDS)) as connection:
        # an assignment with its trace is some 6 KB: few would share a page, or each would be
        # chained over several. A file that is there already keeps its own
        connection.execute("PRAGMA page_size = 32768")
        connection.execute("PRAGMA journal_mode = WAL")


def _revision(connection: Connection) -> str | None:
    if not _has_revision(connection):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _has_revision(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")


def _bring_up(connection: Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    # another process may have been here while this one waited
    if not _has_revision(connection):
        create(connection)
    elif _revision(connection) != REVISION:
        apply_revisions(connection, name)


def apply_revisions(connection: Connection, name: str = SETTING) -> None:
    """Apply the revisions that the database lacks, one by one, in the transaction that is open.

    Raises:
        ConfigurationError: it was made by a newer version.
    """
    # only a database of an older version pays for these
    from alembic.operations import Operations  # noqa: PLC0415 - see above
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above
    from alembic.script.revision import RevisionError  # noqa: PLC0415 - see above

    scripts = ScriptDirectory(str(SCRIPTS))
    context = MigrationContext.configure(connection)
    try:
        steps = list(scripts.iterate_revisions(REVISION, context.get_current_revision()))
    except RevisionError:
        raise ConfigurationError(
            f"{name}: {describe(connection.engine.url)} was made by a newer version "
            f"of Walk-in (revision {context.get_current_revision()}; this one knows {REVISION})."
        ) from None
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(scripts, step.revision)
