"""``walkin chat``: talk to the service in a terminal."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from backend.cli.lines import TypedLines
from backend.client import Chat, connect, resume
from backend.domain.transcript import AssistantEntry
from backend.entropy import SystemEntropy
from backend.errors import InputError
from backend.wire import (
    CustomerNext,
    ErrorFrame,
    MessageAccepted,
    ModeSwitch,
    ModeSwitched,
    ReplyCompleted,
    ReplyDelta,
    ReplyRetry,
    ReplyStarted,
    ReplyStop,
    ServerDraining,
    ServerFrame,
    SessionReady,
)

COME_BACK_FROM: Final = range(4000, 4500)
_TRANSPORT_CODES: Final = frozenset({1001, 1006, 1011, 1012})
RETRY_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_MOVES: Final = ("mode", "visit", "customer", "assignment")
HELP: Final = """/switch MODE [fresh]   another industry, mid-conversation
/next                  the next customer walks in
/retry                 answer the last message again
/who                   the customer's facts
/quit                  leave (Ctrl+D does the same; Ctrl+C stops a running reply)"""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(chat)


def chat(
    url: Annotated[str, typer.Option(help="Where the service is.")] = "ws://127.0.0.1:8000",
    session_id: Annotated[
        str | None, typer.Option(help="The same id brings the same customer.")
    ] = None,
    mode: Annotated[str | None, typer.Option(help="Industry to begin in.")] = None,
    as_of: Annotated[str | None, typer.Option(help="ISO date the life is told up to.")] = None,
    identity: Annotated[str | None, typer.Option(help="mode or session.")] = None,
    visit: Annotated[int | None, typer.Option(help="Which customer of this session.")] = None,
) -> None:
    """Talk to the service as the customer who just walked in.

    Example: walkin chat --session-id demo-1 --mode insurance
    """
    terminal = TerminalChat(url)
    opening = {
        "session_id": session_id, "mode": mode, "as_of": as_of, "identity": identity,
        "visit": None if visit is None else str(visit),
    }  # fmt: skip
    try:
        asyncio.run(terminal.run(opening))
    except ConnectionClosed as closed:
        received = closed.rcvd
        reason = f"{received.code} {received.reason}" if received else "the connection was lost"
        raise InputError(f"the service closed the chat: {reason}") from None
    except (OSError, InvalidHandshake, InvalidURI, ValueError) as error:
        raise InputError(f"can not reach {url}: {error}") from None


class TerminalChat:
    """Lines in, replies out; a lost connection is resumed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._console = Console(highlight=False)
        self._entropy = SystemEntropy()
        self._lines = TypedLines(sys.stdin.fileno())
        self._answered = False
        self._reply_runs = False

    async def run(self, opening: dict[str, str | None]) -> None:
        """Talk until the input ends."""
        async with AsyncExitStack() as stack:
            chat = await stack.enter_async_context(
                connect(
                    self._url,
                    session_id=opening["session_id"],
                    mode=opening["mode"],
                    as_of=opening["as_of"],
                    identity=opening["identity"],
                    visit=int(opening["visit"]) if opening["visit"] else None,
                )
            )
            self._greet(chat.ready)
            while (line := await self._line()) is not None:
                if line:
                    chat = await self._persistently(stack, chat, line)

    async def _line(self) -> str | None:
        if sys.stdin.isatty():
            self._print("> ", style="bold", end="")
        raw = await self._lines.next()
        text = raw.decode(sys.stdin.encoding, "replace").strip()
        return None if not raw or text == "/quit" else text

    def _print(self, text: str, style: str = "", end: str = "\n") -> None:
        # what comes from the service, or from a person, is never markup
        self._console.print(Text(text, style), end=end, soft_wrap=True)

    async def _persistently(self, stack: AsyncExitStack, chat: Chat, line: str) -> Chat:
        # the id is sent again after a resume: a message that was accepted is not run twice
        message_id = self._entropy.session_id()
        while True:
            try:
                await self._do(chat, line, message_id)
            except ConnectionClosed as closed:
                if not _comes_back(closed):
                    raise
                chat = await self._come_back(stack, chat)
                if not chat.ready.recovered:
                    self._show_history(chat.ready)
                    self._reply_runs = _ends_in_a_running_reply(chat.ready)
            else:
                return chat

    async def _come_back(self, stack: AsyncExitStack, chat: Chat) -> Chat:
        self._print("\nconnection lost; coming back …", style="dim")
        last: OSError | ConnectionClosed | InvalidHandshake | None = None
        for seconds in RETRY_SECONDS:
            await asyncio.sleep(seconds)
            try:
                return await stack.enter_async_context(
                    resume(
                        self._url,
                        chat.ready.resume_token,
                        epoch=chat.ready.epoch,
                        offset=chat.offset,
                    )
                )
            except (OSError, InvalidHandshake) as error:
                last = error
        raise InputError(f"can not come back to {self._url}: {last}")

    async def _do(self, chat: Chat, line: str, message_id: str) -> None:
        command, _, argument = line.partition(" ")
        match command:
            case "/switch":
                mode, _, fresh = argument.strip().partition(" ")
                frame = ModeSwitch(mode=mode, id=message_id, fresh=fresh.strip() == "fresh")
                await chat.send(frame)
            case "/next":
                await chat.send(CustomerNext(id=message_id))
            case "/retry":
                await chat.send(ReplyRetry(id=message_id))
            case "/who":
                self._show_facts(chat.ready.customer)
                return
            case _ if command.startswith("/"):
                self._print(HELP)
                return
            case _:
                await chat.ask(line, message_id)
        await self._until_settled(chat, message_id)

    async def _until_settled(self, chat: Chat, message_id: str) -> None:
        loop = asyncio.get_running_loop()
        stops: set[asyncio.Task[None]] = set()
        loop.add_signal_handler(
            signal.SIGINT, lambda: stops.add(loop.create_task(chat.send(ReplyStop())))
        )
        try:
            self._answered = False
            while not self._answered or self._reply_runs:
                frame = await chat.receive()
                self._show(chat, frame)
                self._note(frame, message_id)
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    def _note(self, frame: ServerFrame, message_id: str) -> None:
        # after a resume an answer may come twice, or after the reply that it is about
        match frame:
            case MessageAccepted():
                self._answered |= frame.id == message_id
                self._reply_runs |= not frame.duplicate
            case ReplyStarted():
                self._answered |= frame.id == message_id
                self._reply_runs = True
            case ModeSwitched():
                self._answered |= frame.id == message_id
            case ErrorFrame():
                self._answered |= frame.ref in {message_id, None}
            case ReplyCompleted():
                self._reply_runs = False
            case _:
                pass

    def _show(self, chat: Chat, frame: ServerFrame) -> None:
        match frame:
            case ReplyDelta():
                self._print(frame.text, end="")
            case ReplyCompleted():
                ended = "" if frame.finish_reason == "stop" else f" ({frame.finish_reason})"
                self._print(ended, style="dim")
            case ModeSwitched():
                switched = {name: getattr(frame, name) for name in _MOVES}
                chat.ready = chat.ready.model_copy(update=switched)
                self._greet(chat.ready)
            case ErrorFrame():
                self._print(frame.message, style="red")
            case ServerDraining():
                self._print("(the server is going; this chat will come back)", style="dim")
            case _:
                pass

    def _greet(self, ready: SessionReady) -> None:
        info = next(one for one in ready.modes if one.id == ready.mode)
        self._console.rule(Text(f"{info.title}: {ready.customer['name']}"), align="left")
        self._print(ready.assignment.summary, style="dim")
        self._print(info.greeting)

    def _show_history(self, ready: SessionReady) -> None:
        for entry in ready.history:
            self._print(f"{entry.role}: ", style="dim", end="")
            self._print(entry.text)

    def _show_facts(self, customer: Mapping[str, object]) -> None:
        for name, value in customer.items():
            if isinstance(value, list | tuple):
                self._print(f"{name.replace('_', ' ')}: {len(value)}")
            elif not isinstance(value, dict):
                self._print(f"{name.replace('_', ' ')}: {value}")


def _comes_back(closed: ConnectionClosed) -> bool:
    code = closed.rcvd.code if closed.rcvd else 1006
    return code in _TRANSPORT_CODES or code in COME_BACK_FROM


def _ends_in_a_running_reply(ready: SessionReady) -> bool:
    last = ready.history[-1] if ready.history else None
    return isinstance(last, AssistantEntry) and last.finish_reason is None
