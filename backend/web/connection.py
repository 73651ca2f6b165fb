"""One client on one socket: a reader, and a writer behind its queue."""

import asyncio
from dataclasses import dataclass
from typing import Final, cast

import structlog

from backend.chat.conversation import Conversation
from backend.chat.hub import Hub
from backend.clock import Clock
from backend.errors import FrameError, StorageUnavailableError
from backend.framing import error_frame, read_frame, write_frame
from backend.ports import Opening
from backend.web.opening import Return
from backend.web.outbox import Outbox, Wire
from backend.web.socket import Socket, SocketClosedError
from backend.wire import Ack, ClientFrame, CloseCode, ErrorCode, Ping, Pong, SessionResume

_log = structlog.get_logger()

MAX_BAD_FRAMES: Final = 50


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one socket may do; times in seconds.

    Attributes:
        max_text: code points in a message.
        max_frame_bytes: bytes in a frame.
        max_backlog_bytes: bytes that may wait to be written.
        send_seconds: how long one send may take.
        opening_seconds: how long ``session.resume`` may take to come.
        idle_seconds: how long a socket may send nothing but ``ping`` and ``ack``.
    """

    max_text: int
    max_frame_bytes: int
    max_backlog_bytes: int
    send_seconds: float
    opening_seconds: float
    idle_seconds: float


class _Leave(Exception):  # noqa: N818 - not an error: the reader's way out
    """The reader is done; the socket is closed with ``code``."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """Reads a client's frames for its conversation until one of them goes."""

    def __init__(self, socket: Socket, hub: Hub, clock: Clock, limits: ConnectionLimits) -> None:
        self.outbox = Outbox(
            Wire(socket.write, socket.close, socket.abort),
            limits.max_backlog_bytes,
            limits.send_seconds,
        )
        self._socket = socket
        self._hub = hub
        self._clock = clock
        self._limits = limits
        self._conversation: Conversation | None = None
        self._bad_frames = 0

    async def run(self, asked: Opening | Return) -> None:
        """Serve the client to its end; nothing is left over after it."""
        writer = asyncio.create_task(self.outbox.run())
        try:
            await self._serve(asked)
        except _Leave as leave:
            self.outbox.close(leave.code, leave.reason)
        except SocketClosedError:
            self.outbox.hang_up()
        except StorageUnavailableError as error:
            self.outbox.close(CloseCode.RESTART, str(error))
        except Exception:  # noqa: BLE001 - see below
            # the last line of the socket: the client is told, and the defect is seen
            _log.exception("connection.defect")
            self.outbox.close(CloseCode.OUR_FAULT, "A fault of ours; come back.")
        finally:
            if self._conversation is not None:
                self._hub.leave(self._conversation, self.outbox)
            await writer

    def abort(self) -> None:
        """Drop the socket without a word."""
        self._socket.abort()

    async def _serve(self, asked: Opening | Return) -> None:
        if isinstance(asked, Return):
            self._conversation = await self._resume(asked)
        else:
            self._conversation = await self._hub.open(asked, self.outbox)
        heard = self._clock.read().seconds
        while True:
            quiet = self._clock.read().seconds - heard
            try:
                async with asyncio.timeout(max(0.0, self._limits.idle_seconds - quiet)):
                    frame = await self._next_frame()
            except TimeoutError:
                raise _Leave(CloseCode.IDLE, "Nothing was said for a long time.") from None
            if frame is None:
                continue
            if isinstance(frame, Ping):
                self._pong(frame)
            elif not isinstance(frame, Ack):
                heard = self._clock.read().seconds
                await self._conversation.receive(frame, draining=self._hub.draining)

    async def _resume(self, asked: Return) -> Conversation:
        try:
            async with asyncio.timeout(self._limits.opening_seconds):
                frame = await self._opening_frame()
        except TimeoutError:
            reason = f"No session.resume within {self._limits.opening_seconds:g} s."
            raise _Leave(CloseCode.BAD_OPENING, reason) from None
        conversation = await self._hub.resume(frame, asked.session_id, self.outbox)
        if conversation is None:
            raise _Leave(CloseCode.BAD_TOKEN, "This token opens no conversation here (any more).")
        return conversation

    async def _opening_frame(self) -> SessionResume:
        while True:
            try:
                frame = read_frame(self._checked(await self._socket.read()), self._limits.max_text)
            except FrameError as error:
                raise _Leave(CloseCode.BAD_OPENING, error.message) from None
            if isinstance(frame, SessionResume):
                return frame
            if not isinstance(frame, Ping):
                reason = f"After resume=1 the first frame is session.resume, not {frame.type}."
                raise _Leave(CloseCode.BAD_OPENING, reason)
            self._pong(frame)

    async def _next_frame(self) -> ClientFrame | None:
        message = await self._socket.read()
        try:
            frame = read_frame(self._checked(message), self._limits.max_text)
        except FrameError as error:
            self._refuse(error)
            return None
        self._bad_frames = 0
        return frame

    def _checked(self, message: str | bytes) -> str:
        if isinstance(message, bytes):
            raise FrameError("bad_frame", "Frames are text; this one is binary.")
        if len(message) * 4 > self._limits.max_frame_bytes:
            size = len(message.encode("utf-8", "surrogatepass"))
            if size > self._limits.max_frame_bytes:
                reason = f"A frame may have {self._limits.max_frame_bytes} bytes, not {size}."
                raise _Leave(CloseCode.FRAME_TOO_LARGE, reason)
        return message

    def _refuse(self, error: FrameError) -> None:
        self._bad_frames += 1
        code = cast("ErrorCode", error.wire_code)
        frame = error_frame(code, error.message, error.ref, retryable=False)
        self.outbox.put(write_frame(frame))
        if self._bad_frames >= MAX_BAD_FRAMES:
            reason = f"{MAX_BAD_FRAMES} bad frames in a row."
            raise _Leave(CloseCode.TOO_MANY_BAD_FRAMES, reason)

    def _pong(self, ping: Ping) -> None:
        self.outbox.put(write_frame(Pong(t=ping.t)))
