"""The end of conversations that nobody came back to, and of prompts that nothing names."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.clock import Clock, timestamp
from backend.store.database import FAULTS, for_writing, reason_of
from backend.store.schema import CHANGES, CONVERSATIONS, FEEDBACK, PROMPTS

_log = structlog.get_logger()

_DAY_SECONDS: Final = 86_400.0
_AT_ONCE: Final = 500
"""How many conversations one transaction deletes: others want to write meanwhile."""


async def sweep_daily(
    engine: AsyncEngine, clock: Clock, days: int, swept: Callable[[], None]
) -> None:
    """Sweep now and every 24 hours, until it is cancelled.

    Args:
        engine: of the store.
        clock: says what is too old.
        days: how long a conversation may lie untouched.
        swept: called after each sweep; what is known of prompts may not be so any more.
    """
    while True:
        try:
            conversations, prompts = await sweep(engine, clock, days)
        except FAULTS as error:
            _log.warning("store.unavailable", reason=reason_of(error))
        else:
            _log.info("store.swept", conversations=conversations, prompts=prompts)
        swept()
        await asyncio.sleep(_DAY_SECONDS)


async def sweep(engine: AsyncEngine, clock: Clock, days: int) -> tuple[int, int]:
    """Delete what nobody touched for ``days`` days; return how many conversations and prompts.

    A conversation is touched by whatever changes it, and by coming back to it. A prompt stays as
    long as a stored reply names it, and two days longer than a conversation would: a process may
    remember for one day that it is stored.
    """
    now = clock.read().at
    before = timestamp(now - timedelta(days=days))
    conversations = 0
    while deleted := await _delete_some(engine, before):
        conversations += deleted
    return conversations, await _delete_prompts(engine, timestamp(now - timedelta(days=days + 2)))


async def _delete_some(engine: AsyncEngine, before: str) -> int:
    key = CONVERSATIONS.c.token_hash
    changed = exists().where(CHANGES.c.token_hash == key, CHANGES.c.at >= before)
    judged = exists().where(FEEDBACK.c.token_hash == key, FEEDBACK.c.at >= before)
    stale = (
        select(key)
        .where(CONVERSATIONS.c.touched_at < before, ~changed, ~judged)
        .limit(_AT_ONCE)
        .correlate(None)
    )
    async with for_writing(engine).begin() as connection:
        done = await connection.execute(delete(CONVERSATIONS).where(key.in_(stale)))
    return done.rowcount


async def _delete_prompts(engine: AsyncEngine, before: str) -> int:
    named = exists().where(CHANGES.c.prompt_id == PROMPTS.c.prompt_id)
    stale = delete(PROMPTS).where(PROMPTS.c.saved_at < before, ~named)
    async with for_writing(engine).begin() as connection:
        done = await connection.execute(stale)
    return done.rowcount
