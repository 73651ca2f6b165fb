"""``walkin``: serve, chat, customer, schema, population, assign, prune, rulebook."""

import gc
import importlib
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

import typer

from backend.errors import WalkinError

_COMMANDS: Final = (
    "serve", "chat", "customer", "schema", "assign", "prune", "population", "rulebook",
)  # fmt: skip
"""A module of this folder each, whose ``add_to`` adds the command; in the order of the help."""

_HELP = """Every chat session is a customer who just walked in.

Examples:

  walkin serve --port 8000

  walkin chat --session-id demo-1

  walkin customer demo-1 --mode banking --as-of 2026-01-15 --json

  walkin schema asyncapi

  walkin population generate --users 1000 --as-of 2026-01-15 --out customers

  walkin assign customers --out assigned

  walkin prune --store walkin.db --before 2026-01-01

  walkin rulebook list
"""


def build_app(arguments: Sequence[str] = ()) -> typer.Typer:
    """Return the command with all its subcommands, or with the one that is asked for alone.

    What one subcommand stands on is half a second of imports for the others.
    """
    app = typer.Typer(
        name="walkin",
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        callback=_walkin,
    )
    for name in [one for one in _COMMANDS if one in arguments[:1]] or _COMMANDS:
        importlib.import_module(f"backend.cli.{name}").add_to(app)
    return app


def _walkin() -> None:
    # a callback makes subcommands of them, even of one
    pass


def main() -> None:
    """Run the command; what goes wrong on purpose is one sentence and exit status 2."""
    try:
        with _searching_nothing():
            app = build_app(sys.argv[1:])
        app()
    except WalkinError as error:
        sys.stderr.write(f"walkin: {error}\n")
        raise SystemExit(2) from None


@contextmanager
def _searching_nothing() -> Generator[None, None, None]:
    """Import without searches for cycles: modules stay, and take a tenth longer to come with it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    main()
