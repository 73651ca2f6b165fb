"""``walkin prune``: old assignments out of a store.

What stands on SQLAlchemy is imported when the command runs: the chat does without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from backend.clock import timestamp
from backend.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(prune)


def prune(
    store: Annotated[str, typer.Option(help="SQLite file or URL that assignments are stored in.")],
    before: Annotated[str, typer.Option(help="ISO date; what is younger stays.")],
) -> None:
    """Delete assignments that were made before a date, and the signals behind them.

    The latest assignment of each user, window and rulebook stays, however old it is.

    Example: walkin prune --store walkin.db --before 2026-01-01
    """
    from backend.store.assignments import AssignmentStore

    day = _date(before)
    if "://" not in store and not Path(store).is_file():
        raise InputError(f"--store: a file that assignments are stored in; {store} is none.")
    with AssignmentStore(store) as opened:
        deleted = opened.prune(timestamp(datetime(day.year, day.month, day.day, tzinfo=UTC)))
    typer.echo(f"{deleted} assignment{'' if deleted == 1 else 's'} from before {day} deleted")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--before: a date as YYYY-MM-DD; not {text[:24]!r}.") from None
