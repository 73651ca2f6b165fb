"""What nobody touched is deleted after its time, and nothing else."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from backend.clock import timestamp
from backend.domain.transcript import FeedbackTaken, Lasting, MessageTaken, ReplyEnded
from backend.store.database import open_engine, read_url
from backend.store.retention import sweep, sweep_daily
from backend.store.sql import SqlStore
from tests.contracts.database_kit import database, execute
from tests.contracts.test_store_contract import PROVENANCE
from tests.fakes import START, FakeClock, opening

DAY = 86_400.0
DAYS = 30


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        yield one


class Shop:
    """A store whose clock can be moved on by days."""

    def __init__(self, address: str) -> None:
        self.clock = FakeClock()
        self.engine = open_engine(read_url(address))
        self.store = SqlStore(self.engine, self.clock, DAYS)

    def now(self) -> str:
        return timestamp(self.clock.read().at)

    def wait(self, days: float) -> None:
        self.clock.now += days * DAY

    async def say(self, key: str, *changes: Lasting) -> None:
        said = changes or (MessageTaken(f"m-{self.clock.now}", "t1", "hello", self.now()),)
        await self.store.append(key, said)

    async def sweep(self) -> tuple[int, int]:
        return await sweep(self.engine, self.clock, DAYS)

    async def kept(self, *keys: str) -> list[str]:
        return [key for key in keys if await self.store.load(key)]


@pytest_asyncio.fixture
async def shop(address: str) -> AsyncGenerator[Shop, None]:
    one = Shop(address)
    await one.store.start()
    await execute(address, "DELETE FROM conversations")
    await execute(address, "DELETE FROM prompts")
    yield one
    await one.store.close()


async def test_a_conversation_goes_when_nothing_was_said_for_so_long(shop: Shop) -> None:
    for key in ("old", "new"):
        await shop.store.create(key, opening())
        await shop.say(key)
        shop.store.forget(key)
    shop.wait(20)
    await shop.say("new")
    shop.wait(DAYS - 20)
    assert await shop.sweep() == (0, 0)
    shop.wait(0.01)
    assert await shop.sweep() == (1, 0)
    assert await shop.kept("old", "new") == ["new"]


async def test_its_changes_and_feedback_go_with_it(shop: Shop, address: str) -> None:
    await shop.store.create("old", opening())
    await shop.say("old")
    await shop.say("old", FeedbackTaken("r1", "up", None, shop.now()))
    shop.wait(DAYS + 1)
    await shop.sweep()
    for table in ("changes", "feedback"):
        assert await execute(address, f"SELECT 1 FROM {table}") == []  # noqa: S608 - a name of ours


async def test_coming_back_and_an_opinion_both_count(shop: Shop) -> None:
    for key in ("visited", "judged", "left"):
        await shop.store.create(key, opening())
        await shop.say(key)
    shop.wait(20)
    await shop.store.load("visited")
    await shop.say("judged", FeedbackTaken("r1", "up", None, shop.now()))
    shop.wait(20)
    assert await shop.sweep() == (1, 0)
    assert await shop.kept("visited", "judged", "left") == ["visited", "judged"]


async def test_a_prompt_stays_as_long_as_a_reply_names_it(shop: Shop) -> None:
    await shop.store.create("key", opening())
    await shop.store.save_prompt("a" * 64, "named")
    await shop.store.save_prompt("b" * 64, "not named")
    await shop.say("key", ReplyEnded("r1", "t1", "Good day.", "stop", shop.now(), PROVENANCE))
    shop.wait(DAYS - 5)
    await shop.say("key")
    shop.wait(5)
    assert await shop.sweep() == (0, 0)
    shop.wait(3)
    assert await shop.sweep() == (0, 1)
    assert await shop.store.prompt("b" * 64) is None
    assert await shop.store.prompt("a" * 64) == "named"
    shop.wait(DAYS)
    assert await shop.sweep() == (1, 1)


async def test_more_than_one_transactions_worth_is_deleted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.retention._AT_ONCE", 3)
    for number in range(7):
        await shop.store.create(f"key-{number}", opening())
        await shop.say(f"key-{number}")
    shop.wait(DAYS + 1)
    assert await shop.sweep() == (7, 0)


async def test_it_is_done_at_the_start_and_again_and_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.store.retention._DAY_SECONDS", 0.01)
    await shop.store.create("old", opening())
    await shop.say("old")
    swept = asyncio.Semaphore(0)
    sweeping = asyncio.create_task(sweep_daily(shop.engine, shop.clock, DAYS, swept.release))
    async with asyncio.timeout(5):
        await swept.acquire()
        assert await shop.kept("old") == ["old"]
        shop.wait(DAYS + 1)
        await swept.acquire()
        await swept.acquire()
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    assert await shop.kept("old") == []


def test_the_clock_of_these_tests_moves() -> None:
    clock = FakeClock()
    clock.now += DAY
    moved: datetime = clock.read().at
    assert moved == START + timedelta(days=1)
