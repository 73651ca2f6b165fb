"""Populations: customers a second, beside a generator row by row, and the memory that it takes.

Each side runs in a process of its own. Run by path with a side and a number, it is that process:
``python benchmarks/generation.py chain 1000`` prints one line of JSON.
"""
# ruff: noqa: PLC0415 - a process imports what its own side needs, and no more

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run by path, from wherever

from benchmarks.table import Table, ratio  # noqa: E402 - the line above

AS_OF: Final = date(2026, 1, 15)
WARM_UP: Final = 20
BLOCK: Final = 250
SEED: Final = 1
NOTE: Final = (
    "Rounds interleaved, the median of the rounds; a second is one of the clock, CPU is that of all"
    " threads and processes. Where nothing else is said, one process. A whole chain is people,"
    " accounts, half a year of movements, the signals of both windows, the rules, and Parquet"
    " files, which Polars encodes in threads of its own while the next customers are made;"
    " *in memory* it ends with the tables. Faker, row by row, is `benchmarks/row_by_row.py`: one"
    " Faker kept for all customers, the same fields as dicts, the signals in Python, and Parquet at"
    " the end."
)
COLUMNS: Final = (
    "generator", "customers a second", "movements a second", "times Faker",
    "CPU us a customer", "times less",
)  # fmt: skip
GROWTH_NOTE: Final = (
    "The whole chain at several sizes, each in a fresh process. Peak memory is that of the process;"
    " customers are made and written in blocks of 250."
)


class Run(NamedTuple):
    """What one process took: seconds of the clock and of CPU, what it made, its peak memory."""

    seconds: float
    cpu: float
    customers: int
    movements: int
    peak_mib: float


def measure(customers: int, rounds: int, by_hand: int) -> Table:
    """Return the table of all sides.

    Args:
        customers: how many our sides make a round.
        rounds: how many rounds each side has.
        by_hand: how many the side row by row makes a round, which is slow.
    """
    found: dict[str, list[Run]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name in SIDES:
            found[name].append(_run(name, by_hand if name == "faker" else customers))
    rows = []
    for name, runs in found.items():
        pace, cpu = _pace(runs), _cpu(runs)
        moved = pace * statistics.median(run.movements / run.customers for run in runs)
        more, less = ratio(pace, _pace(found["faker"])), ratio(_cpu(found["faker"]), cpu)
        rows.append((TITLES[name], f"{pace:,.0f}", f"{moved:,.0f}", more, f"{cpu:,.0f}", less))
    return Table("Populations", NOTE, COLUMNS, rows)


def growth(sizes: Sequence[int]) -> Table:
    """Return the table of our whole chain at several sizes."""
    rows = []
    for size in sizes:
        run = _run("chain", size)
        rows.append((f"{size:,} customers", f"{_cpu([run]):,.0f}", f"{run.peak_mib:,.0f}"))
    columns = ("population", "CPU us a customer", "peak memory MiB")
    return Table("Populations, cost by size", GROWTH_NOTE, columns, rows)


def _pace(runs: Sequence[Run]) -> float:
    return statistics.median(run.customers / run.seconds for run in runs)


def _cpu(runs: Sequence[Run]) -> float:
    """Return microseconds of CPU a customer."""
    return statistics.median(run.cpu / run.customers for run in runs) * 1e6


def _run(side: str, customers: int) -> Run:
    command = [sys.executable, __file__, side, str(customers)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    return Run(*json.loads(done.stdout))


# --- the sides, each in its process ---------------------------------------------------------------


def _tables(customers: int, start: int, folder: Path) -> int:
    from backend.modes import generate
    from backend.population.members import member_ids
    from backend.seeds import SeededFaker

    del folder
    movements, faker = 0, SeededFaker()
    for block in _blocks(customers, start):
        cohort = generate("banking", member_ids("natural", SEED, block), AS_OF, faker)
        movements += sum(len(table) for table in cohort.tables() if _is_ledger(table.name))
    return movements


def _chain(customers: int, start: int, folder: Path, processes: int = 1) -> int:
    from backend.population.frames import sheet_of
    from backend.population.writing import Writer
    from backend.workers import shared
    from benchmarks.chain import Chain

    with closing(Writer(folder, "parquet")) as writer:
        for made in shared(Chain(SEED, AS_OF), _blocks(customers, start), processes):
            writer.add({table.name: sheet_of(table, made.ids) for table in made.tables})
        written = writer.finish()
    return sum(entry.rows for name, entry in written.items() if _is_ledger(name))


def _chain_shared(customers: int, start: int, folder: Path) -> int:
    from backend.workers import worthwhile

    return _chain(customers, start, folder, worthwhile())


def _everything(customers: int, start: int, folder: Path) -> int:
    from backend.modes import all_modes
    from backend.population.build import Cut, Population
    from backend.population.export import export
    from backend.seeds import SeededFaker
    from backend.workers import worthwhile

    population = Population("natural", start, AS_OF, tuple(all_modes()))
    cut, out = Cut(processes=worthwhile()), folder / "out"
    written = export(population, customers, out, "parquet", SeededFaker(), cut=cut).tables
    return sum(entry.rows for name, entry in written.items() if _is_ledger(name))


def _faker(customers: int, start: int, folder: Path) -> int:
    import polars as pl
    from faker import Faker

    from benchmarks import row_by_row

    fake = Faker("en_US")
    fake.seed_instance(start)
    made = [row_by_row.customer(fake, AS_OF) for _ in range(customers)]
    pl.DataFrame([user for user, _, _, _ in made]).write_parquet(folder / "users.parquet")
    for name, at in (("accounts", 1), ("transactions", 2)):
        rows = [row for one in made for row in one[at]]
        pl.DataFrame(rows, infer_schema_length=None).write_parquet(folder / f"{name}.parquet")
    return sum(len(movements) for _, _, movements, _ in made)


SIDES: Final[dict[str, Callable[[int, int, Path], int]]] = {
    "tables": _tables,
    "chain": _chain,
    "shared": _chain_shared,
    "everything": _everything,
    "faker": _faker,
}
TITLES: Final = {
    "tables": "Walk-in, banking, in memory",
    "chain": "Walk-in, banking, whole chain",
    "shared": "Walk-in, banking, whole chain, a process a core",
    "everything": "Walk-in, all modes as `walkin population generate` writes them",
    "faker": "Faker, row by row",
}


def _blocks(customers: int, start: int) -> list[range]:
    last = start + customers
    return [range(first, min(first + BLOCK, last)) for first in range(start, last, BLOCK)]


def _is_ledger(table: str) -> bool:
    return table == "transactions"


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _cpu_seconds() -> float:
    """Return what this process and all that it began and saw end took of processors."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main() -> None:
    """Run one side and print what it took."""
    side, customers = SIDES[sys.argv[1]], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="walkin-bench-") as folder:
        warm, real = _made(Path(folder, "warm")), _made(Path(folder, "real"))
        side(WARM_UP, 10**8 - WARM_UP, warm)
        began, cpu_began = time.perf_counter(), _cpu_seconds()
        movements = side(customers, 1, real)
        seconds, cpu = time.perf_counter() - began, _cpu_seconds() - cpu_began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, cpu, customers, movements, peak]))


if __name__ == "__main__":
    main()
