"""The small protocols behind which models, stores and event logs stand."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from backend.domain.identity import Identity
from backend.domain.transcript import Lasting


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a request to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class TextChunk:
    """More text of a reply; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a reply: why the model stopped, and what its provider counted."""

    reason: Literal["stop", "length"]
    input_tokens: int | None
    output_tokens: int | None


ModelChunk: TypeAlias = TextChunk | Finish


class LanguageModel(Protocol):
    """Something that answers a conversation."""

    @property
    def name(self) -> str:
        """Return the model's name, as users see it."""
        ...

    def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[ModelChunk, None]:
        """Yield the reply's text as it comes, then exactly one ``Finish``, the last.

        Raises:
            ModelUnavailableError: it can not be reached or refuses to serve.
            ModelFailedError: the answer broke off, or can not be read.
        """
        ...

    async def close(self) -> None:
        """Release the connections."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """What a conversation was opened with; never changes."""

    session_id: str
    as_of: str
    identity: Identity
    mode: str
    visit: int


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation as the store has it: its opening and its lasting changes, oldest first."""

    opening: Opening
    changes: tuple[Lasting, ...]


class Store(Protocol):
    """What outlives a socket: conversations by the hash of their token, and prompts by theirs."""

    async def start(self) -> None:
        """Get ready to work; called once, before anything else.

        Raises:
            ConfigurationError: that is not possible.
        """
        ...

    async def create(self, token_hash: str, opening: Opening) -> None:
        """Record a new conversation; until its first change it may be kept in memory alone."""
        ...

    async def append(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record lasting changes, all or none.

        Raises:
            InputError: a change holds what no database takes.
            StorageUnavailableError: none counts as recorded; the same may be tried again.
        """
        ...

    def owe(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record changes that have happened already, as soon as that is possible.

        They come before whatever is appended after them.
        """
        ...

    def forget(self, token_hash: str) -> None:
        """Take note that a conversation has left the memory; what is stored of it stays."""
        ...

    async def load(self, token_hash: str) -> StoredConversation | None:
        """Return a conversation, or None when there is none (any more).

        Raises:
            StorageUnavailableError: the store can not be read.
        """
        ...

    async def save_prompt(self, prompt_id: str, text: str) -> None:
        """Record a prompt under its hash, at the latest with the next change; once is enough."""
        ...

    async def prompt(self, prompt_id: str) -> str | None:
        """Return the text of a prompt."""
        ...

    async def ready(self) -> bool:
        """Return whether the store can be written to."""
        ...

    async def close(self) -> None:
        """Release the store."""
        ...


class EventLog(Protocol):
    """The latest events of live conversations, for clients that come back."""

    async def start(self, key: str, epoch: str, offset: int) -> None:
        """Begin an epoch whose first kept frame will be the one after ``offset``."""
        ...

    async def append(self, key: str, epoch: str, offset: int, frame: str) -> None:
        """Keep a numbered frame; offsets of an epoch come in order, without a gap."""
        ...

    async def since(self, key: str, epoch: str, offset: int) -> tuple[str, ...] | None:
        """Return all frames after ``offset``; None when not every one of them is kept."""
        ...

    async def drop(self, key: str) -> None:
        """Forget a conversation's frames."""
        ...
