"""``walkin customer``: who walks in for a session id, and what is on record of them."""

from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backend.chat.reception import assign_all
from backend.clock import SystemClock, today
from backend.errors import InputError
from backend.modes import DEFAULT_MODE, Cohort, all_modes, generate
from backend.population.members import lives_of
from backend.records import rows_of
from backend.seeds import SeededFaker, session_to_seed
from backend.settings import read_settings
from backend.strictjson import canonical
from backend.version import GENERATOR_VERSION
from backend.web.opening import check_as_of, check_session_id, read_identity, read_visit

_ANY_WIDTH: Final = 100_000


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(customer)


def customer(
    session_id: Annotated[str, typer.Argument(help="Public name of the session.")],
    mode: Annotated[str, typer.Option(help="Industry.")] = DEFAULT_MODE,
    as_of: Annotated[
        str | None, typer.Option(help="ISO date the life is told up to; today if left out.")
    ] = None,
    identity: Annotated[
        str | None,
        typer.Option(
            help="mode: one person a mode; session: one person for all, as members of populations"
            " are. Mode if left out."
        ),
    ] = None,
    visit: Annotated[str, typer.Option(help="Which customer of this session.")] = "1",
    *,
    full: Annotated[bool, typer.Option("--full", help="Print the whole records as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print canonical JSON.")] = False,
) -> None:
    """Print the session persona of a session id, and its behavioural persona.

    Example: walkin customer demo-1 --mode banking --as-of 2026-01-15 --full --json
    """
    if mode not in all_modes():
        raise InputError(f"--mode: {', '.join(all_modes())}; not {mode!r}.")
    told_up_to = check_as_of(as_of) if as_of is not None else today(SystemClock())
    cohort = generate(
        mode, [check_session_id(session_id)], told_up_to, SeededFaker(),
        identity=read_identity(identity, session_id), visit=read_visit(visit),
        lives=lives_of(session_id),
    )  # fmt: skip
    document = describe(session_id, cohort)
    if full:
        document["records"] = {table.name: rows_of(table) for table in cohort.tables()}
    if as_json:
        typer.echo(canonical(document))
    else:
        _print(document)


def describe(session_id: str, cohort: Cohort) -> dict[str, Any]:
    """Return {``customer``, ``assignment``, ``seed``, ``generator``} of a cohort of one."""
    settings = read_settings()
    chosen = settings.rulebook.get(cohort.mode.id)
    (assignment,) = assign_all(cohort, settings.time_window, chosen)
    return {
        "customer": cohort.persona(0).model_dump(mode="json"),
        "assignment": assignment.model_dump(mode="json"),
        "seed": str(session_to_seed(session_id)),
        "generator": GENERATOR_VERSION,
    }


def _print(document: dict[str, Any]) -> None:
    console = Console()
    facts = Table(show_header=False, box=None, pad_edge=False)
    lists: list[tuple[str, list[Any]]] = []
    for name, value in document["customer"].items():
        if isinstance(value, list):
            lists.append((name, value))
        else:
            facts.add_row(_words(name), escape(_in_a_line(value)))
    console.print(facts)
    for name, rows in [*lists, *document.get("records", {}).items()]:
        _print_rows(console, name, rows)
    console.print(document["assignment"]["summary"], style="bold", markup=False)


def _print_rows(console: Console, name: str, rows: list[Any]) -> None:
    """Print a line a row; where the terminal is too narrow for that, a line a field."""
    console.print(f"\n[italic]{_words(name)}[/italic]{'' if rows else ': none'}")
    if not rows:
        return
    table = _rows(name, rows)
    wide = console.measure(table, options=console.options.update(max_width=_ANY_WIDTH)).maximum
    if wide <= console.width:
        console.print(table)
    elif not console.is_terminal:
        # a file or a pager takes a line of any length
        Console(width=wide).print(table)
    else:
        for row in rows:
            console.print(_fields(row))


def _fields(row: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for field, value in row.items():
        if value is not None:
            table.add_row(_words(field), escape(_in_a_line(value)))
    table.add_row("", "")
    return table


def _in_a_line(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if not isinstance(value, dict):
        return str(value)
    parts = [
        f"{len(part)} values, last {part[-1]}" if isinstance(part, list) and part else str(part)
        for part in value.values()
    ]
    return ", ".join(parts)


def _rows(name: str, rows: list[Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    columns = list(rows[0]) if isinstance(rows[0], dict) else [name]
    for column in columns:
        table.add_column(_words(column))
    for row in rows:
        cells = row.values() if isinstance(row, dict) else [row]
        table.add_row(*("" if cell is None else escape(_in_a_line(cell)) for cell in cells))
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")
