"""``walkin``: serve, chat, customer, schema, population, assign, prune, rulebook."""

import sys

import typer

from backend.cli.assign import assign
from backend.cli.chat import chat
from backend.cli.customer import customer
from backend.cli.population import build_population
from backend.cli.prune import prune
from backend.cli.rulebook import build_rulebook
from backend.cli.schema import schema
from backend.cli.serve import serve
from backend.errors import WalkinError

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


def build_app() -> typer.Typer:
    """Return the command with all its subcommands."""
    app = typer.Typer(
        name="walkin",
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.command()(serve)
    app.command()(chat)
    app.command()(customer)
    app.command()(schema)
    app.command()(assign)
    app.command()(prune)
    app.add_typer(build_population())
    app.add_typer(build_rulebook())
    return app


def main() -> None:
    """Run the command; what goes wrong on purpose is one sentence and exit status 2."""
    try:
        build_app()()
    except WalkinError as error:
        sys.stderr.write(f"walkin: {error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
