"""Changes of a session as the numbered events of the wire."""

from typing import assert_never

from backend.chat.session import Session
from backend.domain.transcript import (
    Change,
    FeedbackTaken,
    MessageTaken,
    Moved,
    Repeated,
    ReplyBegun,
    ReplyEnded,
    TextAdded,
)
from backend.wire import (
    Event,
    FeedbackStored,
    MessageAccepted,
    ModeSwitched,
    ReplyCompleted,
    ReplyDelta,
    ReplyStarted,
    Timing,
    Usage,
)


def render(session: Session, change: Change, offset: int) -> Event:  # noqa: PLR0911 - one return a change
    """Return the event that tells of ``change``, which ``session`` has taken in already."""
    match change:
        case TextAdded():
            return ReplyDelta(offset=offset, reply_id=change.reply_id, text=change.text)
        case MessageTaken():
            return MessageAccepted(
                offset=offset,
                id=change.id,
                turn_id=change.turn_id,
                text=change.text,
                replaces=change.replaces,
            )
        case ReplyBegun():
            return _started(session, change, offset)
        case ReplyEnded():
            return _completed(change, offset)
        case Moved():
            return _switched(session, offset, change.id, duplicate=False)
        case FeedbackTaken():
            return FeedbackStored(offset=offset, reply_id=change.reply_id, value=change.value)
        case Repeated():
            return _duplicate(session, change.id, offset)
        case _:
            assert_never(change)


def _started(session: Session, change: ReplyBegun, offset: int) -> ReplyStarted:
    return ReplyStarted(
        offset=offset,
        turn_id=change.turn_id,
        reply_id=change.reply_id,
        mode=session.mode,
        model=change.model,
        prompt_id=session.briefing.prompt_id,
        id=change.id,
    )


def _completed(change: ReplyEnded, offset: int) -> ReplyCompleted:
    return ReplyCompleted(
        offset=offset,
        reply_id=change.reply_id,
        turn_id=change.turn_id,
        text=change.text,
        finish_reason=change.finish_reason,
        usage=Usage(input_tokens=change.input_tokens, output_tokens=change.output_tokens),
        timing_ms=Timing(first_token=change.first_token_ms, total=change.total_ms),
        provenance=change.provenance,
    )


def _switched(
    session: Session, offset: int, frame_id: str | None, *, duplicate: bool
) -> ModeSwitched:
    visitor = session.visitor
    return ModeSwitched(
        offset=offset,
        mode=session.mode,
        visit=session.visit,
        customer=visitor.customer,
        assignment=visitor.assignment,
        history=session.history(),
        id=frame_id,
        duplicate=duplicate,
    )


def _duplicate(session: Session, frame_id: str, offset: int) -> Event:
    used = session.used[frame_id]
    if used.turn_id is None or used.text is None:
        return _switched(session, offset, frame_id, duplicate=True)
    return MessageAccepted(
        offset=offset,
        id=frame_id,
        turn_id=used.turn_id,
        text=used.text,
        duplicate=True,
        replaces=used.replaces,
    )
