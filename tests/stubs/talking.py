"""A model in front of the stub provider, and what came of one reply."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from backend.clock import SystemClock
from backend.errors import ModelError
from backend.llm.openai import OpenAIModel, ProviderLimits, open_client
from backend.ports import ChatMessage, Finish, ModelChunk, TextChunk
from tests.stubs.provider import Provider, Script, provider

KEY = "sk-never-to-be-shown"
BODY = "never to be shown either"
HELLO = [ChatMessage("system", "Be kind."), ChatMessage("user", "Hello")]
PATIENT = ProviderLimits(retry_waits=(0.0, 0.0))
SHORT = 0.25
HASTY = ProviderLimits(first_token_seconds=SHORT, retry_waits=(0.0, 0.0))
RESTLESS = ProviderLimits(silence_seconds=SHORT, tail_seconds=SHORT, retry_waits=(0.0, 0.0))


@asynccontextmanager
async def talking(
    *scripts: Script, limits: ProviderLimits = PATIENT
) -> AsyncIterator[tuple[OpenAIModel, Provider]]:
    async with asyncio.timeout(20), provider(*scripts) as stub:
        model = OpenAIModel(open_client(KEY, stub.url), "some-model", limits, SystemClock())
        try:
            yield model, stub
        finally:
            await model.close()


async def said(
    model: OpenAIModel, messages: Sequence[ChatMessage] = HELLO
) -> tuple[str, Finish | ModelError]:
    """Return all text of one reply, and how it ended: exactly once, and last."""
    chunks: list[ModelChunk] = []
    try:
        async for chunk in model.stream(messages):
            chunks.append(chunk)  # noqa: PERF401 - what came before the error is the point
    except ModelError as error:
        return joined(chunks), error
    assert isinstance(chunks[-1], Finish)
    return joined(chunks[:-1]), chunks[-1]


def joined(chunks: Sequence[ModelChunk]) -> str:
    texts = [chunk.text for chunk in chunks if isinstance(chunk, TextChunk)]
    assert len(texts) == len(chunks), "a finish in the middle"
    assert all(texts), "an empty chunk"
    return "".join(texts)
