import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ModelFailedError
from backend.llm.answer import Answer
from backend.ports import Finish


def chunk(content: object = None, reason: object = None, **more: object) -> bytes:
    choice = {"index": 0, "delta": {"content": content, **more}, "finish_reason": reason}
    return json.dumps({"choices": [choice]}).encode()


def told(*events: bytes) -> Answer:
    answer = Answer()
    for event in events:
        answer.take(event)
    return answer


def test_text_is_joined_and_given_out_once() -> None:
    answer = told(chunk("Good "), chunk("morning."))
    assert answer.text() == "Good morning."
    assert answer.text() == ""


def test_a_surrogate_pair_split_over_two_deltas_comes_out_whole() -> None:
    answer = told(b'{"choices":[{"delta":{"content":"Hi \\ud83d"}}]}')
    assert answer.text() == "Hi "
    answer.take(b'{"choices":[{"delta":{"content":"\\ude00!"}}]}')
    assert answer.text() == "\U0001f600!"
    assert answer.rest() == ""


def test_half_a_pair_at_the_end_becomes_a_replacement_character() -> None:
    answer = told(chunk("Hi \ud83d"))
    assert answer.text() == "Hi "
    assert answer.rest() == "\ufffd"
    assert answer.rest() == ""


def test_half_a_pair_without_its_other_half_becomes_a_replacement_character() -> None:
    answer = told(chunk("a\ud83d"))
    assert answer.text() == "a"
    answer.take(chunk("b\ude00c\x00"))
    assert answer.text() == "\ufffdb\ufffdc\ufffd"


# any two UTF-16 units in a row: whole characters, halves, and characters beyond the first plane
@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=6), st.booleans())
def test_text_is_well_formed_however_it_was_split(parts: list[str], each: bool) -> None:  # noqa: FBT001 - drawn
    answer, came = Answer(), []
    for part in parts:
        answer.take(chunk(part))
        if each:
            came.append(answer.text())
    text = "".join([*came, answer.rest()])
    whole = "".join(parts).replace("\x00", "\ufffd").encode("utf-16-le", "surrogatepass")
    assert text == whole.decode("utf-16-le", "replace")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("stop", "stop"), ("length", "length"), ("eos", "stop"), ("eos_token", "stop")],
)
def test_an_answer_ends_with_its_finish_reason_and_count(said: str, meant: Any) -> None:
    counted = b'{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}'
    answer = told(chunk("x"), chunk(None, said), counted, b"[DONE]")
    assert answer.done
    assert answer.finish() == Finish(meant, 7, 3)


def test_without_a_count_the_finish_has_none() -> None:
    assert told(chunk(None, "stop")).finish() == Finish("stop", None, None)


@pytest.mark.parametrize("count", [True, -1, 1.5, "7", None])
def test_a_count_that_is_no_count_is_none(count: object) -> None:
    usage = json.dumps({"usage": {"prompt_tokens": count}}).encode()
    assert told(chunk(None, "stop"), usage).finish() == Finish("stop", None, None)


@pytest.mark.parametrize("last", [b"[DONE]", chunk("x"), chunk("", None)])
def test_without_a_finish_reason_an_answer_is_never_finished(last: bytes) -> None:
    with pytest.raises(ModelFailedError, match="broke off before its end"):
        told(chunk("All of it."), last).finish()


def test_an_answer_may_be_said_to_be_finished_twice() -> None:
    answer = told(chunk("x"), chunk(None, "length"), chunk("", "stop"))
    assert answer.finish().reason == "length"


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        pytest.param(chunk(None, "content_filter"), "content filter", id="filtered"),
        pytest.param(chunk(None, "tool_calls"), "asked for a tool", id="tool as the reason"),
        pytest.param(chunk(None, "function_call"), "asked for a tool", id="function as the reason"),
        pytest.param(chunk(tool_calls=[{"index": 0}]), "asked for a tool", id="tool call"),
        pytest.param(chunk(function_call={"name": "f"}), "asked for a tool", id="function call"),
        pytest.param(chunk(None, "tired"), "not known here", id="unknown reason"),
        pytest.param(chunk(None, ["stop"]), "not known here", id="reason of a wrong kind"),
        pytest.param(b'{"error":{"message":"secret"}}', "with a fault", id="error object"),
        pytest.param(b'{"error":"secret"}', "with a fault", id="error text"),
        pytest.param(b"{", "garbled", id="half a JSON value"),
        pytest.param(b"", "garbled", id="no JSON value"),
        pytest.param(b"[1]", "garbled", id="an array"),
        pytest.param(b'{"choices":[{"delta":{"content":"\xff"}}]}', "garbled", id="not UTF-8"),
        pytest.param(b'{"x":"\\ud800","y":"\xff"}', "garbled", id="not UTF-8, and half a pair"),
        pytest.param(b'"\\u00e9' + b"[" * 100_000, "garbled", id="deep and bad"),
        pytest.param(b'{"\\ud800":' + b"[" * 100_000, "garbled", id="deep, and half a pair"),
        pytest.param(b'{"\\ud800":' + b"1" * 5000 + b"}", "garbled", id="a number of 5,000 digits"),
        pytest.param(chunk(7), "garbled", id="content that is a number"),
        pytest.param(chunk(["text"]), "garbled", id="content that is a list"),
        pytest.param(b'{"choices":{"delta":1}}', "garbled", id="choices that are an object"),
        pytest.param(b'{"choices":[7]}', "garbled", id="a choice that is a number"),
        pytest.param(b'{"choices":[{"delta":[1]}]}', "garbled", id="a delta that is a list"),
    ],
)
def test_an_unusable_event_fails_the_answer_and_keeps_the_text_before(
    event: bytes, sentence: str
) -> None:
    answer = told(chunk("before"))
    with pytest.raises(ModelFailedError, match=sentence) as raised:
        answer.take(event)
    assert answer.text() == "before"
    assert "secret" not in str(raised.value)


def test_text_after_the_finish_reason_fails_the_answer() -> None:
    with pytest.raises(ModelFailedError, match="went on after it had finished"):
        told(chunk("x"), chunk(None, "stop"), chunk("y"))


def test_the_last_text_may_come_with_the_finish_reason() -> None:
    answer = told(chunk("x", "stop"))
    assert (answer.text(), answer.finish().reason) == ("x", "stop")


@pytest.mark.parametrize(
    "event",
    [
        b'{"choices":[]}',
        b'{"choices":null}',
        b'{"object":"ping"}',
        b'{"choices":[{"delta":null,"finish_reason":null}]}',
        b'{"choices":[{"delta":{"role":"assistant","reasoning_content":"hm"}}]}',
        b'{"error":null,"usage":null,"choices":[{}]}',
    ],
)
def test_what_brings_no_text_is_passed_over(event: bytes) -> None:
    answer = told(event, chunk("x", "stop"))
    assert (answer.text(), answer.finish().reason) == ("x", "stop")
