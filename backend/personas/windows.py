"""The windows that signals look at: 30 and 180 days, however they are spelled."""

import re
from functools import lru_cache
from typing import Final

from backend.errors import InputError

TIME_WINDOWS: Final = ("30d", "180d")

_SPELLED: Final = re.compile(r"(30|180)(?:d|_?days?)?")


def read_window(window: str | int) -> str:
    """Return a window as it is spelled outside, ``30d`` or ``180d``.

    Taken in are ``30d``, ``30``, ``30_day``, ``30_days`` and the like.

    Raises:
        InputError: it is none of them.
    """
    found = _SPELLED.fullmatch(str(window))
    if not found:
        raise InputError(f"a window is {' or '.join(TIME_WINDOWS)}, and it came as {window!r:.40}")
    return f"{found[1]}d"


@lru_cache(maxsize=16)
def days_of(window: str | int) -> int:
    """Return the days of a window: 30 for ``30d``.

    Raises:
        InputError: it is no window.
    """
    return int(read_window(window).removesuffix("d"))
