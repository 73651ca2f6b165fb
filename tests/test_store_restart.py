"""A server is killed and another one starts on the same database: everything said is there."""

import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.database_kit import database, execute
from tests.live import PATIENCE, ROOT, WALKIN, Line, Server, dial, free_port, running, session


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        yield one


def serving(folder: Path, address: str, pace: int = 0) -> Any:
    return running(folder, WALKIN_DATABASE_URL=address, WALKIN_BUILTIN_PACE_MS=str(pace))


def kill(server: Server) -> None:
    server.process.kill()
    server.process.wait(PATIENCE)


async def back(line: Line, ready: dict[str, Any]) -> dict[str, Any]:
    await line.send(
        type="session.resume",
        token=ready["resume_token"],
        epoch=ready["epoch"],
        offset=line.seen[-1]["offset"] if line.seen else ready["offset"],
    )
    return await line.until("session.ready")


def told(history: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["role"], entry["text"]) for entry in history]


async def test_a_killed_server_loses_neither_history_nor_switches_nor_the_opinion_of_a_reply(
    tmp_path: Path, address: str
) -> None:
    with serving(tmp_path, address) as server:
        async with session(server, "session_id=demo-1&mode=banking") as (line, ready):
            await line.send(type="user.message", id="m1", text="what do you know about me, né?")
            first = await line.until("reply.completed")
            await line.send(type="feedback.give", reply_id=first["reply_id"], value="up")
            await line.until("feedback.stored")
            await line.send(type="mode.switch", mode="insurance", id="s1")
            there = await line.until("mode.switched")
            await line.send(type="user.message", id="m2", text="hello")
            second = await line.until("reply.completed")
            async with session(server, "session_id=demo-1") as (_, silent):
                kill(server)
    await no_token_is_stored(address, ready["resume_token"])
    assert ready["resume_token"] not in server.log.read_text()
    with serving(tmp_path, address) as server:
        prompt = server.get(f"/api/prompts/{first['provenance']['prompt_id']}")
        assert prompt[0] == 200
        async with dial(server, "session_id=demo-1&resume=1") as line:
            again = await back(line, ready)
            assert (again["recovered"], again["offset"]) == (False, 1)
            assert again["epoch"] != ready["epoch"]
            assert (again["mode"], again["customer"]) == ("insurance", there["customer"])
            assert told(again["history"]) == [("user", "hello"), ("assistant", second["text"])]
            await line.send(type="user.message", id="m2", text="hello")
            duplicate = await line.until("message.accepted")
            assert duplicate["duplicate"] is True
            await line.send(type="mode.switch", mode="banking", id="s2")
            home = await line.until("mode.switched")
            assert home["customer"] == ready["customer"]
            assert told(home["history"])[1] == ("assistant", first["text"])
            assert home["history"][1]["feedback"] == "up"
            await line.send(type="user.message", id="m3", text="hello again")
            await line.until("reply.completed")
        for token in ("guessed", silent["resume_token"]):
            async with dial(server, "session_id=demo-1&resume=1") as line:
                await line.send(type="session.resume", token=token, epoch="", offset=0)
                assert (await line.closed())[0] == 4501


async def no_token_is_stored(address: str, token: str) -> None:
    for table in ("conversations", "changes", "feedback", "prompts"):
        rows = await execute(address, f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
        assert rows
        assert token not in str([tuple(row) for row in rows])


async def test_a_server_killed_between_two_messages_and_in_a_reply_loses_no_message(
    tmp_path: Path, address: str
) -> None:
    said: list[str] = []
    ready: dict[str, Any] = {}
    for number in range(2):
        with serving(tmp_path, address, pace=200) as server:
            query = "session_id=demo-2&resume=1" if ready else "session_id=demo-2"
            async with dial(server, query) as line:
                now = await back(line, ready) if ready else await line.until("session.ready")
                assert [one["text"] for one in now["history"] if one["role"] == "user"] == said
                replies = [one for one in now["history"] if one["role"] == "assistant"]
                assert [one["finish_reason"] for one in replies] == ["interrupted"] * number
                ready = ready or now
                said.append(f"message {number}")
                await line.send(type="user.message", id=f"m{number}", text=said[-1])
                await line.until("message.accepted")
                kill(server)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://me:secret@localhost/x", "its driver is 'mysql'"),
        ("postgresql+asyncpg://me:secret@127.0.0.1:1/x", "x at 127.0.0.1:1 can not be used"),
    ],
)
def test_a_database_that_can_not_be_used_stops_the_start_with_one_sentence(
    given: str, said: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own server
        [*WALKIN, "--port", str(free_port())],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "WALKIN_DATABASE_URL": given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("walkin: WALKIN_DATABASE_URL: ")
    assert said in sentence
    assert "me:secret" not in sentence
    assert "Traceback" not in done.stderr
