"""What accounts do by themselves every month: card payments, interest, fees, savings.

A month has one slot for each; what comes to nothing is not posted.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, MAX_CARDS, SAVINGS
from backend.industries.banking.bills import SAVING_LAST_DAY, Bills
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.saving import Saved
from backend.industries.banking.statements import LARGE_DAY, Carried, Statements
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline, within_month

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


_SLOTS: Final = 18
_PURPOSES: Final = {
    _Slot.PAYMENT: "card_payment",
    _Slot.RECEIVED: "card_received",
    _Slot.INTEREST: "card_interest",
    _Slot.FEE: "late_fee",
    _Slot.LARGE: "new_phone",
    _Slot.SAVED: "saved",
    _Slot.YIELD: "interest",
    _Slot.SPENT: "new_phone",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    purposes, merchants, accounts = [], [], []
    for slot, name in _PURPOSES.items():
        count = MAX_CARDS if slot < _Slot.SAVED else 1
        purposes += [tables.purpose_at[name]] * count
        merchants += [tables.move_names.get(name, (0, 0))[0]] * count
        if slot >= _Slot.SAVED:
            accounts.append(SAVINGS)
        else:
            accounts += [CHECKING if slot == _Slot.PAYMENT else CARD + at for at in range(count)]
    return _Columns(np.array(purposes), np.array(merchants), np.array(accounts))


def monthly(
    clients: Clients,
    terms: CardTerms,
    carried: Carried,
    bills: tuple[Statements, Bills],
    saved: Saved,
    told: Timeline,
) -> Postings:
    """Return what moves by itself in the months from the second on, by customer and month."""
    stated, standing = bills
    months = told.months - 1
    cents = np.zeros((len(clients), _SLOTS, months), dtype=np.int64)
    days = np.empty_like(cents)
    starts, ends = told.starts[1:-1], told.starts[2:] - 1
    paid_on, payment = stated.paid_on, stated.payment
    cents[:, _Slot.PAYMENT : _Slot.RECEIVED] = -payment
    cents[:, _Slot.RECEIVED : _Slot.INTEREST] = payment
    cents[:, _Slot.INTEREST : _Slot.FEE] = -carried.interest[:, :, 1:]
    cents[:, _Slot.FEE : _Slot.LARGE] = -carried.fee[:, :, 1:]
    cents[:, _Slot.LARGE : _Slot.SAVED] = -carried.large[:, :, 1:]
    cents[:, _Slot.SAVED] = clients.traits.transfer[:, None]
    cents[:, _Slot.YIELD] = saved.interest[:, 1:]
    cents[:, _Slot.SPENT] = -saved.spent[:, 1:]
    days[:, _Slot.PAYMENT : _Slot.RECEIVED] = paid_on
    days[:, _Slot.RECEIVED : _Slot.INTEREST] = paid_on
    days[:, _Slot.INTEREST : _Slot.FEE] = ends
    days[:, _Slot.FEE : _Slot.LARGE] = starts + terms.due_day[:, None, None]
    days[:, _Slot.LARGE : _Slot.SAVED] = starts + (LARGE_DAY - 1)
    saving = standing.day[:, catalogue().bills.index("savings"), None]
    days[:, _Slot.SAVED] = within_month(starts + (saving - 1))
    days[:, _Slot.YIELD] = ends
    days[:, _Slot.SPENT] = starts + (_SPENDING_DAY - 1)
    at = cents.ravel().nonzero()[0]
    cell, month = np.divmod(at, months)
    row, slot = np.divmod(cell, _SLOTS)
    columns = _columns()
    amount, day = cents.ravel()[at], days.ravel()[at]
    moved = posted(
        row, day, amount, columns.purpose[slot], columns.merchant[slot], columns.account[slot]
    )
    large = (((slot >= _Slot.LARGE) & (slot < _Slot.SAVED)) | (slot == _Slot.SPENT)).nonzero()[0]
    if len(large):
        _name_large(clients, moved, large, month[large] + told.month)
    return moved


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
