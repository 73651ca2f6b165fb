import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.llm.sse import EventReader, OversizeEventError

LIMIT = 1000

line_ends = st.sampled_from([b"\n", b"\r", b"\r\n"])
lines = st.one_of(
    st.sampled_from(
        [b"", b"", b"data", b"data:", b": comment", b"event: x", b"id: 1", b"retry: 2"]
    ),
    st.text(alphabet="aé😀: \u2028{", max_size=8).map(lambda text: b"data: " + text.encode()),
    st.text(alphabet="dat: ", max_size=8).map(str.encode),
)
streams = st.lists(st.tuples(lines, line_ends)).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


def read(*pieces: bytes, limit: int = LIMIT) -> list[bytes]:
    reader = EventReader(limit)
    return [event for piece in pieces for event in reader.read(piece)]


def by_the_book(stream: bytes) -> list[bytes]:
    """Read a whole stream as the standard words it, line by line."""
    events: list[bytes] = []
    data: list[bytes] = []
    for line in re.split(rb"\r\n|\r|\n", stream)[:-1]:
        if not line:
            if data:
                events.append(b"\n".join(data))
            data = []
        elif line == b"data":
            data.append(b"")
        elif line.startswith(b"data:"):
            data.append(re.sub(rb"^ ", b"", line[len(b"data:") :]))
    return events


@given(streams, st.lists(st.integers(0, 60), max_size=8))
@example(b"data: a\r\n\r\ndata: b\r\n\r\n", [8, 9, 10, 11])
def test_events_are_those_of_the_standard_wherever_the_network_cut(
    stream: bytes, cuts: list[int]
) -> None:
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[i:j] for i, j in itertools.pairwise(places)]
    assert read(*pieces) == by_the_book(stream)


@given(streams)
def test_events_come_out_of_single_bytes(stream: bytes) -> None:
    assert read(*(bytes([byte]) for byte in stream)) == by_the_book(stream)


def test_an_event_comes_out_as_soon_as_its_blank_line_is_there() -> None:
    reader = EventReader(LIMIT)
    assert list(reader.read(b"data: a\r")) == []
    assert list(reader.read(b"\r")) == [b"a"]
    assert list(reader.read(b"\n")) == []
    assert list(reader.read(b"data: b\n\n")) == [b"b"]


def test_a_character_may_be_cut_in_the_middle() -> None:
    stream = "data: 😀\n\n".encode()
    assert read(stream[:8], stream[8:]) == ["😀".encode()]


def test_several_data_lines_are_one_event() -> None:
    assert read(b"data: a\ndata:b\ndata:  c\n\n") == [b"a\nb\n c"]


def test_comments_and_other_fields_are_no_events() -> None:
    assert read(b": ping\n\nevent: error\nid: 7\nretry: 1\n\ndatas: x\n\n") == []


def test_a_byte_order_mark_is_taken_off_the_first_line_alone() -> None:
    mark = b"\xef\xbb\xbf"
    assert read(mark + b"data: a\n\n" + mark + b"data: b\n\n") == [b"a"]


@pytest.mark.parametrize("rest", [b"data: b", b"data: b\n", b"dat"])
def test_an_event_that_the_end_cut_off_is_none(rest: bytes) -> None:
    assert read(b"data: a\n\n" + rest) == [b"a"]


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"x" * 7] * 200, id="a line without an end"),
        pytest.param([b"data: " + b"x" * 2 * LIMIT + b"\n\n"], id="a line in one piece"),
        pytest.param([b"data: " + b"x" * 100 + b"\n"] * 20, id="an event without an end"),
    ],
)
def test_what_is_too_long_is_refused_after_what_was_whole(pieces: list[bytes]) -> None:
    reader = EventReader(LIMIT)
    events = (event for piece in [b"data: a\n\n", *pieces] for event in reader.read(piece))
    assert next(events) == b"a"
    with pytest.raises(OversizeEventError, match=f"more than {LIMIT} bytes"):
        next(events)


def test_a_whole_event_before_an_oversize_one_in_the_same_piece_comes_out() -> None:
    reader = EventReader(LIMIT).read(b"data: a\n\ndata: " + b"x" * LIMIT + b"\n\n")
    assert next(reader) == b"a"
    with pytest.raises(OversizeEventError):
        next(reader)


def test_many_small_events_never_add_up_to_the_limit() -> None:
    assert len(read(b"data: 0123456789\n\n" * LIMIT)) == LIMIT
