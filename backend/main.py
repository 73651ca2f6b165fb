"""The application: ``uvicorn backend.main:app``, ``python -m backend.main`` or ``walkin serve``."""

import os
from argparse import ArgumentParser
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.bundle import page_dir
from backend.errors import ConfigurationError
from backend.logs import configure_logs
from backend.modes import all_modes
from backend.settings import Settings, read_settings, unknown_variables
from backend.version import GENERATOR_VERSION
from backend.web.api import router
from backend.web.connection import ConnectionLimits
from backend.web.docs import add_docs
from backend.web.gateway import Gateway
from backend.web.origin import Doorkeeper
from backend.web.page import page_app
from backend.web.profile import router as profile_router
from backend.web.security import SecurityHeaders
from backend.web.server import serve
from backend.web.shutdown import DrainOnSignal
from backend.wiring import Service, build_service, check_settings, try_store

_log = structlog.get_logger()

SOCKET_PATH: Final = "/ws"
DESCRIPTION: Final = "Every chat session is a customer who just walked in."


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its conversations begin with its lifespan.

    Raises:
        ConfigurationError: a template, card, rulebook or the model's address is wrong.
    """
    check_settings(settings)
    doorkeeper = Doorkeeper(settings.allowed_hosts, settings.allowed_origins)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        service = build_service(settings)
        await service.start()
        gateway = build_gateway(service, doorkeeper)
        app.state.service, app.state.gateway = service, gateway
        _watch(service, gateway)
        drain = DrainOnSignal(lambda: gateway.drain(settings.drain_seconds))
        drain.install()
        yield
        drain.uninstall()
        await gateway.drain(0)
        await service.close()

    app = FastAPI(
        title="Walk-in",
        version=GENERATOR_VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.add_middleware(SecurityHeaders, doorkeeper=doorkeeper)
    app.add_middleware(_Door)
    app.include_router(router)
    app.include_router(profile_router)
    add_docs(app)
    app.mount("/", page_app(page_dir()), name="page")
    return app


def build_gateway(service: Service, doorkeeper: Doorkeeper) -> Gateway:
    """Return the door of a service."""
    settings, services = service.settings, service.services
    limits = ConnectionLimits(
        max_text=settings.max_text,
        max_frame_bytes=settings.max_frame_bytes,
        max_backlog_bytes=settings.max_backlog_bytes,
        send_seconds=settings.send_seconds,
        opening_seconds=settings.opening_seconds,
        idle_seconds=settings.idle_seconds,
    )
    return Gateway(
        hub=service.hub,
        doorkeeper=doorkeeper,
        modes=tuple(all_modes()),
        clock=services.clock,
        entropy=services.entropy,
        limits=limits,
        max_connections=settings.max_connections,
    )


def _watch(service: Service, gateway: Gateway) -> None:
    watch = service.metrics.watch
    watch("walkin_sockets", "Open sockets", lambda: len(gateway.open_sockets))
    watch("walkin_conversations", "Conversations in memory", lambda: len(service.hub))
    watch("walkin_replies_running", "Replies that run", lambda: service.hub.replies)


class _Door:
    """Middleware outside all others: what they do to HTTP requests is no use to a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and _path_of(scope) == SOCKET_PATH:
            gateway: Gateway = scope["app"].state.gateway
            await gateway(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes are of any type
    # `uvicorn backend.main:app` asks for it; importing this module builds nothing
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return app_from_environment()


def app_from_environment() -> FastAPI:
    """Return the application that the environment describes.

    Raises:
        SystemExit: a setting or file is wrong; the sentence says which.
    """
    try:
        settings = read_settings()
        configure_logs(settings.log_format)
        for name in unknown_variables(os.environ):
            _log.warning("setting.unknown", variable=name)
        app = create_app(settings)
        try_store(settings)
    except ConfigurationError as error:
        raise SystemExit(f"walkin: {error}") from None
    return app


def main() -> None:
    """Serve the application that the environment describes, where the arguments say."""
    parser = ArgumentParser(prog="python -m backend.main", description=DESCRIPTION)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=8000, type=int)
    where = parser.parse_args()
    serve(app_from_environment(), host=where.host, port=where.port)


if __name__ == "__main__":
    main()
