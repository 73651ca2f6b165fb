"""Every frame and close code of the wire, version 1.

``docs/protocol.md`` describes them for people; the AsyncAPI document, the page's types and the
Python client are all made from this module. Names here never change; fields may be added.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from backend.domain.assignment import Assignment
from backend.domain.identity import Identity
from backend.domain.transcript import FinishReason, HistoryEntry, Provenance, Verdict
from backend.domain.visitor import CustomerFacts, written_from

PROTOCOL: Final = 1
MAX_ID: Final = 64
SESSION_ID_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"

ErrorCode: TypeAlias = Literal[
    "bad_json",
    "bad_frame",
    "unknown_mode",
    "text_too_long",
    "busy",
    "draining",
    "rate_limited",
    "nothing_to_retry",
    "unknown_message",
    "unknown_reply",
    "model_unavailable",
    "model_failed",
    "storage_unavailable",
]


class CloseCode(IntEnum):
    """Why a socket was closed: 4000 to 4499 mean "come back", 4500 and up "do not by yourself"."""

    GOODBYE = 1000
    GOING_AWAY = 1001
    NOT_UTF8 = 1007
    FRAME_TOO_LARGE = 1009
    OUR_FAULT = 1011
    RESTART = 1012
    READER_TOO_SLOW = 4000
    IDLE = 4002
    TOO_MANY_CONNECTIONS = 4003
    BAD_OPENING = 4500
    BAD_TOKEN = 4501
    TAKEN_OVER = 4502
    ORIGIN_NOT_ALLOWED = 4503
    TOO_MANY_BAD_FRAMES = 4504
    NOT_SIGNED_IN = 4505


def _is_none(value: object) -> bool:
    return value is None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class _Frame(_Part):
    type: str


FrameId: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
Offset: TypeAlias = Annotated[int, Field(ge=0)]


# --- client to server -------------------------------------------------------------------------


class UserMessage(_Frame):
    """One turn."""

    type: Literal["user.message"] = "user.message"
    id: FrameId
    text: Annotated[str, Field(min_length=1)]


class MessageEdit(_Frame):
    """Drops an earlier message of the current mode and visit, and all after it; then one turn."""

    type: Literal["message.edit"] = "message.edit"
    of: FrameId
    id: FrameId
    text: Annotated[str, Field(min_length=1)]


class ReplyRetry(_Frame):
    """Drops the last reply and answers the last message again, as the same turn."""

    type: Literal["reply.retry"] = "reply.retry"
    id: FrameId | None = None


class ReplyStop(_Frame):
    """Ends the running reply; what was streamed stays in the history."""

    type: Literal["reply.stop"] = "reply.stop"


class ModeSwitch(_Frame):
    """To another mode's customer and conversation; ``fresh`` asks for a new visit there."""

    type: Literal["mode.switch"] = "mode.switch"
    mode: str
    id: FrameId | None = None
    fresh: bool = False


class CustomerNext(_Frame):
    """The next visit in this mode: a fresh customer and an empty conversation."""

    type: Literal["customer.next"] = "customer.next"
    id: FrameId | None = None


class FeedbackGive(_Frame):
    """What the customer thinks of a reply."""

    type: Literal["feedback.give"] = "feedback.give"
    reply_id: FrameId
    value: Verdict
    note: Annotated[str, Field(max_length=2000)] | None = None


class SessionResume(_Frame):
    """Back to a conversation; only as the first frame after ``resume=1``."""

    type: Literal["session.resume"] = "session.resume"
    token: Annotated[str, Field(max_length=256)]
    epoch: Annotated[str, Field(max_length=64)]
    offset: Offset


class Ack(_Frame):
    """Everything up to ``offset`` has been taken in."""

    type: Literal["ack"] = "ack"
    offset: Offset


class Ping(_Frame):
    """Answered by ``pong`` with the same ``t``."""

    type: Literal["ping"] = "ping"
    t: JsonValue = None


ConversationFrame: TypeAlias = (
    UserMessage
    | MessageEdit
    | ReplyRetry
    | ReplyStop
    | ModeSwitch
    | CustomerNext
    | FeedbackGive
    | SessionResume
)
ClientFrame: TypeAlias = Annotated[ConversationFrame | Ack | Ping, Field(discriminator="type")]
CLIENT_FRAMES: Final[TypeAdapter[ClientFrame]] = TypeAdapter(ClientFrame)


# --- server to client -------------------------------------------------------------------------


class ModeInfo(_Part):
    """A mode that the session can be in."""

    id: str
    title: str
    greeting: str
    starters: tuple[str, ...]


class Limits(_Part):
    """What the server takes; all may be set by its operator."""

    max_text: int = Field(default=8000, description="code points in a message")
    max_frame_bytes: int = 131072
    messages_per_minute: int = 60
    ping_seconds: int = 25
    resume_seconds: int = 600


class Usage(_Part):
    """Tokens, as the model's provider counted them; null when the reply was cut short."""

    input_tokens: int | None
    output_tokens: int | None


class Timing(_Part):
    """Milliseconds since the turn started; ``first_token`` is null when none came."""

    first_token: int | None
    total: int


class _Event(_Frame):
    """An event of the log: numbered within its epoch, without a gap."""

    offset: Offset


def _as_it_is(customer: object, handler: ValidatorFunctionWrapHandler) -> Mapping[str, Any]:
    # facts that are asked for their values would make them, only to be written from the persona
    return customer if isinstance(customer, CustomerFacts) else handler(customer)


Customer: TypeAlias = Annotated[
    Mapping[str, Any],
    WrapValidator(_as_it_is),
    PlainSerializer(written_from, return_type=Any, when_used="json"),
    WithJsonSchema({"type": "object", "additionalProperties": True}),
]
"""The session persona: each mode has its own fields."""


class SessionReady(_Event):
    """The first event: who walked in."""

    type: Literal["session.ready"] = "session.ready"
    protocol: int = PROTOCOL
    session_id: str
    seed: str = Field(description="the 128-bit seed in decimal")
    generator: str
    as_of: str
    identity: Identity
    epoch: str
    recovered: bool
    resume_token: str
    mode: str
    visit: int
    modes: tuple[ModeInfo, ...]
    customer: Customer
    assignment: Assignment
    history: tuple[HistoryEntry, ...]
    model: str
    limits: Limits


class MessageAccepted(_Event):
    """The message is stored; its reply follows unless it is a duplicate."""

    type: Literal["message.accepted"] = "message.accepted"
    id: str
    turn_id: str
    text: str
    duplicate: bool = False
    replaces: str | None = Field(default=None, exclude_if=_is_none)


class ReplyStarted(_Event):
    """A reply begins; exactly one ``reply.completed`` will follow."""

    type: Literal["reply.started"] = "reply.started"
    turn_id: str
    reply_id: str
    mode: str
    model: str
    prompt_id: str
    id: str | None = Field(
        default=None, exclude_if=_is_none, description="of the `reply.retry` that asked for it"
    )


class ReplyDelta(_Event):
    """New text of the running reply."""

    type: Literal["reply.delta"] = "reply.delta"
    reply_id: str
    text: str


class ReplyTool(_Event):
    """The model looked something up in the customer's records."""

    type: Literal["reply.tool"] = "reply.tool"
    reply_id: str
    name: str
    arguments: dict[str, JsonValue]
    summary: str


class ReplyCompleted(_Event):
    """The reply is over, however it ended."""

    type: Literal["reply.completed"] = "reply.completed"
    reply_id: str
    turn_id: str
    text: str
    finish_reason: FinishReason
    usage: Usage
    timing_ms: Timing
    provenance: Provenance


class ModeSwitched(_Event):
    """The conversation is in this mode and visit now."""

    type: Literal["mode.switched"] = "mode.switched"
    mode: str
    visit: int
    customer: Customer
    assignment: Assignment
    history: tuple[HistoryEntry, ...]
    id: str | None = Field(default=None, exclude_if=_is_none)
    duplicate: bool = False


class FeedbackStored(_Event):
    """The feedback is stored."""

    type: Literal["feedback.stored"] = "feedback.stored"
    reply_id: str
    value: Verdict


class ServerDraining(_Frame):
    """The server is going: finish reading, then come back."""

    type: Literal["server.draining"] = "server.draining"
    reconnect_after_ms: int


class Pong(_Frame):
    """The answer to a ``ping``."""

    type: Literal["pong"] = "pong"
    t: JsonValue = None


class ErrorFrame(_Frame):
    """Something was not taken in, or failed; the socket stays open."""

    type: Literal["error"] = "error"
    code: ErrorCode
    message: str = Field(description="a sentence for a person")
    ref: str | None = None
    retryable: bool = False


Event: TypeAlias = (
    SessionReady
    | MessageAccepted
    | ReplyStarted
    | ReplyDelta
    | ReplyTool
    | ReplyCompleted
    | ModeSwitched
    | FeedbackStored
)
ServerFrame: TypeAlias = Annotated[
    Event | ServerDraining | Pong | ErrorFrame, Field(discriminator="type")
]
SERVER_FRAMES: Final[TypeAdapter[ServerFrame]] = TypeAdapter(ServerFrame)

RETRYABLE: Final = frozenset({"draining", "model_unavailable", "storage_unavailable"})
