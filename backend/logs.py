"""Structured logs: one JSON object a line, on standard error. Never a text, never a token."""

import logging
import sys
from typing import Final, Literal

import structlog

SOCKET_LOG: Final = "uvicorn.error.socket"
"""The logger of our own server's sockets, which makes no line of who came and went."""

_SOCKET_LINES: Final = (
    '%s - "WebSocket %s" ',  # holds the query string, where people put secrets
    "connection ",  # open, closed, rejected: the conversation's own lines say more
    "ASGI callable returned without completing handshake.",  # said of every refusal that has a body
)


def configure_logs(log_format: Literal["json", "console"]) -> None:
    """Send structlog's and the standard library's records to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        # written at once: through the standard library a line costs more than twice as much
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn.error", SOCKET_LOG):
        logging.getLogger(name).addFilter(_is_no_socket_line)
    # a line that is filtered was made nevertheless, before the first frame leaves
    logging.getLogger(SOCKET_LOG).setLevel(logging.WARNING)
    for name in ("httpx2", "httpcore2", "openai", "aiohttp"):
        # they log whole URLs and request options at INFO and DEBUG
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_no_socket_line(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_SOCKET_LINES)
