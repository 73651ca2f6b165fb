"""Every draw of a customer that is keyed by nothing but the customer and the calendar.

They are made at once: many labels cost little more than one.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.timeline import Timeline
from backend.industries.life import OWNS_HOME, PERSON_DRAWS
from backend.seeds import Columns, Keys, Sheet, Words, columns_of, uniforms, unit, words_of

Drawn = NDArray[np.float64]


_LIFE_DRAWS: Final = 32


class Life:
    """Which of a life's draws is which; a new one goes to the end and moves no other."""

    (
        OPENED, LAST_FOUR, CARDS, USE, SCORE_LUCK, DUE_DAY, EMPTY, PATTERN, PAYER, PAY_PHASE,
        NEWCOMER, JOINED, SAVES, TRANSFER, MONTHS_SAVED, CUSHION, OVERDRAFTS, SPENDS, MINIMUM_ONLY,
        OVERDUE, ACTIVITY, BY_CARD, APPETITE, CYCLE, PHASE, YIELD, SAVING_DAY, INSTITUTION, LARGE,
        RATE, NEARLY_EMPTY, OVERDRAFT_CHANCE,
    ) = range(_LIFE_DRAWS)  # fmt: skip


_BILL_FIELDS: Final = 4
_CARD_FIELDS: Final = 5
_DAY_SLOTS: Final = 16  # indices that a day has for words of purchases

LANES: Final = 4
"""Kinds of purchases that share the 64 bits of a word, 16 for each."""


class Draws(NamedTuple):
    """Uniform draws of *n* customers.

    ``life`` is ``(32, n)``, and ``lives`` the same by customer, as lists; ``cards`` ``(n, 3, 5)``;
    ``bills`` ``(n, b, 4)``; ``services`` ``(n, s, 2)``; ``kinds`` ``(n, k, 2)``; ``owns_home``,
    which is the person's, ``(n,)``.
    """

    life: Drawn
    lives: list[list[float]]
    cards: Drawn
    bills: Drawn
    services: Drawn
    kinds: Drawn
    owns_home: Drawn

    def of(self, which: int) -> Drawn:
        """Return one draw of each customer, ``(n,)``."""
        drawn: Drawn = self.life[which]
        return drawn


class Dated(NamedTuple):
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
        lives=life.tolist(),
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
        ("banking/life", _LIFE_DRAWS),
        ("banking/cards", MAX_CARDS * _CARD_FIELDS),
        ("banking/bills", len(tables.bills) * _BILL_FIELDS),
        ("banking/services", len(tables.services.price) * 2),
        ("banking/kinds", len(tables.kinds.a_day) * 2),
        PERSON_DRAWS,
    )
    return tuple(parts)
