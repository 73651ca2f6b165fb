import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.chat.session import Session, restore
from backend.clock import Moment
from backend.domain.transcript import (
    AssistantEntry,
    Change,
    MessageTaken,
    Moved,
    Repeated,
    ReplyBegun,
    ReplyEnded,
    TextAdded,
)
from backend.errors import FrameError
from backend.ports import Finish
from backend.wire import (
    ConversationFrame,
    CustomerNext,
    FeedbackGive,
    MessageEdit,
    ModeSwitch,
    ReplyRetry,
    ReplyStop,
    SessionResume,
    UserMessage,
)
from tests.fakes import MODES, START, session

NOW = Moment(START, 1000.0)


def at(seconds: float) -> Moment:
    return Moment(START, 1000.0 + seconds)


def play(one: Session, frame: ConversationFrame, moment: Moment = NOW) -> list[Change]:
    changes = one.decide(frame, moment)
    for change in changes:
        one.apply(change, moment.seconds)
    return changes


def finish(one: Session, text: str = "Certainly.", moment: Moment = NOW) -> ReplyEnded:
    assert one.reply is not None
    one.apply(TextAdded(one.reply.begun.reply_id, text), moment.seconds)
    ending = one.ending("stop", moment, Finish("stop", 10, 2))
    one.apply(ending, moment.seconds)
    return ending


def refused(one: Session, frame: ConversationFrame, *, draining: bool = False) -> str:
    before = repr(one.history()), one.mode, one.visit, dict(one.used)
    with pytest.raises(FrameError) as caught:
        one.decide(frame, NOW, draining=draining)
    assert (repr(one.history()), one.mode, one.visit, dict(one.used)) == before
    return caught.value.wire_code


def texts(one: Session) -> list[str]:
    return [entry.text for entry in one.history()]


def test_a_message_is_taken_and_its_reply_begins() -> None:
    one = session()
    taken, begun = play(one, UserMessage(id="m1", text="hello"))
    assert isinstance(taken, MessageTaken)
    assert isinstance(begun, ReplyBegun)
    assert (taken.turn_id, begun.turn_id) == ("t1", "t1")


def test_the_reply_keeps_its_text_usage_and_timing() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    assert one.reply is not None
    one.apply(TextAdded("r1", "Good "), 1000.25)
    one.apply(TextAdded("r1", "day."), 1000.5)
    ended = one.ending("stop", at(1.5), Finish("stop", 7, 3))
    assert (ended.text, ended.first_token_ms, ended.total_ms) == ("Good day.", 250, 1500)
    assert (ended.input_tokens, ended.output_tokens) == (7, 3)
    assert ended.provenance.prompt_id == "prompt-banking-1"


def test_a_known_id_changes_nothing_whatever_the_frame_and_also_while_a_reply_runs() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    for frame in (
        UserMessage(id="m1", text="something else"),
        MessageEdit(of="m1", id="m1", text="x"),
        ReplyRetry(id="m1"),
        ModeSwitch(mode="insurance", id="m1"),
        CustomerNext(id="m1"),
    ):
        assert play(one, frame) == [Repeated("m1")]
    assert one.mode == "banking"
    assert one.reply is not None


def test_the_id_of_a_dropped_message_stays_used() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="first"))
    finish(one)
    play(one, MessageEdit(of="m1", id="m2", text="second"))
    finish(one)
    assert play(one, UserMessage(id="m1", text="again")) == [Repeated("m1")]
    assert one.used["m1"].text == "first"


def test_a_refused_message_leaves_its_id_unused() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    assert refused(one, UserMessage(id="m2", text="too soon")) == "busy"
    finish(one)
    assert isinstance(play(one, UserMessage(id="m2", text="now"))[0], MessageTaken)


def test_an_edit_drops_the_message_and_all_after_it() -> None:
    one = session()
    for name in ("m1", "m2", "m3"):
        play(one, UserMessage(id=name, text=name))
        finish(one)
    play(one, MessageEdit(of="m2", id="m4", text="instead"))
    assert texts(one) == ["m1", "Certainly.", "instead", ""]


def test_an_edit_during_a_reply_interrupts_it_first() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    one.apply(TextAdded("r1", "Good"), 1000.0)
    ended, taken, begun = play(one, MessageEdit(of="m1", id="m2", text="hi"))
    assert isinstance(ended, ReplyEnded)
    assert (ended.finish_reason, ended.text) == ("interrupted", "Good")
    assert isinstance(taken, MessageTaken)
    assert isinstance(begun, ReplyBegun)
    assert begun.reply_id == "r2"
    assert texts(one) == ["hi", ""]


def test_an_edit_of_a_message_of_another_mode_is_refused_and_the_reply_goes_on() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    play(one, ModeSwitch(mode="insurance"))
    play(one, UserMessage(id="m2", text="hello"))
    assert refused(one, MessageEdit(of="m1", id="m3", text="x")) == "unknown_message"
    assert one.reply is not None


def test_a_retry_answers_the_same_turn_with_a_new_reply() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    finish(one, "First.")
    (begun,) = play(one, ReplyRetry(id="again"))
    assert isinstance(begun, ReplyBegun)
    assert (begun.turn_id, begun.reply_id) == ("t1", "r2")
    finish(one, "Second.")
    assert texts(one) == ["hello", "Second."]
    assert one.used["again"].turn_id == "t1"


def test_there_is_nothing_to_retry_before_the_first_message() -> None:
    assert refused(session(), ReplyRetry()) == "nothing_to_retry"


def test_a_retry_during_a_reply_is_busy() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    assert refused(one, ReplyRetry()) == "busy"


def test_stop_keeps_what_was_said_and_without_a_reply_does_nothing() -> None:
    one = session()
    assert play(one, ReplyStop()) == []
    play(one, UserMessage(id="m1", text="hello"))
    one.apply(TextAdded("r1", "Good"), 1000.0)
    (ended,) = play(one, ReplyStop())
    assert isinstance(ended, ReplyEnded)
    assert ended.finish_reason == "stopped"
    assert [message.content for message in one.model_messages(1000)][1:] == ["hello", "Good"]


def test_failed_text_is_not_shown_to_the_model_again() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    one.apply(TextAdded("r1", "Goo"), 1000.0)
    one.apply(one.ending("error", NOW), 1000.0)
    assert [message.content for message in one.model_messages(1000)][1:] == ["hello"]
    assert texts(one) == ["hello", "Goo"]


def test_who_is_met_again_after_the_briefing_is_not_kept() -> None:
    one = session()
    assert one.briefing.prompt
    again = weakref.ref(one.visitor.brief)
    assert again() is None


def test_each_mode_has_its_own_customer_and_conversation() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="about my account"))
    finish(one)
    play(one, ModeSwitch(mode="insurance"))
    assert one.history() == ()
    assert one.visitor.customer["name"] == "insurance customer 1"
    assert [message.role for message in one.model_messages(1000)] == ["system"]
    play(one, ModeSwitch(mode="banking"))
    assert texts(one) == ["about my account", "Certainly."]


def test_a_switch_interrupts_a_running_reply() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    ended, moved = play(one, ModeSwitch(mode="insurance", id="s1"))
    assert isinstance(ended, ReplyEnded)
    assert ended.finish_reason == "interrupted"
    assert moved == Moved("insurance", 1, ended.at, "s1")


def test_a_switch_to_the_same_mode_changes_nothing_and_the_reply_goes_on() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    (moved,) = play(one, ModeSwitch(mode="banking", fresh=True))
    assert isinstance(moved, Moved)
    assert (moved.mode, moved.visit) == ("banking", 1)
    assert one.reply is not None
    last = one.history()[-1]
    assert isinstance(last, AssistantEntry)
    assert last.finish_reason is None


def test_the_next_customer_is_a_new_visit_with_an_empty_conversation() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    finish(one)
    play(one, CustomerNext())
    assert (one.visit, one.history()) == (2, ())
    play(one, ModeSwitch(mode="insurance"))
    play(one, ModeSwitch(mode="banking"))
    assert one.visit == 2


def test_a_fresh_switch_is_a_new_visit_there() -> None:
    one = session()
    play(one, ModeSwitch(mode="insurance"))
    play(one, ModeSwitch(mode="banking"))
    play(one, ModeSwitch(mode="insurance", fresh=True))
    assert (one.mode, one.visit) == ("insurance", 2)


def test_one_identity_counts_its_visits_over_all_modes() -> None:
    one = session(identity="session", visit=3)
    play(one, ModeSwitch(mode="insurance"))
    assert one.visit == 3
    play(one, CustomerNext())
    play(one, ModeSwitch(mode="banking"))
    assert one.visit == 4


def test_an_unknown_mode_is_named_together_with_those_there_are() -> None:
    with pytest.raises(FrameError, match="banking, insurance, healthcare"):
        session().decide(ModeSwitch(mode="aviation"), NOW)


def test_feedback_is_taken_for_any_reply_of_the_conversation_and_no_other() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    play(one, ModeSwitch(mode="insurance"))
    assert len(play(one, FeedbackGive(reply_id="r1", value="up"))) == 1
    assert refused(one, FeedbackGive(reply_id="r2", value="up")) == "unknown_reply"


def test_the_history_remembers_each_replys_prompt_and_feedback() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    finish(one)
    play(one, ModeSwitch(mode="insurance"))
    play(one, FeedbackGive(reply_id="r1", value="down"))
    play(one, ModeSwitch(mode="banking"))
    last = one.history()[-1]
    assert isinstance(last, AssistantEntry)
    assert (last.prompt_id, last.feedback) == ("prompt-banking-1", "down")


def test_a_resume_in_the_middle_is_a_bad_frame() -> None:
    assert refused(session(), SessionResume(token="t", epoch="e", offset=1)) == "bad_frame"


def test_draining_refuses_new_turns_and_answers_the_rest() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="hello"))
    for frame in (
        UserMessage(id="m2", text="x"),
        MessageEdit(of="m1", id="m2", text="x"),
        ReplyRetry(),
    ):
        assert refused(one, frame, draining=True) == "draining"
    assert one.decide(UserMessage(id="m1", text="x"), NOW, draining=True) == [Repeated("m1")]
    assert one.decide(ModeSwitch(mode="insurance"), NOW, draining=True)


def test_the_rate_counts_turns_of_the_last_sixty_seconds() -> None:
    one = session(messages_per_minute=2)
    for second in (0, 30):
        play(one, UserMessage(id=f"m{second}", text="x"), at(second))
        finish(one)
    with pytest.raises(FrameError, match="again in 15 s"):
        one.decide(UserMessage(id="m45", text="x"), at(45))
    with pytest.raises(FrameError, match="Too many messages"):
        one.decide(ReplyRetry(), at(59.9))
    assert one.decide(UserMessage(id="m60", text="x"), at(60))


def test_the_prompt_stays_whole_and_the_oldest_turns_go_first() -> None:
    one = session()
    for number in range(5):
        play(one, UserMessage(id=f"m{number}", text=f"question {number}"))
        finish(one, f"answer {number}")
    play(one, UserMessage(id="last", text="question 5"))
    contents = [message.content for message in one.model_messages(50)]
    assert contents[0] == "You serve banking 1."
    assert contents[1:] == ["question 3", "answer 3", "question 4", "answer 4", "question 5"]


def test_the_latest_message_is_shown_however_long_it_is() -> None:
    one = session()
    play(one, UserMessage(id="m1", text="x" * 500))
    assert len(one.model_messages(10)) == 2


FRAMES = st.one_of(
    st.builds(UserMessage, id=st.sampled_from("abcdef"), text=st.just("hello")),
    st.builds(
        MessageEdit, of=st.sampled_from("abc"), id=st.sampled_from("abcdef"), text=st.just("hi")
    ),
    st.builds(ReplyRetry, id=st.sampled_from(["g", "h", None])),
    st.just(ReplyStop()),
    st.builds(
        ModeSwitch,
        mode=st.sampled_from(MODES),
        id=st.sampled_from(["i", None]),
        fresh=st.booleans(),
    ),
    st.builds(CustomerNext, id=st.sampled_from(["j", None])),
    st.builds(FeedbackGive, reply_id=st.sampled_from(["r1", "r2"]), value=st.just("up")),
)


@settings(max_examples=300)
@given(st.lists(st.one_of(FRAMES, st.just("text"), st.just("end")), max_size=40))
def test_folding_the_stored_changes_gives_the_conversation_back(steps: list[object]) -> None:
    one, stored = session(), []
    for step in steps:
        changes: list[Change] = []
        if isinstance(step, str):
            if one.reply is not None and step == "text":
                changes = [TextAdded(one.reply.begun.reply_id, "word ")]
            elif one.reply is not None:
                changes = [one.ending("stop", NOW)]
        else:
            try:
                changes = one.decide(step, NOW)  # type: ignore[arg-type]  # FRAMES makes frames
            except FrameError:
                continue
        for change in changes:
            one.apply(change, NOW.seconds)
        stored += [c for c in changes if not isinstance(c, TextAdded | Repeated)]
    if one.reply is not None:
        ending = one.ending("interrupted", NOW)
        one.apply(ending, NOW.seconds)
        stored.append(ending)
    again = session()
    assert restore(again, stored, NOW) == []
    assert again.history() == one.history()
    assert (again.mode, again.visit, again.used) == (one.mode, one.visit, one.used)


def test_a_reply_whose_server_died_comes_back_as_interrupted() -> None:
    one = session()
    stored = play(one, UserMessage(id="m1", text="hello"))
    again = session()
    (ending,) = restore(again, stored, NOW)
    assert isinstance(ending, ReplyEnded)
    assert (ending.finish_reason, ending.text, ending.total_ms) == ("interrupted", "", 0)
    assert again.reply is None
