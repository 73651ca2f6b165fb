"""What this stack does to the unwary, and that it does not do it here. T10 to T12: test_llm_*."""

import asyncio
import os
import signal
import socket
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.live import PATIENCE, UVICORN, WALKIN, Line, Server, dial, running, session

HANDSHAKE = (
    b"GET /ws?session_id=raw HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def masked(payload: bytes, opcode: int = 1) -> bytes:
    """Return one whole client frame; its mask is all zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload


def shaken(server: Server, receive_buffer: int | None = None) -> socket.socket:
    """Return a raw socket after the handshake, whose owner may read or not."""
    raw = socket.socket()
    if receive_buffer is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(PATIENCE)
    raw.connect(("127.0.0.1", server.port))
    raw.sendall(HANDSHAKE + b"\r\n")
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += raw.recv(1)
    assert b" 101 " in answer
    return raw


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server, None, None]:
    folder = tmp_path_factory.mktemp("small")
    with running(
        folder,
        WALKIN_SEND_SECONDS="1",
        WALKIN_MAX_BACKLOG_BYTES="262144",
        WALKIN_RESUME_SECONDS="1",
        WALKIN_MESSAGES_PER_MINUTE="100000",
    ) as one:
        yield one


def last_close_code(raw: socket.socket) -> int:
    """Read server frames until one of them closes, and return its code."""
    with raw.makefile("rb") as stream:
        while True:
            first, second = stream.read(2)
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(stream.read(2 if size == 126 else 8), "big")
            payload = stream.read(size)
            if first & 0x0F == 8:
                return int.from_bytes(payload[:2], "big")


async def flood(stuck: socket.socket, frame: bytes, seconds: float = PATIENCE) -> None:
    """Send the frame again and again until the server ends it, or for so many seconds."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                await loop.sock_sendall(stuck, frame)


async def gone(server: Server, sockets: float) -> None:
    """Wait until no more than ``sockets`` are open at the server."""
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(server.metric, "walkin_sockets") > sockets:
            await asyncio.sleep(0.05)


async def test_t1_t2_a_reader_that_never_reads_is_put_out_and_costs_little(
    small_server: Server,
) -> None:
    before = small_server.resident_bytes()
    async with session(small_server) as (other, _):
        with closing(shaken(small_server, receive_buffer=4096)) as stuck:
            stuck.settimeout(0)
            ping = masked(b'{"type":"ping","t":"' + b"x" * 30_000 + b'"}')
            await flood(stuck, ping)
            await gone(small_server, 1)
            assert small_server.resident_bytes() - before < 8 << 20
        await other.send(type="ping", t="still here")
        await other.until("pong", t="still here")


async def test_a_reader_that_wakes_up_too_late_finds_4000(tmp_path: Path) -> None:
    with (
        running(tmp_path, WALKIN_MAX_BACKLOG_BYTES="100000", WALKIN_SEND_SECONDS="8") as server,
        closing(shaken(server, receive_buffer=4096)) as late,
    ):
        late.settimeout(0)
        await flood(late, masked(b'{"type":"ping","t":"' + b"x" * 30_000 + b'"}'), seconds=2)
        late.settimeout(PATIENCE)
        assert await asyncio.to_thread(last_close_code, late) == 4000


async def test_t3_a_stuck_reader_does_not_keep_the_process(tmp_path: Path) -> None:
    with (
        running(tmp_path, WALKIN_SEND_SECONDS="20") as server,
        closing(shaken(server, receive_buffer=4096)) as stuck,
    ):
        stuck.settimeout(0)
        await flood(stuck, masked(b'{"type":"ping","t":"' + b"x" * 30_000 + b'"}'), seconds=2)
        server.terminate()
        await asyncio.to_thread(server.wait, 25)


@pytest.mark.parametrize("command", [WALKIN, UVICORN], ids=["walkin serve", "plain uvicorn"])
async def test_t4_sigterm_lets_the_running_reply_finish_first(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with running(tmp_path, command, WALKIN_BUILTIN_PACE_MS="30") as server:
        async with session(server) as (line, _):
            await line.send(type="user.message", id="m1", text="what do you know about me")
            await line.until("reply.delta")
            server.terminate()
            await line.until("server.draining")
            whole = await line.until("reply.completed")
            assert whole["finish_reason"] == "stop"
            assert (await line.closed())[0] == 1012
        assert await asyncio.to_thread(server.wait, 25) in {0, -signal.SIGTERM}


async def test_t4_a_reply_past_the_deadline_of_the_drain_ends_interrupted(tmp_path: Path) -> None:
    with running(tmp_path, WALKIN_BUILTIN_PACE_MS="1000", WALKIN_DRAIN_SECONDS="0.3") as server:
        async with session(server) as (line, _):
            await line.send(type="user.message", id="m1", text="what do you know about me")
            await line.until("reply.started")
            server.terminate()
            whole = await line.until("reply.completed")
            assert whole["finish_reason"] == "interrupted"
            assert (await line.closed())[0] == 1012
        await asyncio.to_thread(server.wait, 25)


async def test_t5_clients_that_leave_leave_nothing_behind(small_server: Server) -> None:
    for _ in range(5):
        for _ in range(10):
            async with session(small_server) as (line, _):
                await line.send(type="user.message", id="m1", text="hello")
    await gone(small_server, 0)
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(small_server.metric, "walkin_conversations"):
            await asyncio.sleep(0.1)
    assert small_server.metric("walkin_replies_running") == 0


DIRTY: dict[str, tuple[str | bytes, str]] = {
    "binary": (b"\x00\x01", "bad_frame"),
    "not JSON": ("{", "bad_json"),
    "100,000 brackets": ("[" * 100_000, "bad_json"),
    "5,000 digits": ('{"type":"ack","offset":' + "9" * 5000 + "}", "bad_json"),
    "a lone surrogate": ('{"type":"user.message","id":"s","text":"\\ud800"}', "bad_json"),
    "NaN": ('{"type":"ping","t":NaN}', "bad_json"),
    "Infinity": ('{"type":"ping","t":-Infinity}', "bad_json"),
    "1e999": ('{"type":"ping","t":1e999}', "bad_json"),
    "U+0000": ('{"type":"user.message","id":"z","text":"\\u0000"}', "bad_frame"),
}


@pytest.mark.parametrize("name", DIRTY)
async def test_t6_t7_a_dirty_frame_is_told_and_the_socket_stays(server: Server, name: str) -> None:
    data, code = DIRTY[name]
    async with session(server) as (line, _):
        await line.raw(data)
        assert (await line.next())["code"] == code
        await line.send(type="ping", t=1)
        await line.until("pong")
    assert "Traceback" not in server.log.read_text()


async def test_t6_text_that_is_not_utf8_closes_with_1007(server: Server) -> None:
    with closing(shaken(server)) as raw:
        raw.sendall(masked(b"\xff\xfe"))
        data = b""
        while chunk := await asyncio.to_thread(raw.recv, 65536):
            data += chunk
        assert data.endswith(b"\x03\xef") or b"\x03\xef" in data[-140:]


async def test_t8_a_foreign_origin_is_refused_before_the_upgrade(server: Server) -> None:
    with pytest.raises(Exception, match="403"):
        async with dial(server, origin="https://evil.example"):
            pass


async def test_t8_logs_hold_neither_texts_nor_tokens(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        async with session(server) as (line, ready):
            await line.send(type="user.message", id="m1", text="where is my umbrella-4711")
            whole = await line.until("reply.completed")
        server.terminate()
        await asyncio.to_thread(server.wait, 25)
        log = server.log.read_text()
        assert "reply.ended" in log
        for secret in ("umbrella-4711", ready["resume_token"], whole["text"]):
            assert secret not in log


@pytest.mark.parametrize("command", [WALKIN, UVICORN], ids=["walkin serve", "plain uvicorn"])
async def test_t9_a_frame_over_the_limit_closes_with_1009(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with running(tmp_path, command) as server:
        async with session(server) as (line, ready):
            limit = ready["limits"]["max_frame_bytes"]
            await line.raw('{"type":"ping","t":"' + "x" * limit + '"}')
            assert (await line.closed())[0] == 1009


async def test_t9_compression_is_off(server: Server) -> None:
    async with session(server) as (line, _):
        assert line.socket.response is not None
        assert "Sec-WebSocket-Extensions" not in line.socket.response.headers


LARGE_HANDSHAKES = {
    "a header line of 9 KiB": HANDSHAKE + b"X-Large: " + b"x" * 9216 + b"\r\n\r\n",
    "200 headers": HANDSHAKE + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n",
    "a path of 9 KiB": HANDSHAKE.replace(b"id=raw", b"id=" + b"r" * 9216) + b"\r\n",
}


async def test_a_head_without_an_end_is_refused_before_it_ends(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as raw:
        raw.sendall(HANDSHAKE + b"X-Endless: ")
        for _ in range(8):
            raw.sendall(b"x" * 1024)
        assert (await asyncio.to_thread(raw.recv, 65536)).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("name", LARGE_HANDSHAKES)
async def test_t20_a_large_handshake_is_answered_and_shutdown_stays_clean(
    tmp_path: Path, name: str
) -> None:
    with running(tmp_path) as server:
        raws = [socket.create_connection(("127.0.0.1", server.port), PATIENCE) for _ in range(5)]
        for raw in raws:
            raw.sendall(LARGE_HANDSHAKES[name])
            answer = await asyncio.to_thread(raw.recv, 65536)
            assert answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
        async with session(server) as (line, _):
            server.terminate()
            assert (await line.closed())[0] == 1012
        assert await asyncio.to_thread(server.wait, 25) in {0, -signal.SIGTERM}
        for raw in raws:
            raw.close()
        assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("sent", [b"", HANDSHAKE], ids=["nothing", "half its headers"])
async def test_t21_a_connection_that_never_asks_is_dropped(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 20) as raw:
        raw.sendall(sent)
        with suppress(ConnectionResetError):
            assert await asyncio.to_thread(raw.recv, 1) == b""


@pytest.mark.parametrize("payload", ['{"type":"nope"}', "{", b"\x00"], ids=repr)
async def test_fifty_bad_frames_in_a_row_close_with_4504(
    server: Server, payload: str | bytes
) -> None:
    async with session(server) as (line, _):
        for _ in range(49):
            await line.raw(payload)
        await line.send(type="ping", t="a good frame starts the count anew")
        for _ in range(50):
            await line.raw(payload)
        assert (await line.closed())[0] == 4504


async def test_a_quiet_socket_is_closed_with_4002_however_often_it_pings(tmp_path: Path) -> None:
    with running(tmp_path, WALKIN_IDLE_SECONDS="0.5") as server:
        async with session(server) as (line, _):

            async def keep_pinging(line: Line) -> None:
                while True:
                    await line.send(type="ping")
                    await line.send(type="ack", offset=1)
                    await asyncio.sleep(0.05)

            pinging = asyncio.create_task(keep_pinging(line))
            assert (await line.closed())[0] == 4002
            pinging.cancel()


async def test_a_resume_that_never_comes_is_closed_with_4500(tmp_path: Path) -> None:
    with running(tmp_path, WALKIN_OPENING_SECONDS="0.2") as server:
        async with dial(server, "resume=1") as line:
            await line.send(type="ping")
            assert (await line.closed())[0] == 4500


async def test_one_socket_too_many_is_closed_with_4003(tmp_path: Path) -> None:
    with running(tmp_path, WALKIN_MAX_CONNECTIONS="1") as server:
        async with session(server), dial(server) as line:
            assert (await line.closed())[0] == 4003


@pytest.mark.slow
async def test_after_a_thousand_opens_and_closes_both_gauges_are_zero(
    small_server: Server,
) -> None:
    async def visit(number: int) -> None:
        async with session(small_server, f"session_id=visit-{number}"):
            pass

    for start in range(0, 1000, 50):
        await asyncio.gather(*(visit(number) for number in range(start, start + 50)))
    await gone(small_server, 0)
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(small_server.metric, "walkin_conversations"):
            await asyncio.sleep(0.1)


def test_a_server_that_is_killed_leaves_nothing_that_stops_the_next(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(PATIENCE)
    with running(tmp_path) as server:
        assert server.get("/healthz")[0] == 200
