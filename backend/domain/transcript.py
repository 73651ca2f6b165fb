"""What is said in a conversation, and what can happen to it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import Field

from backend.domain.fact import Fact

FinishReason: TypeAlias = Literal["stop", "length", "stopped", "interrupted", "error"]
Verdict: TypeAlias = Literal["up", "down"]


class UserEntry(Fact):
    """A message of the customer."""

    role: Literal["user"] = "user"
    text: str
    id: str
    turn_id: str
    at: str


class AssistantEntry(Fact):
    """A reply; ``finish_reason`` is null while it runs."""

    role: Literal["assistant"] = "assistant"
    text: str
    reply_id: str
    turn_id: str
    at: str
    finish_reason: FinishReason | None = None
    prompt_id: str = Field(description="of the prompt that the model was told")
    feedback: Verdict | None = Field(default=None, description="what the customer thought of it")


HistoryEntry: TypeAlias = UserEntry | AssistantEntry


class Provenance(Fact):
    """What a reply was made from."""

    prompt_id: str
    persona_id: str | None
    rulebook: str
    seed: str
    generator: str


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """The customer said something; with ``replaces`` an earlier message and all after it go."""

    id: str
    turn_id: str
    text: str
    at: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyBegun:
    """An answer to the turn begins; an earlier answer to the same turn goes."""

    turn_id: str
    reply_id: str
    model: str
    at: str
    id: str | None = None
    """The id of the frame that asked for a retry, if it had one."""


@dataclass(frozen=True, slots=True)
class TextAdded:
    """The running reply grew."""

    reply_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The running reply is over. Token counts are None where the provider gave none."""

    reply_id: str
    turn_id: str
    text: str
    finish_reason: FinishReason
    at: str
    provenance: Provenance
    input_tokens: int | None = None
    output_tokens: int | None = None
    first_token_ms: int | None = None
    total_ms: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """The conversation is in this mode and visit now (it may have been there before)."""

    mode: str
    visit: int
    at: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class FeedbackTaken:
    """What the customer thinks of a reply."""

    reply_id: str
    value: Verdict
    note: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A frame whose id was used before came again; it changes nothing."""

    id: str


Lasting: TypeAlias = MessageTaken | ReplyBegun | ReplyEnded | Moved | FeedbackTaken
"""What a store keeps: folded again, it gives the conversation back."""

Change: TypeAlias = Lasting | TextAdded | Repeated
"""Whatever can happen to a conversation; each becomes one numbered event."""
