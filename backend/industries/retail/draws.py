"""What chance decides of shoppers: most of it drawn at one go, since a label more costs little."""

from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.retail.season import Stretch
from backend.seeds import (
    Columns,
    Sheet,
    Words,
    columns_of,
    uniforms,
    unit,
    words_of,
)

RANGES: Final = 6
"""Order value, orders a month, items an order, return rate, and shares online and by card."""


class Draw(IntEnum):
    """Which of a shopper's draws is which after those of the ranges; a new one goes to the end."""

    JOINED = 0
    PHASE = 1
    STORE = 2
    NUMBER = 3


_SHEET: Final[Sheet] = (
    ("retail/persona", 1),
    ("retail/range", RANGES),
    ("retail/shopper", len(Draw)),
)
_UNDATED: Final = sum(count for _, count in _SHEET)


class Draws(NamedTuple):
    """Uniform draws of *n* shoppers that no date takes part in, in the order of the sheet."""

    persona: NDArray[np.float64]
    inside: NDArray[np.float64]
    shopper: NDArray[np.float64]


class Dated(NamedTuple):
    """Parts of 16 bits of *n* shoppers: four a cycle, ``(n, k, 4)``, and one a day, ``(n, d)``."""

    cycles: NDArray[np.uint16]
    days: NDArray[np.uint16]


def draw(people: People) -> Draws:
    """Return the draws of ``people`` that no date takes part in."""
    return Draws(*uniforms(people.keys, _SHEET))


def draw_dated(people: People, told: Stretch) -> tuple[Draws, Dated]:
    """Return what ``draw`` does, and the draws for the cycles and days of a stretch."""
    columns = _columns(told)
    words, (*undated, cycles, days) = words_of(people.keys, columns), columns.parts
    drawn = unit(words[:, :_UNDATED])
    lanes = lanes_of(words[:, cycles]).reshape(len(people), -1, LANES)
    return Draws(*[drawn[:, part] for part in undated]), Dated(lanes, lanes_of(words[:, days]))


@lru_cache(maxsize=64)
def _columns(told: Stretch) -> Columns:
    undated = [(label, np.arange(count)) for label, count in _SHEET]
    return columns_of([*undated, ("retail/pause", told.cycles), ("retail/day", told.words)])


LANES: Final = 4
"""How many parts of 16 bits a word has."""


def lanes_of(words: Words) -> NDArray[np.uint16]:
    """Return each word's four parts of 16 bits, lowest first, along the last axis."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u2")
