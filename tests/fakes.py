"""Doubles of what is handed in: a clock, identifiers, a model, a client."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from backend import strictjson
from backend.chat.session import Rules, Session
from backend.clock import Moment
from backend.domain.assignment import Assignment
from backend.domain.visitor import Briefing, Visitor
from backend.ports import ChatMessage, Finish, ModelChunk, Opening, TextChunk
from backend.wire import CloseCode

START = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
MODES = ("banking", "insurance", "healthcare")


class FakeClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def read(self) -> Moment:
        return Moment(START + timedelta(seconds=self.now - 1000.0), self.now)

    def seconds(self) -> float:
        return self.now


class CountingEntropy:
    """Identifiers that count up."""

    def __init__(self) -> None:
        self._count = 0

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    def session_id(self) -> str:
        return self._next("session")

    def resume_token(self) -> str:
        return self._next("token")

    def epoch(self) -> str:
        return self._next("epoch")


class NoMeter:
    """Counts nothing."""

    def reply_ended(self, reason: str, first_token_ms: int | None) -> None:
        pass

    def refused(self, code: str) -> None:
        pass


class ScriptedModel:
    """Says what it is told to say, when it is told to.

    ``feed`` takes text, a ``Finish`` or an exception; each reply consumes up to its end.
    """

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[Sequence[ChatMessage]] = []
        self._script: asyncio.Queue[ModelChunk | Exception] = asyncio.Queue()

    def feed(self, *chunks: str | Finish | Exception) -> None:
        for chunk in chunks:
            self._script.put_nowait(TextChunk(chunk) if isinstance(chunk, str) else chunk)

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[ModelChunk, None]:
        self.asked.append(messages)
        while True:
            chunk = await self._script.get()
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
            if isinstance(chunk, Finish):
                return

    async def close(self) -> None:
        pass


class RecordingOutlet:
    """A client that reads everything at once, unless it is told to lag."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None
        self.lagging = False
        self._calm = asyncio.Event()
        self._arrived = asyncio.Event()

    def put(self, frame: str) -> None:
        if self.closed is None:
            self.frames.append(strictjson.parse(frame))
            self._arrived.set()

    async def caught_up(self) -> None:
        if self.lagging:
            await self._calm.wait()

    def catch_up(self) -> None:
        self.lagging = False
        self._calm.set()

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed = self.closed or (int(code), reason)

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    async def until(self, found: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first frame that answers ``found``, waiting for it if need be."""
        async with asyncio.timeout(5):
            while True:
                for frame in self.frames:
                    if found(frame):
                        return frame
                self._arrived.clear()
                await self._arrived.wait()


def opening(**changes: Any) -> Opening:
    given = {"session_id": "demo-1", "as_of": "2026-01-15", "identity": "mode",
             "mode": "banking", "visit": 1, **changes}  # fmt: skip
    return Opening(**given)


def visitor(mode: str, visit: int) -> Visitor:
    assignment = Assignment(
        rulebook="registry", time_window="30d", status="UNCLASSIFIED", primary=None,
        secondary=None, qualifying=(), reason="No qualifying personas found",
        summary="Nothing stands out.", title="No particular pattern", evidence={},
    )  # fmt: skip
    customer = {"name": f"{mode} customer {visit}"}
    told = f"You serve {mode} {visit}."
    briefing = Briefing(f"prompt-{mode}-{visit}", told, None, "registry")
    return Visitor(customer, assignment, lambda: briefing)


def session(*, messages_per_minute: int = 60, **changes: Any) -> Session:
    rules = Rules(MODES, "scripted", messages_per_minute)
    return Session(opening(**changes), visitor, rules)
