"""One suite over every store: what a conversation may rely on, whichever is configured."""

import pytest

from backend.domain.transcript import (
    FeedbackTaken,
    Lasting,
    MessageTaken,
    Moved,
    Provenance,
    ReplyBegun,
    ReplyEnded,
)
from backend.errors import StorageUnavailableError
from backend.ports import Store, StoredConversation
from backend.store.memory import MemoryStore
from tests.fakes import opening

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


@pytest.fixture(params=[lambda: MemoryStore(100, 100)], ids=["memory"])
def store(request: pytest.FixtureRequest) -> Store:
    made: Store = request.param()
    return made


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


async def test_memory_keeps_the_conversations_that_were_used_last() -> None:
    store = MemoryStore(2, 10)
    await store.create("a", opening())
    await store.create("b", opening())
    await store.append("a", EVERY_KIND[:1])
    await store.create("c", opening())
    assert [key for key in "abc" if await store.load(key)] == ["a", "c"]
    assert len(store) == 2


async def test_memory_keeps_the_prompts_that_were_used_last() -> None:
    store = MemoryStore(10, 2)
    for prompt_id in ("a", "b", "a", "c"):
        await store.save_prompt(prompt_id, f"prompt {prompt_id}")
    assert [await store.prompt(one) for one in "abc"] == ["prompt a", None, "prompt c"]


async def test_memory_forgets_everything_when_it_is_closed() -> None:
    store = MemoryStore(10, 10)
    await store.create("a", opening())
    await store.save_prompt("p", "text")
    await store.close()
    assert await store.load("a") is None
    assert await store.prompt("p") is None
