"""``walkin serve``: the service, with its page.

The service is imported when the command runs: the other commands do without it.
"""
# ruff: noqa: PLC0415 - the module's docstring says why

import errno
import socket
import sys
from typing import Annotated

import typer

from backend.errors import InputError


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the page, the socket and the HTTP endpoints.

    Settings are environment variables; the README lists them.

    Example: walkin serve --host 0.0.0.0 --port 8080
    """
    from backend.main import app_from_environment
    from backend.web import server

    _check_address(host, port)
    app = app_from_environment()
    if sys.stderr.isatty():  # elsewhere the log is all that is written, a JSON object a line
        typer.echo(f"Walk-in is at http://{host}:{port} (Ctrl+C ends it).", err=True)
    server.serve(app, host=host, port=port)


def _check_address(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "something else listens there" if taken else (error.strerror or str(error))
        raise InputError(f"can not listen on {host}:{port}: {reason}.") from None
