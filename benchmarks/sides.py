"""The sides: how each server is started, and how its clients open a bare session."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from benchmarks import peers
from benchmarks.line import Line
from benchmarks.page import PageLoad

SERVERS: Final = Path(__file__).with_name("servers")
PYTHON: Final = sys.executable


class Session(Protocol):
    """An open session of any kind."""

    def close(self) -> None:
        """Leave."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared.

    Attributes:
        name: as the table has it.
        command: how its server is started; ``{port}`` is replaced.
        open: opens the n-th session at a port, and returns when it is ready for use.
        peer: whether it needs the others' environment.
        environment: variables of its server.
    """

    name: str
    command: tuple[str, ...]
    open: Callable[[int, int], Session]
    peer: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


def bare_command(*more: str) -> tuple[str, ...]:
    """Return how the FastAPI server of ``servers/bare.py`` is started."""
    return (PYTHON, str(SERVERS / "bare.py"), "{port}", *more)


def walkin_command() -> tuple[str, ...]:
    """Return how this project is served."""
    return (PYTHON, "-m", "backend.cli.app", "serve", "--port", "{port}")


def walkin(name: str, query: str) -> Side:
    """Return Walk-in with its sessions opened by a query string."""

    def begin(port: int, number: int) -> Session:
        line = Line(port, f"/ws?session_id=bench-{number}&as_of=2026-01-15&{query}")
        line.until('{"type":"session.ready"')
        return line

    return Side(name, walkin_command(), begin, environment={"PYTHONPATH": str(SERVERS.parents[1])})


def _open_bare(port: int, number: int) -> Session:
    line = Line(port, f"/session?id={number}")
    line.receive()
    return line


def _open_faker(port: int, number: int) -> Session:
    line = Line(port, f"/faker?id={number}")
    line.receive()
    return line


def _open_chainlit(port: int, number: int) -> Session:
    line = Line(port, "/ws/socket.io/?EIO=4&transport=websocket")
    line.until("0{")
    line.send("40" + chainlit_auth(number))
    line.until("40{")
    line.send('42["connection_successful"]')
    line.until("42[")
    return line


def _open_chainlit_by_polling(port: int, number: int) -> Session:
    load = PageLoad(port)
    load.poll(f"bench-{number}", chainlit_auth(number))
    return load


def chainlit_auth(number: int) -> str:
    """Return what Chainlit's page says of itself when it connects."""
    auth = {"clientType": "webapp", "sessionId": f"bench-{number}", "threadId": "", "userEnv": "{}"}
    return json.dumps(auth)


def _open_nicegui(port: int, number: int) -> Session:
    load = PageLoad(port)
    page = load.get("/").decode()
    load.close()
    client_id = page.partition("'client_id': '")[2].partition("'")[0]
    if not client_id:
        raise ValueError("NiceGUI's page names no client_id")
    query = (
        f"client_id={client_id}&next_message_id=0&implicit_handshake=true"
        f"&document_id=d{number}&tab_id=t{number}&EIO=4&transport=websocket"
    )
    line = Line(port, f"/_nicegui_ws/socket.io/?{query}")
    line.until("0{")
    line.send("40")
    line.until("40{")
    return line


def _open_gradio(port: int, number: int) -> Session:
    load = PageLoad(port)
    load.join(f"bench{number}")
    return load


BARE: Final = Side("FastAPI, bare socket", bare_command(), _open_bare)
FAKER: Final = Side("FastAPI, a customer by Faker, row by row", bare_command(), _open_faker)
WALKIN: Final = walkin("Walk-in, banking", "mode=banking")
_CHAINLIT_RUN: Final = ("run", str(SERVERS / "chainlit_app.py"), "--headless", "--port", "{port}")
CHAINLIT: Final = Side(
    "Chainlit, WebSocket at once (not its default)",
    (peers.program("chainlit"), *_CHAINLIT_RUN),
    _open_chainlit,
    peer=True,
)
CHAINLIT_PAGE: Final = Side(
    "Chainlit, as its page does (polling first)",
    CHAINLIT.command,
    _open_chainlit_by_polling,
    peer=True,
)
NICEGUI: Final = Side(
    "NiceGUI (page and socket)",
    (peers.program("python"), str(SERVERS / "nicegui_app.py"), "{port}"),
    _open_nicegui,
    peer=True,
)
GRADIO: Final = Side(
    "Gradio (load event)",
    (peers.program("python"), str(SERVERS / "gradio_app.py"), "{port}"),
    _open_gradio,
    peer=True,
    environment={"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"},
)
