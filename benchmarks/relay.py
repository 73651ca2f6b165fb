"""Relay: the server's CPU for each token that it passes from a provider to its clients."""

import json
import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Final

from benchmarks.line import Line
from benchmarks.process import Server, running
from benchmarks.sides import PYTHON, SERVERS, WALKIN, bare_command
from benchmarks.table import Table, ratio

NOTE: Final = (
    "CPU of the server, user and system, for each token that it relays from an OpenAI-compatible"
    " stub in another process to WebSocket clients; the median of interleaved rounds. Paced: each"
    " token is a network read of its own, and the server sleeps in between. At once: so many"
    " replies together, a quarter as long, with pauses five times as long: each token is a read"
    " of its own, and the server is busy. Unpaced: one reply as fast as the stub can, so one read"
    " brings many tokens; Walk-in may send what came together as one frame. The opening of the"
    " request is in all figures. The loop is `async for chunk in"
    " client.chat.completions.create(stream=True): await socket.send_text(...)`."
)
LOOP: Final = "FastAPI, the SDK's loop"
LOOP_AIOHTTP: Final = "FastAPI, the SDK's loop over its aiohttp client"


@dataclass(frozen=True, slots=True)
class Regime:
    """How tokens come: to so many replies at once, so many each, a pause after each token."""

    title: str
    replies: int
    tokens: int
    pace_ms: float

    def wish(self) -> str:
        """Return what the provider is asked for."""
        return json.dumps({"tokens": self.tokens, "pace_ms": self.pace_ms})


@dataclass(frozen=True, slots=True)
class Relay:
    """One of those compared: its server, and how a client gets ready and then asks for a reply."""

    name: str
    server: Server
    dial: Callable[[Server], Line]
    ask: Callable[[Line, str], None]


def measure(tokens: int, rounds: int, pace_ms: float, at_once: int) -> Table:
    """Return the table; a reply has ``tokens``, or a quarter of them where many run at once."""
    regimes = (
        Regime("paced", 1, tokens, pace_ms),
        Regime(f"{at_once} at once", at_once, max(1, tokens // 4), 5 * pace_ms),
        Regime("unpaced", 1, tokens, 0),
    )
    with ExitStack() as stack:
        relays = _relays(stack)
        figures = [_figures(relays, regime, rounds) for regime in regimes]
    columns = ["relay, CPU us a token"]
    for regime in regimes:
        columns += [regime.title, "times less"]
    rows = [
        (relay.name, *(cell for figure in figures for cell in _cells(figure, relay.name)))
        for relay in relays
    ]
    return Table("Relay", NOTE, tuple(columns), rows)


def _cells(figures: dict[str, float], name: str) -> tuple[str, str]:
    return f"{figures[name]:.1f}", ratio(figures[LOOP], figures[name])


def _relays(stack: ExitStack) -> tuple[Relay, ...]:
    provider = stack.enter_context(running((PYTHON, str(SERVERS / "provider.py"), "{port}")))
    url = f"http://127.0.0.1:{provider.port}/v1"
    bare = stack.enter_context(running(bare_command(url)))
    settings = {**WALKIN.environment, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"}
    walkin = stack.enter_context(running(WALKIN.command, settings))
    return (
        Relay(LOOP, bare, lambda server: Line(server.port, "/relay"), _ask_loop),
        Relay(LOOP_AIOHTTP, bare, lambda server: Line(server.port, "/relay-aiohttp"), _ask_loop),
        Relay("Walk-in", walkin, _session, _ask_walkin),
    )


def _figures(relays: Sequence[Relay], regime: Regime, rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {relay.name: [] for relay in relays}
    with ThreadPoolExecutor(regime.replies) as pool:
        for relay in relays:
            _cpu(pool, relay, Regime("warm-up", regime.replies, 20, 0))
        for _ in range(rounds):
            for relay in relays:
                spent = _cpu(pool, relay, regime)
                taken[relay.name].append(spent / regime.replies / regime.tokens * 1e6)
    return {name: statistics.median(figures) for name, figures in taken.items()}


def _cpu(pool: ThreadPoolExecutor, relay: Relay, regime: Regime) -> float:
    lines = [relay.dial(relay.server) for _ in range(regime.replies)]
    before = relay.server.cpu_seconds()
    for done in [pool.submit(relay.ask, line, regime.wish()) for line in lines]:
        done.result()
    spent = relay.server.cpu_seconds() - before
    for line in lines:
        line.close()
    return spent


def _ask_loop(line: Line, wish: str) -> None:
    line.send(json.dumps({"text": wish}))
    tokens = 0
    while line.receive():
        tokens += 1
    if tokens != json.loads(wish)["tokens"]:
        raise ValueError(f"{tokens} tokens came of {wish}")


_numbers = count(1)


def _session(server: Server) -> Line:
    line = Line(server.port, f"/ws?session_id=relay-{next(_numbers)}")
    line.receive()
    return line


def _ask_walkin(line: Line, wish: str) -> None:
    line.send(json.dumps({"type": "user.message", "id": "m", "text": wish}))
    completed = json.loads(line.until('{"type":"reply.completed"'))
    if completed["finish_reason"] != "stop":
        raise ValueError(f"the reply ended with {completed['finish_reason']}")
