"""Databases for tests: a file, or a PostgreSQL database of one's own that is gone afterwards."""

import asyncio
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest
from sqlalchemy import text

from backend.store.database import for_writing, open_engine, read_url

SERVER: Final = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/postgres")
_NUMBERS: Final = count()


async def _execute(statement: str) -> None:
    connection: Any = await asyncpg.connect(SERVER, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def need_postgres() -> None:
    """Skip the test where there is no server; where everything must run, fail it."""
    try:
        asyncio.run(_execute("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        reason = f"PostgreSQL does not answer ({error})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database that no other process and no other test uses; yield its address."""
    need_postgres()
    name = f"walkin_test_{os.getpid()}_{next(_NUMBERS)}"
    asyncio.run(_execute(f"CREATE DATABASE {name}"))
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}".replace("postgresql:", "postgresql+asyncpg:")
    finally:
        asyncio.run(_execute(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def database(kind: str, folder: Path) -> Generator[str, None, None]:
    """Yield the address of an empty database of a kind, ``sqlite`` or ``postgresql``."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder}/data/walkin.db"
    else:
        with postgres_database() as address:
            yield address


async def execute(address: str, statement: str) -> list[Any]:
    """Run one statement past every store; return its rows."""
    engine = open_engine(read_url(address))
    try:
        async with for_writing(engine).begin() as connection:
            done = await connection.execute(text(statement))
            return list(done.all()) if done.returns_rows else []
    finally:
        await engine.dispose()
