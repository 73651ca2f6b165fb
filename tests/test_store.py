"""The store in memory: what it lets go, and when. What all stores share: contracts/."""

import subprocess
import sys

import pytest

from backend.domain.transcript import MessageTaken
from backend.store.memory import MemoryStore
from tests.fakes import opening
from tests.live import ROOT

SAID = (MessageTaken("m1", "t1", "hello", "2026-01-15T09:30:00.000Z"),)


async def test_memory_keeps_the_conversations_that_were_used_last() -> None:
    store = MemoryStore(2, 10)
    await store.create("a", opening())
    await store.create("b", opening())
    await store.append("a", SAID)
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


@pytest.mark.parametrize(
    "module", ["backend.cli.app", "backend.client", "backend.wiring", "backend.assigning.run"]
)
def test_who_needs_no_database_does_not_wait_for_its_library(module: str) -> None:
    script = f"import sys, {module}; print({{'sqlalchemy', 'alembic'}} & set(sys.modules))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout == "set()\n"
