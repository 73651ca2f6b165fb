import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backend.chat.hub import Hub, hash_token
from backend.domain.visitor import Visitor
from backend.eventlog.memory import MemoryEventLog
from backend.ports import Finish, Opening
from backend.store.memory import MemoryStore
from backend.wire import Limits, SessionResume, UserMessage
from tests.fakes import RecordingOutlet, ScriptedModel, opening, visitor
from tests.test_conversation import services

DONE = Finish("stop", 1, 1)


class Reception:
    """Introduces the doubles."""

    def introduce(self, _opening: Opening, mode: str, visit: int) -> Visitor:
        return visitor(mode, visit)


class House:
    """A hub with its doubles at hand."""

    def __init__(self, **changes: Any) -> None:
        self.model = ScriptedModel()
        self.store = MemoryStore(10, 10)
        self.services = services(self.model, self.store, **changes)
        self.hub = Hub(Reception(), self.services)  # type: ignore[arg-type]  # a double
        self.outlet = RecordingOutlet()

    async def until_forgotten(self) -> None:
        async with asyncio.timeout(5):
            while len(self.hub) or len(self.services.log):  # type: ignore[arg-type]  # in memory
                await asyncio.sleep(0.01)

    @property
    def token(self) -> str:
        token: str = self.outlet.frames[0]["resume_token"]
        return token


def again(token: str, epoch: str = "", offset: int = 0) -> SessionResume:
    return SessionResume(token=token, epoch=epoch, offset=offset)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    one = House(limits=Limits(resume_seconds=1))
    yield one
    await one.hub.drain(0, 1000)


async def test_a_conversation_is_kept_under_the_hash_of_its_token(house: House) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    assert conversation.key == hash_token(house.token)
    assert house.token not in conversation.key


async def test_a_client_that_left_is_forgotten_after_a_while_and_its_token_still_opens(
    house: House,
) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    house.model.feed("Good day.", DONE)
    await conversation.receive(UserMessage(id="m1", text="hello"), draining=False)
    await house.outlet.until(lambda frame: frame["type"] == "reply.completed")
    house.hub.leave(conversation, house.outlet)
    await house.until_forgotten()
    back = RecordingOutlet()
    epoch = house.outlet.frames[0]["epoch"]
    assert await house.hub.resume(again(house.token, epoch, 2), None, back)
    ready = back.frames[0]
    assert ready["recovered"] is False
    assert ready["resume_token"] == house.token
    assert [entry["text"] for entry in ready["history"]] == ["hello", "Good day."]


class SlowLog(MemoryEventLog):
    """Drops a conversation's frames only when it is told to."""

    def __init__(self) -> None:
        super().__init__(100_000)
        self.dropping = asyncio.Event()
        self.may_drop = asyncio.Event()

    async def drop(self, key: str) -> None:
        self.dropping.set()
        await self.may_drop.wait()
        await super().drop(key)


async def test_who_comes_back_while_frames_are_being_dropped_loses_none_of_the_new_ones() -> None:
    log = SlowLog()
    house = House(log=log, limits=Limits(resume_seconds=1))
    conversation = await house.hub.open(opening(), house.outlet)
    house.hub.leave(conversation, house.outlet)
    async with asyncio.timeout(5):
        await log.dropping.wait()
    back = RecordingOutlet()
    coming = asyncio.create_task(house.hub.resume(again(house.token), None, back))
    await asyncio.sleep(0.05)
    assert not back.frames
    log.may_drop.set()
    restored = await coming
    assert restored is not None
    house.model.feed("Good day.", DONE)
    await restored.receive(UserMessage(id="m1", text="hello"), draining=False)
    await back.until(lambda frame: frame["type"] == "reply.completed")
    await house.hub.drain(0, 1000)


async def test_a_conversation_stays_while_its_reply_runs(house: House) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    await conversation.receive(UserMessage(id="m1", text="hello"), draining=False)
    house.hub.leave(conversation, house.outlet)
    await asyncio.sleep(1.2)
    assert len(house.hub) == 1
    house.model.feed("Good day.", DONE)
    await house.until_forgotten()
    stored = await house.store.load(conversation.key)
    assert stored is not None
    assert len(stored.changes) == 3


async def test_a_client_that_comes_back_in_time_stops_the_forgetting(house: House) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    house.hub.leave(conversation, house.outlet)
    back = RecordingOutlet()
    await house.hub.resume(again(house.token), "demo-1", back)
    await asyncio.sleep(1.2)
    assert len(house.hub) == 1
    assert conversation.outlet is back


async def test_a_late_goodbye_of_the_older_client_does_not_detach_the_newer(house: House) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    newer = RecordingOutlet()
    await house.hub.resume(again(house.token), None, newer)
    house.hub.leave(conversation, house.outlet)
    assert conversation.outlet is newer


async def test_a_reply_whose_server_died_comes_back_interrupted_and_is_stored_so() -> None:
    first = House()
    conversation = await first.hub.open(opening(), first.outlet)
    await conversation.receive(UserMessage(id="m1", text="hello"), draining=False)
    second = House()
    second.services = services(second.model, first.store)
    second.hub = Hub(Reception(), second.services)  # type: ignore[arg-type]  # a double
    back = RecordingOutlet()
    await second.hub.resume(again(first.token), None, back)
    assert back.frames[0]["history"][-1]["finish_reason"] == "interrupted"
    stored = await first.store.load(conversation.key)
    assert stored is not None
    assert len(stored.changes) == 3
    await first.hub.drain(0, 1000)


@pytest.mark.parametrize(("token", "session_id"), [("wrong", None), (None, "demo-2")])
async def test_a_wrong_token_or_session_opens_nothing(
    house: House, token: str | None, session_id: str | None
) -> None:
    await house.hub.open(opening(), house.outlet)
    back = RecordingOutlet()
    assert await house.hub.resume(again(token or house.token), session_id, back) is None
    assert back.frames == []


async def test_two_resumes_at_once_restore_one_conversation(house: House) -> None:
    conversation = await house.hub.open(opening(), house.outlet)
    house.hub.leave(conversation, house.outlet)
    await house.until_forgotten()
    outlets = [RecordingOutlet(), RecordingOutlet()]
    found = await asyncio.gather(
        *(house.hub.resume(again(house.token), None, outlet) for outlet in outlets)
    )
    assert found[0] is found[1]
    assert len(house.hub) == 1


async def test_a_drain_lets_replies_finish_and_closes_with_1012() -> None:
    house = House()
    conversation = await house.hub.open(opening(), house.outlet)
    await conversation.receive(UserMessage(id="m1", text="hello"), draining=False)
    draining = asyncio.create_task(house.hub.drain(5, 250))
    warning = await house.outlet.until(lambda frame: frame["type"] == "server.draining")
    assert warning["reconnect_after_ms"] == 250
    house.model.feed("Good day.", DONE)
    await draining
    assert house.outlet.frames[-1]["finish_reason"] == "stop"
    assert house.outlet.closed is not None
    assert house.outlet.closed[0] == 1012


async def test_a_reply_past_the_drains_deadline_ends_interrupted() -> None:
    house = House()
    conversation = await house.hub.open(opening(), house.outlet)
    await conversation.receive(UserMessage(id="m1", text="hello"), draining=False)
    await house.hub.drain(0.01, 250)
    assert house.outlet.frames[-1]["finish_reason"] == "interrupted"
    assert house.hub.replies == 0
