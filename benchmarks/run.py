"""Walk-in beside bare FastAPI sockets and its peers: everything in one run, quoted as ratios.

Run: ``python benchmarks/run.py`` prints the tables, ``--write`` puts them into
``benchmarks/README.md`` as well. The peers' own environment is made on the first run.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run by path, from wherever

from benchmarks import (  # noqa: E402 - the line above
    assign,
    echo,
    generation,
    memory,
    peers,
    relay,
    sides,
    start,
)
from benchmarks.table import Table  # noqa: E402 - as above

README: Final = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"
_START: Final = (
    sides.BARE,
    sides.WALKIN,
    sides.walkin("Walk-in, insurance", "mode=insurance"),
    sides.walkin("Walk-in, healthcare", "mode=healthcare"),
    sides.walkin("Walk-in, retail", "mode=retail"),
    sides.CHAINLIT_PAGE,
    sides.CHAINLIT,
    sides.NICEGUI,
    sides.GRADIO,
    sides.FAKER,
)
NAMES: Final = ("start", "memory", "echo", "relay", "generation", "growth", "assign")
LONG: Final = 100_000
_MEMORY: Final = (sides.BARE, sides.WALKIN, sides.CHAINLIT)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything is measured.

    ``pace_ms`` is the pause between a paced provider's tokens, ``at_once`` the replies together;
    ``customers`` is a population, ``by_hand`` one that is made row by row, ``grown`` several;
    ``assigned`` are those of a data set.
    """

    sessions: int = 250
    idle: int = 300
    trips: int = 4000
    tokens: int = 800
    rounds: int = 5
    memory_rounds: int = 2
    warm_up: int = 20
    pace_ms: float = 1.0
    at_once: int = 10
    customers: int = 8000
    by_hand: int = 40
    grown: tuple[int, ...] = (1, 100, 10_000)
    assigned: int = 20_000


def benchmarks(sizes: Sizes, *, with_peers: bool) -> dict[str, Callable[[], Table]]:
    """Return the benchmarks by name, each to be called for its table."""

    def kept(among: Sequence[sides.Side]) -> list[sides.Side]:
        return [side for side in among if with_peers or not side.peer]

    return {
        "start": lambda: start.measure(kept(_START), sizes.sessions, sizes.rounds, sizes.warm_up),
        "memory": lambda: memory.measure(
            kept(_MEMORY), sizes.idle, sizes.memory_rounds, 5 * sizes.warm_up
        ),
        "echo": lambda: echo.measure(sizes.trips, sizes.rounds),
        "relay": lambda: relay.measure(sizes.tokens, sizes.rounds, sizes.pace_ms, sizes.at_once),
        "generation": lambda: generation.measure(sizes.customers, sizes.rounds, sizes.by_hand),
        "growth": lambda: generation.growth(sizes.grown),
        "assign": lambda: assign.measure(sizes.assigned, sizes.rounds),
    }


def machine() -> str:
    """Return the machine in general words, and the day."""
    cores = len(os.sched_getaffinity(0))
    python = ".".join(platform.python_version_tuple()[:2])
    day = datetime.now(UTC).date()
    return f"{cores} cores, {platform.system()}, Python {python}, {day}."


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    options = _options(arguments)
    with_peers = not options.no_peers and _wants_peers(options.only) and _peers_ready()
    sizes = Sizes(options.sessions, options.idle, options.trips, options.tokens, options.rounds)
    if options.long:
        sizes = replace(sizes, grown=(*sizes.grown, LONG))
    chosen = benchmarks(sizes, with_peers=with_peers)
    parts = [machine(), ""]
    for name in options.only or chosen:
        parts.append(chosen[name]().markdown())
        print(parts[-1], flush=True)
    if options.write:
        _write("\n".join(parts))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    sizes = Sizes()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES)
    parser.add_argument("--long", action="store_true", help=f"growth up to {LONG:,} customers")
    parser.add_argument("--no-peers", action="store_true", help="leave the others out")
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md too")
    parser.add_argument("--sessions", type=int, default=sizes.sessions, help="a side, for start")
    parser.add_argument("--idle", type=int, default=sizes.idle, help="half of the open sessions")
    parser.add_argument("--trips", type=int, default=sizes.trips, help="round trips, for echo")
    parser.add_argument("--tokens", type=int, default=sizes.tokens, help="a round, for relay")
    parser.add_argument("--rounds", type=int, default=sizes.rounds)
    return parser.parse_args(arguments)


def _wants_peers(only: Sequence[str] | None) -> bool:
    return not only or bool({"start", "memory"} & set(only))


def _peers_ready() -> bool:
    try:
        peers.install()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the peers can not be installed and are left out: {error}", file=sys.stderr)
        return False
    return True


def _write(tables: str) -> None:
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    README.write_text(f"{before}{begin}\n{tables}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
