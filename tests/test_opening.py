from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import Moment
from backend.errors import InputError
from backend.modes import all_modes
from backend.ports import Opening
from backend.web.opening import PARAMETERS, Return, read_opening
from tests.fakes import MODES, CountingEntropy, FakeClock
from tests.live import Server, dial, session


def read(query: str | bytes, at: datetime | None = None) -> Opening | Return:
    raw = query.encode() if isinstance(query, str) else query
    clock = FixedClock(at) if at else FakeClock()
    return read_opening(raw, MODES, clock, CountingEntropy())


class FixedClock:
    def __init__(self, at: datetime) -> None:
        self._at = at

    def read(self) -> Moment:
        return Moment(self._at, 0.0)

    def seconds(self) -> float:
        return 0.0


def opened(query: str | bytes) -> Opening:
    found = read(query)
    assert isinstance(found, Opening)
    return found


DEFAULT = Opening("session-1", "2026-01-15", "mode", "banking", 1)

GOOD = {
    "": DEFAULT,
    "session_id=demo-1": Opening("demo-1", "2026-01-15", "mode", "banking", 1),
    "session_id=" + "x" * 128: Opening("x" * 128, "2026-01-15", "mode", "banking", 1),
    "session_id=a": Opening("a", "2026-01-15", "mode", "banking", 1),
    "session_id=A.b_c:d-9": Opening("A.b_c:d-9", "2026-01-15", "mode", "banking", 1),
    "session_id=a%3Ab": Opening("a:b", "2026-01-15", "mode", "banking", 1),
    "session_id=p": Opening("p", "2026-01-15", "mode", "banking", 1),
    "mode=insurance": Opening("session-1", "2026-01-15", "mode", "insurance", 1),
    "as_of=2024-02-29": Opening("session-1", "2024-02-29", "mode", "banking", 1),
    "as_of=2020-01-01": Opening("session-1", "2020-01-01", "mode", "banking", 1),
    "as_of=2045-12-31": Opening("session-1", "2045-12-31", "mode", "banking", 1),
    "identity=session": Opening("session-1", "2026-01-15", "session", "banking", 1),
    "visit=7": Opening("session-1", "2026-01-15", "mode", "banking", 7),
    "visit=1000000": Opening("session-1", "2026-01-15", "mode", "banking", 1_000_000),
    "resume=0": DEFAULT,
    "session_id=s&mode=healthcare&as_of=2025-12-31&identity=session&visit=2": Opening(
        "s", "2025-12-31", "session", "healthcare", 2
    ),
}


@pytest.mark.parametrize("query", GOOD)
def test_good_openings(query: str) -> None:
    assert read(query) == GOOD[query]


@pytest.mark.parametrize(
    ("query", "session_id"),
    [("resume=1", None), ("session_id=demo-1&resume=1", "demo-1"),
     ("resume=1&session_id=demo-1", "demo-1"),
     ("resume=1&mode=nonsense&as_of=never&visit=-1&what=ever", None)],
)  # fmt: skip
def test_a_return_reads_nothing_but_the_session_id(query: str, session_id: str | None) -> None:
    assert read(query) == Return(session_id)


BAD = {
    "session_id=": "session_id",
    "session_id=%00": "session_id",
    "session_id=a%00": "session_id",
    "session_id=demo-1%0a": "session_id",
    "session_id=demo%201": "session_id",
    "session_id=demo+1": "session_id",
    "session_id=-a": "session_id",
    "session_id=.a": "session_id",
    "session_id=:a": "session_id",
    "session_id=_a": "session_id",
    "session_id=a/b": "session_id",
    "session_id=caf%C3%A9": "session_id",
    "session_id=%D9%A1": "session_id",
    "session_id=%zz": "session_id",
    "session_id=" + "x" * 129: "session_id",
    "session_id=p:0123456789abcdef:42:7": "not known here",
    "session_id=p:nature:42:7": "no preset is called 'nature'; there are natural and 6",
    "session_id=p:natural:042:7": "whole numbers",
    "session_id=p:": "population",
    "session_id=p%3Anature%3A42%3A7&resume=1": "no preset is called 'nature'",
    "session_id=p:natural:42:7&identity=mode": "identity: a member of a population has session",
    "mode=aviation": "banking, insurance, healthcare; not 'aviation'",
    "mode=": "mode",
    "mode=Banking": "mode",
    "as_of=": "as_of",
    "as_of=2026-02-30": "as_of",
    "as_of=20260115": "as_of",
    "as_of=2026-1-15": "as_of",
    "as_of=2026-W03-4": "as_of",
    "as_of=2026-01-15T00:00": "as_of",
    "as_of=2026-01-15%0a": "as_of",
    "as_of=%D9%A2%D9%A0%D9%A2%D9%A6-01-15": "as_of",
    "as_of=today": "as_of",
    "as_of=1999-01-01": "as_of",
    "as_of=2019-12-31": "as_of",
    "as_of=2046-01-01": "as_of",
    "identity=": "identity",
    "identity=both": "identity: mode or session, not 'both'",
    "visit=": "visit",
    "visit=0": "visit",
    "visit=-1": "visit",
    "visit=%2B1": "visit",
    "visit=1e3": "visit",
    "visit=1.0": "visit",
    "visit=1_0": "visit",
    "visit=%D9%A1": "visit",
    "visit=1000001": "visit",
    "visit=" + "9" * 5000: "visit",
    "resume=2": "resume",
    "resume=": "resume",
    "resume=true": "resume",
    "session=demo-1": "Unknown parameter 'session'",
    "Session_id=demo-1": "Unknown parameter 'Session_id'",
    "token=x": "Unknown parameter 'token'",
    "=x": "Unknown parameter ''",
    "mode": "mode",
    "mode=banking&mode=banking": "'mode' stands twice",
    "mode=banking&m%6Fde=insurance": "'mode' stands twice",
    "resume=1&resume=1": "'resume' stands twice",
    "mode=%ff": "URL-encoded",
    "%ff=1": "URL-encoded",
    "&".join(f"a{n}=1" for n in range(33)): "URL-encoded",
}


@pytest.mark.parametrize("query", BAD)
def test_bad_openings_are_told_in_a_sentence(query: str) -> None:
    with pytest.raises(InputError) as caught:
        read(query)
    sentence = str(caught.value)
    assert BAD[query] in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_raw_bytes_that_are_not_ascii_are_refused() -> None:
    with pytest.raises(InputError, match="URL-encoded"):
        read("mode=é".encode())


@pytest.mark.parametrize(
    ("at", "as_of"),
    [(datetime(2026, 7, 1, 23, 59, tzinfo=UTC), "2026-07-01"),
     (datetime(1970, 1, 1, tzinfo=UTC), "2020-01-01"),
     (datetime(2070, 1, 1, tzinfo=UTC), "2045-12-31")],
)  # fmt: skip
def test_without_a_date_it_is_today_as_far_as_lives_are_told(at: datetime, as_of: str) -> None:
    found = read("", at)
    assert isinstance(found, Opening)
    assert found.as_of == as_of


@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "x"]), st.text(max_size=12)), max_size=4))
def test_any_query_is_an_opening_or_a_sentence(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs)
    with suppress(InputError):
        found = read(query)
        assert found.session_id is None or 1 <= len(found.session_id) <= 128


@pytest.mark.parametrize(
    "query", ["session_id=p:natural:42:7", "session_id=p:natural:42:7&identity=session"]
)
def test_a_member_of_a_population_is_one_person_in_every_mode(query: str) -> None:
    found = read(query.encode())
    assert isinstance(found, Opening)
    assert (found.session_id, found.identity) == ("p:natural:42:7", "session")


@given(st.binary(max_size=40))
def test_any_bytes_are_an_opening_or_a_sentence(query: bytes) -> None:
    with suppress(InputError):
        found = read(query)
        assert found.session_id is None or found.session_id.isascii()


LIVE = ["session_id=p:nature:42:7", "session_id=%00", "as_of=2026-02-30", "visit=0", "resume=2",
        "mode=aviation", "token=x", "mode=%ff", "mode=banking&mode=banking"]  # fmt: skip


@pytest.mark.parametrize("query", LIVE)
async def test_a_bad_opening_is_closed_with_its_sentence(server: Server, query: str) -> None:
    with pytest.raises(InputError) as caught:
        read_opening(query.encode(), tuple(all_modes()), FakeClock(),
                     CountingEntropy())  # fmt: skip
    async with dial(server, query) as line:
        assert await line.closed() == (4500, str(caught.value))
        assert line.seen == []


@pytest.mark.parametrize(
    "query", ["mode=" + quote("😀" * 40), "mode=" + "%00" * 40, quote("é" * 200) + "=1"]
)
async def test_a_long_sentence_is_cut_to_what_a_close_frame_holds(
    server: Server, query: str
) -> None:
    async with dial(server, query) as line:
        code, reason = await line.closed()
    assert code == 4500
    assert 100 < len(reason.encode()) <= 123


async def test_without_parameters_somebody_new_walks_in(server: Server) -> None:
    async with session(server, "") as (_, one), session(server, "") as (_, other):
        assert one["session_id"] != other["session_id"]
        assert one["customer"] != other["customer"]
        assert (one["mode"], one["visit"], one["identity"]) == ("banking", 1, "mode")


async def test_what_was_asked_for_is_what_is_ready(server: Server) -> None:
    query = "session_id=demo-1&mode=insurance&as_of=2025-12-31&identity=session&visit=3"
    async with session(server, query) as (_, ready):
        wanted = {"session_id": "demo-1", "mode": "insurance", "as_of": "2025-12-31",
                  "identity": "session", "visit": 3}  # fmt: skip
        assert wanted.items() <= ready.items()
        assert ready["seed"] == "205828392157375149428186873787077175884"
