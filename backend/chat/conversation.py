"""One conversation: the session with its model, store and event log, and whoever is attached."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast, get_args

import structlog

from backend.chat.outlet import Outlet
from backend.chat.render import render
from backend.chat.reply import End, ReplyLimits, speak
from backend.chat.session import Session
from backend.clock import Clock
from backend.domain.transcript import (
    Change,
    FinishReason,
    Lasting,
    Moved,
    ReplyBegun,
    ReplyEnded,
    TextAdded,
)
from backend.entropy import Entropy
from backend.errors import FrameError, ModelError, StorageUnavailableError
from backend.framing import error_frame, write_delta, write_frame
from backend.ports import ChatMessage, EventLog, LanguageModel, Store
from backend.seeds import session_to_seed
from backend.version import GENERATOR_VERSION
from backend.wire import (
    RETRYABLE,
    CloseCode,
    ConversationFrame,
    ErrorCode,
    Limits,
    ModeInfo,
    ServerDraining,
    SessionReady,
)

_log = structlog.get_logger()


class Meter(Protocol):
    """Counts what conversations do."""

    def reply_ended(self, reason: FinishReason, first_token_ms: int | None) -> None:
        """Count a reply that is over."""
        ...

    def refused(self, code: str) -> None:
        """Count an error that a client was told."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What every conversation is handed."""

    clock: Clock
    entropy: Entropy
    model: LanguageModel
    store: Store
    log: EventLog
    meter: Meter
    modes: tuple[ModeInfo, ...]
    limits: Limits
    reply_limits: ReplyLimits
    history_chars: int
    merge_seconds: float
    """Text that comes sooner than this after the last ``reply.delta`` waits for the next one."""


class Conversation:
    """The numbered events of one session, from whatever makes them to whoever is attached.

    Every public coroutine takes the conversation's lock: events are numbered, logged and sent
    in one order, and one frame's events before the next frame is looked at.
    """

    def __init__(self, key: str, token: str, session: Session, services: Services) -> None:
        self.key = key
        self.session = session
        self.outlet: Outlet | None = None
        self._token = token
        self._services = services
        self._lock = asyncio.Lock()
        self._epoch = ""
        self._offset = 0
        self._unsent: list[str] = []
        self._answering: asyncio.Task[None] | None = None
        self._flushing: asyncio.TimerHandle | asyncio.Task[None] | None = None
        self._merge_until = 0.0

    @property
    def answering(self) -> asyncio.Task[None] | None:
        """The task that gives the running reply, if one runs."""
        return self._answering

    # --- who is attached ----------------------------------------------------------------------

    async def attach(self, outlet: Outlet, epoch: str = "", offset: int = 0) -> None:
        """Send ``session.ready`` and all that the client missed; put an earlier client out."""
        async with self._lock:
            await self._flush()
            if self.outlet is not None:
                reason = "A newer connection took this conversation over."
                self.outlet.close(CloseCode.TAKEN_OVER, reason)
            self.outlet = outlet
            missed = None
            if epoch and epoch == self._epoch:
                missed = await self._services.log.since(self.key, epoch, offset)
            if missed is None:
                await self._start_epoch()
            outlet.put(self._ready(offset if missed is not None else self._offset, missed))
            for frame in missed or ():
                outlet.put(frame)
            self._brief_soon()

    def detach(self, outlet: Outlet) -> bool:
        """Let a client go; return whether it was the attached one."""
        if self.outlet is not outlet:
            return False
        self.outlet = None
        return True

    def _brief_soon(self) -> None:
        # what is queued leaves first: the client sees its customer while the prompt is made
        asyncio.get_running_loop().call_soon(lambda: self.session.briefing)

    async def _start_epoch(self) -> None:
        self._epoch = self._services.entropy.epoch()
        self._offset = 1
        await self._services.log.start(self.key, self._epoch, self._offset)

    def _ready(self, offset: int, missed: Sequence[str] | None) -> str:
        session, services = self.session, self._services
        opening, visitor = session.opening, session.visitor
        ready = SessionReady(
            offset=offset,
            session_id=opening.session_id,
            seed=str(session_to_seed(opening.session_id)),
            generator=GENERATOR_VERSION,
            as_of=opening.as_of,
            identity=opening.identity,
            epoch=self._epoch,
            recovered=missed is not None,
            resume_token=self._token,
            mode=session.mode,
            visit=session.visit,
            modes=services.modes,
            customer=visitor.customer,
            assignment=visitor.assignment,
            history=session.history() if missed is None else (),
            model=services.model.name,
            limits=services.limits,
        )
        return write_frame(ready)

    # --- what clients send --------------------------------------------------------------------

    async def receive(self, frame: ConversationFrame, *, draining: bool) -> None:
        """Take a frame in, or tell the client why not."""
        async with self._lock:
            try:
                await self._flush()
                moment = self._services.clock.read()
                changes = self.session.decide(frame, moment, draining=draining)
                await self._commit(changes)
            except FrameError as error:
                self._tell(cast("ErrorCode", error.wire_code), error.message, error.ref)
            except StorageUnavailableError as error:
                self._tell("storage_unavailable", str(error), getattr(frame, "id", None))
            else:
                self._follow(changes)

    def _tell(self, code: ErrorCode, message: str, ref: str | None) -> None:
        self._services.meter.refused(code)
        if self.outlet is not None:
            frame = error_frame(code, message, ref, retryable=code in RETRYABLE)
            self.outlet.put(write_frame(frame))

    # --- what happens -------------------------------------------------------------------------

    async def _commit(self, changes: Sequence[Change]) -> None:
        lasting = [change for change in changes if isinstance(change, get_args(Lasting))]
        if any(isinstance(change, ReplyBegun) for change in changes):
            briefing = self.session.briefing
            await self._services.store.save_prompt(briefing.prompt_id, briefing.prompt)
        if lasting:
            await self._services.store.append(self.key, lasting)
        for change in changes:
            await self._publish(change)

    async def _publish(self, change: Change) -> None:
        self.session.apply(change, self._services.clock.seconds())
        self._offset += 1
        frame = self._written(change)
        await self._services.log.append(self.key, self._epoch, self._offset, frame)
        if self.outlet is not None:
            self.outlet.put(frame)
        if isinstance(change, ReplyEnded):
            # what came after the end was decided belongs to no reply
            self._unsent.clear()
            self._note_end(change)

    def _written(self, change: Change) -> str:
        if isinstance(change, TextAdded):
            return write_delta(self._offset, change.reply_id, change.text)
        return write_frame(render(self.session, change, self._offset))

    def _note_end(self, ended: ReplyEnded) -> None:
        self._services.meter.reply_ended(ended.finish_reason, ended.first_token_ms)
        _log.info(
            "reply.ended",
            session_id=self.session.opening.session_id,
            mode=self.session.mode,
            reply_id=ended.reply_id,
            finish_reason=ended.finish_reason,
            first_token_ms=ended.first_token_ms,
            total_ms=ended.total_ms,
        )

    def _follow(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if isinstance(change, Moved):
                self._brief_soon()
            if isinstance(change, ReplyEnded) and self._answering is not None:
                self._answering.cancel()
                self._answering = None
            if isinstance(change, ReplyBegun):
                messages = self.session.model_messages(self._services.history_chars)
                self._answering = asyncio.create_task(self._answer(change.reply_id, messages))

    # --- the reply ----------------------------------------------------------------------------

    async def _answer(self, reply_id: str, messages: list[ChatMessage]) -> None:
        async def say(text: str) -> None:
            if self._is_running(reply_id):
                self._unsent.append(text)
                await self._flush_or_wait()

        services = self._services
        end = await speak(services.model, messages, say, services.reply_limits)
        async with self._lock:
            if self._is_running(reply_id):
                await self._finish(end)

    def _is_running(self, reply_id: str) -> bool:
        # a model may ignore that it was cancelled; what it says then belongs to nobody
        running = self.session.reply
        return running is not None and running.begun.reply_id == reply_id

    async def _flush_or_wait(self) -> None:
        if self._flushing is not None:
            return
        wait = self._merge_until - self._services.clock.seconds()
        if wait > 0 or (self.outlet is not None and self.outlet.lagging):
            loop = asyncio.get_running_loop()
            self._flushing = loop.call_later(wait, self._flush_now, self.outlet)
            return
        async with self._lock:
            await self._flush()

    async def _flush(self) -> None:
        if self._unsent and self.session.reply is not None:
            text = "".join(self._unsent)
            self._unsent.clear()
            self._merge_until = self._services.clock.seconds() + self._services.merge_seconds
            await self._publish(TextAdded(self.session.reply.begun.reply_id, text))

    def _flush_now(self, outlet: Outlet | None) -> None:
        self._flushing = asyncio.get_running_loop().create_task(self._flush_to(outlet))

    async def _flush_to(self, outlet: Outlet | None) -> None:
        if outlet is not None:
            await outlet.caught_up()
        async with self._lock:
            self._flushing = None
            await self._flush()

    async def _finish(self, end: End) -> None:
        await self._flush()
        if end.failure is not None:
            self._tell_failure(end.failure)
        ending = self.session.ending(end.reason, self._services.clock.read(), end.finish)
        self._answering = None
        try:
            await self._commit([ending])
        except StorageUnavailableError:
            # the customer has the reply; unless the store comes back before the process ends, it
            # will show as interrupted
            self._services.store.owe(self.key, [ending])
            _log.warning("reply.not_stored", session_id=self.session.opening.session_id)
            await self._publish(ending)

    def _tell_failure(self, failure: ModelError) -> None:
        reply = self.session.reply
        code = cast("ErrorCode", failure.code)
        self._tell(code, str(failure), reply.ref if reply else None)

    # --- the end ------------------------------------------------------------------------------

    def warn(self, reconnect_after_ms: int) -> None:
        """Tell the client that the server is going."""
        if self.outlet is not None:
            self.outlet.put(write_frame(ServerDraining(reconnect_after_ms=reconnect_after_ms)))

    async def interrupt(self) -> None:
        """End the running reply, if there is one."""
        async with self._lock:
            if self.session.reply is None:
                return
            await self._flush()
            if self._answering is not None:
                self._answering.cancel()
            await self._finish(End("interrupted"))

    async def forget(self) -> None:
        """Free what is kept for clients that come back soon."""
        await self._services.log.drop(self.key)
