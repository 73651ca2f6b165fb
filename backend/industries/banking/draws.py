"""Every draw of a customer that no date takes part in, made at once: one sheet costs one draw."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.banking.catalogue import catalogue
from backend.seeds import Keys, Sheet, uniforms

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class Draws:
    """Uniform draws of *n* customers.

    ``life`` is ``(n, len(Life))``; ``cards`` ``(n, 3, 5)``; ``bills`` ``(n, b, 4)``; ``services``
    ``(n, s, 2)``; ``kinds`` ``(n, k, 2)``.
    """

    life: Drawn
    cards: Drawn
    bills: Drawn
    services: Drawn
    kinds: Drawn

    def of(self, which: Life) -> Drawn:
        """Return one draw of each customer, ``(n,)``."""
        return self.life[:, which]


def draw(keys: Keys) -> Draws:
    """Return all draws of the customers."""
    life, cards, bills, services, kinds = uniforms(keys, _sheet())
    customers = len(keys)
    return Draws(
        life=life,
        cards=cards.reshape(customers, MAX_CARDS, _CARD_FIELDS),
        bills=bills.reshape(customers, -1, _BILL_FIELDS),
        services=services.reshape(customers, -1, 2),
        kinds=kinds.reshape(customers, -1, 2),
    )


@cache
def _sheet() -> Sheet:
    tables = catalogue()
    parts: Sequence[tuple[str, int]] = (
        ("banking/life", len(Life)),
        ("banking/cards", MAX_CARDS * _CARD_FIELDS),
        ("banking/bills", len(tables.bills) * _BILL_FIELDS),
        ("banking/services", len(tables.services.price) * 2),
        ("banking/kinds", len(tables.kinds.a_day) * 2),
    )
    return tuple(parts)
