import asyncio
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from backend.cli.lines import TypedLines


@pytest.fixture
def pipe() -> Generator[tuple[int, int], None, None]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


async def test_lines_come_one_by_one_and_then_nothing(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.write(writing, "one\n\nné\nrest".encode())
    os.close(writing)
    lines = TypedLines(reading)
    assert [await lines.next() for _ in range(6)] == [
        b"one\n", b"\n", "né\n".encode(), b"rest", b"", b""
    ]  # fmt: skip


async def test_a_line_may_come_in_pieces(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    waiting = asyncio.create_task(TypedLines(reading).next())
    for piece in (b"o", b"n", b"e\ntwo"):
        await asyncio.sleep(0)
        os.write(writing, piece)
    async with asyncio.timeout(5):
        assert await waiting == b"one\n"
    os.close(writing)


async def test_a_file_is_read_like_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "typed"
    path.write_bytes(b"x" * 100_000 + b"\nlast")
    descriptor = os.open(path, os.O_RDONLY)
    lines = TypedLines(descriptor)
    assert [len(await lines.next()) for _ in range(3)] == [100_001, 4, 0]
    os.close(descriptor)


async def test_a_wait_that_is_given_up_takes_nothing_in(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    lines = TypedLines(reading)
    waiting = asyncio.create_task(lines.next())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    os.write(writing, b"one\n")
    async with asyncio.timeout(5):
        assert await lines.next() == b"one\n"
    os.close(writing)
