"""The store of one process: it lasts as long as the process does."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.domain.transcript import Lasting
from backend.errors import StorageUnavailableError
from backend.ports import Opening, StoredConversation
from backend.store.checked import check_storable


@dataclass(slots=True)
class _Record:
    opening: Opening
    changes: list[Lasting] = field(default_factory=list)


class MemoryStore:
    """Keeps the latest conversations, and the prompts that their replies name.

    Args:
        max_conversations: beyond it the conversation that was used longest ago is forgotten.
        max_prompts: the same for prompts.
    """

    def __init__(self, max_conversations: int, max_prompts: int) -> None:
        self._max_conversations = max_conversations
        self._max_prompts = max_prompts
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._prompts: OrderedDict[str, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    async def start(self) -> None:
        """Do nothing: memory is always there."""

    async def create(self, token_hash: str, opening: Opening) -> None:
        """Record a new conversation."""
        self._records[token_hash] = _Record(opening)
        while len(self._records) > self._max_conversations:
            self._records.popitem(last=False)

    async def append(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record lasting changes, all or none.

        Raises:
            InputError: a change holds what no database takes.
            StorageUnavailableError: the conversation had to make room for others.
        """
        check_storable(changes, "changes")
        record = self._records.get(token_hash)
        if record is None:
            raise StorageUnavailableError("This conversation is no longer stored.")
        record.changes.extend(changes)
        self._records.move_to_end(token_hash)

    def owe(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record changes that have happened already, if the conversation is still kept."""
        record = self._records.get(token_hash)
        if record is not None:
            record.changes.extend(changes)

    def forget(self, token_hash: str) -> None:
        """Do nothing: the conversation is kept until it has to make room."""

    async def load(self, token_hash: str) -> StoredConversation | None:
        """Return a conversation, or None when there is none (any more)."""
        record = self._records.get(token_hash)
        if record is None:
            return None
        return StoredConversation(record.opening, tuple(record.changes))

    async def save_prompt(self, prompt_id: str, text: str) -> None:
        """Record a prompt under its hash."""
        check_storable(text, "prompt")
        self._prompts[prompt_id] = text
        self._prompts.move_to_end(prompt_id)
        while len(self._prompts) > self._max_prompts:
            self._prompts.popitem(last=False)

    async def prompt(self, prompt_id: str) -> str | None:
        """Return the text of a prompt."""
        return self._prompts.get(prompt_id)

    async def ready(self) -> bool:
        """Return True: memory is always there."""
        return True

    async def close(self) -> None:
        """Forget everything."""
        self._records.clear()
        self._prompts.clear()
