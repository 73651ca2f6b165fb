import logging
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import structlog

from backend import strictjson
from backend.logs import configure_logs
from tests.live import Server, dial, running, session

Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Generator[Written, None, None]:
    """Give what was written to standard error, and put logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    uvicorn_filters = list(logging.getLogger("uvicorn.error").filters)
    before = structlog.get_config()
    yield lambda: capsys.readouterr().err
    root.handlers, root.level = handlers, level
    logging.getLogger("uvicorn.error").filters = uvicorn_filters
    structlog.configure(**before)


def lines(written: Written) -> list[dict[str, Any]]:
    return [strictjson.parse(line) for line in written().splitlines()]


def test_every_record_is_one_line_of_json(written: Written) -> None:
    configure_logs("json")
    structlog.get_logger("one").info("thing.happened", count=3, text="two\nlines")
    logging.getLogger("other").warning("of the %s", "library")
    first, second = lines(written)
    assert (first["event"], first["count"], first["level"]) == ("thing.happened", 3, "info")
    assert (second["event"], second["level"]) == ("of the library", "warning")
    assert all(line["timestamp"].endswith("Z") for line in (first, second))


def test_an_exception_stays_on_its_line(written: Written) -> None:
    configure_logs("json")
    try:
        int("no number")
    except ValueError:
        structlog.get_logger("one").exception("failed")
    (line,) = lines(written)
    assert "ValueError: invalid literal" in line["exception"]


def test_people_may_have_words_instead(written: Written) -> None:
    configure_logs("console")
    structlog.get_logger("two").info("thing.happened", count=3)
    text = written()
    assert "thing.happened" in text
    assert not text.startswith("{")


def test_configured_twice_it_is_written_once(written: Written) -> None:
    configure_logs("json")
    configure_logs("json")
    logging.getLogger("other").warning("once")
    assert len(lines(written)) == 1


@pytest.mark.parametrize("name", ["httpx2", "httpcore2", "openai", "aiohttp"])
def test_libraries_that_log_addresses_are_quiet(written: Written, name: str) -> None:
    configure_logs("json")
    logging.getLogger(name).info("GET https://example.com/?key=secret")
    logging.getLogger(f"{name}.inner").info("the same")
    assert written() == ""


async def test_no_text_token_or_query_is_written(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        async with session(server, "session_id=demo-1&as_of=2026-01-15") as (line, ready):
            await line.send(type="user.message", id="m1", text="my VERYSECRET pin")
            reply = await line.until("reply.completed")
            await line.raw('{"type":"VERYSECRET"}')
            await line.until("error")
        async with dial(server, "session_id=demo-1&resume=1") as line:
            await line.send(type="session.resume", token=ready["resume_token"], epoch="", offset=0)
            await line.until("session.ready")
        async with dial(server, "token=VERYSECRET") as line:
            await line.closed()
        server.get("/api/prompts/VERYSECRET?key=VERYSECRET")
        with pytest.raises(Exception, match="403"):
            async with dial(
                server, "token=VERYSECRET", additional_headers={"Origin": "http://evil.example"}
            ):
                pass
        log = server.log.read_text()
    assert "conversation.opened" in log
    assert "reply.ended" in log
    for secret in ("VERYSECRET", ready["resume_token"], reply["text"], ready["customer"]["name"]):
        assert secret not in log
    assert all(strictjson.parse(line)["level"] == "info" for line in log.splitlines())


async def test_a_refused_page_is_no_error_of_ours(server: Server) -> None:
    before = len(server.log.read_text().splitlines())
    with pytest.raises(Exception, match="403"):
        async with dial(server, additional_headers={"Origin": "null"}):
            pass
    assert server.get("/healthz")[0] == 200
    after = server.log.read_text().splitlines()[before:]
    assert not [line for line in after if '"error"' in line]
