import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backend.chat.conversation import Conversation, Services
from backend.chat.reply import ReplyLimits
from backend.domain.transcript import ReplyEnded
from backend.errors import ModelFailedError, ModelUnavailableError, StorageUnavailableError
from backend.eventlog.memory import MemoryEventLog
from backend.ports import Finish
from backend.store.memory import MemoryStore
from backend.wire import (
    ConversationFrame,
    Limits,
    MessageEdit,
    ModeInfo,
    ModeSwitch,
    ReplyStop,
    UserMessage,
)
from tests.fakes import (
    MODES,
    CountingEntropy,
    FakeClock,
    NoMeter,
    RecordingOutlet,
    ScriptedModel,
    opening,
    session,
)

DONE = Finish("stop", 10, 2)


def services(model: ScriptedModel, store: MemoryStore, **changes: Any) -> Services:
    infos = tuple(ModeInfo(id=one, title=one, greeting="Hello", starters=()) for one in MODES)
    given: dict[str, Any] = {
        "clock": FakeClock(),
        "entropy": CountingEntropy(),
        "model": model,
        "store": store,
        "log": MemoryEventLog(100_000),
        "meter": NoMeter(),
        "modes": infos,
        "limits": Limits(),
        "reply_limits": ReplyLimits(seconds=30, chars=1000),
        "history_chars": 1000,
        "merge_seconds": 0.0,
    }
    return Services(**{**given, **changes})


class Talk:
    """A conversation with its doubles at hand."""

    def __init__(
        self,
        store: MemoryStore | None = None,
        model: ScriptedModel | None = None,
        **changes: Any,
    ) -> None:
        self.model = model or ScriptedModel()
        self.store = MemoryStore(10, 10) if store is None else store
        self.services = services(self.model, self.store, **changes)
        self.outlet = RecordingOutlet()
        self.conversation = Conversation("key", "token", session(), self.services)

    async def say(self, frame: ConversationFrame, *, draining: bool = False) -> None:
        await self.conversation.receive(frame, draining=draining)

    async def completed(self, reply_id: str = "r1") -> dict[str, Any]:
        return await self.outlet.until(
            lambda frame: frame["type"] == "reply.completed" and frame["reply_id"] == reply_id
        )


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    one = Talk()
    await one.store.create("key", opening())
    await one.conversation.attach(one.outlet)
    yield one
    await one.conversation.interrupt()


async def test_offsets_count_every_event_of_an_epoch_without_a_gap(talk: Talk) -> None:
    talk.model.feed("Good ", "day.", DONE)
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.completed()
    await talk.say(ModeSwitch(mode="insurance"))
    offsets = [frame["offset"] for frame in talk.outlet.frames]
    assert offsets == list(range(1, len(offsets) + 1))
    assert talk.outlet.types()[:3] == ["session.ready", "message.accepted", "reply.started"]


async def test_the_whole_text_is_the_deltas_joined(talk: Talk) -> None:
    talk.model.feed("Good ", "day", ".", DONE)
    await talk.say(UserMessage(id="m1", text="hello"))
    whole = await talk.completed()
    deltas = [frame["text"] for frame in talk.outlet.frames if frame["type"] == "reply.delta"]
    assert whole["text"] == "".join(deltas) == "Good day."
    assert whole["usage"] == {"input_tokens": 10, "output_tokens": 2}


@pytest.mark.parametrize(
    ("fault", "code", "retryable"),
    [
        (ModelUnavailableError("No."), "model_unavailable", True),
        (ModelFailedError("No."), "model_failed", False),
        (RuntimeError("a defect"), "model_failed", False),
    ],
)
async def test_a_failed_turn_has_an_error_right_before_its_one_end(
    talk: Talk, fault: Exception, code: str, *, retryable: bool
) -> None:
    talk.model.feed("Goo", fault)
    await talk.say(UserMessage(id="m1", text="hello"))
    whole = await talk.completed()
    assert (whole["finish_reason"], whole["text"]) == ("error", "Goo")
    error = talk.outlet.frames[-2]
    assert (error["type"], error["code"], error["ref"]) == ("error", code, "m1")
    assert error["retryable"] is retryable
    assert "offset" not in error
    assert talk.outlet.types().count("reply.completed") == 1


async def test_a_model_that_never_ends_is_ended() -> None:
    talk = Talk(reply_limits=ReplyLimits(seconds=0.05, chars=1000))
    await talk.store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    talk.model.feed("Good")
    await talk.say(UserMessage(id="m1", text="hello"))
    assert (await talk.completed())["finish_reason"] == "error"


async def test_a_model_that_says_too_much_is_cut_at_the_limit() -> None:
    talk = Talk(reply_limits=ReplyLimits(seconds=30, chars=8))
    await talk.store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    talk.model.feed("Good ", "day to you")
    await talk.say(UserMessage(id="m1", text="hello"))
    whole = await talk.completed()
    assert (whole["finish_reason"], whole["text"]) == ("length", "Good day")


async def test_stop_ends_the_reply_at_once_whatever_the_model_does(talk: Talk) -> None:
    talk.model.feed("Good ")
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.outlet.until(lambda frame: frame["type"] == "reply.delta")
    await talk.say(ReplyStop())
    assert (await talk.completed())["finish_reason"] == "stopped"
    talk.model.feed("Next.", DONE)
    await talk.say(UserMessage(id="m2", text="and?"))
    assert (await talk.completed("r2"))["text"] == "Next."
    assert "busy" not in [frame.get("code") for frame in talk.outlet.frames]


async def test_a_client_that_lags_gets_its_text_in_fewer_deltas(talk: Talk) -> None:
    talk.model.feed("a")
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.outlet.until(lambda frame: frame["type"] == "reply.delta")
    talk.outlet.lagging = True
    talk.model.feed("b", "c", "d")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    talk.outlet.catch_up()
    talk.model.feed("e", DONE)
    whole = await talk.completed()
    deltas = [frame["text"] for frame in talk.outlet.frames if frame["type"] == "reply.delta"]
    assert whole["text"] == "".join(deltas) == "abcde"
    assert len(deltas) < 5


async def test_tokens_that_come_within_milliseconds_travel_together() -> None:
    talk = Talk(merge_seconds=0.05)
    await talk.store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    talk.model.feed("a", "b", "c")
    await talk.say(UserMessage(id="m1", text="hello"))
    second = await talk.outlet.until(lambda frame: frame.get("text") == "bc")
    assert second["type"] == "reply.delta"
    assert talk.outlet.frames[-2]["text"] == "a"
    talk.model.feed("d", "e", DONE)
    whole = await talk.completed()
    deltas = [frame["text"] for frame in talk.outlet.frames if frame["type"] == "reply.delta"]
    assert whole["text"] == "".join(deltas) == "abcde"


async def test_text_that_comes_while_a_reply_is_being_ended_belongs_to_none() -> None:
    model = ScriptedModel()

    class SlowStore(MemoryStore):
        """A store in the middle of whose writing the model goes on."""

        async def append(self, token_hash: str, changes: Any) -> None:
            if isinstance(changes[0], ReplyEnded):
                model.feed("late")
                await asyncio.sleep(0.01)
            await super().append(token_hash, changes)

    talk = Talk(SlowStore(10, 10), model)
    await talk.store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    talk.model.feed("early")
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.outlet.until(lambda frame: frame["type"] == "reply.delta")
    await talk.say(MessageEdit(of="m1", id="m2", text="hi"))
    talk.model.feed("Next.", DONE)
    assert (await talk.completed("r1"))["text"] == "early"
    assert (await talk.completed("r2"))["text"] == "Next."


async def test_text_that_waited_for_a_slow_client_comes_without_another_token(talk: Talk) -> None:
    talk.outlet.lagging = True
    talk.model.feed("Good day")
    await talk.say(UserMessage(id="m1", text="hello"))
    await asyncio.sleep(0)
    talk.outlet.catch_up()
    delta = await talk.outlet.until(lambda frame: frame["type"] == "reply.delta")
    assert delta["text"] == "Good day"


async def test_the_reply_runs_on_while_nobody_is_attached(talk: Talk) -> None:
    await talk.say(UserMessage(id="m1", text="hello"))
    seen = talk.outlet.frames[-1]["offset"]
    epoch = talk.outlet.frames[0]["epoch"]
    talk.conversation.detach(talk.outlet)
    task = talk.conversation.answering
    talk.model.feed("Good ", "day.", DONE)
    assert task is not None
    await task
    back = RecordingOutlet()
    await talk.conversation.attach(back, epoch, seen)
    assert back.frames[0]["recovered"] is True
    assert back.frames[0]["offset"] == seen
    assert back.types()[1:] == ["reply.delta", "reply.delta", "reply.completed"]


async def test_every_offset_of_a_conversation_can_be_resumed_without_loss(talk: Talk) -> None:
    talk.model.feed("Good ", "day.", DONE, "Bye.", DONE)
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.completed()
    await talk.say(UserMessage(id="m2", text="bye"))
    await talk.completed("r2")
    await talk.say(ModeSwitch(mode="insurance"))
    recorded = list(talk.outlet.frames)
    epoch = recorded[0]["epoch"]
    for offset in range(1, len(recorded) + 1):
        back = RecordingOutlet()
        await talk.conversation.attach(back, epoch, offset)
        assert back.frames[0]["recovered"] is True
        assert back.frames[0]["history"] == []
        assert recorded[:offset] + back.frames[1:] == recorded


@pytest.mark.parametrize(("epoch", "offset"), [("", 0), ("other", 2), (None, 99), (None, 0)])
async def test_what_can_not_be_recovered_starts_a_new_epoch_with_the_history(
    talk: Talk, epoch: str | None, offset: int
) -> None:
    talk.model.feed("Good day.", DONE, "And")
    await talk.say(UserMessage(id="m1", text="hello"))
    await talk.completed()
    await talk.say(UserMessage(id="m2", text="and?"))
    await talk.outlet.until(lambda frame: frame.get("text") == "And")
    first = talk.outlet.frames[0]["epoch"]
    back = RecordingOutlet()
    await talk.conversation.attach(back, first if epoch is None else epoch, offset)
    ready = back.frames[0]
    assert (ready["recovered"], ready["offset"]) == (False, 1)
    assert ready["epoch"] != first
    assert [entry["text"] for entry in ready["history"]] == ["hello", "Good day.", "and?", "And"]
    assert ready["history"][-1]["finish_reason"] is None
    talk.model.feed(" so on.", DONE)
    whole = await back.until(lambda frame: frame["type"] == "reply.completed")
    assert (whole["offset"], whole["text"]) == (3, "And so on.")


async def test_a_newer_connection_puts_the_older_one_out(talk: Talk) -> None:
    newer = RecordingOutlet()
    await talk.conversation.attach(newer)
    assert talk.outlet.closed is not None
    assert talk.outlet.closed[0] == 4502
    assert not talk.conversation.detach(talk.outlet)
    assert talk.conversation.outlet is newer


class FullStore(MemoryStore):
    """A store whose disk is full from some time on."""

    full = False

    async def append(self, token_hash: str, changes: Any) -> None:
        if self.full:
            raise StorageUnavailableError("The disk is full.")
        await super().append(token_hash, changes)


async def test_what_can_not_be_stored_is_not_accepted_and_its_id_stays_unused() -> None:
    store = FullStore(10, 10)
    talk = Talk(store=store)
    await store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    store.full = True
    await talk.say(UserMessage(id="m1", text="hello"))
    error = talk.outlet.frames[-1]
    assert (error["code"], error["ref"], error["retryable"]) == ("storage_unavailable", "m1", True)
    store.full = False
    talk.model.feed("Good day.", DONE)
    await talk.say(UserMessage(id="m1", text="hello"))
    assert (await talk.completed())["text"] == "Good day."


async def test_a_reply_that_can_not_be_stored_still_ends() -> None:
    store = FullStore(10, 10)
    talk = Talk(store=store)
    await store.create("key", opening())
    await talk.conversation.attach(talk.outlet)
    await talk.say(UserMessage(id="m1", text="hello"))
    store.full = True
    talk.model.feed("Good day.", DONE)
    assert (await talk.completed())["finish_reason"] == "stop"


async def test_the_prompt_that_a_reply_names_is_kept_word_for_word(talk: Talk) -> None:
    talk.model.feed("Good day.", DONE)
    await talk.say(UserMessage(id="m1", text="hello"))
    whole = await talk.completed()
    prompt = await talk.store.prompt(whole["provenance"]["prompt_id"])
    assert prompt == talk.model.asked[0][0].content
