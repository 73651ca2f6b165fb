from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import strictjson
from backend.errors import FrameError
from backend.framing import error_frame, read_frame, write_frame
from backend.wire import (
    CLIENT_FRAMES,
    Ack,
    FeedbackGive,
    FeedbackStored,
    MessageAccepted,
    ModeSwitch,
    Ping,
    Pong,
    ReplyRetry,
    SessionResume,
    UserMessage,
)

MAX_TEXT = 20


def refusal(data: str) -> FrameError:
    with pytest.raises(FrameError) as caught:
        read_frame(data, MAX_TEXT)
    return caught.value


def refusal_of(**frame: Any) -> FrameError:
    return refusal(strictjson.dumps(frame))


@pytest.mark.parametrize(
    ("given_as", "frame"),
    [
        ({"type": "user.message", "id": "m1", "text": "hi"}, UserMessage(id="m1", text="hi")),
        ({"type": "reply.retry"}, ReplyRetry()),
        ({"type": "reply.retry", "id": None}, ReplyRetry()),
        ({"type": "mode.switch", "mode": "x", "fresh": True}, ModeSwitch(mode="x", fresh=True)),
        ({"type": "feedback.give", "reply_id": "r1", "value": "down", "note": "no"},
         FeedbackGive(reply_id="r1", value="down", note="no")),
        ({"type": "session.resume", "token": "t", "epoch": "", "offset": 0},
         SessionResume(token="t", epoch="", offset=0)),
        ({"type": "ack", "offset": 7}, Ack(offset=7)),
        ({"type": "ping"}, Ping()),
        ({"type": "ping", "t": {"any": ["thing", 1.5]}}, Ping(t={"any": ["thing", 1.5]})),
        ({"type": "ack", "offset": 7, "newer": "field"}, Ack(offset=7)),
    ],
)  # fmt: skip
def test_frames_are_read(given_as: dict[str, Any], frame: Any) -> None:
    assert read_frame(strictjson.dumps(given_as), MAX_TEXT) == frame


@pytest.mark.parametrize(
    "data", ["", "{", "NaN", '{"type":"ping","t":1e999}', '"\\ud800"', "[" * 9999, "\x00"]
)
def test_what_is_not_json_is_bad_json(data: str) -> None:
    error = refusal(data)
    assert (error.wire_code, error.ref) == ("bad_json", None)
    assert error.message.startswith("The frame is not JSON: ")


@pytest.mark.parametrize(
    ("data", "kind"),
    [("[]", "an array"), ("null", "null"), ("1", "a number"), ('"ping"', "a string"),
     ("true", "a boolean")],
)  # fmt: skip
def test_a_frame_is_an_object(data: str, kind: str) -> None:
    error = refusal(data)
    assert (error.wire_code, error.message) == (
        "bad_frame",
        f"A frame is a JSON object; this is {kind}.",
    )


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ({}, "A frame has a `type`; this one has none."),
        ({"type": 5}, "A frame's `type` is a string; this one's is a number."),
        ({"type": None}, "A frame's `type` is a string; this one's is null."),
        ({"type": ["ping"]}, "A frame's `type` is a string; this one's is an array."),
        ({"type": "user.massage"}, "There is no frame of type 'user.massage'."),
        ({"type": "session.ready"}, "There is no frame of type 'session.ready'."),
    ],
)
def test_a_wrong_type_is_told(frame: dict[str, Any], sentence: str) -> None:
    error = refusal_of(**frame)
    assert (error.wire_code, error.message) == ("bad_frame", sentence)


def test_a_long_unknown_type_is_not_sent_back_whole() -> None:
    assert len(refusal_of(type="x" * 5000).message) < 150


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ({"type": "user.message", "id": "m1"}, "text"),
        ({"type": "user.message", "id": "m1", "text": 5}, "text"),
        ({"type": "user.message", "id": "m1", "text": ""}, "text"),
        ({"type": "user.message", "text": "hi"}, "id"),
        ({"type": "user.message", "id": "", "text": "hi"}, "id"),
        ({"type": "user.message", "id": "x" * 65, "text": "hi"}, "id"),
        ({"type": "user.message", "id": None, "text": "hi"}, "id"),
        ({"type": "message.edit", "id": "m2", "text": "hi"}, "of"),
        ({"type": "reply.retry", "id": 5}, "id"),
        ({"type": "mode.switch"}, "mode"),
        ({"type": "mode.switch", "mode": "x", "fresh": "true"}, "fresh"),
        ({"type": "mode.switch", "mode": "x", "fresh": 1}, "fresh"),
        ({"type": "feedback.give", "reply_id": "r1", "value": "sideways"}, "value"),
        ({"type": "feedback.give", "reply_id": "r1", "value": "up", "note": "x" * 2001}, "note"),
        ({"type": "session.resume", "token": "x" * 257, "epoch": "", "offset": 0}, "token"),
        ({"type": "session.resume", "token": "", "epoch": "x" * 65, "offset": 0}, "epoch"),
        ({"type": "session.resume", "token": "", "epoch": "", "offset": -1}, "offset"),
        ({"type": "session.resume", "token": "", "epoch": "", "offset": "1"}, "offset"),
        ({"type": "ack", "offset": 1.5}, "offset"),
        ({"type": "ack", "offset": True}, "offset"),
    ],
)
def test_a_wrong_field_is_named(frame: dict[str, Any], field: str) -> None:
    error = refusal_of(**frame)
    assert error.wire_code == "bad_frame"
    assert field in error.message.partition(":")[0].split(".")


@pytest.mark.parametrize(
    ("given_as", "ref"), [("m1", "m1"), ("x" * 64, "x" * 64), ("x" * 65, None), (5, None)]
)
def test_an_id_that_can_be_read_is_referred_to(given_as: Any, ref: str | None) -> None:
    assert refusal_of(type="user.message", id=given_as).ref == ref


@pytest.mark.parametrize("kind", ["user.message", "message.edit"])
def test_text_is_counted_in_code_points(kind: str) -> None:
    frame = {"type": kind, "id": "m1", "of": "m0"}
    whole = read_frame(strictjson.dumps({**frame, "text": "😀" * MAX_TEXT}), MAX_TEXT)
    assert whole.type == kind
    error = refusal_of(**frame, text="😀" * (MAX_TEXT + 1))
    assert (error.wire_code, error.ref) == ("text_too_long", "m1")
    assert error.message == "A message may have 20 characters; this one has 21."


def test_text_may_not_hold_what_a_database_can_not() -> None:
    error = refusal('{"type":"user.message","id":"m1","text":"a\\u0000b"}')
    assert (error.wire_code, error.ref) == ("bad_frame", "m1")
    for frame in (
        '{"type":"user.message","id":"m\\u0000","text":"a"}',
        '{"type":"feedback.give","reply_id":"r1","value":"up","note":"a\\u0000b"}',
        '{"type":"mode.switch","mode":"banking","id":"\\u0000"}',
    ):
        assert refusal(frame).wire_code == "bad_frame"
    assert read_frame('{"type":"user.message","id":"m1","text":"\\\\u0000"}', MAX_TEXT).type


@given(st.text())
def test_any_text_is_a_frame_or_a_refusal(data: str) -> None:
    with suppress(FrameError):
        assert read_frame(data, MAX_TEXT).type


@given(
    st.dictionaries(
        st.sampled_from(["type", "id", "of", "text", "mode", "offset", "t", "value", "reply_id"]),
        st.sampled_from(["user.message", "ack", "ping", "mode.switch", "feedback.give", "up"])
        | st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
        | st.lists(st.integers(), max_size=2),
    )
)
def test_any_object_is_a_frame_or_a_refusal(frame: dict[str, Any]) -> None:
    with suppress(FrameError):
        taken = read_frame(strictjson.dumps(frame), MAX_TEXT)
        assert CLIENT_FRAMES.validate_json(taken.model_dump_json()) == taken


@pytest.mark.parametrize("t", ["[" * 190 + "]" * 190, "9" * 4000, '"\\ud83d\\ude00"', "-0.0", "{}"])
def test_a_ping_of_any_kind_can_be_answered(t: str) -> None:
    ping = read_frame(f'{{"type":"ping","t":{t}}}', MAX_TEXT)
    assert isinstance(ping, Ping)
    assert strictjson.parse(write_frame(Pong(t=ping.t)))["t"] == strictjson.parse(t)


def test_server_frames_are_strict_json_with_their_type() -> None:
    frame = write_frame(FeedbackStored(offset=3, reply_id="r1", value="up"))
    assert strictjson.parse(frame) == {
        "type": "feedback.stored", "offset": 3, "reply_id": "r1", "value": "up"
    }  # fmt: skip


def test_a_field_that_only_an_edit_has_is_left_out_elsewhere() -> None:
    plain = MessageAccepted(offset=1, id="m1", turn_id="t1", text="hi")
    assert "replaces" not in strictjson.parse(write_frame(plain))
    edit = plain.model_copy(update={"replaces": "m0"})
    assert strictjson.parse(write_frame(edit))["replaces"] == "m0"


def test_an_error_frame_says_whether_to_try_again() -> None:
    frame = write_frame(error_frame("draining", "Soon.", "m1", retryable=True))
    assert strictjson.parse(frame) == {
        "type": "error", "code": "draining", "message": "Soon.", "ref": "m1", "retryable": True
    }  # fmt: skip
