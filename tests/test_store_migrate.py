"""Databases are brought up to date at the start, and what can not be is refused in a sentence."""

import asyncio
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.errors import ConfigurationError
from backend.store.database import for_writing, open_engine, read_url
from backend.store.migrate import SCRIPTS, apply_revisions, migrate, prepare
from backend.store.schema import ASSIGNMENT_INDEXES, LATEST_ASSIGNMENTS, METADATA, REVISION
from tests.contracts.database_kit import database, execute
from tests.live import PATIENCE, ROOT

OPEN = """import asyncio, sys
from backend.store.database import read_url
from backend.store.migrate import prepare
asyncio.run(prepare(read_url(sys.argv[1])))
"""
SCHEMA = {
    "sqlite": [
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid",
        "SELECT version_num FROM alembic_version",
    ],
    "postgresql": [
        (
            "SELECT table_name, column_name, ordinal_position, column_default, is_nullable,"
            " data_type, character_maximum_length, generation_expression"
            " FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 3"
        ),
        (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ),
        (
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " ORDER BY 1, 2"
        ),
        "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
        (
            "SELECT sequencename, data_type::text, start_value, cache_size FROM pg_sequences"
            " WHERE schemaname = 'public' ORDER BY 1"
        ),
        "SELECT version_num FROM alembic_version",
    ],
}
"""What a database says of its own tables, views, indexes and revision."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    """An empty database that five processes have opened at the same moment."""
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        command = [sys.executable, "-c", OPEN, one]
        started = [
            subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own code
            for _ in range(5)
        ]
        assert [process.communicate(timeout=PATIENCE)[1] for process in started] == [""] * 5
        yield one


async def look(address: str, work: object) -> object:
    engine = open_engine(read_url(address))
    async with engine.connect() as connection:
        found: object = await connection.run_sync(work)  # type: ignore[arg-type]  # any function of a connection
    await engine.dispose()
    return found


async def test_processes_that_start_at_once_make_the_tables_once(address: str) -> None:
    def revisions(connection: Connection) -> list[str]:
        return list(connection.scalars(text("SELECT version_num FROM alembic_version")))

    assert await look(address, revisions) == [REVISION]


async def test_the_migrations_make_the_tables_that_the_code_knows(address: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _, name, kind, *__: (
                    kind != "index" or name not in ASSIGNMENT_INDEXES
                )
            },
        )
        return list(compare_metadata(context, METADATA))

    assert await look(address, differences) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_database_is_made_at_once_as_step_by_step(kind: str, tmp_path: Path) -> None:
    async def migrated(address: str) -> None:
        engine = open_engine(read_url(address))
        async with for_writing(engine).begin() as connection:
            await connection.run_sync(apply_revisions)
        await engine.dispose()

    with database(kind, tmp_path / "a") as at_once, database(kind, tmp_path / "b") as by_step:
        asyncio.run(prepare(read_url(at_once)))
        asyncio.run(migrated(by_step))
        for query in SCHEMA[kind]:
            rows = asyncio.run(execute(at_once, query))
            assert rows == asyncio.run(execute(by_step, query))
            assert rows


def test_a_new_database_does_not_wait_for_what_migrates_old_ones(tmp_path: Path) -> None:
    script = f"{OPEN}print('alembic' in sys.modules)"
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path}/w.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout == "False\n"


async def test_the_assignments_have_their_indexes_and_their_view(address: str) -> None:
    def found(connection: Connection) -> tuple[set[str | None], list[str]]:
        looked = inspect(connection)
        indexes = {one["name"] for one in looked.get_indexes("persona_assignments")}
        return indexes, [one["name"] for one in looked.get_columns("latest_persona_assignments")]

    columns = [column.name for column in LATEST_ASSIGNMENTS.columns]
    assert await look(address, found) == (set(ASSIGNMENT_INDEXES), columns)


async def test_a_database_of_a_newer_version_is_left_alone(address: str) -> None:
    engine = open_engine(read_url(address))
    await move_to(engine, "9999")
    with pytest.raises(ConfigurationError, match=r"newer version of Walk-in \(revision 9999"):
        await migrate(engine)
    await move_to(engine, REVISION)
    await migrate(engine)
    await engine.dispose()


async def move_to(engine: AsyncEngine, revision: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )


def test_the_code_works_with_the_latest_revision() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == REVISION


def test_an_sqlite_file_is_made_for_its_owner_alone_and_does_not_lock_readers_out(
    tmp_path: Path,
) -> None:
    with database("sqlite", tmp_path) as address:
        asyncio.run(prepare(read_url(address)))
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
        mode = asyncio.run(look(address, lambda link: link.scalar(text("PRAGMA journal_mode"))))
        enforced = asyncio.run(look(address, lambda link: link.scalar(text("PRAGMA foreign_keys"))))
        assert (mode, enforced) == ("wal", 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("me:secret@localhost", "it is not a URL"),
        ("mysql://me:secret@localhost/x", "its driver is 'mysql'"),
        ("postgresql://me:secret@h:port/x", "it is not a URL"),
        ("postgresql+psycopg://me:secret@h/x", "its driver is 'postgresql+psycopg'"),
        ("postgresql://me:secret@h/x?sslmode=require", "there is no option 'sslmode'"),
        ("sqlite://me:secret@h/x", "it names no file"),
        ("sqlite://", "it names no file"),
        ("sqlite:///:memory:", "it names no file"),
        ("sqlite:////proc/secretly/x.db", "the folder /proc/secretly can not be made"),
        ("sqlite:////proc", "the file /proc can not be used"),
        ("sqlite:////etc/hosts", "file is not a database"),
        ("postgresql://me:secret@127.0.0.1:1/x", "x at 127.0.0.1:1 can not be used"),
        ("postgresql://me:secret@nowhere.invalid/x", "x at nowhere.invalid can not be used"),
    ],
)
def test_an_address_that_can_not_be_used_is_refused_without_its_password(
    given: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(prepare(read_url(given)))
    sentence = str(caught.value)
    assert sentence.startswith("WALKIN_DATABASE_URL: ")
    assert said in sentence
    assert "me:secret" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("given", ["sqlite:///x/y.db", "postgresql://me@h/x?ssl=require"])
def test_the_drivers_name_can_be_left_out(given: str) -> None:
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    url = read_url(given)
    assert url.drivername == driver[url.get_backend_name()]
