"""``walkin assign``: signals and personas for a whole data set.

What stands on Polars and SQLAlchemy is imported when the command runs: the chat does without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from backend.cli.interrupts import until_told_to_stop
from backend.clock import SystemClock, timestamp
from backend.errors import InputError
from backend.modes import DEFAULT_MODE, all_modes
from backend.personas.api import load_persona_registry
from backend.personas.registry import Rulebook, read_overrides
from backend.strictjson import canonical
from backend.workers import worthwhile

_LEFT: Final = "what is stored or written already stays"

if TYPE_CHECKING:
    from backend.datasets.dataset import DataSet


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(assign)


def assign(  # noqa: PLR0913, PLR0917 - one parameter an option
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of a population, of accounts and transactions, or features."),
    ],
    rulebook: Annotated[
        str | None, typer.Option(help="A rulebook's name or path; the mode's own if left out.")
    ] = None,
    mode: Annotated[str, typer.Option(help="Industry.")] = DEFAULT_MODE,
    as_of: Annotated[
        str | None,
        typer.Option(help="ISO date to look back from; the data's own last day if left out."),
    ] = None,
    store: Annotated[
        str | None, typer.Option(help="SQLite file or URL to store assignments in, with traces.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for persona_assignments.parquet.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A JSON file of settings that override the rulebook's.")
    ] = None,
    write_features: Annotated[
        Path | None, typer.Option(help="Folder for the five feature files.")
    ] = None,
    traces: Annotated[
        Path | None, typer.Option(help="Folder for one JSON a user and window.")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, help="Processes that write traces; one a processor, up to 4, if left out."
        ),
    ] = None,
    *,
    skip_unreadable: Annotated[
        bool, typer.Option("--skip-unreadable", help="Leave out rows that can not be read.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print canonical JSON.")] = False,
) -> None:
    """Give every customer of a data set a persona, over 30 and over 180 days.

    Without --store, --out, --write-features or --traces the personas are counted and nothing is
    written. A row that can not be read stops the command, which names file and line, unless
    --skip-unreadable leaves it out.

    Example: walkin assign customers --rulebook severity --store walkin.db --out assigned
    """
    from backend.assigning.run import Wanted, assign_dataset
    from backend.datasets.opening import open_dataset

    rules = _rulebook(rulebook, mode, config)
    dataset = open_dataset(folder, mode, _date(as_of), skip=skip_unreadable)
    for note in dataset.notes if not as_json else ():
        typer.echo(f"note: {note}", err=True)
    wanted = Wanted(store, out, write_features, traces)
    at = timestamp(SystemClock().read().at)
    # a batch that is being stored is stored to its end
    with until_told_to_stop(_LEFT, at_once=False) as heed, _bar(len(dataset.users)) as advance:

        def progress(done: int) -> None:
            advance(done)
            heed()

        count = processes or worthwhile()
        tally = assign_dataset(dataset, rules, wanted, at, progress, count)
    document = {**_head(dataset, rules), **tally.document(rules.name)}
    if as_json:
        typer.echo(canonical(document))
    else:
        _print(document)


def _rulebook(chosen: str | None, mode: str, config: Path | None) -> Rulebook:
    if mode not in all_modes():
        raise InputError(f"--mode: {', '.join(all_modes())}; not {mode!r:.40}.")
    overrides = read_overrides(config) if config else None
    return load_persona_registry(chosen or all_modes()[mode].default_rulebook, mode, overrides)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--as-of: a date as YYYY-MM-DD; not {text[:24]!r}.") from None


def _head(dataset: "DataSet", rules: Rulebook) -> dict[str, Any]:
    return {
        "mode": dataset.mode,
        "source": dataset.source,
        "as_of": dataset.as_of.isoformat(),
        "rulebook": rules.name,
        "rulebook_version": rules.version,
        "windows": ["30d", "180d"],
        "notes": list(dataset.notes),
    }


def _print(document: Mapping[str, Any]) -> None:
    windows = document["windows"]
    typer.echo(
        f"{document['users']} users, {document['rows']} rows, windows {' and '.join(windows)}, "
        f"as of {document['as_of']}, from {document['source']}; rulebook {document['rulebook']} "
        f"version {document['rulebook_version']}; the windows of {document['windows_differ']} "
        "users differ"
    )
    _table(("persona", *windows), document["personas"])
    for window in windows:
        for target, count in document.get("confusion", {}).get(window, {}).items():
            came = ", ".join(f"{persona} {number}" for persona, number in _most(count))
            hit = document["expected"][window].get(target)
            share = f", {hit['hits']} of {hit['users']} as {hit['persona']}" if hit else ""
            typer.echo(f"target {target}, {window}: {came}{share}")


def _most(count: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def _table(columns: tuple[str, ...], counts: Mapping[str, Mapping[str, int]]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    names = dict.fromkeys(name for count in counts.values() for name in count)
    for name in names:
        table.add_row(name, *(str(count.get(name, 0)) for count in counts.values()))
    Console().print(table)


@contextmanager
def _bar(users: int) -> Generator[Callable[[int], None], None, None]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("customers", total=users)
        yield lambda done: progress.update(task, completed=done)
