"""``walkin customer``: who walks in for a session id."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from backend.chat.reception import assign_all
from backend.clock import SystemClock, today
from backend.errors import InputError
from backend.modes import DEFAULT_MODE, all_modes, generate
from backend.seeds import SeededFaker, session_to_seed
from backend.settings import read_settings
from backend.strictjson import canonical
from backend.version import GENERATOR_VERSION
from backend.web.opening import check_as_of, check_session_id, read_identity, read_visit


def customer(
    session_id: Annotated[str, typer.Argument(help="Public name of the session.")],
    mode: Annotated[str, typer.Option(help="Industry.")] = DEFAULT_MODE,
    as_of: Annotated[
        str | None, typer.Option(help="ISO date the life is told up to; today if left out.")
    ] = None,
    identity: Annotated[
        str, typer.Option(help="mode: one person a mode; session: one person for all.")
    ] = "mode",
    visit: Annotated[str, typer.Option(help="Which customer of this session.")] = "1",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print canonical JSON.")] = False,
) -> None:
    """Print the session persona of a session id, and its behavioural persona.

    Example: walkin customer demo-1 --mode banking --as-of 2026-01-15 --json
    """
    if mode not in all_modes():
        raise InputError(f"--mode: {', '.join(all_modes())}; not {mode!r}.")
    told_up_to = check_as_of(as_of) if as_of is not None else today(SystemClock())
    document = describe(check_session_id(session_id), mode, told_up_to, identity, read_visit(visit))
    if as_json:
        typer.echo(canonical(document))
    else:
        _print(document)


def describe(session_id: str, mode: str, as_of: date, identity: str, visit: int) -> dict[str, Any]:
    """Return {``customer``, ``assignment``, ``seed``, ``generator``} as JSON-able values."""
    cohort = generate(
        mode, [session_id], as_of, SeededFaker(), identity=read_identity(identity), visit=visit
    )
    (assignment,) = assign_all(cohort, read_settings().time_window)
    return {
        "customer": cohort.persona(0).model_dump(mode="json"),
        "assignment": assignment.model_dump(mode="json"),
        "seed": str(session_to_seed(session_id)),
        "generator": GENERATOR_VERSION,
    }


def _print(document: dict[str, Any]) -> None:
    console = Console()
    facts = Table(show_header=False, box=None, pad_edge=False)
    lists: list[Table] = []
    for name, value in document["customer"].items():
        if isinstance(value, list):
            lists.append(_rows(name, value))
        elif isinstance(value, dict):
            facts.add_row(_words(name), ", ".join(str(part) for part in value.values()))
        else:
            facts.add_row(_words(name), str(value))
    console.print(facts)
    for table in lists:
        console.print(table)
    console.print(document["assignment"]["summary"], style="bold", markup=False)


def _rows(name: str, rows: list[Any]) -> Table:
    table = Table(title=_words(name), title_justify="left", box=None, pad_edge=False)
    columns = list(rows[0]) if rows and isinstance(rows[0], dict) else [name]
    for column in columns:
        table.add_column(_words(column))
    for row in rows:
        cells = row.values() if isinstance(row, dict) else [row]
        table.add_row(*(str(cell) for cell in cells))
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")
