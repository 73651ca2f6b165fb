"""One suite over every store: what a conversation may rely on, whichever is configured."""

import asyncio
from collections.abc import AsyncGenerator, Generator

import pytest
import pytest_asyncio

from backend.domain.transcript import (
    FeedbackTaken,
    Lasting,
    MessageTaken,
    Moved,
    Provenance,
    ReplyBegun,
    ReplyEnded,
)
from backend.errors import InputError, StorageUnavailableError
from backend.ports import Store, StoredConversation
from backend.store.database import open_engine, read_url
from backend.store.memory import MemoryStore
from backend.store.sql import SqlStore
from tests.contracts.database_kit import database, execute
from tests.fakes import FakeClock, opening

AT = "2026-01-15T09:30:00.000Z"
PROVENANCE = Provenance(
    prompt_id="a" * 64, persona_id=None, rulebook="registry", seed="1", generator="1"
)
EVERY_KIND: tuple[Lasting, ...] = (
    MessageTaken("m1", "t1", "né 😀 \u2028", AT),
    ReplyBegun("t1", "r1", "model", AT),
    ReplyEnded("r1", "t1", "Good day.", "stop", AT, PROVENANCE, 10, 2, 5, 9),
    MessageTaken("m2", "t2", "instead", AT, replaces="m1"),
    ReplyBegun("t2", "r2", "model", AT, id="again"),
    ReplyEnded("r2", "t2", "", "error", AT, PROVENANCE),
    FeedbackTaken("r1", "down", "no", AT),
    FeedbackTaken("r1", "up", None, AT),
    Moved("insurance", 2, AT, "s1"),
)


def build(address: str) -> Store:
    if address == "memory:":
        return MemoryStore(100, 100)
    return SqlStore(open_engine(read_url(address)), FakeClock(), 30)


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    if request.param == "memory":
        yield "memory:"
        return
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        yield one


@pytest_asyncio.fixture
async def store(address: str) -> AsyncGenerator[Store, None]:
    one = build(address)
    await one.start()
    if isinstance(one, SqlStore):
        await execute(address, "DELETE FROM conversations")
        await execute(address, "DELETE FROM prompts")
    yield one
    await one.close()


@pytest_asyncio.fixture
async def lasting(address: str, store: Store) -> AsyncGenerator[Store, None]:
    """Another process on the same database; memory is not shared with any."""
    if isinstance(store, MemoryStore):
        pytest.skip("what is in memory is not there for another process")
    other = build(address)
    await other.start()
    yield other
    await other.close()


async def test_a_conversation_comes_back_as_it_was_opened(store: Store) -> None:
    given = opening(session_id="demo-7", mode="insurance", identity="session", visit=3)
    await store.create("key", given)
    assert await store.load("key") == StoredConversation(given, ())


async def test_changes_of_every_kind_come_back_in_order(store: Store) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:4])
    await store.append("key", EVERY_KIND[4:])
    loaded = await store.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND


async def test_what_was_loaded_does_not_grow(store: Store) -> None:
    await store.create("key", opening())
    before = await store.load("key")
    await store.append("key", EVERY_KIND)
    assert before is not None
    assert before.changes == ()


async def test_the_list_that_was_appended_may_change_afterwards(store: Store) -> None:
    await store.create("key", opening())
    changes = [EVERY_KIND[0]]
    await store.append("key", changes)
    changes.clear()
    loaded = await store.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND[:1]


async def test_nothing_appended_changes_nothing(store: Store) -> None:
    await store.create("key", opening())
    await store.append("key", [])
    assert await store.load("key") == StoredConversation(opening(), ())


async def test_conversations_do_not_mix(store: Store) -> None:
    await store.create("a", opening(session_id="same"))
    await store.create("b", opening(session_id="same"))
    await store.append("a", EVERY_KIND[:1])
    loaded = await store.load("b")
    assert loaded is not None
    assert loaded.changes == ()


async def test_an_unknown_conversation_is_none(store: Store) -> None:
    assert await store.load("nobody") is None


async def test_a_change_of_an_unknown_conversation_is_not_taken(store: Store) -> None:
    with pytest.raises(StorageUnavailableError, match="no longer stored"):
        await store.append("nobody", EVERY_KIND)
    assert await store.load("nobody") is None


async def test_a_prompt_is_kept_word_for_word(store: Store) -> None:
    text = "You serve né 😀.\n\n  Two spaces.\u2028"
    await store.save_prompt("a" * 64, text)
    await store.save_prompt("a" * 64, text)
    assert await store.prompt("a" * 64) == text
    assert await store.prompt("b" * 64) is None


async def test_it_is_ready(store: Store) -> None:
    assert await store.ready()


async def test_what_is_owed_comes_before_what_is_appended_after_it(store: Store) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:2])
    store.owe("key", EVERY_KIND[2:3])
    await store.append("key", EVERY_KIND[3:])
    loaded = await store.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND


async def test_what_is_owed_is_read_back(store: Store) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:2])
    store.owe("key", EVERY_KIND[2:3])
    store.forget("key")
    loaded = await store.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND[:3]


async def test_nothing_can_be_owed_to_a_conversation_that_is_not_kept(store: Store) -> None:
    store.owe("nobody", EVERY_KIND)
    assert await store.load("nobody") is None


async def test_a_conversation_that_left_the_memory_goes_on_where_it_was(store: Store) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:3])
    store.forget("key")
    await store.append("key", EVERY_KIND[3:])
    loaded = await store.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (MessageTaken("m1", "t1", "a\x00b", AT), "U\\+0000"),
        (MessageTaken("m\ud800", "t1", "a", AT), "U\\+D800"),
        (Moved("banking", 2**63, AT), "64 bits"),
        (ReplyEnded("r", "t", "", "stop", AT, PROVENANCE, total_ms=float("nan")), "finite"),  # type: ignore[arg-type]  # on purpose
    ],
)
async def test_what_one_database_takes_and_another_does_not_is_taken_by_none(
    store: Store, change: Lasting, said: str
) -> None:
    await store.create("key", opening())
    with pytest.raises(InputError, match=rf"^changes\[1\]\.\w+: .*{said}"):
        await store.append("key", [EVERY_KIND[0], change])
    assert await store.load("key") == StoredConversation(opening(), ())


async def test_a_prompt_that_no_database_takes_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match=r"^prompt: "):
        await store.save_prompt("a" * 64, "\x00")


async def test_another_process_finds_conversation_and_prompt(store: Store, lasting: Store) -> None:
    await store.create("key", opening())
    await store.save_prompt("a" * 64, "You serve né.")
    await store.append("key", EVERY_KIND)
    assert await lasting.load("key") == StoredConversation(opening(), EVERY_KIND)
    assert await lasting.prompt("a" * 64) == "You serve né."


async def test_a_conversation_in_which_nothing_happened_does_not_outlive_its_process(
    store: Store, lasting: Store
) -> None:
    await store.create("key", opening())
    assert await lasting.load("key") is None


async def test_a_conversation_that_went_on_elsewhere_is_not_mixed_up(
    store: Store, lasting: Store
) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:3])
    await lasting.load("key")
    await lasting.append("key", EVERY_KIND[3:5])
    for _ in range(2):
        with pytest.raises(StorageUnavailableError, match="elsewhere"):
            await store.append("key", EVERY_KIND[5:6])
    assert await lasting.load("key") == StoredConversation(opening(), EVERY_KIND[:5])


async def test_a_message_id_is_stored_once(store: Store, lasting: Store) -> None:
    await store.create("key", opening())
    await store.append("key", EVERY_KIND[:1])
    with pytest.raises(StorageUnavailableError):
        await store.append("key", EVERY_KIND[:1])
    loaded = await lasting.load("key")
    assert loaded is not None
    assert loaded.changes == EVERY_KIND[:1]


async def test_many_conversations_at_once_are_all_stored(store: Store) -> None:
    async def talk(key: str) -> None:
        await store.create(key, opening(session_id=key))
        await store.save_prompt(key, f"prompt of {key}")
        for change in EVERY_KIND:
            await store.append(key, [change])

    keys = [f"key-{number}" for number in range(50)]
    await asyncio.gather(*map(talk, keys))
    for key in keys:
        assert await store.load(key) == StoredConversation(opening(session_id=key), EVERY_KIND)
        assert await store.prompt(key) == f"prompt of {key}"


async def test_one_that_can_not_be_stored_does_not_stop_the_others(
    store: Store, lasting: Store
) -> None:
    await store.create("lost", opening())
    await store.append("lost", EVERY_KIND[:1])
    await store.create("key", opening())
    await lasting.load("lost")
    await lasting.append("lost", EVERY_KIND[1:2])
    done = await asyncio.gather(
        store.append("lost", EVERY_KIND[2:3]),
        store.append("key", EVERY_KIND),
        return_exceptions=True,
    )
    assert isinstance(done[0], StorageUnavailableError)
    assert done[1] is None
    assert await lasting.load("key") == StoredConversation(opening(), EVERY_KIND)
