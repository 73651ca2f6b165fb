"""The session: a pure state machine. Frames in, changes out; no socket, no clock, no model.

``decide`` says what a frame would change and changes nothing. The caller stores the lasting
changes, then hands every change to ``apply``. Folding the stored changes of a conversation into
a new ``Session`` gives the conversation back.

``docs/protocol.md`` has the table of states and frames that this module implements. A frame is
checked for, in this order: shape (before it comes here), duplicate, draining, busy, rate.
"""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from backend.chat.thread import RunningReply, Thread
from backend.clock import Moment, timestamp
from backend.domain.transcript import (
    Change,
    FeedbackTaken,
    FinishReason,
    HistoryEntry,
    Lasting,
    MessageTaken,
    Moved,
    Provenance,
    Repeated,
    ReplyBegun,
    ReplyEnded,
    TextAdded,
)
from backend.domain.visitor import Briefing, Visitor
from backend.errors import FrameError
from backend.ports import ChatMessage, Finish, Opening
from backend.seeds import session_to_seed
from backend.version import GENERATOR_VERSION
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

Introduce: TypeAlias = Callable[[str, int], Visitor]
"""Mode and visit to who walks in; a pure function."""

_ALL_MODES: Final = "*"
_RATE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the session is told about its surroundings.

    Attributes:
        modes: ids of the installed modes.
        model: the language model's name.
        messages_per_minute: how many turns may begin in any 60 seconds.
    """

    modes: Collection[str]
    model: str
    messages_per_minute: int


@dataclass(frozen=True, slots=True)
class UsedId:
    """What an id was used for: a message (its turn and text), or a move (both None)."""

    turn_id: str | None = None
    text: str | None = None
    replaces: str | None = None


class Session:
    """One conversation with everyone who walked in during it.

    Args:
        opening: what the conversation was opened with.
        introduce: who walks in, by mode and visit.
        rules: the surroundings.
    """

    def __init__(self, opening: Opening, introduce: Introduce, rules: Rules) -> None:
        self.opening = opening
        self.mode = opening.mode
        self.visit = opening.visit
        self.reply: RunningReply | None = None
        self.used: dict[str, UsedId] = {}
        self._introduce = introduce
        self._briefing: Briefing | None = None
        self._brief: Callable[[], Briefing] | None = None
        self._rules = rules
        self._latest_visit = {self._counted_as(opening.mode): opening.visit}
        self._threads: dict[tuple[str, int], Thread] = {}
        self._turns = 0
        self._replies: set[str] = set()
        self._begun_at: list[float] = []

    # --- reading ------------------------------------------------------------------------------

    @property
    def visitor(self) -> Visitor:
        """Who is here now, with all their facts; made anew at each call, and not kept."""
        visitor = self._introduce(self.mode, self.visit)
        if self._briefing is None:
            self._brief = visitor.brief
        return visitor

    @property
    def briefing(self) -> Briefing:
        """What the model is told; made once after the opening and after each move, and kept."""
        if self._briefing is None:
            self._briefing = (self._brief or self.visitor.brief)()
        self._brief = None
        return self._briefing

    def history(self) -> tuple[HistoryEntry, ...]:
        """Return the current thread, a running reply last."""
        entries = tuple(self._thread.entries)
        return entries if self.reply is None else (*entries, self.reply.entry())

    def model_messages(self, max_chars: int) -> list[ChatMessage]:
        """Return the prompt, whole, and the latest turns that fit ``max_chars``."""
        prompt = ChatMessage("system", self.briefing.prompt)
        return [prompt, *self._thread.messages(max_chars)]

    @property
    def _thread(self) -> Thread:
        return self._threads.setdefault((self.mode, self.visit), Thread())

    def _counted_as(self, mode: str) -> str:
        return mode if self.opening.identity == "mode" else _ALL_MODES

    # --- deciding -----------------------------------------------------------------------------

    def decide(  # noqa: C901, PLR0911 - one case a frame, in the order of the checks
        self, frame: ConversationFrame, moment: Moment, *, draining: bool = False
    ) -> list[Change]:
        """Return what ``frame`` changes, in order; nothing is changed yet.

        Raises:
            FrameError: the frame is refused, with the wire's code for it.
        """
        if isinstance(frame, ModeSwitch) and frame.mode not in self._rules.modes:
            known = ", ".join(self._rules.modes)
            sentence = f"There is no mode {frame.mode[:64]!r}; there are {known}."
            raise FrameError("unknown_mode", sentence, frame.id)
        frame_id = getattr(frame, "id", None)
        if frame_id in self.used:
            return [Repeated(frame_id)]
        match frame:
            case UserMessage():
                return self._on_message(frame, moment, draining=draining)
            case MessageEdit():
                return self._on_edit(frame, moment, draining=draining)
            case ReplyRetry():
                return self._on_retry(frame, moment, draining=draining)
            case ReplyStop():
                return self._ending("stopped", moment)
            case ModeSwitch():
                return self._on_switch(frame, moment)
            case CustomerNext():
                return self._moving(self.mode, self._next_visit(self.mode), frame.id, moment)
            case FeedbackGive():
                return self._on_feedback(frame, moment)
            case SessionResume():
                sentence = "`session.resume` is only taken as the first frame after `resume=1`."
                raise FrameError("bad_frame", sentence)
            case _:
                assert_never(frame)

    def _on_message(self, frame: UserMessage, moment: Moment, *, draining: bool) -> list[Change]:
        self._refuse_while_draining(frame.id, draining=draining)
        if self.reply is not None:
            raise FrameError("busy", "A reply is running; stop it, or wait for its end.", frame.id)
        return self._turn(frame.id, frame.text, None, moment)

    def _on_edit(self, frame: MessageEdit, moment: Moment, *, draining: bool) -> list[Change]:
        self._refuse_while_draining(frame.id, draining=draining)
        if self._thread.position_of(frame.of) is None:
            sentence = f"There is no message {frame.of!r} in this mode and visit."
            raise FrameError("unknown_message", sentence, frame.id)
        turn = self._turn(frame.id, frame.text, frame.of, moment)
        return [*self._ending("interrupted", moment), *turn]

    def _on_retry(self, frame: ReplyRetry, moment: Moment, *, draining: bool) -> list[Change]:
        self._refuse_while_draining(frame.id, draining=draining)
        if self.reply is not None:
            raise FrameError("busy", "A reply is running; stop it, or wait for its end.", frame.id)
        message = self._thread.last_message()
        if message is None:
            raise FrameError("nothing_to_retry", "There is no message to answer again.", frame.id)
        self._refuse_over_rate(frame.id, moment)
        return [self._beginning(message.turn_id, moment, frame.id)]

    def _on_switch(self, frame: ModeSwitch, moment: Moment) -> list[Change]:
        if frame.mode == self.mode:
            return [Moved(self.mode, self.visit, timestamp(moment.at), frame.id)]
        latest = self._latest_visit.get(self._counted_as(frame.mode), 1)
        visit = self._next_visit(frame.mode) if frame.fresh else latest
        return self._moving(frame.mode, visit, frame.id, moment)

    def _on_feedback(self, frame: FeedbackGive, moment: Moment) -> list[Change]:
        if frame.reply_id not in self._replies:
            sentence = f"There is no reply {frame.reply_id!r} in this conversation."
            raise FrameError("unknown_reply", sentence)
        return [FeedbackTaken(frame.reply_id, frame.value, frame.note, timestamp(moment.at))]

    def _refuse_while_draining(self, frame_id: str | None, *, draining: bool) -> None:
        if draining:
            raise FrameError("draining", "The server is going; send it again soon.", frame_id)

    def _refuse_over_rate(self, frame_id: str | None, moment: Moment) -> None:
        recent = [at for at in self._begun_at if moment.seconds - at < _RATE_SECONDS]
        if len(recent) >= self._rules.messages_per_minute:
            wait = _RATE_SECONDS - (moment.seconds - recent[0])
            sentence = f"Too many messages in a minute; there is room again in {wait:.0f} s."
            raise FrameError("rate_limited", sentence, frame_id)

    def _turn(self, frame_id: str, text: str, replaces: str | None, moment: Moment) -> list[Change]:
        self._refuse_over_rate(frame_id, moment)
        turn_id = f"t{self._turns + 1}"
        taken = MessageTaken(frame_id, turn_id, text, timestamp(moment.at), replaces)
        return [taken, self._beginning(turn_id, moment)]

    def _beginning(self, turn_id: str, moment: Moment, frame_id: str | None = None) -> ReplyBegun:
        reply_id = f"r{len(self._replies) + 1}"
        return ReplyBegun(turn_id, reply_id, self._rules.model, timestamp(moment.at), frame_id)

    def _next_visit(self, mode: str) -> int:
        return self._latest_visit.get(self._counted_as(mode), 0) + 1

    def _moving(self, mode: str, visit: int, frame_id: str | None, moment: Moment) -> list[Change]:
        moved = Moved(mode, visit, timestamp(moment.at), frame_id)
        return [*self._ending("interrupted", moment), moved]

    def _ending(self, reason: FinishReason, moment: Moment) -> list[Change]:
        return [] if self.reply is None else [self.ending(reason, moment)]

    def ending(
        self, reason: FinishReason, moment: Moment, finish: Finish | None = None
    ) -> ReplyEnded:
        """Return the end of the running reply; ``finish`` has what the model's provider counted.

        Raises:
            RuntimeError: no reply is running.
        """
        if self.reply is None:
            raise RuntimeError("no reply is running")
        begun, first = self.reply.begun, self.reply.first_text
        return ReplyEnded(
            reply_id=begun.reply_id,
            turn_id=begun.turn_id,
            text="".join(self.reply.parts),
            finish_reason=reason,
            at=timestamp(moment.at),
            provenance=self._provenance(),
            input_tokens=finish.input_tokens if finish else None,
            output_tokens=finish.output_tokens if finish else None,
            first_token_ms=None if first is None else _milliseconds(first - self.reply.started),
            total_ms=_milliseconds(moment.seconds - self.reply.started),
        )

    def _provenance(self) -> Provenance:
        briefing = self.briefing
        return Provenance(
            prompt_id=briefing.prompt_id,
            persona_id=briefing.persona_id,
            rulebook=briefing.rulebook,
            seed=str(session_to_seed(self.opening.session_id)),
            generator=GENERATOR_VERSION,
        )

    # --- changing -----------------------------------------------------------------------------

    def apply(self, change: Change, seconds: float) -> None:
        """Take a decided (or stored) change in; ``seconds`` is the monotonic time of it."""
        match change:
            case TextAdded():
                if self.reply is not None:
                    self.reply.add(change.text, seconds)
            case MessageTaken():
                self._thread.take(change)
                self._turns += 1
                self.used[change.id] = UsedId(change.turn_id, change.text, change.replaces)
            case ReplyBegun():
                self._begin(change, seconds)
            case ReplyEnded():
                self._thread.end(change)
                self.reply = None
            case Moved():
                self._move(change)
            case FeedbackTaken():
                for thread in self._threads.values():
                    thread.judge(change)
            case Repeated():
                pass
            case _:
                assert_never(change)

    def _begin(self, change: ReplyBegun, seconds: float) -> None:
        message = self._thread.last_message()
        self._thread.begin(change)
        self._replies.add(change.reply_id)
        if change.id is not None and message is not None:
            self.used[change.id] = UsedId(message.turn_id, message.text)
        ref = change.id or (message.id if message else change.turn_id)
        self.reply = RunningReply(change, ref, self.briefing.prompt_id, seconds)
        self._begun_at.append(seconds)
        del self._begun_at[: -self._rules.messages_per_minute]

    def _move(self, change: Moved) -> None:
        if (change.mode, change.visit) != (self.mode, self.visit):
            self._briefing = self._brief = None
        self.mode, self.visit = change.mode, change.visit
        self._latest_visit[self._counted_as(change.mode)] = change.visit
        if change.id is not None:
            self.used[change.id] = UsedId()


def restore(session: Session, changes: Collection[Change], moment: Moment) -> list[Lasting]:
    """Fold stored changes into a new session.

    Returns:
        what has to be stored besides: the end of a reply whose server died.
    """
    for change in changes:
        session.apply(change, float("-inf"))
    if session.reply is None:
        return []
    ending = session.ending("interrupted", moment)
    session.apply(ending, moment.seconds)
    return [ending]


def _milliseconds(seconds: float) -> int:
    # a stored reply's beginning has no monotonic time: its server is gone, and its clock with it
    return round(seconds * 1000) if math.isfinite(seconds) else 0
