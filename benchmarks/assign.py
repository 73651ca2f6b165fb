"""Assignment: customers a second for both windows, beside a Python loop over the customers.

Run: ``python benchmarks/assign.py --users 20000`` prints the table.
"""

import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run by path, from wherever

from backend.assigning.run import Wanted, assign_dataset  # noqa: E402 - the line above
from backend.datasets.opening import open_dataset  # noqa: E402 - as above
from backend.personas.assigner import rankings  # noqa: E402 - as above
from backend.personas.library import rulebook_named  # noqa: E402 - as above
from backend.population.build import Population  # noqa: E402 - as above
from backend.population.export import export  # noqa: E402 - as above
from backend.seeds import SeededFaker  # noqa: E402 - as above
from benchmarks.table import Table, ratio  # noqa: E402 - as above

AS_OF: Final = date(2026, 1, 15)
AT: Final = "2026-01-15T00:00:00.000Z"
PROCESSES: Final = 2
LOOPED: Final = 500
RULEBOOK: Final = "severity"
NOTE: Final = (
    "Wall time, both windows, rulebook `severity`, reading included, rounds interleaved, the best "
    "of each. *Ledger* reads seven months of accounts and transactions from Parquet and measures "
    "them; *features* reads the five feature files. With traces, every assignment is stored in "
    "SQLite with its evidence and trace as JSON, composed by two processes. *As a command* is "
    "`walkin assign` from the shell's call to its end, with the half second in which Python starts "
    "and imports. The loop measures and assigns the customers of the ledger one by one, by the "
    "same kernels."
)


def measure(users: int, rounds: int = 2) -> Table:
    """Return the table of all sides.

    Args:
        users: how many customers the data set has.
        rounds: how often each side runs.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ledger, features = folder / "ledger", folder / "features"
        population = Population("natural", 1, AS_OF, ("banking",))
        export(population, users, ledger, "parquet", SeededFaker())
        _assign(ledger, Wanted(features=features))
        sides: dict[str, Callable[[], int]] = {
            "a Python loop over the ledger": lambda: _loop(ledger, min(users, LOOPED)),
            "ledger to Parquet": lambda: _assign(ledger, Wanted(out=folder / "out")),
            "features to Parquet": lambda: _assign(features, Wanted(out=folder / "out")),
            "ledger to SQLite with traces": lambda: _assign(ledger, _fresh(folder)),
            "features to SQLite with traces": lambda: _assign(features, _fresh(folder)),
            "ledger to Parquet, as a command": lambda: _command(
                users, ledger, "--out", str(folder / "out")
            ),
            "ledger to SQLite with traces, as a command": lambda: _command(
                users, ledger, "--store", str(_fresh(folder).store)
            ),
        }
        best = dict.fromkeys(sides, 0.0)
        for _ in range(rounds):
            for name, side in sides.items():
                best[name] = max(best[name], _speed(side))
    beside = best["a Python loop over the ledger"]
    rows = [(name, f"{speed:.0f}", ratio(speed, beside)) for name, speed in best.items()]
    return Table("Assignment", NOTE, ("side", "customers a second", "times the loop"), rows)


def _speed(side: Callable[[], int]) -> float:
    begun = time.perf_counter()
    users = side()
    return users / (time.perf_counter() - begun)


def _assign(folder: Path, wanted: Wanted) -> int:
    dataset = open_dataset(folder, "banking")
    assign_dataset(dataset, rulebook_named(RULEBOOK), wanted, AT, processes=PROCESSES)
    return len(dataset.users)


def _command(users: int, folder: Path, *options: str) -> int:
    command = [sys.executable, "-m", "backend.cli.app", "assign", str(folder), *options]
    rules = ["--rulebook", RULEBOOK, "--processes", str(PROCESSES)]
    subprocess.run([*command, *rules], capture_output=True, check=True, cwd=ROOT)
    return users


def _fresh(folder: Path) -> Wanted:
    path = folder / "store.db"
    path.unlink(missing_ok=True)
    return Wanted(store=str(path))


def _loop(folder: Path, users: int) -> int:
    dataset = open_dataset(folder, "banking")
    for row in range(users):
        for table in dataset.measure(row, row + 1):
            rankings(rulebook_named(RULEBOOK), table)
    return users


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    print(measure(given.users, given.rounds).markdown())


if __name__ == "__main__":
    main()
