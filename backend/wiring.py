"""Settings to adapters to services: the only file that names concrete classes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from backend.bundle import prompts_dir
from backend.chat.conversation import Services
from backend.chat.hub import Hub
from backend.chat.reception import Reception
from backend.chat.reply import ReplyLimits
from backend.clock import SystemClock
from backend.entropy import SystemEntropy
from backend.eventlog.memory import MemoryEventLog
from backend.llm.builtin.reply import reply as builtin_reply
from backend.llm.builtin.transport import builtin_client
from backend.llm.endpoint import check_endpoint, open_client
from backend.llm.limits import ProviderLimits
from backend.llm.openai import OpenAIModel
from backend.metrics import Metrics
from backend.modes import all_modes, card_of
from backend.population.members import lives_of
from backend.ports import LanguageModel, Opening, Store
from backend.prompting import PromptLibrary
from backend.settings import Settings
from backend.store.memory import MemoryStore
from backend.wire import Limits, ModeInfo

MEMORY_URL: Final = "memory:"
"""The address of the store that lasts as long as its process."""
BUILTIN: Final = "walkin-builtin"
LOG_CHARS: Final = 256 * 1024
"""How much of a conversation's events is kept for a client that comes back."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its conversations and what they stand on."""

    settings: Settings
    hub: Hub
    services: Services
    metrics: Metrics

    async def start(self) -> None:
        """Open the store.

        Raises:
            ConfigurationError: it can not be used.
        """
        await self.services.store.start()

    async def close(self) -> None:
        """Release the model's connections and the store."""
        await self.services.model.close()
        await self.services.store.close()


def build_service(settings: Settings) -> Service:
    """Return the service that the settings describe; it needs a running event loop."""
    metrics = Metrics()
    services = Services(
        clock=SystemClock(),
        entropy=SystemEntropy(),
        model=build_model(settings),
        store=build_store(settings),
        log=MemoryEventLog(LOG_CHARS),
        meter=metrics,
        modes=mode_infos(),
        limits=Limits(
            max_text=settings.max_text,
            max_frame_bytes=settings.max_frame_bytes,
            messages_per_minute=settings.messages_per_minute,
            ping_seconds=settings.ping_seconds,
            resume_seconds=settings.resume_seconds,
        ),
        reply_limits=ReplyLimits(settings.reply_seconds, settings.max_reply_chars),
        history_chars=settings.history_chars,
        merge_seconds=settings.merge_ms / 1000,
    )
    return Service(settings, Hub(build_reception(settings), services), services, metrics)


def check_settings(settings: Settings) -> None:
    """Try, as the service starts, what would otherwise fail at the first customer.

    Raises:
        ConfigurationError: a template, card, rulebook or the model's address is wrong.
    """
    check_endpoint(settings.openai_api_key, settings.openai_base_url)
    reception = build_reception(settings)
    reception.check()
    if _uses_builtin(settings):
        _try_builtin(reception)


def build_reception(settings: Settings) -> Reception:
    """Return the reception that the settings describe."""
    library = PromptLibrary(settings.prompts_dir or prompts_dir())
    return Reception(library, settings.time_window, settings.rulebook, lives_of)


def build_store(settings: Settings) -> Store:
    """Return the store that the settings describe; nothing is connected before it is started.

    Raises:
        ConfigurationError: its address is none, or of a database that is not known here.
    """
    if settings.database_url == MEMORY_URL:
        return MemoryStore(settings.max_stored_conversations, settings.max_stored_conversations)
    # SQLAlchemy takes a quarter of a second to import, and only a service needs it
    from backend.store.database import open_engine, read_url  # noqa: PLC0415 - see above
    from backend.store.sql import SqlStore  # noqa: PLC0415 - see above

    engine = open_engine(read_url(settings.database_url))
    return SqlStore(engine, SystemClock(), settings.retention_days)


def try_store(settings: Settings) -> None:
    """Make or migrate the database, so that one that can not be used stops the start.

    Raises:
        ConfigurationError: it can not be used; the sentence says why, without a password.
    """
    if settings.database_url == MEMORY_URL:
        return
    from backend.store.database import read_url  # noqa: PLC0415 - as above
    from backend.store.migrate import prepare  # noqa: PLC0415 - as above

    # uvicorn imports an application within its own event loop, where no other can be run
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, prepare(read_url(settings.database_url))).result()


def build_model(settings: Settings) -> LanguageModel:
    """Return the configured endpoint's model, or the built-in one when none is configured."""
    patience = ProviderLimits(
        first_token_seconds=settings.first_token_seconds,
        silence_seconds=settings.silence_seconds,
    )
    clock = SystemClock()
    if _uses_builtin(settings):
        return OpenAIModel(builtin_client(settings.builtin_pace_ms), BUILTIN, patience, clock)
    client = open_client(settings.openai_api_key, settings.openai_base_url)
    # what is joined into one frame anyway need not be read piece by piece
    patience = replace(patience, pause_seconds=settings.merge_ms / 1000)
    return OpenAIModel(client, settings.openai_model, patience, clock)


def _uses_builtin(settings: Settings) -> bool:
    return settings.openai_api_key is None and settings.openai_base_url is None


def _try_builtin(reception: Reception) -> None:
    # its vocabularies are read here, and not while somebody waits for the first reply
    for mode_id in all_modes():
        opening = Opening("trial", "2026-01-15", "mode", mode_id, 1)
        prompt = reception.introduce(opening, mode_id, 1).brief().prompt
        messages = ({"role": "system", "content": prompt}, {"role": "user", "content": "hello"})
        builtin_reply(messages)


def mode_infos() -> tuple[ModeInfo, ...]:
    """Return the installed modes as the wire names them."""
    cards = ((mode_id, card_of(mode_id)) for mode_id in all_modes())
    return tuple(
        ModeInfo(id=mode_id, title=card.title, greeting=card.greeting, starters=card.starters)
        for mode_id, card in cards
    )
