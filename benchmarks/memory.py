"""Memory of an idle session: the growth of a server's resident memory over open sessions."""

import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.process import running
from benchmarks.sides import BARE, Session, Side
from benchmarks.table import Table, ratio

NOTE = (
    "Growth of the server's resident memory from the first half of the open sessions to the"
    " second, a session, after as many sessions were opened and left as make the allocator's"
    " arenas steady; the median of the rounds, each with a fresh server."
)
_SETTLE = 0.3


def measure(sides: Sequence[Side], sessions: int, rounds: int, warm_up: int) -> Table:
    """Return the table of ``sides``, from ``sessions`` to twice as many open sessions."""
    sizes: dict[str, list[float]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            sizes[side.name].append(_kib(side, sessions, warm_up))
    medians = {name: statistics.median(found) for name, found in sizes.items()}
    beside = medians.get(BARE.name, 0.0)
    rows = [(s.name, f"{medians[s.name]:.1f}", ratio(medians[s.name], beside)) for s in sides]
    return Table("Memory of an idle session", NOTE, ("server", "KiB", "beside bare"), rows)


def _kib(side: Side, sessions: int, warm_up: int) -> float:
    with ExitStack() as stack:
        server = stack.enter_context(running(side.command, side.environment))
        for number in range(warm_up):
            side.open(server.port, number).close()
        opened: list[Session] = []
        grown = []
        for _ in range(2):
            for _ in range(sessions):
                opened.append(side.open(server.port, warm_up + len(opened)))
                stack.callback(opened[-1].close)
            time.sleep(_SETTLE)
            grown.append(server.resident_bytes())
    return (grown[1] - grown[0]) / sessions / 1024
