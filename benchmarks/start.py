"""Session start: from the TCP connect until the session is ready for use, and the server's CPU."""

import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.process import Server, running
from benchmarks.sides import BARE, Side
from benchmarks.table import Table, ratio

NOTE = (
    "From the TCP connect to the whole first event of a session, one client at a time; the"
    " sessions of all sides interleaved. CPU is the server's, user and system, a session with its"
    " close. Peers open a bare session with no customer in it; Walk-in's has 180 days of ledger,"
    " the signals of both windows and an assignment, a new customer each time. Its prompt is"
    " rendered right after the frame has left: it is in the CPU and not in the wall time."
)
COLUMNS = (
    "server", "wall ms, median", "p95", "beside bare", "CPU ms", "beside bare",
)  # fmt: skip


@dataclass(slots=True)
class _Taken:
    """What one side took; seconds."""

    walls: list[float] = field(default_factory=list)
    cpu: float = 0.0


def measure(sides: Sequence[Side], sessions: int, rounds: int, warm_up: int) -> Table:
    """Return the table of ``sides``, with ``sessions`` for each, dealt out over ``rounds``."""
    taken = {side.name: _Taken() for side in sides}
    with ExitStack() as stack:
        servers = [(s, stack.enter_context(running(s.command, s.environment))) for s in sides]
        number = 0
        for side, server in servers:
            for number in range(number + 1, number + warm_up + 1):  # noqa: B020 - counts on
                side.open(server.port, number).close()
        for _ in range(rounds):
            for side, server in servers:
                _round(side, server, taken[side.name], number, max(1, sessions // rounds))
                number += sessions
    return Table("Session start", NOTE, COLUMNS, _rows(sides, taken))


def _round(side: Side, server: Server, taken: _Taken, first: int, sessions: int) -> None:
    before = server.cpu_seconds()
    for number in range(first + 1, first + sessions + 1):
        began = time.perf_counter()
        session = side.open(server.port, number)
        taken.walls.append(time.perf_counter() - began)
        session.close()
    taken.cpu += server.cpu_seconds() - before


def _rows(sides: Sequence[Side], taken: dict[str, _Taken]) -> list[tuple[str, ...]]:
    medians = {name: statistics.median(one.walls) * 1e3 for name, one in taken.items()}
    cpus = {name: one.cpu / len(one.walls) * 1e3 for name, one in taken.items()}
    beside, cpu_beside = medians.get(BARE.name, 0.0), cpus.get(BARE.name, 0.0)
    return [
        (
            side.name,
            f"{medians[side.name]:.2f}",
            f"{_p95(taken[side.name].walls) * 1e3:.2f}",
            ratio(medians[side.name], beside),
            f"{cpus[side.name]:.2f}",
            ratio(cpus[side.name], cpu_beside),
        )
        for side in sides
    ]


def _p95(walls: Sequence[float]) -> float:
    return sorted(walls)[int(0.95 * (len(walls) - 1))]
