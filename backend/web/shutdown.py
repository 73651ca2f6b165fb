"""Draining before the server's own shutdown.

uvicorn closes all sockets first and ends the lifespan last, so a drain that waits for the
lifespan finds nobody left. The first SIGTERM or SIGINT is caught here; when the drain is over
it is handed on to whoever had it before. A second one is handed on at once.
"""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any, Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class DrainOnSignal:
    """Runs a drain at the first signal.

    Args:
        drain: what to wait for before the signal is handed on.
    """

    def __init__(self, drain: Callable[[], Awaitable[None]]) -> None:
        self._drain = drain
        self._loop = asyncio.get_running_loop()
        self._before: dict[int, Any] = {}
        self._draining: asyncio.Task[None] | None = None

    def install(self) -> None:
        """Catch the signals; only the main thread can, so elsewhere nothing happens."""
        if threading.current_thread() is threading.main_thread():
            self._before = {one: signal.signal(one, self._caught) for one in _SIGNALS}

    def uninstall(self) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            if signal.getsignal(number) == self._caught:
                signal.signal(number, handler)

    def _caught(self, number: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._begin, number)

    def _begin(self, number: int) -> None:
        if self._draining is not None:
            self._hand_on(number)
            return
        self._draining = self._loop.create_task(self._drain_then(number))

    async def _drain_then(self, number: int) -> None:
        try:
            await self._drain()
        finally:
            self._hand_on(number)

    def _hand_on(self, number: int) -> None:
        handler = self._before.get(number)
        if callable(handler):
            handler(number, None)
        else:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
