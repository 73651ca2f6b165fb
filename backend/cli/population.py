"""``walkin population``: customers in bulk as files, and how real they are.

What stands on Polars is imported when a command runs: the chat and its start do without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Final, cast, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from backend.clock import SystemClock, today
from backend.errors import InputError
from backend.modes import all_modes
from backend.seeds import SeededFaker
from backend.strictjson import canonical
from backend.web.opening import check_as_of

_INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as shells have it
_COLOURS: Final = {"green": "green", "red": "red", "not in this data": "dim"}


def build_population() -> typer.Typer:
    """Return the command with its subcommands."""
    app = typer.Typer(
        name="population",
        help="Customers in bulk: generate them as files, and score how real they are.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.command()(generate)
    app.command()(score)
    return app


def generate(
    out: Annotated[Path, typer.Option(help="Folder for the tables and manifest.json.")],
    users: Annotated[int, typer.Option(help="How many customers.")] = 1000,
    preset: Annotated[str, typer.Option(help="What they are to be like.")] = "natural",
    seed: Annotated[int, typer.Option(help="Another seed, other customers.")] = 42,
    as_of: Annotated[
        str | None, typer.Option(help="ISO date the lives are told up to; today if left out.")
    ] = None,
    mode: Annotated[
        list[str] | None, typer.Option(help="Industry whose tables to write; all if left out.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
) -> None:
    """Write the tables of a population into a folder, whole or not at all.

    Member ids, p:<preset>:<seed>:<index>, are session ids. --mode, which can be given several
    times, chooses tables and changes no row of them.

    Example: walkin population generate --users 1000 --as-of 2026-01-15 --out customers
    """
    from backend.population.build import Population
    from backend.population.export import export
    from backend.population.manifest import Format

    if file_format not in get_args(Format):
        raise InputError(f"--format: {' or '.join(get_args(Format))}; not {file_format[:32]!r}.")
    told_up_to = check_as_of(as_of) if as_of is not None else today(SystemClock())
    modes = tuple(dict.fromkeys(mode)) if mode else tuple(all_modes())
    asked = Population(preset, seed, told_up_to, modes)
    with _until_told_to_stop(out), _bar(users) as advance:
        manifest = export(asked, users, out, cast("Format", file_format), SeededFaker(), advance)
    for name, table in manifest.tables.items():
        typer.echo(f"{manifest.files()[name]}: {table.rows} rows")


@contextmanager
def _bar(users: int) -> Generator[Callable[[int], None], None, None]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("customers", total=users)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def _until_told_to_stop(out: Path) -> Generator[None, None, None]:
    """Have a request to end, by key or by signal, tidy up and say what is left."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"walkin: interrupted; {out} is as it was.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def score(
    folder: Annotated[Path, typer.Argument(help="Folder that generate wrote.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print canonical JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page.")] = False,
) -> None:
    """Compare a population with public figures of real customers, row by row.

    Example: walkin population score customers --json
    """
    from backend.population.score import report
    from backend.population.score.rows import scorecard
    from backend.population.score.scoring import score as score_all

    if as_json and markdown:
        raise InputError("--json or --markdown, not both.")
    manifest, results = score_all(folder, scorecard())
    if as_json:
        typer.echo(canonical(report.as_json(manifest, results)))
    elif markdown:
        typer.echo(report.as_markdown(manifest, results), nl=False)
    else:
        _print([report.cells(result)[:-1] for result in results], report.COLUMNS[:-1])
        told = ", ".join(f"{count} {verdict}" for verdict, count in report.counts(results).items())
        typer.echo(told)


def _print(rows: Sequence[tuple[str, ...]], columns: tuple[str, ...]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell, _COLOURS.get(cell, "")) for cell in row))
    Console().print(table)
