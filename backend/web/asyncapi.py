"""The socket as an AsyncAPI 3.0 document, made from the models that are sent."""

from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from backend.modes import all_modes
from backend.version import GENERATOR_VERSION
from backend.web.opening import MAX_VISIT
from backend.wire import (
    PROTOCOL,
    SESSION_ID_PATTERN,
    Ack,
    CloseCode,
    ConversationFrame,
    ErrorFrame,
    Event,
    Ping,
    Pong,
    ServerDraining,
)

CLIENT_MODELS: Final[tuple[type[BaseModel], ...]] = (*get_args(ConversationFrame), Ack, Ping)
SERVER_MODELS: Final[tuple[type[BaseModel], ...]] = (
    *get_args(Event),
    ServerDraining,
    Pong,
    ErrorFrame,
)
_SCHEMAS: Final = "#/components/schemas/"


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI document of ``/ws``."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Walk-in",
            "version": f"{PROTOCOL}.0.0",
            "description": f"{_closes()}\n\nGenerator version {GENERATOR_VERSION}.",
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:8000", "protocol": "ws"}},
        "channels": {"socket": _channel()},
        "operations": {
            "receive": _operation("receive", "Frames that clients send.", CLIENT_MODELS),
            "send": _operation("send", "Frames that the server sends.", SERVER_MODELS),
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def frames_schema() -> dict[str, Any]:
    """Return one JSON Schema with every frame, for generators of types.

    ``$defs`` holds all models; ``client`` and ``server`` name those that travel as frames.
    """
    return {
        "$defs": _schemas(),
        "client": [model.__name__ for model in CLIENT_MODELS],
        "server": [model.__name__ for model in SERVER_MODELS],
    }


def _channel() -> dict[str, Any]:
    names = (_frame_type(model) for model in (*CLIENT_MODELS, *SERVER_MODELS))
    return {
        "address": "/ws",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET", "query": _query()}},
    }


def _query() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "session_id": {"type": "string", "pattern": f"^{SESSION_ID_PATTERN}$"},
            "mode": {"type": "string", "enum": list(all_modes())},
            "as_of": {"type": "string", "format": "date"},
            "identity": {"type": "string", "enum": ["mode", "session"]},
            "visit": {"type": "integer", "minimum": 1, "maximum": MAX_VISIT},
            "resume": {"type": "string", "enum": ["0", "1"]},
        },
    }


def _operation(action: str, summary: str, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    names = [_frame_type(model) for model in models]
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/socket"},
        "messages": [{"$ref": f"#/channels/socket/messages/{name}"} for name in names],
    }


def _messages() -> dict[str, Any]:
    return {
        _frame_type(model): {
            "name": _frame_type(model),
            "summary": (model.__doc__ or "").strip().partition("\n")[0],
            "payload": {"$ref": _SCHEMAS + model.__name__},
        }
        for model in (*CLIENT_MODELS, *SERVER_MODELS)
    }


def _schemas() -> dict[str, Any]:
    personas = tuple(mode.persona for mode in all_modes().values())
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in CLIENT_MODELS),
        *((model, "serialization") for model in (*SERVER_MODELS, *personas)),
    ]
    _, document = models_json_schema(wanted, ref_template=_SCHEMAS + "{model}")
    found: dict[str, Any] = document["$defs"]
    for model in (*CLIENT_MODELS, *SERVER_MODELS):
        required = found[model.__name__].setdefault("required", [])
        if "type" not in required:
            required.append("type")
    return found


def _frame_type(model: type[BaseModel]) -> str:
    name: str = model.model_fields["type"].default
    return name


def _closes() -> str:
    codes = ", ".join(f"{code.value} {code.name.lower()}" for code in CloseCode)
    return f"Close codes: {codes}."
