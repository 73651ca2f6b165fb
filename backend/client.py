"""A client for programs: connect, say, switch, stop, resume, with typed events.

    async with connect("ws://127.0.0.1:8000", session_id="demo-1") as chat:
        reply = await chat.say("What is my checking balance?")
        await chat.switch("insurance")

One coroutine at a time may wait for events of one ``Chat``.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket

from backend.domain.transcript import Verdict
from backend.entropy import Entropy, SystemEntropy
from backend.errors import WalkinError
from backend.wire import (
    SERVER_FRAMES,
    ClientFrame,
    CustomerNext,
    ErrorFrame,
    FeedbackGive,
    FeedbackStored,
    MessageAccepted,
    MessageEdit,
    ModeSwitch,
    ModeSwitched,
    Pong,
    ReplyCompleted,
    ReplyRetry,
    ReplyStarted,
    ReplyStop,
    ServerDraining,
    ServerFrame,
    SessionReady,
    SessionResume,
    UserMessage,
)

_Kind = TypeVar("_Kind", ModeSwitched, FeedbackStored)

MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
"""A history can be long; the server's own limit is on what clients send."""


class RefusedError(WalkinError):
    """The server did not take a frame in, or its model failed; ``frame`` says why."""

    def __init__(self, frame: ErrorFrame) -> None:
        super().__init__(f"{frame.code}: {frame.message}")
        self.frame = frame


class DuplicateError(WalkinError):
    """An id was used before in this conversation: nothing was run."""


class Chat:
    """One conversation, over one socket at a time.

    Attributes:
        ready: the latest ``session.ready``.
        offset: the last event that was taken in; with ``ready.epoch`` it is where to resume.
    """

    def __init__(self, socket: ClientConnection, ready: SessionReady, entropy: Entropy) -> None:
        self.ready = ready
        self.offset = ready.offset
        self._socket = socket
        self._entropy = entropy

    # --- frames -------------------------------------------------------------------------------

    async def send(self, frame: ClientFrame) -> None:
        """Send a frame.

        Raises:
            websockets.ConnectionClosed: the socket is gone; ``resume`` opens another.
        """
        await self._socket.send(frame.model_dump_json(exclude_none=True))

    async def receive(self) -> ServerFrame:
        """Return the next frame; types that this client does not know are passed over.

        Raises:
            websockets.ConnectionClosed: the socket is gone.
        """
        while True:
            frame = _known(await self._socket.recv())
            if frame is None:
                continue
            if not isinstance(frame, ServerDraining | Pong | ErrorFrame):
                self.offset = frame.offset
            return frame

    def __aiter__(self) -> AsyncIterator[ServerFrame]:
        return self._frames()

    async def _frames(self) -> AsyncGenerator[ServerFrame, None]:
        while True:
            yield await self.receive()

    # --- turns --------------------------------------------------------------------------------

    async def say(self, text: str, message_id: str | None = None) -> ReplyCompleted:
        """Say something and return the finished reply.

        Raises:
            RefusedError: the message was not taken in, or the model failed.
        """
        return await self._completed(await self.ask(text, message_id))

    async def ask(self, text: str, message_id: str | None = None) -> str:
        """Send a message, and return its id without waiting for the reply."""
        message_id = message_id or self._entropy.session_id()
        await self.send(UserMessage(id=message_id, text=text))
        return message_id

    async def edit(self, of: str, text: str) -> ReplyCompleted:
        """Replace an earlier message and all after it, and return the new reply."""
        message_id = self._entropy.session_id()
        await self.send(MessageEdit(of=of, id=message_id, text=text))
        return await self._completed(message_id)

    async def retry(self) -> ReplyCompleted:
        """Have the last message answered again."""
        retry_id = self._entropy.session_id()
        await self.send(ReplyRetry(id=retry_id))
        return await self._completed(retry_id)

    async def stop(self) -> None:
        """Stop the running reply, if one runs."""
        await self.send(ReplyStop())

    async def _completed(self, ref: str) -> ReplyCompleted:
        failure: ErrorFrame | None = None
        reply_id: str | None = None
        accepted = False
        while True:
            frame = await self.receive()
            match frame:
                case ErrorFrame() if not frame.code.startswith("model_"):
                    raise RefusedError(frame)
                case ErrorFrame():
                    failure = frame
                case MessageAccepted(id=accepted_id, duplicate=duplicate) if accepted_id == ref:
                    if duplicate:
                        raise DuplicateError(f"The id {ref!r} was used before; nothing was run.")
                    accepted = True
                case ReplyStarted() if frame.id == ref or accepted:
                    reply_id, accepted = frame.reply_id, False
                case ReplyCompleted() if frame.reply_id == reply_id:
                    if failure is not None:
                        raise RefusedError(failure)
                    return frame

    # --- moves --------------------------------------------------------------------------------

    async def switch(self, mode: str, *, fresh: bool = False) -> ModeSwitched:
        """Go to another mode; with ``fresh`` to a new visit there."""
        await self.send(ModeSwitch(mode=mode, id=self._entropy.session_id(), fresh=fresh))
        return await self._expect(ModeSwitched)

    async def next_customer(self) -> ModeSwitched:
        """Have the next customer of this mode walk in."""
        await self.send(CustomerNext(id=self._entropy.session_id()))
        return await self._expect(ModeSwitched)

    async def feedback(self, reply_id: str, value: Verdict, note: str | None = None) -> None:
        """Say what one thinks of a reply."""
        await self.send(FeedbackGive(reply_id=reply_id, value=value, note=note))
        await self._expect(FeedbackStored)

    async def _expect(self, kind: type[_Kind]) -> _Kind:
        while True:
            frame = await self.receive()
            if isinstance(frame, ErrorFrame):
                raise RefusedError(frame)
            if isinstance(frame, kind):
                return frame

    async def close(self) -> None:
        """Say goodbye; the conversation can be resumed for a while."""
        await self._socket.close()


def address(url: str, **parameters: str | int | None) -> str:
    """Return the socket's address under a server's ``ws://`` or ``http://`` URL."""
    origin = url.rstrip("/").removesuffix("/ws")
    if origin.startswith("http"):
        origin = "ws" + origin.removeprefix("http")
    given = {name: str(value) for name, value in parameters.items() if value is not None}
    return f"{origin}/ws?{urlencode(given)}"


@asynccontextmanager
async def connect(
    url: str,
    *,
    session_id: str | None = None,
    mode: str | None = None,
    as_of: str | None = None,
    identity: str | None = None,
    visit: int | None = None,
    entropy: Entropy | None = None,
) -> AsyncGenerator[Chat, None]:
    """Begin a new conversation; its socket is closed at the end of the block.

    Raises:
        websockets.ConnectionClosed: the opening was refused; code and reason say why.
    """
    target = address(
        url, session_id=session_id, mode=mode, as_of=as_of, identity=identity, visit=visit
    )
    async with open_socket(target, max_size=MAX_FRAME_BYTES, compression=None) as socket:
        yield await _ready(socket, entropy or SystemEntropy())


@asynccontextmanager
async def resume(
    url: str, token: str, *, epoch: str = "", offset: int = 0, entropy: Entropy | None = None
) -> AsyncGenerator[Chat, None]:
    """Come back to a conversation; ``chat.ready.recovered`` says whether events follow.

    Raises:
        websockets.ConnectionClosed: with 4501, the token opens nothing (any more).
    """
    target = address(url, resume=1)
    async with open_socket(target, max_size=MAX_FRAME_BYTES, compression=None) as socket:
        opening = SessionResume(token=token, epoch=epoch, offset=offset)
        await socket.send(opening.model_dump_json())
        yield await _ready(socket, entropy or SystemEntropy())


async def _ready(socket: ClientConnection, entropy: Entropy) -> Chat:
    while True:
        frame = _known(await socket.recv())
        if isinstance(frame, SessionReady):
            return Chat(socket, frame, entropy)


def _known(data: str | bytes) -> ServerFrame | None:
    try:
        return SERVER_FRAMES.validate_json(data)
    except ValidationError as error:
        if error.errors()[0]["type"] == "union_tag_invalid":
            return None
        raise
