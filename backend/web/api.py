"""The HTTP endpoints beside the socket."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from backend.chat.reception import rulebook_of
from backend.domain.card import Card
from backend.modes import all_modes, card_of
from backend.wiring import Service

router = APIRouter()


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(_service)]


class Health(BaseModel):
    """The process runs."""

    status: str


class SignalInfo(BaseModel):
    """A signal that a mode's rules look at, as people call it."""

    name: str
    label: str
    unit: str
    decimals: int
    meaning: str


class PersonaInfo(BaseModel):
    """A behavioural persona of a mode's default rulebook."""

    id: str
    name: str
    rationale: str


class ModePage(BaseModel):
    """One mode: how it introduces itself, and what the page shows of its customers."""

    id: str
    title: str
    greeting: str
    starters: tuple[str, ...]
    card: Card
    signals: tuple[SignalInfo, ...]
    personas: tuple[PersonaInfo, ...]


class PromptText(BaseModel):
    """What the model was told, whole."""

    prompt_id: str
    text: str


@router.get("/healthz", tags=["running"])
async def healthz() -> Health:
    """Say that the process runs."""
    return Health(status="ok")


@router.get("/readyz", tags=["running"], responses={503: {"description": "Not now"}})
async def readyz(service: TheService) -> Health:
    """Say whether new conversations are taken."""
    if service.hub.draining:
        raise HTTPException(503, "The server is going.")
    if not await service.services.store.ready():
        raise HTTPException(503, "The store can not be written to.")
    return Health(status="ready")


@router.get("/metrics", tags=["running"], response_class=PlainTextResponse)
async def metrics(service: TheService) -> PlainTextResponse:
    """Return the metrics in Prometheus' text format."""
    text = service.metrics.exposition().decode()
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/ws", include_in_schema=False)
async def not_a_socket() -> PlainTextResponse:
    """Say what ``/ws`` is to a client that does not upgrade."""
    sentence = "This is a WebSocket; docs/protocol.md describes its frames.\n"
    return PlainTextResponse(sentence, status_code=426, headers={"upgrade": "websocket"})


@router.get("/api/modes", tags=["modes"])
async def modes() -> list[ModePage]:
    """Return the installed modes, the default first."""
    return [_mode_page(mode_id) for mode_id in all_modes()]


def _mode_page(mode_id: str) -> ModePage:
    card = card_of(mode_id)
    mode = all_modes()[mode_id]
    return ModePage(
        id=mode_id,
        title=card.title,
        greeting=card.greeting,
        starters=card.starters,
        card=card,
        signals=tuple(
            SignalInfo(
                name=signal.name,
                label=signal.label,
                unit=signal.unit,
                decimals=signal.decimals,
                meaning=signal.meaning,
            )
            for signal in mode.signals
        ),
        personas=tuple(
            PersonaInfo(id=persona.id, name=persona.name, rationale=persona.rationale)
            for persona in rulebook_of(mode).personas
        ),
    )


@router.get(
    "/api/prompts/{prompt_id}",
    tags=["prompts"],
    responses={404: {"description": "No reply that is stored here names this prompt"}},
)
async def prompt(
    prompt_id: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], service: TheService
) -> PromptText:
    """Return what the model was told: the prompt that a reply names."""
    text = await service.services.store.prompt(prompt_id)
    if text is None:
        raise HTTPException(404, f"No reply that is stored here names the prompt {prompt_id}.")
    return PromptText(prompt_id=prompt_id, text=text)
