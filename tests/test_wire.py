from typing import Any, get_args

import pytest
from pydantic import ValidationError

from backend.wire import (
    CLIENT_FRAMES,
    RETRYABLE,
    SERVER_FRAMES,
    Ack,
    CloseCode,
    ConversationFrame,
    ErrorCode,
    ErrorFrame,
    Event,
    Limits,
    ModeSwitched,
    Ping,
    Pong,
    ReplyStarted,
    ServerDraining,
)

CLIENT = {model.model_fields["type"].default for model in (*get_args(ConversationFrame), Ack, Ping)}
SERVER = {
    model.model_fields["type"].default
    for model in (*get_args(Event), ServerDraining, Pong, ErrorFrame)
}


def test_the_types_are_those_of_the_protocol() -> None:
    assert sorted(CLIENT) == [
        "ack", "customer.next", "feedback.give", "message.edit", "mode.switch", "ping",
        "reply.retry", "reply.stop", "session.resume", "user.message",
    ]  # fmt: skip
    assert sorted(SERVER) == [
        "error", "feedback.stored", "message.accepted", "mode.switched", "pong",
        "reply.completed", "reply.delta", "reply.started", "reply.tool", "server.draining",
        "session.ready",
    ]  # fmt: skip


def test_the_error_codes_are_those_of_the_protocol() -> None:
    assert set(get_args(ErrorCode)) == {
        "bad_json", "bad_frame", "unknown_mode", "text_too_long", "busy", "draining",
        "rate_limited", "nothing_to_retry", "unknown_message", "unknown_reply",
        "model_unavailable", "model_failed", "storage_unavailable",
    }  # fmt: skip
    assert set(get_args(ErrorCode)) >= RETRYABLE


def test_the_close_codes_are_those_of_the_protocol() -> None:
    assert {int(code) for code in CloseCode} == {
        1000, 1001, 1007, 1009, 1011, 1012, 4000, 4002, 4003, 4500, 4501, 4502, 4503, 4504, 4505
    }  # fmt: skip


def test_own_close_codes_say_whether_to_come_back() -> None:
    come_back = {CloseCode.READER_TOO_SLOW, CloseCode.IDLE, CloseCode.TOO_MANY_CONNECTIONS}
    own = {code for code in CloseCode if code >= 4000}
    assert {code for code in own if code < 4500} == come_back


def test_every_event_of_the_log_has_an_offset_and_nothing_else_has() -> None:
    assert all("offset" in model.model_fields for model in get_args(Event))
    for model in (ServerDraining, Pong, ErrorFrame):
        assert "offset" not in model.model_fields


def test_the_limits_are_those_of_the_protocol() -> None:
    assert Limits().model_dump() == {
        "max_text": 8000, "max_frame_bytes": 131072, "messages_per_minute": 60,
        "ping_seconds": 25, "resume_seconds": 600,
    }  # fmt: skip


def test_fields_that_are_only_sometimes_there_are_left_out() -> None:
    begun = ReplyStarted(
        offset=1, turn_id="t1", reply_id="r1", mode="banking", model="m", prompt_id="p"
    )
    assert "id" not in begun.model_dump()
    assert begun.model_copy(update={"id": "again"}).model_dump()["id"] == "again"
    assert ModeSwitched.model_fields["id"].exclude_if is not None


@pytest.mark.parametrize("frame", [Pong(), Pong(t=None), ErrorFrame(code="busy", message="x")])
def test_a_null_that_says_something_stays(frame: Pong | ErrorFrame) -> None:
    assert None in frame.model_dump().values()


@pytest.mark.parametrize(
    "frame",
    [{"type": "pong", "t": 1, "since": "later"}, {"type": "server.draining",
     "reconnect_after_ms": 5, "why": "x"}],
)  # fmt: skip
def test_a_client_passes_over_fields_that_it_does_not_know(frame: dict[str, Any]) -> None:
    read = SERVER_FRAMES.validate_python(frame)
    assert read.model_dump().items() < frame.items()


@pytest.mark.parametrize("offset", ["1", 1.0, True, None, -1])
def test_nothing_is_converted(offset: Any) -> None:
    with pytest.raises(ValidationError):
        CLIENT_FRAMES.validate_python({"type": "ack", "offset": offset})


@pytest.mark.parametrize("customer", [5, "Ana", None, ["name"]])
def test_a_customer_is_an_object(customer: Any) -> None:
    frame = {"type": "mode.switched", "offset": 1, "mode": "m", "visit": 1, "customer": customer}
    with pytest.raises(ValidationError, match="customer"):
        SERVER_FRAMES.validate_python(frame)


def test_frames_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Ack(offset=1).offset = 2  # type: ignore[misc]  # frozen: that is what is tested
