"""One reply: the model's stream, spoken piece by piece, to exactly one end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from backend.domain.transcript import FinishReason
from backend.errors import ModelError, ModelFailedError
from backend.ports import ChatMessage, Finish, LanguageModel

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """How long a reply may take, in seconds, and how many characters it may have."""

    seconds: float
    chars: int


@dataclass(frozen=True, slots=True)
class End:
    """How a reply ended by itself: with what the provider counted, or with what went wrong."""

    reason: FinishReason
    finish: Finish | None = None
    failure: ModelError | None = None


async def speak(
    model: LanguageModel,
    messages: Sequence[ChatMessage],
    say: Callable[[str], Awaitable[None]],
    limits: ReplyLimits,
) -> End:
    """Pass the model's answer to ``say`` as it comes, and return how it ended.

    Whatever the model does, this returns within ``limits.seconds``; only cancellation passes.
    """
    failure: ModelError
    try:
        async with asyncio.timeout(limits.seconds):
            return await _stream(model, messages, say, limits.chars)
    except TimeoutError:
        failure = ModelFailedError(f"The reply was not finished within {limits.seconds:g} s.")
    except ModelError as error:
        failure = error
    except Exception:  # noqa: BLE001 - see below
        # a defect in an adapter must end the turn like any other failure, and be seen
        _log.exception("model.defect")
        failure = ModelFailedError("The reply broke off through a fault of ours.")
    return End("error", failure=failure)


async def _stream(
    model: LanguageModel,
    messages: Sequence[ChatMessage],
    say: Callable[[str], Awaitable[None]],
    max_chars: int,
) -> End:
    room = max_chars
    async with aclosing(model.stream(messages)) as chunks:
        async for chunk in chunks:
            if isinstance(chunk, Finish):
                return End(chunk.reason, finish=chunk)
            await say(chunk.text[:room])
            room -= len(chunk.text)
            if room <= 0:
                return End("length")
    raise ModelFailedError("The model's answer broke off before its end.")
