import asyncio
from collections.abc import AsyncIterator

import pytest

from backend.llm.patience import Patience


async def pieces(*values: bytes, then: asyncio.Event | None = None) -> AsyncIterator[bytes]:
    for value in values:
        yield value
    if then is not None:
        await then.wait()


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_pieces_come_and_then_none() -> None:
    body, patience = pieces(b"a", b"b"), Patience(now() + 60)
    assert [await patience.next(body) for _ in range(3)] == [b"a", b"b", None]
    patience.close()


async def test_a_wait_past_the_deadline_is_a_time_out_and_leaves_the_task_alone() -> None:
    patience = Patience(now())
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await patience.next(pieces(then=asyncio.Event()))
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_the_deadline_moves_later() -> None:
    patience, going = Patience(now()), asyncio.Event()
    patience.until(now() + 60)
    waiting = asyncio.ensure_future(patience.next(pieces(then=going)))
    await asyncio.sleep(0)
    going.set()
    assert await waiting is None
    patience.close()


async def test_the_timer_that_rings_early_looks_again() -> None:
    loop, started = asyncio.get_running_loop(), now()
    patience = Patience(started + 0.01)
    waiting = asyncio.ensure_future(patience.next(pieces(then=asyncio.Event())))
    await asyncio.sleep(0)
    patience.until(started + 0.03)
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await waiting
    assert loop.time() >= started + 0.03


async def test_the_deadline_moves_earlier() -> None:
    patience = Patience(now() + 60)
    body = pieces(b"a", then=asyncio.Event())
    assert await patience.next(body) == b"a"
    patience.until(now())
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await patience.next(body)


async def test_what_the_caller_does_between_two_waits_is_never_cut_short(
    caplog: pytest.LogCaptureFixture,
) -> None:
    patience = Patience(now())
    body = pieces(b"a", b"b")
    assert await patience.next(body) == b"a"
    rung = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.005, rung.set_result, None)
    await rung
    patience.until(now() + 60)
    assert await patience.next(body) == b"b"
    patience.close()
    assert not caplog.records, "the timer rang with nobody waiting, and stumbled"


async def test_a_cancellation_from_outside_stays_one() -> None:
    patience = Patience(now() + 60)
    waiting = asyncio.ensure_future(patience.next(pieces(then=asyncio.Event())))
    await asyncio.sleep(0)
    waiting.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await waiting
    patience.close()


async def test_a_cancellation_from_outside_beside_the_time_out_wins() -> None:
    async def wait() -> None:
        patience = Patience(now())
        task = asyncio.current_task()
        assert task is not None
        # the body swallows nothing: both cancellations are pending when it is thrown
        asyncio.get_running_loop().call_at(now(), task.cancel)
        await patience.next(pieces(then=asyncio.Event()))

    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.ensure_future(wait())
