"""``walkin population``: customers in bulk as files, how real they are, and whose targets hold.

What stands on Polars is imported when a command runs: the chat and its start do without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from backend.cli.interrupts import until_told_to_stop
from backend.clock import SystemClock, today
from backend.errors import InputError
from backend.modes import all_modes
from backend.seeds import SeededFaker
from backend.strictjson import canonical
from backend.web.opening import check_as_of
from backend.workers import worthwhile

if TYPE_CHECKING:
    from backend.population.build import Population

_OPERATOR: Final = Path("data/operator_config.json")
_USERS: Final = 1000
_COLOURS: Final = {"green": "green", "red": "red", "not in this data": "dim"}


def add_to(app: typer.Typer) -> None:
    """Add the command with its subcommands."""
    group = typer.Typer(
        name="population",
        help="Customers in bulk: generate them as files, score how real they are, verify targets.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command()(generate)
    group.command()(score)
    group.command()(verify)
    app.add_typer(group)


def generate(  # noqa: PLR0913 - one parameter an option
    out: Annotated[Path, typer.Option(help="Folder for the tables and manifest.json.")],
    users: Annotated[
        int | None,
        typer.Option(help="How many customers; as a configuration says, otherwise 1000."),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(help="What they are to be like; natural if left out.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help=f"JSON or YAML of config and controls; {_OPERATOR} if there."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Another seed, other customers; as configured, otherwise 42."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="ISO date the lives are told up to; today if left out.")
    ] = None,
    mode: Annotated[
        list[str] | None, typer.Option(help="Industry whose tables to write; all if left out.")
    ] = None,
    *,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, help="Processes that make customers; one a processor, up to 4, if left out."
        ),
    ] = None,
) -> None:
    """Write the tables of a population into a folder, whole or not at all.

    Member ids, p:<preset>:<seed>:<index>, are session ids of the chat; where a configuration is no
    preset's, its hash stands for the preset, and the chat does not know its members. --mode, which
    can be given several times, chooses tables and changes no row of them.

    Example: walkin population generate --users 1000 --as-of 2026-01-15 --out customers
    """
    from backend.population.build import Cut
    from backend.population.export import export
    from backend.population.manifest import Format

    if file_format not in get_args(Format):
        raise InputError(f"--format: {' or '.join(get_args(Format))}; not {file_format[:32]!r}.")
    told_up_to = check_as_of(as_of) if as_of is not None else today(SystemClock())
    modes = tuple(dict.fromkeys(mode)) if mode else tuple(all_modes())
    asked, count = _asked(preset, config, seed, told_up_to, modes)
    users = count if users is None else users
    with until_told_to_stop(f"{out} is as it was"), _bar(users) as advance:
        cut = Cut(processes=processes or worthwhile())
        told = cast("Format", file_format)
        manifest = export(asked, users, out, told, SeededFaker(), advance, cut)
    for name, table in manifest.tables.items():
        typer.echo(f"{manifest.files()[name]}: {table.rows} rows")


def _asked(
    preset: str | None,
    config: Path | None,
    seed: int | None,
    as_of: date,
    modes: tuple[str, ...],
) -> tuple["Population", int]:
    """Return the population that the options ask for, and how many customers it has."""
    from backend.population.build import Population, configured
    from backend.population.controls.configuration import read_configuration_file
    from backend.population.presets import NATURAL
    from backend.population.presets import preset as preset_named

    if preset is not None and config is not None:
        raise InputError("--preset or --config, not both.")
    if preset is None and config is None and _OPERATOR.is_file():
        config = _OPERATOR
        typer.echo(f"{_OPERATOR}: used, since neither --preset nor --config is given")
    if config is not None:
        read = read_configuration_file(config)
        return configured(
            read, read.config.seed if seed is None else seed, as_of, modes
        ), read.config.num_users
    name = preset or NATURAL
    own = preset_named(name).configuration
    count = _USERS if own.controls is None else own.config.num_users
    return Population(name, own.config.seed if seed is None else seed, as_of, modes), count


@contextmanager
def _bar(users: int) -> Generator[Callable[[int], None], None, None]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("customers", total=users)
        yield lambda done: progress.update(task, completed=done)


def verify(
    preset: Annotated[
        str | None, typer.Option(help="Which preset; every one with targets if left out.")
    ] = None,
    users: Annotated[int, typer.Option(help="How many customers a target.")] = 5000,
    seed: Annotated[
        int | None, typer.Option(help="Another seed, other customers; the preset's if left out.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="ISO date the lives are told up to; today if left out.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print canonical JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page.")] = False,
) -> None:
    """Tell how many customers of each target come out as that persona.

    Customers are generated and measured, and both rulebooks of banking assign, over 30 and over
    180 days. A persona of higher priority may rightly win; the columns say which did.

    Example: walkin population verify --preset savings_builder_focus --as-of 2026-01-31
    """
    from backend.population import loop_report
    from backend.population.loop import looped_presets, run_loop, targets_in

    if as_json and markdown:
        raise InputError("--json or --markdown, not both.")
    told_up_to = check_as_of(as_of) if as_of is not None else today(SystemClock())
    documents = []
    for name in (preset,) if preset else looped_presets():
        count = users * max(len(targets_in(name)), 1)
        with _bar(count) as advance:
            loop = run_loop(name, count, told_up_to, SeededFaker(), seed, advance)
        if as_json:
            documents.append(loop_report.as_json(loop))
        elif markdown:
            typer.echo(loop_report.as_markdown(loop))
        else:
            typer.echo(f"{name}: {loop_report.headline(loop)}")
            _print(
                [(row.rulebook, *loop_report.cells(row)) for row in loop.rows],
                ("rulebook", *loop_report.COLUMNS),
            )
    if as_json:
        typer.echo(canonical(documents))


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
