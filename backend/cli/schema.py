"""``walkin schema``: the contracts as documents.

The service is imported when the command runs: the other commands do without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

from enum import StrEnum
from typing import Annotated, Any, assert_never

import typer

from backend.strictjson import pretty


class Document(StrEnum):
    """What can be printed."""

    ASYNCAPI = "asyncapi"
    OPENAPI = "openapi"
    FRAMES = "frames"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(schema)


def schema(
    document: Annotated[
        Document,
        typer.Argument(
            help="asyncapi: the socket; openapi: the HTTP endpoints; "
            "frames: every frame as one JSON Schema."
        ),
    ],
) -> None:
    """Print a contract as JSON, made from the models that are sent.

    Example: walkin schema asyncapi > asyncapi.json
    """
    typer.echo(pretty(_build(document)))


def _build(document: Document) -> dict[str, Any]:
    from backend.main import create_app
    from backend.settings import read_settings
    from backend.web.asyncapi import asyncapi, frames_schema

    match document:
        case Document.ASYNCAPI:
            return asyncapi()
        case Document.OPENAPI:
            return create_app(read_settings()).openapi()
        case Document.FRAMES:
            return frames_schema()
        case _:
            assert_never(document)
