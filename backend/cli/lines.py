"""Lines that are typed, waited for without a thread: Ctrl+C ends the wait at once."""

import asyncio
import os
from typing import Final

_CHUNK: Final = 65_536


class TypedLines:
    """The lines of a terminal, a pipe or a file.

    Args:
        descriptor: the open file's number; 0 is standard input.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""

    async def next(self) -> bytes:
        """Return the next line with its end; the last may have none, and then comes nothing."""
        while b"\n" not in self._rest:
            data = await self._read()
            if not data:
                line, self._rest = self._rest, b""
                return line
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line + b"\n"

    async def _read(self) -> bytes:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:
            # a file on disk can not be waited for, and need not be
            return os.read(self._descriptor, _CHUNK)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, _CHUNK)
