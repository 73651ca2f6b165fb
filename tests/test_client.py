import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from backend import strictjson
from backend.client import Chat, DuplicateError, RefusedError, address, connect, resume
from backend.wire import (
    MessageAccepted,
    ModeSwitched,
    Ping,
    Pong,
    ReplyCompleted,
    ReplyDelta,
    ReplyStarted,
    UserMessage,
)
from tests.fakes import CountingEntropy
from tests.live import PATIENCE, Server, running, session

LONG = "what do you know about me"


@pytest.fixture(autouse=True)
async def no_endless_wait() -> AsyncGenerator[None, None]:
    async with asyncio.timeout(2 * PATIENCE):
        yield


@pytest.mark.parametrize(
    "url",
    ["ws://host:8000", "ws://host:8000/", "http://host:8000", "ws://host:8000/ws",
     "http://host:8000/ws/"],
)  # fmt: skip
def test_any_address_of_a_server_leads_to_its_socket(url: str) -> None:
    assert address(url, session_id="a b", mode=None, visit=2) == (
        "ws://host:8000/ws?session_id=a+b&visit=2"
    )


def test_a_secure_address_stays_secure() -> None:
    assert address("https://host").startswith("wss://host/ws?")


# --- against a live server ----------------------------------------------------------------------


async def test_one_connects_and_is_told_who_walked_in(server: Server) -> None:
    opening = {"session_id": "demo-1", "mode": "insurance", "as_of": "2026-01-15",
               "identity": "session"}  # fmt: skip
    async with connect(server.url, **opening, visit=2) as chat:  # type: ignore[arg-type]  # str for str
        assert opening.items() <= chat.ready.model_dump().items()
        assert (chat.ready.visit, chat.offset, chat.ready.recovered) == (2, 1, False)
        assert chat.ready.customer["name"]


async def test_what_is_said_is_answered_with_the_whole_reply(server: Server) -> None:
    async with connect(server.ws_url, session_id="demo-1") as chat:
        reply = await chat.say("What is my checking balance?")
        assert isinstance(reply, ReplyCompleted)
        assert reply.finish_reason == "stop"
        assert f"{chat.ready.customer['checking_balance']:,.2f}" in reply.text


async def test_events_come_typed_and_in_order(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        message_id = await chat.ask("hello", "mine")
        assert message_id == "mine"
        kinds: list[type[Any]] = []
        text = ""
        async for frame in chat:
            kinds.append(type(frame))
            if isinstance(frame, ReplyDelta):
                text += frame.text
            if isinstance(frame, ReplyCompleted):
                assert frame.text == text
                assert chat.offset == frame.offset
                break
        assert kinds[:2] == [MessageAccepted, ReplyStarted]
        assert set(kinds[2:-1]) == {ReplyDelta}


async def test_an_edit_replaces_the_message_and_what_came_after(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        await chat.say("hello", "m1")
        await chat.say("and my balance?", "m2")
        reply = await chat.edit("m1", "What is my credit score?")
        assert str(chat.ready.customer["credit_score"]) in reply.text
        with pytest.raises(RefusedError, match="unknown_message: There is no message 'm2'"):
            await chat.edit("m2", "hello")


async def test_an_edit_during_a_reply_waits_for_its_own(paced_server: Server) -> None:
    async with connect(paced_server.url, session_id="demo-1") as chat:
        await chat.ask(LONG, "m1")
        while not isinstance(await chat.receive(), ReplyDelta):
            pass
        reply = await chat.edit("m1", "hello")
        assert (reply.reply_id, reply.finish_reason) == ("r2", "stop")


async def test_a_retry_answers_the_same_turn_again(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        first = await chat.say("hello")
        second = await chat.retry()
        assert second.turn_id == first.turn_id
        assert second.reply_id != first.reply_id


async def test_a_stop_ends_the_reply(paced_server: Server) -> None:
    async with connect(paced_server.url, session_id="demo-1") as chat:
        await chat.ask(LONG)
        while not isinstance(await chat.receive(), ReplyDelta):
            pass
        await chat.stop()
        while not isinstance(frame := await chat.receive(), ReplyCompleted):
            pass
        assert frame.finish_reason == "stopped"


async def test_a_switch_and_the_way_back(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        await chat.say("hello", "m1")
        there = await chat.switch("insurance")
        assert isinstance(there, ModeSwitched)
        assert (there.mode, there.visit, there.history) == ("insurance", 1, ())
        assert "active_policies" in there.customer
        back = await chat.switch("banking")
        assert [entry.role for entry in back.history] == ["user", "assistant"]
        assert back.customer == chat.ready.customer
        assert (await chat.switch("insurance", fresh=True)).visit == 2


async def test_a_switch_during_a_reply_waits_for_the_switch(paced_server: Server) -> None:
    async with connect(paced_server.url, session_id="demo-1") as chat:
        await chat.ask(LONG)
        while not isinstance(await chat.receive(), ReplyDelta):
            pass
        assert (await chat.switch("healthcare")).mode == "healthcare"
        assert (await chat.say("hello")).provenance.rulebook


async def test_the_next_customer_is_somebody_else(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        one = await chat.next_customer()
        other = await chat.next_customer()
        assert (one.visit, other.visit) == (2, 3)
        assert one.customer["name"] != chat.ready.customer["name"] != other.customer["name"]


async def test_feedback_is_stored(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        reply = await chat.say("hello")
        await chat.feedback(reply.reply_id, "down", "too short")
        with pytest.raises(RefusedError, match="unknown_reply: There is no reply 'r99'"):
            await chat.feedback("r99", "up")


async def test_a_refusal_is_raised_with_its_sentence_and_frame(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        with pytest.raises(RefusedError, match="text_too_long: A message may have 8000") as caught:
            await chat.say("x" * 8001, "m1")
        assert (caught.value.frame.ref, caught.value.frame.retryable) == ("m1", False)
        with pytest.raises(RefusedError, match="nothing_to_retry: "):
            await chat.retry()
        with pytest.raises(RefusedError, match="unknown_mode: There is no mode 'aviation'"):
            await chat.switch("aviation")
        assert (await chat.say("hello")).finish_reason == "stop"


async def test_an_id_that_was_used_before_runs_nothing(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        await chat.say("hello", "m1")
        with pytest.raises(DuplicateError, match="'m1' was used before"):
            await chat.say("hello again", "m1")
        assert (await chat.say("and now", "m2")).reply_id == "r2"


async def test_a_dropped_socket_loses_nothing(paced_server: Server) -> None:
    async with connect(paced_server.url, session_id="demo-1") as chat:
        await chat.ask(LONG, "m1")
        heard = ""
        while not heard:
            frame = await chat.receive()
            heard = frame.text if isinstance(frame, ReplyDelta) else ""
        await chat.close()
    ready = chat.ready
    async with resume(
        paced_server.url, ready.resume_token, epoch=ready.epoch, offset=chat.offset
    ) as back:
        assert (back.ready.recovered, back.offset) == (True, chat.offset)
        offsets = []
        while not isinstance(frame := await back.receive(), ReplyCompleted):
            assert isinstance(frame, ReplyDelta)
            heard += frame.text
            offsets.append(frame.offset)
        assert frame.text == heard
        assert [*offsets, frame.offset] == list(range(chat.offset + 1, frame.offset + 1))
        assert frame.finish_reason == "stop"


async def test_one_who_lost_everything_but_the_token_gets_the_history(server: Server) -> None:
    async with connect(server.url, session_id="demo-1") as chat:
        await chat.say("hello", "m1")
    async with resume(server.url, chat.ready.resume_token) as back:
        assert (back.ready.recovered, back.offset) == (False, 1)
        assert back.ready.history[0].text == "hello"
        assert back.ready.epoch != chat.ready.epoch
        assert (await back.say("again")).reply_id == "r2"


async def test_a_wrong_token_opens_nothing(server: Server) -> None:
    with pytest.raises(ConnectionClosed) as caught:
        async with resume(server.url, "not a token"):
            pass
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4501


async def test_a_wrong_opening_is_closed_with_a_sentence(server: Server) -> None:
    with pytest.raises(ConnectionClosed, match="mode or session, not 'both'"):
        async with connect(server.url, identity="both"):
            pass


async def test_two_chats_of_one_session_do_not_hear_each_other(server: Server) -> None:
    async with (
        connect(server.url, session_id="demo-1") as one,
        connect(server.url, session_id="demo-1") as other,
    ):
        await one.say("hello", "m1")
        await other.say("hello", "m1")
        assert one.ready.resume_token != other.ready.resume_token
        assert one.ready.customer == other.ready.customer


async def test_a_model_that_can_not_be_reached_is_a_refusal(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("nobody")
    nobody = "http://127.0.0.1:9/v1"
    with running(folder, OPENAI_BASE_URL=nobody, WALKIN_FIRST_TOKEN_SECONDS="3") as server:
        async with connect(server.url, session_id="demo-1") as chat:
            with pytest.raises(RefusedError, match="model_unavailable: ") as caught:
                await chat.say("hello", "m1")
            assert (caught.value.frame.ref, caught.value.frame.retryable) == ("m1", True)
            assert (await chat.switch("insurance")).mode == "insurance"


# --- against a server of a later version --------------------------------------------------------

Script = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def scripted(server: Server, script: Script) -> AsyncGenerator[Chat, None]:
    """Connect to a server that sends a true ``session.ready`` and then goes by the script."""
    async with session(server) as (_, ready):
        pass

    async def handler(socket: ServerConnection) -> None:
        await socket.send(strictjson.dumps({"type": "weather.report", "sunny": True}))
        await socket.send(strictjson.dumps({**ready, "added_later": 1}))
        await script(socket)

    async with serve(handler, "127.0.0.1", 0) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", entropy=CountingEntropy()) as chat:
            yield chat


async def test_event_types_and_fields_that_are_not_known_are_passed_over(server: Server) -> None:
    async def script(socket: ServerConnection) -> None:
        asked = strictjson.parse(await socket.recv())
        for frame in (
            {"type": "reply.thought", "offset": 2, "text": "hm"},
            {"type": "pong", "t": asked["t"], "latency": 3},
        ):
            await socket.send(strictjson.dumps(frame))

    async with scripted(server, script) as chat:
        await chat.send(Ping(t="now"))
        assert await chat.receive() == Pong(t="now")


async def test_a_known_type_of_the_wrong_shape_is_not_passed_over(server: Server) -> None:
    async def script(socket: ServerConnection) -> None:
        await socket.send('{"type":"reply.delta","offset":"two"}')
        await socket.wait_closed()

    async with scripted(server, script) as chat:
        with pytest.raises(ValidationError):
            await chat.receive()


async def test_a_server_that_goes_away_is_a_closed_connection(server: Server) -> None:
    async def script(socket: ServerConnection) -> None:
        await socket.close(1012, "soon")

    async with scripted(server, script) as chat:
        with pytest.raises(ConnectionClosed):
            await chat.say("hello")


async def test_ids_come_from_what_is_handed_in_and_nulls_are_not_sent(server: Server) -> None:
    heard: list[str] = []

    async def script(socket: ServerConnection) -> None:
        heard.extend([str(await socket.recv()), str(await socket.recv())])
        await socket.send(strictjson.dumps({"type": "pong", "t": None}))

    async with scripted(server, script) as chat:
        assert await chat.ask("hello") == "session-1"
        await chat.send(UserMessage(id="m2", text="é"))
        await chat.receive()
    assert [strictjson.parse(one) for one in heard] == [
        {"type": "user.message", "id": "session-1", "text": "hello"},
        {"type": "user.message", "id": "m2", "text": "é"},
    ]
