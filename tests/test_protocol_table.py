"""Every cell of the protocol's table of states and frames, over a real socket.

W: waiting after ``resume=1``. I: idle. R: a reply runs. G: draining while a reply runs.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live import Line, Server, dial, running, session

LONG = "what do you know about me"


@asynccontextmanager
async def idle(server: Server) -> AsyncGenerator[Line, None]:
    async with session(server) as (line, _):
        await line.send(type="user.message", id="m1", text="hello")
        await line.until("reply.completed")
        yield line


@asynccontextmanager
async def replying(server: Server) -> AsyncGenerator[Line, None]:
    async with idle(server) as line:
        await line.send(type="user.message", id="m2", text=LONG)
        await line.until("reply.delta")
        yield line


async def expect(line: Line, *kinds: str) -> list[dict[str, Any]]:
    """Return the next frames but deltas; their types (or error codes) must be ``kinds``."""
    found: list[dict[str, Any]] = []
    while len(found) < len(kinds):
        frame = await line.next()
        if frame["type"] != "reply.delta":
            found.append(frame)
    assert [frame.get("code", frame["type"]) for frame in found] == list(kinds)
    return found


async def settled(line: Line) -> None:
    """Prove that nothing else was answered: the next frame but deltas is our own pong."""
    await line.send(type="ping", t="settled")
    await expect(line, "pong")


FRAMES: dict[str, dict[str, Any]] = {
    "session.resume": {"type": "session.resume", "token": "x", "epoch": "", "offset": 0},
    "user.message, new id": {"type": "user.message", "id": "new", "text": LONG},
    "user.message, known id": {"type": "user.message", "id": "m1", "text": "x"},
    "mode.switch, known id": {"type": "mode.switch", "mode": "insurance", "id": "m1"},
    "message.edit": {"type": "message.edit", "of": "m1", "id": "new", "text": LONG},
    "reply.retry": {"type": "reply.retry"},
    "mode.switch elsewhere": {"type": "mode.switch", "mode": "insurance"},
    "customer.next": {"type": "customer.next"},
    "mode.switch, same mode": {"type": "mode.switch", "mode": "banking"},
    "reply.stop": {"type": "reply.stop"},
    "feedback, known reply": {"type": "feedback.give", "reply_id": "r1", "value": "up"},
    "feedback, unknown reply": {"type": "feedback.give", "reply_id": "r99", "value": "up"},
    "ack": {"type": "ack", "offset": 3},
    "ack beyond the last": {"type": "ack", "offset": 10_000},
    "ping": {"type": "ping", "t": 7},
    "unknown mode": {"type": "mode.switch", "mode": "aviation"},
    "wrong shape": {"type": "user.message", "id": 5, "text": "x"},
    "unknown type": {"type": "user.massage"},
}

IDLE = {
    "session.resume": ["bad_frame"],
    "user.message, new id": ["message.accepted", "reply.started"],
    "user.message, known id": ["message.accepted"],
    "mode.switch, known id": ["message.accepted"],
    "message.edit": ["message.accepted", "reply.started"],
    "reply.retry": ["reply.started"],
    "mode.switch elsewhere": ["mode.switched"],
    "customer.next": ["mode.switched"],
    "mode.switch, same mode": ["mode.switched"],
    "reply.stop": [],
    "feedback, known reply": ["feedback.stored"],
    "feedback, unknown reply": ["unknown_reply"],
    "ack": [],
    "ack beyond the last": [],
    "ping": ["pong"],
    "unknown mode": ["unknown_mode"],
    "wrong shape": ["bad_frame"],
    "unknown type": ["bad_frame"],
}
REPLYING = IDLE | {
    "user.message, new id": ["busy"],
    "message.edit": ["reply.completed", "message.accepted", "reply.started"],
    "reply.retry": ["busy"],
    "mode.switch elsewhere": ["reply.completed", "mode.switched"],
    "customer.next": ["reply.completed", "mode.switched"],
    "reply.stop": ["reply.completed"],
}
DRAINING = REPLYING | {
    "user.message, new id": ["draining"],
    "message.edit": ["draining"],
    "reply.retry": ["draining"],
}
BAD_TEXT = {"not JSON": "{", "an array": "[]", "NaN": '{"type":"ping","t":NaN}', "empty": ""}
ENDED_AS = {"message.edit": "interrupted", "mode.switch elsewhere": "interrupted",
            "customer.next": "interrupted", "reply.stop": "stopped"}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
async def test_idle(paced_server: Server, name: str) -> None:
    async with idle(paced_server) as line:
        await line.send(**FRAMES[name])
        found = await expect(line, *IDLE[name])
        await settled(line)
        if "known id" in name:
            assert found[0]["duplicate"] is True


@pytest.mark.parametrize("name", FRAMES)
async def test_while_a_reply_runs(paced_server: Server, name: str) -> None:
    async with replying(paced_server) as line:
        await line.send(**FRAMES[name])
        found = await expect(line, *REPLYING[name])
        if name in ENDED_AS:
            assert found[0]["finish_reason"] == ENDED_AS[name]
        else:
            await settled(line)
            await line.send(type="reply.stop")
            await line.until("reply.completed", finish_reason="stopped")


@pytest.mark.parametrize("name", [name for name in FRAMES if name != "session.resume"])
async def test_waiting(paced_server: Server, name: str) -> None:
    async with dial(paced_server, "session_id=demo-1&resume=1") as line:
        await line.send(**FRAMES[name])
        if name == "ping":
            await expect(line, "pong")
            await settled(line)
        else:
            assert (await line.closed())[0] == 4500


async def test_waiting_with_a_wrong_token(paced_server: Server) -> None:
    async with dial(paced_server, "session_id=demo-1&resume=1") as line:
        await line.send(**FRAMES["session.resume"])
        assert (await line.closed())[0] == 4501


async def test_waiting_with_the_right_token(paced_server: Server) -> None:
    async with session(paced_server) as (_, ready):
        pass
    async with dial(paced_server, "session_id=demo-1&resume=1") as line:
        await line.send(type="ping", t=1)
        await line.send(
            type="session.resume",
            token=ready["resume_token"],
            epoch=ready["epoch"],
            offset=ready["offset"],
        )
        _, again = await expect(line, "pong", "session.ready")
        assert again["recovered"] is True


@pytest.mark.parametrize("name", BAD_TEXT)
async def test_what_is_not_json_closes_a_waiting_socket(paced_server: Server, name: str) -> None:
    async with dial(paced_server, "session_id=demo-1&resume=1") as line:
        await line.raw(BAD_TEXT[name])
        assert (await line.closed())[0] == 4500


@pytest.mark.parametrize("name", BAD_TEXT)
async def test_what_is_not_json_is_told_and_the_socket_stays(
    paced_server: Server, name: str
) -> None:
    async with replying(paced_server) as line:
        await line.raw(BAD_TEXT[name])
        await expect(line, "bad_frame" if name == "an array" else "bad_json")
        await settled(line)


async def test_a_retry_before_any_message_has_nothing_to_retry(paced_server: Server) -> None:
    async with session(paced_server) as (line, _):
        await line.send(type="reply.retry")
        await expect(line, "nothing_to_retry")


@pytest.mark.slow
async def test_draining(tmp_path: Path) -> None:
    """All cells of G, each on a socket of its own whose reply runs when the drain begins."""
    with running(tmp_path, WALKIN_BUILTIN_PACE_MS="100", WALKIN_DRAIN_SECONDS="6") as server:
        async with AsyncExitStack() as stack:
            opened = (stack.enter_async_context(replying(server)) for _ in FRAMES)
            lines = dict(zip(FRAMES, await asyncio.gather(*opened), strict=True))
            server.terminate()
            for name, line in lines.items():
                await line.until("server.draining")
                await line.send(**FRAMES[name])
            for name, line in lines.items():
                await expect(line, *DRAINING[name])
            for line in lines.values():
                assert (await line.closed())[0] == 1012


@pytest.mark.slow
async def test_a_draining_server_takes_no_new_socket_and_lets_replies_finish(
    tmp_path: Path,
) -> None:
    with running(tmp_path, WALKIN_BUILTIN_PACE_MS="50") as server:
        async with replying(server) as line:
            server.terminate()
            warning = await line.until("server.draining")
            assert warning["reconnect_after_ms"] > 0
            assert server.get("/readyz")[0] == 503
            with pytest.raises(Exception, match="503"):
                async with dial(server):
                    pass
            whole = await line.until("reply.completed")
            assert whole["finish_reason"] == "stop"
            assert (await line.closed())[0] == 1012
        server.wait(25)
