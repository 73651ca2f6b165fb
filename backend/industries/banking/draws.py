"""Every draw of a customer that is keyed by nothing but the customer and the calendar.

They are made at once: many labels cost little more than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.timeline import Timeline
from backend.industries.life import OWNS_HOME, PERSON_DRAWS
from backend.seeds import Columns, Keys, Sheet, Words, columns_of, uniforms, unit, words_of

Drawn = NDArray[np.float64]


class Life(IntEnum):
    """Which of a life's draws is which; a new one goes to the end and moves no other."""

    OPENED = 0
    LAST_FOUR = 1
    CARDS = 2
    USE = 3
    SCORE_LUCK = 4
    DUE_DAY = 5
    EMPTY = 6
    PATTERN = 7
    PAYER = 8
    PAY_PHASE = 9
    NEWCOMER = 10
    JOINED = 11
    SAVES = 12
    TRANSFER = 13
    MONTHS_SAVED = 14
    CUSHION = 15
    OVERDRAFTS = 16
    SPENDS = 17
    MINIMUM_ONLY = 18
    OVERDUE = 19
    ACTIVITY = 20
    BY_CARD = 21
    APPETITE = 22
    CYCLE = 23
    PHASE = 24
    YIELD = 25
    SAVING_DAY = 26
    INSTITUTION = 27
    LARGE = 28
    RATE = 29
    NEARLY_EMPTY = 30
    OVERDRAFT_CHANCE = 31


_BILL_FIELDS: Final = 4
_CARD_FIELDS: Final = 5
_DAY_SLOTS: Final = 16  # indices that a day has for words of purchases

LANES: Final = 4
"""Kinds of purchases that share the 64 bits of a word, 16 for each."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Uniform draws of *n* customers.

    ``life`` is ``(len(Life), n)``; ``cards`` ``(n, 3, 5)``; ``bills`` ``(n, b, 4)``; ``services``
    ``(n, s, 2)``; ``kinds`` ``(n, k, 2)``; ``owns_home``, which is the person's, ``(n,)``.
    """

    life: Drawn
    cards: Drawn
    bills: Drawn
    services: Drawn
    kinds: Drawn
    owns_home: Drawn

    def of(self, which: Life) -> Drawn:
        """Return one draw of each customer, ``(n,)``."""
        drawn: Drawn = self.life[which]
        return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """Draws of *n* customers for the months and days of a timeline.

    ``lateness`` and ``luck`` are uniform, one each for the months and for the one before the
    first, ``(n, months + 1)``; ``purchases`` are the words that decide what is bought on each of
    the days, ``(n, days * words)``.
    """

    lateness: Drawn
    luck: Drawn
    purchases: Words


def draw(keys: Keys) -> Draws:
    """Return all draws of the customers that no date takes part in."""
    return _undated(uniforms(keys, _sheet()), len(keys))


def draw_dated(keys: Keys, told: Timeline) -> tuple[Draws, Dated]:
    """Return all draws of the customers for a record of these days, made at once."""
    columns = _columns(told)
    words = words_of(keys, columns)
    *parts, lateness, luck, bought = columns.parts
    drawn = unit(words[:, : luck.stop])
    draws = _undated([drawn[:, part] for part in parts], len(keys))
    return draws, Dated(drawn[:, lateness], drawn[:, luck], words[:, bought])


def _undated(drawn: Sequence[Drawn], customers: int) -> Draws:
    life, cards, bills, services, kinds, person = drawn
    return Draws(
        life=life.T,
        cards=cards.reshape(customers, MAX_CARDS, _CARD_FIELDS),
        bills=bills.reshape(customers, -1, _BILL_FIELDS),
        services=services.reshape(customers, -1, 2),
        kinds=kinds.reshape(customers, -1, 2),
        owns_home=person[:, OWNS_HOME],
    )


@lru_cache(maxsize=64)
def _columns(told: Timeline) -> Columns:
    months = 2 * (told.month + np.arange(-1, told.months))
    words = -(-len(catalogue().kinds.a_day) // LANES)
    days = (told.days[:, None] * _DAY_SLOTS + np.arange(words)).ravel()
    undated = [(label, np.arange(count)) for label, count in _sheet()]
    dated = [("banking/month", months), ("banking/month", months + 1), ("banking/purchase", days)]
    return columns_of(undated + dated)


@cache
def _sheet() -> Sheet:
    tables = catalogue()
    parts: Sequence[tuple[str, int]] = (
        ("banking/life", len(Life)),
        ("banking/cards", MAX_CARDS * _CARD_FIELDS),
        ("banking/bills", len(tables.bills) * _BILL_FIELDS),
        ("banking/services", len(tables.services.price) * 2),
        ("banking/kinds", len(tables.kinds.a_day) * 2),
        PERSON_DRAWS,
    )
    return tuple(parts)
