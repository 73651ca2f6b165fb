"""Coming back over real sockets: nothing lost, nothing doubled, or the whole history."""

from typing import Any

import pytest

from tests.live import Line, Server, dial, session

QUESTIONS = ("what is my checking balance", "what do you know about me")


async def resumed(line: Line, ready: dict[str, Any], epoch: str, offset: int) -> dict[str, Any]:
    token = ready["resume_token"]
    await line.send(type="session.resume", token=token, epoch=epoch, offset=offset)
    return await line.next()


async def recorded(server: Server) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Hold a conversation with a switch in it, and return its ready and all its frames."""
    async with session(server) as (line, ready):
        for number, question in enumerate(QUESTIONS):
            await line.send(type="user.message", id=f"m{number}", text=question)
            await line.until("reply.completed")
        await line.send(type="user.message", id="last", text=QUESTIONS[1])
        await line.until("reply.delta")
        await line.send(type="mode.switch", mode="insurance", id="s1")
        await line.until("mode.switched")
        await line.send(type="mode.switch", mode="banking", id="s2")
        await line.until("mode.switched")
        return ready, line.seen


@pytest.mark.slow
async def test_a_socket_killed_at_any_offset_comes_back_to_exactly_the_rest(
    paced_server: Server,
) -> None:
    ready, frames = await recorded(paced_server)
    assert [frame["offset"] for frame in frames] == list(range(1, len(frames) + 1))
    for frame in frames:
        async with dial(paced_server, "session_id=demo-1&resume=1") as line:
            again = await resumed(line, ready, ready["epoch"], frame["offset"])
            assert (again["recovered"], again["offset"]) == (True, frame["offset"])
            for missed in frames[frame["offset"] :]:
                assert await line.next() == missed
            await line.send(type="ping", t=1)
            assert (await line.next())["type"] == "pong"


async def test_a_socket_dropped_in_the_middle_of_a_reply_loses_nothing(
    paced_server: Server,
) -> None:
    async with session(paced_server) as (line, ready):
        await line.send(type="user.message", id="m1", text=QUESTIONS[1])
        await line.until("reply.delta")
        line.socket.transport.abort()
    async with dial(paced_server, "session_id=demo-1&resume=1") as back:
        last = line.seen[-1]["offset"]
        again = await resumed(back, ready, ready["epoch"], last)
        assert again["recovered"] is True
        whole = await back.until("reply.completed")
    deltas = [frame for frame in line.seen + back.seen if frame["type"] == "reply.delta"]
    assert "".join(delta["text"] for delta in deltas) == whole["text"]
    assert whole["finish_reason"] == "stop"


async def test_a_page_that_lost_its_state_gets_the_history_and_the_rest_of_a_running_reply(
    paced_server: Server,
) -> None:
    async with session(paced_server) as (line, ready):
        await line.send(type="user.message", id="m1", text=QUESTIONS[1])
        await line.until("reply.delta")
    async with dial(paced_server, "session_id=demo-1&resume=1") as back:
        again = await resumed(back, ready, "", 0)
        assert (again["recovered"], again["offset"]) == (False, 1)
        assert again["epoch"] != ready["epoch"]
        user, running = again["history"]
        assert (user["text"], running["finish_reason"]) == (QUESTIONS[1], None)
        whole = await back.until("reply.completed")
    deltas = [frame["text"] for frame in back.seen if frame["type"] == "reply.delta"]
    assert running["text"] + "".join(deltas) == whole["text"]


async def test_the_same_message_sent_again_after_a_resume_is_not_run_twice(
    paced_server: Server,
) -> None:
    async with session(paced_server) as (line, ready):
        await line.send(type="user.message", id="m1", text=QUESTIONS[0])
        accepted = await line.until("message.accepted")
    async with dial(paced_server, "session_id=demo-1&resume=1") as back:
        await resumed(back, ready, ready["epoch"], 1)
        await back.send(type="user.message", id="m1", text=QUESTIONS[0])
        again = await back.until("message.accepted", duplicate=True)
        assert again["turn_id"] == accepted["turn_id"]
        await back.until("reply.completed")


async def test_a_second_tab_with_the_token_puts_the_first_one_out(paced_server: Server) -> None:
    async with (
        session(paced_server) as (line, ready),
        dial(paced_server, "session_id=demo-1&resume=1") as second,
    ):
        await resumed(second, ready, ready["epoch"], 1)
        assert (await line.closed())[0] == 4502
        await second.send(type="ping", t=1)
        await second.until("pong")


async def test_two_conversations_of_one_session_id_share_only_the_customer(
    paced_server: Server,
) -> None:
    async with session(paced_server) as (one, first), session(paced_server) as (_, second):
        assert first["customer"] == second["customer"]
        assert first["resume_token"] != second["resume_token"]
        assert first["epoch"] != second["epoch"]
        await one.send(type="user.message", id="m1", text="hello")
        await one.until("reply.completed")
        assert second["history"] == []


@pytest.mark.parametrize(
    ("session_id", "token"), [("demo-1", "guessed"), ("demo-2", None)], ids=["token", "session"]
)
async def test_a_session_id_alone_opens_nobodys_conversation(
    paced_server: Server, session_id: str, token: str | None
) -> None:
    async with session(paced_server) as (_, ready):
        pass
    async with dial(paced_server, f"session_id={session_id}&resume=1") as line:
        await line.send(
            type="session.resume", token=token or ready["resume_token"], epoch="", offset=0
        )
        assert (await line.closed())[0] == 4501


async def test_the_whole_job_done_twice_meets_the_same_people(paced_server: Server) -> None:
    """Switch while a reply streams, switch back, and find customer and conversation again."""
    met: list[list[Any]] = []
    for _ in range(2):
        async with session(paced_server, "session_id=demo-1&mode=banking") as (line, ready):
            await line.send(type="user.message", id="m1", text=QUESTIONS[1])
            await line.until("reply.delta")
            await line.send(type="mode.switch", mode="insurance")
            interrupted = await line.until("reply.completed")
            there = await line.until("mode.switched")
            await line.send(type="mode.switch", mode="healthcare")
            further = await line.until("mode.switched")
            await line.send(type="mode.switch", mode="banking")
            back = await line.until("mode.switched")
        assert interrupted["finish_reason"] == "interrupted"
        assert back["customer"] == ready["customer"]
        assert [entry["text"] for entry in back["history"]] == [
            QUESTIONS[1],
            interrupted["text"],
        ]
        met.append([ready["customer"], there["customer"], further["customer"]])
    assert met[0] == met[1]
