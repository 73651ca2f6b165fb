"""Echo: one small frame there and back on an open socket, and the server's CPU for it."""

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.line import Line
from benchmarks.process import Server, running
from benchmarks.sides import BARE, WALKIN
from benchmarks.table import Table, ratio

NOTE = (
    "`ping` to `pong` on one open socket, beside a FastAPI socket that sends back the JSON it"
    " receives; rounds interleaved. CPU is the server's."
)
COLUMNS = ("server", "round trip us, median", "beside bare", "CPU us", "beside bare")
FRAME = '{"type":"ping","t":12345}'


@dataclass(slots=True)
class _Taken:
    walls: list[float] = field(default_factory=list)
    cpu: float = 0.0


def measure(trips: int, rounds: int) -> Table:
    """Return the table of so many round trips a side."""
    with ExitStack() as stack:
        bare = stack.enter_context(running(BARE.command))
        walkin = stack.enter_context(running(WALKIN.command, WALKIN.environment))
        lines = [
            (BARE.name, bare, Line(bare.port, "/echo")),
            (WALKIN.name, walkin, _in_session(walkin)),
        ]
        for _, _, line in lines:
            stack.callback(line.close)
            _trips(line, trips // rounds, lambda _: None)
        taken = {name: _Taken() for name, _, _ in lines}
        for _ in range(rounds):
            for name, server, line in lines:
                before = server.cpu_seconds()
                _trips(line, max(1, trips // rounds), taken[name].walls.append)
                taken[name].cpu += server.cpu_seconds() - before
    walls = {name: statistics.median(one.walls) * 1e6 for name, one in taken.items()}
    cpus = {name: one.cpu / len(one.walls) * 1e6 for name, one in taken.items()}
    rows = [
        (
            name,
            f"{walls[name]:.0f}",
            ratio(walls[name], walls[BARE.name]),
            f"{cpus[name]:.0f}",
            ratio(cpus[name], cpus[BARE.name]),
        )
        for name in taken
    ]
    return Table("Echo", NOTE, COLUMNS, rows)


def _in_session(server: Server) -> Line:
    line = Line(server.port, "/ws?session_id=bench-echo")
    line.receive()
    return line


def _trips(line: Line, trips: int, took: Callable[[float], None]) -> None:
    for _ in range(trips):
        began = time.perf_counter()
        line.send(FRAME)
        line.receive()
        took(time.perf_counter() - began)
