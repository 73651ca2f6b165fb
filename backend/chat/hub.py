"""All live conversations of this process: opened, resumed, expired, drained."""

import asyncio
import hashlib
from functools import partial

import structlog

from backend.chat.conversation import Conversation, Services
from backend.chat.outlet import Outlet
from backend.chat.reception import Reception
from backend.chat.session import Rules, Session, restore
from backend.ports import Opening
from backend.wire import CloseCode, SessionResume

_log = structlog.get_logger()


class Hub:
    """The conversations that are in memory.

    A conversation lives here while a client is attached, while its reply runs, and for
    ``limits.resume_seconds`` after its client left. Then only the store has it.
    """

    def __init__(self, reception: Reception, services: Services) -> None:
        self.draining = False
        self._reception = reception
        self._services = services
        self._live: dict[str, Conversation] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._restoring = asyncio.Lock()
        self._forgetting: dict[str, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._live)

    @property
    def replies(self) -> int:
        """How many replies run just now."""
        return sum(one.session.reply is not None for one in self._live.values())

    # --- coming and going ---------------------------------------------------------------------

    async def open(self, opening: Opening, outlet: Outlet) -> Conversation:
        """Begin a new conversation and send its ``session.ready``."""
        token = self._services.entropy.resume_token()
        key = hash_token(token)
        conversation = Conversation(key, token, self._session(opening), self._services)
        await self._services.store.create(key, opening)
        self._live[key] = conversation
        await conversation.attach(outlet)
        # the writer was woken before: the client does not wait for the log
        asyncio.get_running_loop().call_soon(_note_opening, opening)
        return conversation

    async def resume(
        self, frame: SessionResume, session_id: str | None, outlet: Outlet
    ) -> Conversation | None:
        """Bring a client back to its conversation; None when the token opens none."""
        conversation = await self._find(frame.token)
        if conversation is None:
            return None
        if session_id not in {None, conversation.session.opening.session_id}:
            return None
        self._keep(conversation.key)
        await conversation.attach(outlet, frame.epoch, frame.offset)
        return conversation

    def leave(self, conversation: Conversation, outlet: Outlet) -> None:
        """Let a client go; its conversation stays for a while."""
        if conversation.detach(outlet):
            self._expire_in(self._services.limits.resume_seconds, conversation)

    def _session(self, opening: Opening) -> Session:
        services = self._services
        rules = Rules(
            modes=tuple(mode.id for mode in services.modes),
            model=services.model.name,
            messages_per_minute=services.limits.messages_per_minute,
        )
        return Session(opening, partial(self._reception.introduce, opening), rules)

    async def _find(self, token: str) -> Conversation | None:
        key = hash_token(token)
        async with self._restoring:
            if forgetting := self._forgetting.get(key):
                # else the log would be dropped under the conversation that comes back
                await asyncio.wait([forgetting])
            return self._live.get(key) or await self._restore(key, token)

    async def _restore(self, key: str, token: str) -> Conversation | None:
        stored = await self._services.store.load(key)
        if stored is None:
            return None
        session = self._session(stored.opening)
        missing = restore(session, stored.changes, self._services.clock.read())
        if missing:
            await self._services.store.append(key, missing)
        conversation = Conversation(key, token, session, self._services)
        self._live[key] = conversation
        return conversation

    # --- the end of a conversation's memory -----------------------------------------------------

    def _keep(self, key: str) -> None:
        handle = self._expiries.pop(key, None)
        if handle is not None:
            handle.cancel()

    def _expire_in(self, seconds: float, conversation: Conversation) -> None:
        self._keep(conversation.key)
        loop = asyncio.get_running_loop()
        self._expiries[conversation.key] = loop.call_later(seconds, self._expire, conversation)

    def _expire(self, conversation: Conversation) -> None:
        self._expiries.pop(conversation.key, None)
        if conversation.answering is not None:
            conversation.answering.add_done_callback(lambda _: self._expire(conversation))
        elif conversation.outlet is None and conversation.key in self._live:
            del self._live[conversation.key]
            self._services.store.forget(conversation.key)
            forgetting = asyncio.get_running_loop().create_task(conversation.forget())
            self._forgetting[conversation.key] = forgetting
            forgetting.add_done_callback(lambda _: self._forgetting.pop(conversation.key))

    # --- the end of the server ------------------------------------------------------------------

    async def drain(self, seconds: float, reconnect_after_ms: int) -> None:
        """Take no more turns, let running replies finish, then close every socket with 1012.

        Replies that still run after ``seconds`` end ``interrupted``.
        """
        self.draining = True
        for conversation in tuple(self._live.values()):
            conversation.warn(reconnect_after_ms)
        running = [task for one in self._live.values() if (task := one.answering) is not None]
        _log.info("drain.started", conversations=len(self), replies=len(running))
        if running:
            await asyncio.wait(running, timeout=seconds)
        for conversation in tuple(self._live.values()):
            await conversation.interrupt()
            if conversation.outlet is not None:
                conversation.outlet.close(CloseCode.RESTART, "The server is going; come back.")
        for handle in self._expiries.values():
            handle.cancel()
        self._expiries.clear()
        if self._forgetting:
            await asyncio.wait(self._forgetting.values(), timeout=seconds)


def hash_token(token: str) -> str:
    """Return the name under which a conversation is kept; the token itself is not."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _note_opening(opening: Opening) -> None:
    _log.info("conversation.opened", session_id=opening.session_id, mode=opening.mode)
