import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.live import ROOT, Server, free_port, session
from tests.terminal import COMMAND, PATIENCE, clean_environment, walkin

DEMO = ("--session-id", "demo-1", "--as-of", "2026-01-15")
LONG = "what do you know about me"


TYPED = """What is my checking balance?

/switch insurance
/next
/retry
/who
/switch banking
/help
/switch aviation
/switch [/red]
[/bold] hello
/quit
never said"""


def test_a_conversation_from_the_first_line_to_the_last(server: Server) -> None:
    outcome = walkin("chat", "--url", server.ws_url, *DEMO, typed=TYPED)
    assert (outcome.status, outcome.err) == (0, "")
    steps = (
        "Banking: Zachary Gallagher", "checking", "Insurance: ", "Insurance: ",
        "There is no message to answer again.", "active policies: ", "Banking: Zachary Gallagher",
        "/switch MODE [fresh]", "There is no mode 'aviation'", "There is no mode '[/red]'",
    )  # fmt: skip
    position = 0
    for step in steps:
        position = outcome.out.index(step, position) + len(step)
    assert outcome.out[position:].strip()
    assert "never said" not in outcome.out


async def test_the_customer_and_the_reply_are_the_services_own(server: Server) -> None:
    async with session(server, "session_id=demo-1&as_of=2026-01-15") as (line, ready):
        await line.send(type="user.message", id="m1", text=LONG)
        reply = await line.until("reply.completed")
    outcome = await asyncio.to_thread(
        walkin, "chat", "--url", server.url, *DEMO, typed=f"{LONG}\n/retry\n"
    )
    assert outcome.out.count(reply["text"]) == 2
    assert ready["assignment"]["summary"] in outcome.out
    assert ready["customer"]["name"] in outcome.out


def test_who_tells_of_the_customer_after_the_switch(server: Server) -> None:
    typed = "/switch healthcare\n/who\n"
    outcome = walkin("chat", "--url", server.ws_url, *DEMO, typed=typed)
    facts = outcome.out[outcome.out.index("Healthcare: ") :]
    assert "deductible met: " in facts
    assert "checking balance" not in facts


def test_a_line_that_is_refused_is_told_and_the_chat_goes_on(server: Server) -> None:
    typed = "x" * 8001 + "\nhello\n"
    outcome = walkin("chat", "--url", server.ws_url, *DEMO, typed=typed)
    assert outcome.status == 0
    refusal = "A message may have 8000 characters; this one has 8001."
    assert len(outcome.out[outcome.out.index(refusal) + len(refusal) :].strip()) > 10


def test_bytes_that_are_no_text_do_not_end_the_chat(server: Server) -> None:
    outcome = walkin("chat", "--url", server.ws_url, *DEMO, typed=b"\xff\xfe hello\nhello\n")
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--session-id", "-x"], "the service closed the chat: 4500 session_id: "),
        (["--session-id", "p:nature:1:2"], "the service closed the chat: 4500 session_id: no"),
        (["--mode", "aviation"], "the service closed the chat: 4500 mode: "),
        (["--as-of", "2026-02-30"], "the service closed the chat: 4500 as_of: "),
        (["--identity", "both"], "the service closed the chat: 4500 identity: "),
        (["--visit", "0"], "the service closed the chat: 4500 visit: "),
    ],
)
def test_an_opening_that_is_refused_is_one_sentence(
    server: Server, arguments: list[str], sentence: str
) -> None:
    outcome = walkin("chat", "--url", server.ws_url, *arguments, typed="hello\n")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.sentence().startswith(sentence)


@pytest.mark.parametrize("url", ["nonsense", "ws://[::1", "ftp://127.0.0.1", "ws://127.0.0.1:port"])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    outcome = walkin("chat", "--url", url)
    assert outcome.status == 2
    assert outcome.sentence().startswith(f"can not reach {url}: ")


def test_a_service_that_is_not_there_is_one_sentence() -> None:
    url = f"ws://127.0.0.1:{free_port()}"
    outcome = walkin("chat", "--url", url)
    assert outcome.status == 2
    assert outcome.sentence().startswith(f"can not reach {url}: ")


async def test_ctrl_c_at_the_prompt_ends_the_chat(server: Server) -> None:
    chat = await asyncio.create_subprocess_exec(
        *COMMAND, "chat", "--url", server.ws_url, *DEMO, cwd=ROOT, env=clean_environment(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert chat.stdin is not None
    assert chat.stdout is not None
    assert chat.stderr is not None
    chat.stdin.write(b"/next\n/help\n")
    async with asyncio.timeout(PATIENCE):
        while b"/quit" not in await chat.stdout.readline():
            pass
        chat.send_signal(signal.SIGINT)
        assert await chat.wait() != 0
        assert b"Traceback" not in await chat.stderr.read()


@asynccontextmanager
async def cut_in_the_middle(
    server: Server, at: bytes
) -> AsyncGenerator[tuple[str, list[int]], None]:
    """A proxy that drops its first connection as soon as ``at`` has come through."""
    connections: list[int] = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(connections)
        connections.append(number)
        there, back = await asyncio.open_connection("127.0.0.1", server.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while data := await source.read(4096):
                    sink.write(data)
                    await sink.drain()
                    if number == 0 and sink is writer and at in data:
                        break
            writer.transport.abort()
            back.transport.abort()

        await asyncio.gather(pump(reader, back), pump(there, writer))

    proxy = await asyncio.start_server(relay, "127.0.0.1", 0)
    async with proxy:
        yield f"ws://127.0.0.1:{proxy.sockets[0].getsockname()[1]}", connections


@pytest.mark.slow
@pytest.mark.parametrize("at", [b'"message.accepted"', b'"reply.delta"', b'"reply.completed"'])
async def test_a_connection_that_is_lost_comes_back_and_loses_nothing(
    paced_server: Server, at: bytes
) -> None:
    async with session(paced_server, "session_id=demo-1&as_of=2026-01-15") as (line, _):
        await line.send(type="user.message", id="m1", text=LONG)
        reply = (await line.until("reply.completed"))["text"]
    async with cut_in_the_middle(paced_server, at) as (url, connections):
        chat = await asyncio.create_subprocess_exec(
            *COMMAND, "chat", "--url", url, *DEMO, cwd=ROOT, env=clean_environment(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            out, err = await chat.communicate(f"{LONG}\n/switch insurance\n{LONG}\n".encode())
    assert (chat.returncode, err) == (0, b"")
    assert connections == [0, 1]
    before, _, after = out.decode().partition("connection lost; coming back …")
    first, _, second = after.partition("Insurance: ")
    assert reply.replace("\n", "") in (before + first).replace("\n", "")
    assert "Welcome" in second
    assert len(second.strip().splitlines()[-1]) > 20
