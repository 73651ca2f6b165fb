"""What accounts do by themselves every month: card payments, interest, fees, savings.

A month has one slot for each; what comes to nothing is not posted.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, MAX_CARDS, SAVINGS
from backend.industries.banking.bills import SAVING_LAST_DAY
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.saving import Saved
from backend.industries.banking.statements import LARGE_DAY, Carried, Statements
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline, within_month
from backend.industries.banking.traits import Traits, second_transfer

_SPENDING_DAY: Final = SAVING_LAST_DAY + 5


class _Slot(IntEnum):
    """Where each movement stands in a month; the first five are one for each card."""

    PAYMENT = 0
    RECEIVED = 3
    INTEREST = 6
    FEE = 9
    LARGE = 12
    SAVED = 15
    YIELD = 16
    SPENT = 17
    SAVED_TOO = 18
    MOVED_TOO = 19


_APART: Final = 13  # days between the halves of a transfer that is made twice
_PURPOSES: Final = {
    _Slot.PAYMENT: "card_payment",
    _Slot.RECEIVED: "card_received",
    _Slot.INTEREST: "card_interest",
    _Slot.FEE: "late_fee",
    _Slot.LARGE: "new_phone",
    _Slot.SAVED: "saved",
    _Slot.YIELD: "interest",
    _Slot.SPENT: "new_phone",
    _Slot.SAVED_TOO: "saved",
    _Slot.MOVED_TOO: "savings",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]
    large: NDArray[np.bool_]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    purposes, merchants, accounts = [], [], []
    for slot, name in _PURPOSES.items():
        count = MAX_CARDS if slot < _Slot.SAVED else 1
        purposes += [tables.purpose_at[name]] * count
        merchants += [tables.move_names.get(name, (0, 0))[0]] * count
        if slot == _Slot.MOVED_TOO:
            merchants[-1] = tables.bill_names[tables.bills.index(name)].first
            accounts.append(CHECKING)
        elif slot >= _Slot.SAVED:
            accounts.append(SAVINGS)
        else:
            accounts += [CHECKING if slot == _Slot.PAYMENT else CARD + at for at in range(count)]
    slots = range(len(purposes))
    large = [_Slot.LARGE <= slot < _Slot.SAVED or slot == _Slot.SPENT for slot in slots]
    return _Columns(np.array(purposes), np.array(merchants), np.array(accounts), np.array(large))


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
    days = _calendar(told)
    blocks = (
        _of_cards(standing.terms, standing.carried, standing.stated, days),
        _of_savings(clients.traits, standing.savings, standing.saving_day, days),
    )
    cents, day = (
        np.concatenate([block.ravel() for block in of]) for of in zip(*blocks, strict=True)
    )
    at = cents.nonzero()[0]
    cell, month = np.divmod(at, told.months - 1)
    cards, everybody = standing.terms, np.arange(len(clients))
    slots = (_OF_CARDS[:, None] + cards.nth).ravel()
    slot = np.concatenate([slots, _OF_SAVINGS.repeat(len(clients))])[cell]
    row = np.concatenate([cards.row] * len(_OF_CARDS) + [everybody] * len(_OF_SAVINGS))[cell]
    table = _columns()
    moved = posted(
        row, day[at], cents[at], table.purpose[slot], table.merchant[slot], table.account[slot]
    )
    large = table.large[slot].nonzero()[0]
    if len(large):
        _name_large(clients, moved, large, month[large] + told.month)
    return moved


_OF_CARDS: Final = np.array([_Slot.PAYMENT, _Slot.RECEIVED, _Slot.INTEREST, _Slot.FEE, _Slot.LARGE])
_OF_SAVINGS: Final = np.array(
    [_Slot.SAVED, _Slot.YIELD, _Slot.SPENT, _Slot.SAVED_TOO, _Slot.MOVED_TOO]
)


class _Calendar(NamedTuple):
    """Days of the months from the second on: the first, the last, and those of fixed movements.

    ``working`` has for each day of the month, less 1, the working day near it in each month.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    large: NDArray[np.int64]
    spent: NDArray[np.int64]
    working: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    starts = told.starts[1:-1]
    working = np.array([within_month(starts + day) for day in range(2 * _APART)])
    return _Calendar(
        starts, told.starts[2:] - 1, starts + (LARGE_DAY - 1), starts + (_SPENDING_DAY - 1), working
    )


def _of_cards(
    terms: CardTerms, carried: Carried, stated: Statements, days: _Calendar
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cents and days of the slots of cards, ``(5, c, months)``."""
    costs = np.array([carried.interest, carried.fee, carried.large])[:, :, 1:]
    cents = np.concatenate([[-stated.payment, stated.payment], -costs])
    day = np.empty_like(cents)
    day[:2] = stated.paid_on
    day[2], day[4] = days.ends, days.large
    day[3] = days.starts + terms.due_day[terms.row, None]
    return cents, day


def _of_savings(
    traits: Traits, savings: Saved, saving_day: NDArray[np.int64], days: _Calendar
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cents and days of the slots of savings, ``(5, n, months)``."""
    again = second_transfer(traits)
    cents = np.empty((len(_OF_SAVINGS), len(traits), len(days.starts)), dtype=np.int64)
    day = np.empty_like(cents)
    cents[0] = (traits.transfer - again)[:, None]
    cents[1], cents[2] = savings.interest[:, 1:], -savings.spent[:, 1:]
    cents[3] = again[:, None]
    cents[4] = -cents[3]
    place = saving_day - 1
    day[0] = days.working[place]
    day[1], day[2] = days.ends, days.spent
    day[3:] = days.working[(place + _APART) % (2 * _APART)]
    return cents, day


def _name_large(
    clients: Clients, moved: Postings, at: NDArray[np.int64], month: NDArray[np.int64]
) -> None:
    """Say what was bought: one of the things that cost about so much; in place."""
    things, row = catalogue().large, moved.row[at]
    cents = -moved.cents[at][:, None]
    fits = (cents >= things.least) & (cents <= things.most)
    luck = clients.draws.of(Life.LARGE)[row]
    # another thing each time: the golden ratio spreads the months
    luck = (luck + month * 0.6180339887498949) % 1.0
    nth = (luck * fits.sum(axis=1)).astype(np.int64)
    thing = (fits.cumsum(axis=1) > nth[:, None]).argmax(axis=1)
    first, count = things.merchants[thing].T
    moved.purpose[at] = things.purpose[thing]
    moved.merchant[at] = first + (luck * count).astype(np.int64)
