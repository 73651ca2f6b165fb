"""What accounts do by themselves every month: card payments, interest, fees, savings.

A month has one slot for each; what comes to nothing is not posted.
"""

from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, SAVINGS
from backend.industries.banking.bills import SAVING_LAST_DAY
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.postings import (
    ACCOUNT,
    CENTS,
    COLUMNS,
    DAY,
    MERCHANT,
    PURPOSE,
    ROW,
    SETTLES,
    Postings,
)
from backend.industries.banking.saving import Saved
from backend.industries.banking.statements import LARGE_DAY, Carried, Statements
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline, within_month
from backend.industries.banking.traits import Traits, second_transfer

_SPENDING_DAY: Final = SAVING_LAST_DAY + 5


_APART: Final = 13  # days between the halves of a transfer that is made twice
# the slots of a month: of each card, and of savings
_OF_CARDS: Final = ("card_payment", "card_received", "card_interest", "late_fee", "new_phone")
_OF_SAVINGS: Final = ("saved", "interest", "new_phone", "saved", "savings")
_LARGE: Final = "new_phone"  # until it is known what was bought


class _Columns(NamedTuple):
    """Purpose and merchant of the slots of cards and of savings, ``(2, 5, 1, 1)`` each.

    ``accounts`` are those of savings, ``(5, 1, 1)``; ``large`` is the purpose of large things.
    """

    cards: NDArray[np.int64]
    savings: NDArray[np.int64]
    accounts: NDArray[np.int64]
    large: NDArray[np.int64]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    both = [
        np.array([[tables.purpose_at[name] for name in names], [_other(name) for name in names]])
        for names in (_OF_CARDS, _OF_SAVINGS)
    ]
    accounts = np.array([SAVINGS] * (len(_OF_SAVINGS) - 1) + [CHECKING])
    return _Columns(
        both[0][:, :, None, None],
        both[1][:, :, None, None],
        accounts[:, None, None],
        np.array(tables.purpose_at[_LARGE]),
    )


def _other(purpose: str) -> int:
    """Return who stands behind movements of a purpose."""
    tables = catalogue()
    if purpose in tables.bills:
        return tables.bill_names[tables.bills.index(purpose)].first
    return tables.move_names.get(purpose, (0, 0))[0]


class Standing(NamedTuple):
    """What of *n* customers moves by itself: months of their cards and of their savings.

    ``saving_day`` is the day on which they save.
    """

    terms: CardTerms
    carried: Carried
    stated: Statements
    savings: Saved
    saving_day: NDArray[np.int64]


def monthly(clients: Clients, standing: Standing, told: Timeline) -> Postings:
    """Return what moves by itself in the months from the second on, by slot, customer and month."""
    days, cards, customers = _calendar(told), len(standing.terms.row), len(clients)
    first, months = len(_OF_CARDS) * cards, len(days.starts)
    shape = (COLUMNS, first + len(_OF_SAVINGS) * customers, months)
    table = np.empty(shape, dtype=np.int64)
    _fill_cards(standing, days, table[:, :first].reshape(COLUMNS, len(_OF_CARDS), cards, months))
    savings = table[:, first:].reshape(COLUMNS, len(_OF_SAVINGS), customers, months)
    _fill_savings(clients.traits, standing, days, savings)
    table[SETTLES] = table[DAY]
    at = table[CENTS].ravel().nonzero()[0]
    moved = Postings(table.reshape(COLUMNS, -1)).take(at)
    large = (moved.purpose == _columns().large).nonzero()[0]
    if len(large):
        _name_large(clients, moved, large, at[large] % months + told.month)
    return moved


class _Calendar(NamedTuple):
    """Days of the months from the second on: the first, the last, and those of fixed movements.

    ``working`` has for each day of the month, less 1, the working day near it in each month;
    ``again`` the one near the day that is half a month apart.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    large: NDArray[np.int64]
    spent: NDArray[np.int64]
    working: NDArray[np.int64]
    again: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    starts = told.starts[1:-1]
    working = np.array([within_month(starts + day) for day in range(2 * _APART)])
    return _Calendar(
        starts,
        told.starts[2:] - 1,
        starts + (LARGE_DAY - 1),
        starts + (_SPENDING_DAY - 1),
        working,
        np.roll(working, -_APART, axis=0),
    )


def _fill_cards(standing: Standing, days: _Calendar, table: NDArray[np.int64]) -> None:
    """Fill in all but the last column of the slots of cards, ``(7, 5, c, months)``."""
    terms, carried, stated, _, _ = standing
    cents, day = table[CENTS], table[DAY]
    cents[0], cents[1] = -stated.payment, stated.payment
    cents[2], cents[3] = -carried.interest[:, 1:], -carried.fee[:, 1:]
    cents[4] = -carried.large[:, 1:]
    day[:2] = stated.paid_on
    day[2], day[4] = days.ends, days.large
    day[3] = days.starts + terms.due_day[terms.row, None]
    table[ROW] = terms.row[:, None]
    table[PURPOSE : MERCHANT + 1] = _columns().cards
    table[ACCOUNT] = (CARD + terms.nth)[:, None]
    table[ACCOUNT, 0] = CHECKING


def _fill_savings(
    traits: Traits, standing: Standing, days: _Calendar, table: NDArray[np.int64]
) -> None:
    """Fill in all but the last column of the slots of savings, ``(7, 5, n, months)``."""
    savings, place, again = standing.savings, standing.saving_day - 1, second_transfer(traits)
    cents, day = table[CENTS], table[DAY]
    cents[0] = (traits.transfer - again)[:, None]
    cents[1], cents[2] = savings.interest[:, 1:], -savings.spent[:, 1:]
    cents[3] = again[:, None]
    cents[4] = -cents[3]
    day[0] = days.working.take(place, axis=0)
    day[1], day[2] = days.ends, days.spent
    day[3:] = days.again.take(place, axis=0)
    table[ROW] = np.arange(len(traits))[:, None]
    table[PURPOSE : MERCHANT + 1] = _columns().savings
    table[ACCOUNT] = _columns().accounts


def _name_large(
    clients: Clients, moved: Postings, at: NDArray[np.int64], month: NDArray[np.int64]
) -> None:
    """Say what was bought: one of the things that cost about so much; in place."""
    lives = clients.draws.lives
    each = zip(moved.row[at].tolist(), moved.cents[at].tolist(), month.tolist(), strict=True)
    named = [_large_thing(lives[row][Life.LARGE], -cents, when) for row, cents, when in each]
    moved.purpose[at], moved.merchant[at] = zip(*named, strict=True)


def _large_thing(drawn: float, cents: int, month: int) -> tuple[int, int]:
    """Return purpose and merchant of what was bought, by a uniform draw of the customer."""
    things = catalogue().large
    fitting = [thing for thing in things if thing.least <= cents <= thing.most] or things[:1]
    # another thing each time: the golden ratio spreads the months
    luck = (drawn + month * 0.6180339887498949) % 1.0
    thing = fitting[int(luck * len(fitting))]
    return thing.purpose, thing.first + int(luck * thing.sellers)
