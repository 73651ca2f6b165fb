"""The store in a database: it outlives the process."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.clock import Clock, timestamp
from backend.domain.transcript import Lasting
from backend.errors import StorageUnavailableError
from backend.ports import Opening, StoredConversation
from backend.store.checked import check_storable
from backend.store.database import FAULTS, for_writing, reason_of
from backend.store.migrate import migrate
from backend.store.retention import sweep_daily
from backend.store.rows import Written, read_rows, write_rows
from backend.store.schema import CHANGES, CONVERSATIONS, FEEDBACK, PROMPTS
from backend.store.writer import GoneElsewhereError, Job, Writer

_log = structlog.get_logger()

_KNOWN_PROMPTS: Final = 1000
_RETRY_SECONDS: Final = 2.0
_PROBE: Final = "UPDATE conversations SET touched_at = touched_at WHERE token_hash = ''"
_OPENING: Final = select(
    *CONVERSATIONS.c["session_id", "as_of", "identity", "mode", "visit"]
).where(CONVERSATIONS.c.token_hash == bindparam("key"))
_CHANGES: Final = select(*CHANGES.c["seq", "kind", "body"]).where(
    CHANGES.c.token_hash == bindparam("key")
)
_FEEDBACK: Final = select(*FEEDBACK.c["seq", "reply_id", "value", "note", "at"]).where(
    FEEDBACK.c.token_hash == bindparam("key")
)


@dataclass(slots=True)
class _Place:
    """Where a conversation stands: what is known to be stored of it, and what is not.

    Attributes:
        opening: what it was opened with, as long as that is not stored.
        count: how many of its changes are stored.
        owed: changes that have happened, and are to be stored before any other.
        doubtful: rows of attempts that failed, and may be there all the same.
        left: the conversation is not in memory any more.
    """

    opening: Opening | None
    count: int = 0
    owed: list[Lasting] = field(default_factory=list)
    doubtful: list[Written] = field(default_factory=list)
    left: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class SqlStore:
    """Conversations and prompts in SQLite or PostgreSQL.

    A conversation is written with its first lasting change: nobody waits for the database before
    ``session.ready``, and whoever says nothing leaves nothing behind.

    Args:
        engine: of ``open_engine``; closed with the store.
        clock: dates what is written, and what is too old.
        retention_days: conversations that nobody touched for so long are deleted.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock, retention_days: int) -> None:
        self._engine = engine
        self._clock = clock
        self._retention_days = retention_days
        self._writer = Writer(engine)
        self._places: dict[str, _Place] = {}
        self._unsaved: OrderedDict[str, str] = OrderedDict()
        self._flying: dict[str, str] = {}
        self._saved: OrderedDict[str, None] = OrderedDict()
        self._settling: asyncio.Task[None] | None = None
        self._sweeping: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Return how many conversations are known to be live."""
        return len(self._places)

    async def start(self) -> None:
        """Bring the database up to date, and begin to delete what is too old.

        Raises:
            ConfigurationError: it can not be used.
        """
        await migrate(self._engine)
        self._sweeping = asyncio.create_task(
            sweep_daily(self._engine, self._clock, self._retention_days, self._saved.clear)
        )

    async def close(self) -> None:
        """Write what is still to be written, if that is possible now, and let go."""
        for task in (self._settling, self._sweeping):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._settle_once()
        await self._writer.close()
        await self._engine.dispose()

    async def ready(self) -> bool:
        """Return whether the database can be written to."""
        try:
            async with for_writing(self._engine).begin() as connection:
                await connection.execute(text(_PROBE))
        except FAULTS:
            return False
        return True

    # --- writing ------------------------------------------------------------------------------

    async def create(self, token_hash: str, opening: Opening) -> None:
        """Record a new conversation, in memory until something lasting happens in it."""
        self._places[token_hash] = _Place(opening)

    async def append(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record lasting changes, all or none.

        Raises:
            InputError: a change holds what no database takes.
            StorageUnavailableError: none counts as recorded; the same may be tried again.
        """
        check_storable(changes, "changes")
        if token_hash not in self._places and await self._find(token_hash) is None:
            raise StorageUnavailableError("This conversation is no longer stored.")
        place = self._places[token_hash]
        async with place.lock:
            await self._write(token_hash, place, tuple(changes))

    def owe(self, token_hash: str, changes: Sequence[Lasting]) -> None:
        """Record changes that have happened already, as soon as that is possible."""
        place = self._places.get(token_hash)
        if place is None:
            return
        place.owed += changes
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())

    def forget(self, token_hash: str) -> None:
        """Take note that a conversation has left the memory."""
        place = self._places.get(token_hash)
        if place is not None:
            place.left = True
            self._drop_settled(token_hash, place)

    async def save_prompt(self, prompt_id: str, text: str) -> None:
        """Record a prompt under its hash, with the next change."""
        if prompt_id in self._saved:
            self._saved.move_to_end(prompt_id)
            return
        check_storable(text, "prompt")
        self._unsaved[prompt_id] = text

    async def _write(self, token_hash: str, place: _Place, changes: tuple[Lasting, ...]) -> None:
        owed = len(place.owed)
        everything = (*place.owed, *changes)
        kept, feedback = write_rows(token_hash, everything, place.count)
        if not everything:
            return
        prompts = dict(self._unsaved)
        self._flying.update(prompts)
        self._unsaved.clear()
        job = Job(
            conversation=self._row(token_hash, place.opening) if place.opening else None,
            prompts=[self._prompt_row(*one) for one in prompts.items()],
            doubtful=tuple(place.doubtful),
            changes=kept,
            feedback=feedback,
        )
        # until it is known to be stored, it is not known not to be
        place.doubtful = [*job.again().doubtful]
        try:
            await self._writer.write(job)
        except GoneElsewhereError:
            place.doubtful, place.owed = [*job.doubtful], []
            raise
        finally:
            self._unsaved.update(prompts)
            self._flying = {k: v for k, v in self._flying.items() if k not in prompts}
        place.opening, place.count = None, place.count + len(everything)
        place.doubtful = []
        del place.owed[:owed]
        self._note_saved(prompts)

    def _note_saved(self, prompts: dict[str, str]) -> None:
        for prompt_id in prompts:
            self._unsaved.pop(prompt_id, None)
            self._saved[prompt_id] = None
        while len(self._saved) > _KNOWN_PROMPTS:
            self._saved.popitem(last=False)

    def _row(self, token_hash: str, opening: Opening) -> Written:
        return {
            "token_hash": token_hash,
            "session_id": opening.session_id,
            "as_of": opening.as_of,
            "identity": opening.identity,
            "mode": opening.mode,
            "visit": opening.visit,
            "touched_at": self._now(),
        }

    def _prompt_row(self, prompt_id: str, text: str) -> Written:
        return {"prompt_id": prompt_id, "text": text, "saved_at": self._now()}

    def _now(self) -> str:
        return timestamp(self._clock.read().at)

    async def _settle(self) -> None:
        while any(place.owed for place in self._places.values()):
            await asyncio.sleep(_RETRY_SECONDS)
            await self._settle_once()

    async def _settle_once(self) -> None:
        for token_hash, place in tuple(self._places.items()):
            if place.owed:
                with suppress(StorageUnavailableError):
                    async with place.lock:
                        await self._write(token_hash, place, ())
                self._drop_settled(token_hash, place)

    def _drop_settled(self, token_hash: str, place: _Place) -> None:
        if place.left and not place.owed and self._places.get(token_hash) is place:
            del self._places[token_hash]

    # --- reading ------------------------------------------------------------------------------

    async def load(self, token_hash: str) -> StoredConversation | None:
        """Return a conversation, or None when there is none (any more).

        Raises:
            StorageUnavailableError: the database can not be read.
        """
        place = self._places.get(token_hash)
        if place is not None:
            place.left = False
            if place.opening is not None:
                return StoredConversation(place.opening, ())
            if place.owed:
                await self.append(token_hash, ())
        found = await self._find(token_hash)
        if found is None:
            return None
        await self._writer.write(Job(touch={"token_hash": token_hash, "touched_at": self._now()}))
        return found

    async def prompt(self, prompt_id: str) -> str | None:
        """Return the text of a prompt.

        Raises:
            StorageUnavailableError: the database can not be read.
        """
        if prompt_id in self._unsaved:
            return self._unsaved[prompt_id]
        async with self._reading() as connection:
            found: str | None = await connection.scalar(
                select(PROMPTS.c.text).where(PROMPTS.c.prompt_id == prompt_id)
            )
        return found

    async def _find(self, token_hash: str) -> StoredConversation | None:
        async with self._reading() as connection:
            row = (await connection.execute(_OPENING, {"key": token_hash})).one_or_none()
            kept = (await connection.execute(_CHANGES, {"key": token_hash})).all()
            feedback = (await connection.execute(_FEEDBACK, {"key": token_hash})).all()
        if row is None:
            self._places.pop(token_hash, None)
            return None
        place = self._places.setdefault(token_hash, _Place(None))
        changes = read_rows(kept, feedback)
        doubtful = {(one["seq"], one["at"]) for one in place.doubtful}
        sure = [(seq, change) for seq, change in changes if (seq, change.at) not in doubtful]
        place.count = sure[-1][0] + 1 if sure else 0
        return StoredConversation(Opening(*row), tuple(change for _, change in sure))

    @asynccontextmanager
    async def _reading(self) -> AsyncGenerator[AsyncConnection, None]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except FAULTS as error:
            _log.warning("store.unavailable", reason=reason_of(error))
            sentence = "The store can not be read just now; come back soon."
            raise StorageUnavailableError(sentence) from None
