"""A database that fails and comes back: nothing lost, nothing doubled, whatever a failure meant."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from backend.domain.transcript import MessageTaken, ReplyBegun
from backend.errors import StorageUnavailableError
from backend.ports import StoredConversation
from backend.store.database import open_engine, read_url
from backend.store.sql import SqlStore
from backend.store.writer import Job, Writer
from tests.contracts.database_kit import SERVER, database, execute
from tests.contracts.test_store_contract import EVERY_KIND
from tests.fakes import FakeClock, opening
from tests.live import Server, dial, running, session

FIRST = EVERY_KIND[:3]
AGAIN = (
    MessageTaken("m2", "t2", "hello", "2026-01-15T09:31:00.000Z"),
    ReplyBegun("t2", "r2", "model", "2026-01-15T09:31:00.000Z"),
)
LATER = (
    MessageTaken("m2", "t2", "hello", "2026-01-15T09:32:00.000Z"),
    ReplyBegun("t2", "r2", "model", "2026-01-15T09:32:00.000Z"),
)
OTHER = (MessageTaken("m3", "t3", "something else", "2026-01-15T09:33:00.000Z"),)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        yield one


@pytest_asyncio.fixture
async def store(address: str) -> AsyncGenerator[SqlStore, None]:
    one = SqlStore(open_engine(read_url(address)), FakeClock(), 30)
    await one.start()
    await execute(address, "DELETE FROM conversations")
    yield one
    await one.close()


class Failing:
    """Stands before the writer's attempts: lets them be, fails them, or says that they failed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mode = "well"
        self.attempts = 0
        real: Any = vars(Writer)["_attempt"]

        async def attempt(writer: Writer, jobs: Sequence[Job]) -> None:
            self.attempts += 1
            if self.mode != "gone":
                await real(writer, jobs)
            if self.mode != "well":
                raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

        monkeypatch.setattr(Writer, "_attempt", attempt)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    return Failing(monkeypatch)


async def stored(address: str) -> StoredConversation | None:
    """Return what a process that starts now would find."""
    other = SqlStore(open_engine(read_url(address)), FakeClock(), 30)
    try:
        return await other.load("key")
    finally:
        await other.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("mode", ["gone", "unknown"])
async def test_a_message_that_is_sent_again_is_stored_once(
    store: SqlStore, address: str, failing: Failing, mode: str
) -> None:
    await store.create("key", opening())
    await store.append("key", FIRST)
    failing.mode = mode
    for _ in range(3):
        with pytest.raises(StorageUnavailableError, match="just now"):
            await store.append("key", AGAIN)
    failing.mode = "well"
    await store.append("key", LATER)
    found = await stored(address)
    assert found == StoredConversation(opening(), (*FIRST, *LATER))


@pytest.mark.parametrize("mode", ["gone", "unknown"])
async def test_a_message_that_was_refused_does_not_come_back_by_itself(
    store: SqlStore, address: str, failing: Failing, mode: str
) -> None:
    await store.create("key", opening())
    await store.append("key", FIRST)
    failing.mode = mode
    with pytest.raises(StorageUnavailableError):
        await store.append("key", AGAIN)
    failing.mode = "well"
    assert await store.load("key") == StoredConversation(opening(), FIRST)
    await store.append("key", OTHER)
    assert await stored(address) == StoredConversation(opening(), (*FIRST, *OTHER))


@pytest.mark.parametrize("mode", ["gone", "unknown"])
async def test_a_first_message_that_failed_can_be_sent_again(
    store: SqlStore, address: str, failing: Failing, mode: str
) -> None:
    await store.create("key", opening())
    await store.save_prompt("p" * 64, "You serve né.")
    failing.mode = mode
    with pytest.raises(StorageUnavailableError):
        await store.append("key", FIRST)
    assert await store.prompt("p" * 64) == "You serve né."
    failing.mode = "well"
    await store.append("key", FIRST)
    assert await stored(address) == StoredConversation(opening(), FIRST)
    rows = await execute(address, "SELECT text FROM prompts")
    assert [tuple(row) for row in rows] == [("You serve né.",)]


async def test_what_is_owed_is_stored_when_the_database_is_back(
    store: SqlStore, address: str, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.sql._RETRY_SECONDS", 0.01)
    await store.create("key", opening())
    await store.append("key", FIRST[:2])
    failing.mode = "gone"
    store.owe("key", FIRST[2:])
    store.forget("key")
    await until(lambda: failing.attempts >= 4)
    assert len(store) == 1
    failing.mode = "well"
    await until(lambda: len(store) == 0)
    assert await stored(address) == StoredConversation(opening(), FIRST)


async def test_what_is_owed_is_stored_before_the_end(
    store: SqlStore, address: str, failing: Failing
) -> None:
    await store.create("key", opening())
    await store.append("key", FIRST[:2])
    failing.mode = "unknown"
    store.owe("key", FIRST[2:])
    failing.mode = "well"
    await store.close()
    assert await stored(address) == StoredConversation(opening(), FIRST)


async def test_a_file_that_somebody_else_holds_is_not_there_just_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.database._BUSY_MS", 50)
    with database("sqlite", tmp_path) as file:
        store = SqlStore(open_engine(read_url(file)), FakeClock(), 30)
        await store.start()
        await store.create("key", opening())
        engine = open_engine(read_url(file))
        async with engine.connect() as holder:
            await holder.exec_driver_sql("UPDATE conversations SET visit = 1")
            with pytest.raises(StorageUnavailableError):
                await store.append("key", FIRST)
            assert not await store.ready()
        await engine.dispose()
        assert await store.ready()
        await store.append("key", FIRST)
        assert await stored(file) == StoredConversation(opening(), FIRST)
        await store.close()


class Wire:
    """A wire to the PostgreSQL server that can be cut, also right behind a COMMIT."""

    def __init__(self) -> None:
        self.cut_after_commit = False
        self.down = False
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._join, "127.0.0.1", 0)

    def through(self, server: asyncio.Server, address: str) -> URL:
        port: int = server.sockets[0].getsockname()[1]
        return read_url(address).set(host="127.0.0.1", port=port)

    def cut(self) -> None:
        self.down = True
        for writer in self._open:
            writer.transport.abort()

    async def _join(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.down:
            back.transport.abort()
            return
        host, _, port = SERVER.rpartition("@")[2].partition("/")[0].partition(":")
        there, forth = await asyncio.open_connection(host, int(port or 5432))
        self._open |= {back, forth}
        await asyncio.gather(self._carry(here, forth), self._carry(there, back, answers=True))

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        try:
            while data := await source.read(65536):
                if answers and self.cut_after_commit and b"COMMIT" in data:
                    self.cut_after_commit = False
                    self.cut()
                    return
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.transport.abort()


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Generator[str, None, None]:
    """The address of a database that is at the other end of a wire."""
    with database("postgresql", tmp_path_factory.mktemp("store")) as one:
        yield one


async def test_a_server_that_goes_away_and_comes_back_loses_and_doubles_nothing(
    remote: str,
) -> None:
    line = Wire()
    server = await line.serve()
    url = line.through(server, remote)
    store = SqlStore(open_engine(url), FakeClock(), 30)
    await store.start()
    await execute(remote, "DELETE FROM conversations")
    await store.create("key", opening())
    await store.append("key", FIRST)
    line.cut_after_commit = True
    with pytest.raises(StorageUnavailableError, match="just now"):
        await store.append("key", AGAIN)
    committed = await stored(remote)
    assert committed == StoredConversation(opening(), (*FIRST, *AGAIN)), "nobody could know"
    assert not await store.ready()
    with pytest.raises(StorageUnavailableError):
        await store.load("other")
    line.down = False
    await store.append("key", LATER)
    assert await stored(remote) == StoredConversation(opening(), (*FIRST, *LATER))
    line.cut()
    line.down = False
    await store.append("key", OTHER)
    assert await stored(remote) == StoredConversation(opening(), (*FIRST, *LATER, *OTHER))
    await store.close()
    server.close()


@contextmanager
def served(folder: Path, url: URL) -> Generator[Server, None, None]:
    address = url.render_as_string(hide_password=False)
    with running(folder, WALKIN_DATABASE_URL=address, WALKIN_BUILTIN_PACE_MS="40") as one:
        yield one


async def test_a_customer_whose_database_goes_and_comes_back_goes_on(
    tmp_path: Path, remote: str
) -> None:
    wire = Wire()
    listening = await wire.serve()
    service = served(tmp_path, wire.through(listening, remote))
    server = await asyncio.to_thread(service.__enter__)
    try:
        async with session(server, "session_id=demo-9") as (line, ready):
            await line.send(type="user.message", id="m1", text="hello")
            await line.until("reply.delta")
            wire.cut()
            whole = await line.until("reply.completed")
            assert whole["finish_reason"] == "stop"
            await line.send(type="user.message", id="m2", text="are you there?")
            refused = await line.until("error")
            assert (refused["code"], refused["ref"]) == ("storage_unavailable", "m2")
            assert (await asyncio.to_thread(server.get, "/readyz"))[0] == 503
            async with dial(server, "session_id=demo-9&resume=1") as stranger:
                await stranger.send(type="session.resume", token="t", epoch="", offset=0)
                assert (await stranger.closed())[0] == 1012
            wire.down = False
            await line.send(type="user.message", id="m2", text="are you there?")
            await line.until("message.accepted", duplicate=False)
            second = await line.until("reply.completed")
        server.process.kill()
    finally:
        await asyncio.to_thread(service.__exit__, None, None, None)
        listening.close()
    with running(tmp_path, WALKIN_DATABASE_URL=remote) as server:
        async with dial(server, "session_id=demo-9&resume=1") as line:
            token = ready["resume_token"]
            await line.send(type="session.resume", token=token, epoch="", offset=0)
            again = await line.until("session.ready")
    told = [entry["text"] for entry in again["history"]]
    assert told == ["hello", whole["text"], "are you there?", second["text"]]
