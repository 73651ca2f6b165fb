import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.web.outbox import LAG_FRAMES, Outbox, Wire
from backend.wire import CloseCode

FOREVER = 30.0


@dataclass
class Reader:
    """A client that reads when it is told to."""

    reads: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[str] = field(default_factory=list)
    closed: tuple[int, str] | None = None
    aborted: bool = False
    failure: Exception | None = None
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, text: str) -> None:
        await self.reads.wait()
        if self.failure is not None:
            raise self.failure
        self.sent.append(text)
        self.moved.set()

    async def close(self, code: int, reason: str) -> None:
        await self.reads.wait()
        self.closed = (code, reason)
        self.moved.set()

    def abort(self) -> None:
        self.aborted = True

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not done():
                self.moved.clear()
                await self.moved.wait()

    @property
    def wire(self) -> Wire:
        return Wire(self.send, self.close, self.abort)


@asynccontextmanager
async def writing(
    reader: Reader, max_bytes: int = 10_000, send_seconds: float = FOREVER, *, reads: bool = True
) -> AsyncGenerator[Outbox, None]:
    outbox = Outbox(reader.wire, max_bytes, send_seconds)
    if reads:
        reader.reads.set()
    task = asyncio.create_task(outbox.run())
    try:
        yield outbox
        async with asyncio.timeout(5):
            await task
    finally:
        task.cancel()


async def test_frames_go_out_in_their_order_and_the_close_after_them() -> None:
    reader = Reader()
    async with writing(reader) as outbox:
        for number in range(100):
            outbox.put(f"frame {number}")
        outbox.close(CloseCode.RESTART, "Soon.")
    assert reader.sent == [f"frame {number}" for number in range(100)]
    assert reader.closed == (1012, "Soon.")
    assert not reader.aborted


async def test_frames_go_out_as_they_come() -> None:
    reader = Reader()
    async with writing(reader) as outbox:
        for number in range(5):
            outbox.put(str(number))
            await reader.until(lambda number=number: len(reader.sent) == number + 1)  # type: ignore[misc]  # mypy knows no defaults of lambdas
        outbox.hang_up()


async def test_the_first_close_counts() -> None:
    reader = Reader()
    async with writing(reader) as outbox:
        outbox.close(CloseCode.TAKEN_OVER, "first")
        outbox.close(CloseCode.RESTART, "second")
        outbox.hang_up()
    assert reader.closed == (4502, "first")


async def test_what_is_put_after_the_close_is_dropped() -> None:
    reader = Reader()
    async with writing(reader) as outbox:
        outbox.put("before")
        outbox.close(CloseCode.GOODBYE, "")
        outbox.put("after")
    assert reader.sent == ["before"]


async def test_a_reader_that_is_too_far_behind_is_put_out() -> None:
    reader = Reader()
    async with writing(reader, max_bytes=10, reads=False) as outbox:
        outbox.put("12345")
        outbox.put("67890")
        outbox.put("1")
        reader.reads.set()
    assert reader.closed == (4000, "More than 10 bytes wait for this reader.")
    assert reader.sent == []


async def test_what_is_in_the_middle_of_being_sent_counts_as_waiting() -> None:
    reader = Reader()
    async with writing(reader, max_bytes=10, reads=False) as outbox:
        outbox.put("12345")
        await asyncio.sleep(0)
        outbox.put("123456")
        reader.reads.set()
    assert reader.closed is not None
    assert reader.closed[0] == 4000
    assert reader.sent == ["12345"]


async def test_the_limit_is_in_bytes() -> None:
    reader = Reader()
    async with writing(reader, max_bytes=7, reads=False) as outbox:
        outbox.put("😀😀")
        reader.reads.set()
    assert reader.closed is not None
    assert reader.closed[0] == 4000


async def test_a_limit_of_one_byte_puts_everybody_out_and_hurts_nobody() -> None:
    reader = Reader()
    async with writing(reader, max_bytes=1) as outbox:
        outbox.put("a frame")
        outbox.put("another")
        outbox.close(CloseCode.RESTART, "late")
    assert reader.closed == (4000, "More than 1 bytes wait for this reader.")
    assert reader.sent == []


async def test_one_who_reads_may_take_in_any_number_of_bytes() -> None:
    reader = Reader()
    async with writing(reader, max_bytes=10) as outbox:
        for number in range(50):
            outbox.put("1234567890")
            await reader.until(lambda number=number: len(reader.sent) > number)  # type: ignore[misc]  # as above
            await asyncio.sleep(0)
        outbox.hang_up()
    assert len(reader.sent) == 50
    assert reader.closed == (1000, "")


async def test_a_send_that_takes_too_long_aborts_the_socket() -> None:
    reader = Reader()
    async with writing(reader, send_seconds=0.001, reads=False) as outbox:
        outbox.put("never read")
    assert reader.aborted
    assert reader.closed is None


async def test_a_close_that_takes_too_long_aborts_the_socket() -> None:
    reader = Reader()
    async with writing(reader, send_seconds=0.001, reads=False) as outbox:
        outbox.close(CloseCode.IDLE, "")
    assert reader.aborted


async def test_a_socket_that_is_gone_ends_the_writer() -> None:
    reader = Reader(failure=ConnectionResetError("gone"))
    async with writing(reader) as outbox:
        outbox.put("to nobody")
    assert reader.aborted
    outbox.put("later")
    outbox.close(CloseCode.RESTART, "later")
    assert reader.closed is None


async def test_hanging_up_drops_what_waits() -> None:
    reader = Reader()
    outbox = Outbox(reader.wire, 1000, FOREVER)
    reader.reads.set()
    outbox.put("to nobody")
    outbox.hang_up()
    await outbox.run()
    assert reader.sent == []
    assert reader.closed == (1000, "")


def is_lagging(outbox: Outbox) -> bool:
    return outbox.lagging  # asked anew: a type checker takes a property for a constant


async def test_a_reader_lags_from_some_frames_on_until_they_are_sent() -> None:
    reader = Reader()
    async with writing(reader, reads=False) as outbox:
        await outbox.caught_up()
        for _ in range(LAG_FRAMES - 1):
            outbox.put("x")
        assert not is_lagging(outbox)
        outbox.put("x")
        assert is_lagging(outbox)
        waiting = asyncio.create_task(outbox.caught_up())
        await asyncio.sleep(0)
        assert not waiting.done()
        reader.reads.set()
        async with asyncio.timeout(5):
            await waiting
        assert not is_lagging(outbox)
        outbox.hang_up()


@pytest.mark.parametrize("end", ["hang_up", "overflow", "deadline"])
async def test_nobody_waits_for_a_reader_that_is_gone(end: str) -> None:
    reader = Reader()
    seconds = 0.001 if end == "deadline" else FOREVER
    async with writing(reader, LAG_FRAMES, seconds, reads=False) as outbox:
        for _ in range(LAG_FRAMES):
            outbox.put("x")
        waiting = asyncio.create_task(outbox.caught_up())
        if end == "hang_up":
            outbox.hang_up()
        elif end == "overflow":
            outbox.put("xx")
        async with asyncio.timeout(5):
            await waiting
        reader.reads.set()


@given(st.lists(st.text(max_size=9), max_size=60), st.integers(1, 200))
def test_what_is_sent_is_the_beginning_of_what_was_put(frames: list[str], limit: int) -> None:
    async def scene() -> Reader:
        reader = Reader()
        async with writing(reader, limit) as outbox:
            for frame in frames:
                outbox.put(frame)
            outbox.close(CloseCode.GOODBYE, "")
        return reader

    reader = asyncio.run(scene())
    assert reader.closed is not None
    whole = sum(len(frame.encode()) for frame in frames) <= limit
    assert (reader.sent, reader.closed[0]) == ((frames, 1000) if whole else ([], 4000))
