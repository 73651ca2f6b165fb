"""One thread: what was said in one mode and visit."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.domain.transcript import (
    AssistantEntry,
    FeedbackTaken,
    HistoryEntry,
    MessageTaken,
    ReplyBegun,
    ReplyEnded,
    UserEntry,
)
from backend.ports import ChatMessage


@dataclass(slots=True)
class RunningReply:
    """The reply that is being given; times are monotonic seconds."""

    begun: ReplyBegun
    ref: str
    """The client's own id of what is being answered."""
    prompt_id: str
    started: float
    first_text: float | None = None
    parts: list[str] = field(default_factory=list)

    def add(self, text: str, seconds: float) -> None:
        """Take in more text."""
        if self.first_text is None:
            self.first_text = seconds
        self.parts.append(text)

    def entry(self) -> AssistantEntry:
        """Return the reply so far, as the history shows it."""
        begun = self.begun
        return AssistantEntry(
            text="".join(self.parts),
            reply_id=begun.reply_id,
            turn_id=begun.turn_id,
            at=begun.at,
            prompt_id=self.prompt_id,
        )


@dataclass(slots=True)
class Thread:
    """The entries of one mode and visit, oldest first; a running reply is not among them."""

    entries: list[HistoryEntry] = field(default_factory=list)

    def position_of(self, message_id: str) -> int | None:
        """Return where the message stands, or None when it does not (any more)."""
        for position, entry in enumerate(self.entries):
            if isinstance(entry, UserEntry) and entry.id == message_id:
                return position
        return None

    def last_message(self) -> UserEntry | None:
        """Return the latest message of the customer."""
        for entry in reversed(self.entries):
            if isinstance(entry, UserEntry):
                return entry
        return None

    def take(self, message: MessageTaken) -> None:
        """Add a message; first drop the one that it replaces and all after it."""
        if message.replaces is not None:
            position = self.position_of(message.replaces)
            if position is not None:
                del self.entries[position:]
        self.entries.append(
            UserEntry(text=message.text, id=message.id, turn_id=message.turn_id, at=message.at)
        )

    def begin(self, reply: ReplyBegun) -> None:
        """Make room for a reply: an earlier answer to the same turn goes."""
        last = self.entries[-1] if self.entries else None
        if isinstance(last, AssistantEntry) and last.turn_id == reply.turn_id:
            self.entries.pop()

    def end(self, reply: ReplyEnded) -> None:
        """Add a reply that is over."""
        self.entries.append(
            AssistantEntry(
                text=reply.text,
                reply_id=reply.reply_id,
                turn_id=reply.turn_id,
                at=reply.at,
                finish_reason=reply.finish_reason,
                prompt_id=reply.provenance.prompt_id,
            )
        )

    def judge(self, feedback: FeedbackTaken) -> None:
        """Note what the customer thinks of a reply, if it stands in this thread."""
        for position, entry in enumerate(self.entries):
            if isinstance(entry, AssistantEntry) and entry.reply_id == feedback.reply_id:
                self.entries[position] = entry.model_copy(update={"feedback": feedback.value})

    def messages(self, max_chars: int) -> list[ChatMessage]:
        """Return what the model is shown: the latest whole turns that fit ``max_chars``.

        The oldest turns go first, each as a whole; the latest turn always stays. Failed replies
        are not shown; stopped and interrupted ones are, as far as they went.
        """
        shown: list[ChatMessage] = []
        room = max_chars
        for turn in self._turns_backwards():
            room -= sum(len(message.content) for message in turn)
            if room < 0 and shown:
                break
            shown[:0] = turn
        return shown

    def _turns_backwards(self) -> Iterator[list[ChatMessage]]:
        turn: list[ChatMessage] = []
        for entry in reversed(self.entries):
            if isinstance(entry, UserEntry):
                turn.insert(0, ChatMessage("user", entry.text))
                yield turn
                turn = []
            elif entry.text and entry.finish_reason != "error":
                turn.insert(0, ChatMessage("assistant", entry.text))
