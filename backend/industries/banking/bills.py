"""What comes once a month: rent or mortgage, utilities, loans, insurance, saving, subscriptions.

Each has a day of its own. Subscriptions, internet and mobile plans are charged on that very day,
the others on a working day of the same month.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Draws
from backend.industries.banking.levels import bill_levels
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import Timeline, within_month
from backend.industries.banking.traits import Traits
from backend.seeds import exponential_of, normal

_HELD, _LEVEL, _DAY, _PAYEE = range(4)
_LAST_DAY: Final = 28
_HOUSING_LAST_DAY: Final = 5  # rent and mortgages are due early in the month
_HOUSING: Final = 2  # they stand first among the bills
SAVING_LAST_DAY: Final = 22  # savings are there before anything large is bought from them
_ON_THE_DAY: Final = frozenset({"internet", "mobile"})

_SLOTS: Final = 64
# metered bills differ from month to month
_SIGMA: Final = {"electricity": 0.11, "water": 0.08}
# heating and cooling: January to December as parts of a year's mean
_SEASON: Final = np.array([1.25, 1.2, 1.0, 0.85, 0.8, 0.95, 1.15, 1.2, 1.0, 0.8, 0.85, 1.1])


@dataclass(frozen=True, slots=True)
class Bills:
    """Monthly payments of *n* customers, ``(n, b)``: all bills, then all services.

    ``cents`` is 0 where a customer does not have the bill; ``day`` is 1 to 28.
    """

    cents: NDArray[np.int64]
    day: NDArray[np.int64]
    merchant: NDArray[np.int64]

    def fixed(self) -> NDArray[np.int64]:
        """Return what they come to in a month, in cents, ``(n,)``."""
        together: NDArray[np.int64] = self.cents.sum(axis=1)
        return together

    def on_the_day(self) -> NDArray[np.int64]:
        """Return what those come to that a card may pay, in cents, ``(n,)``."""
        together: NDArray[np.int64] = (self.cents * _columns().exact).sum(axis=1)
        return together

    def essential(self) -> NDArray[np.int64]:
        """Return what has to be paid in a bad month too, in cents, ``(n,)``."""
        table = catalogue().bill_essential
        together: NDArray[np.int64] = (self.cents[:, : len(table)] * table).sum(axis=1)
        return together


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """What is known of each bill and service, ``(b,)``."""

    exact: NDArray[np.bool_]
    purpose: NDArray[np.int64]
    sigma: NDArray[np.float64]
    last_day: NDArray[np.int64]
    electricity: int
    payees: NDArray[np.int64]
    payee_count: NDArray[np.int64]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    services = len(tables.services.price)
    exact = [name in _ON_THE_DAY for name in tables.bills] + [True] * services
    purposes = [tables.purpose_at[name] for name in tables.bills]
    sigma = [_SIGMA.get(name, 0.0) for name in tables.bills] + [0.0] * services
    last = np.full(len(tables.bills), _LAST_DAY)
    last[:_HOUSING] = _HOUSING_LAST_DAY
    last[tables.bills.index("savings")] = SAVING_LAST_DAY
    return _Columns(
        exact=np.array(exact),
        purpose=np.concatenate([purposes, tables.services.purpose]),
        sigma=np.array(sigma),
        last_day=last,
        electricity=tables.bills.index("electricity"),
        payees=np.array([names.first for names in tables.bill_names]),
        payee_count=np.array([names.patterns * tables.words for names in tables.bill_names]),
    )


def make_bills(clients: Clients) -> Bills:
    """Return the monthly payments of the customers; no date takes part."""
    tables, draws, columns = catalogue(), clients.draws.bills, _columns()
    held = bill_levels(clients, draws[:, :, _HELD], draws[:, :, _LEVEL])
    days = 1 + (draws[:, :, _DAY] * columns.last_day).astype(np.int64)
    payees = columns.payees + (draws[:, :, _PAYEE] * columns.payee_count).astype(np.int64)
    prices, service_days = _services(clients.draws, clients.traits)
    sellers = np.broadcast_to(tables.services.merchant, prices.shape)
    return Bills(
        cents=np.concatenate([held, prices], axis=1),
        day=np.concatenate([days, service_days], axis=1),
        merchant=np.concatenate([payees, sellers], axis=1),
    )


def pay_bills(clients: Clients, bills: Bills, card: NDArray[np.int64], told: Timeline) -> Postings:
    """Return all monthly payments of the months of ``told``, by customer.

    ``card`` is which card pays what a card may pay, -1 where none does, ``(n,)``.
    """
    columns = _columns()
    customer, held = bills.cents.nonzero()
    month = np.arange(told.months)
    due = (told.starts[:-1] + (bills.day[customer, held] - 1)[:, None]).ravel()
    row, bill = customer.repeat(told.months), held.repeat(told.months)
    exact = columns.exact[bill]
    by_card = exact & (card[row] >= 0)
    months = np.broadcast_to(month, (len(customer), told.months)).ravel()
    day = np.where(exact, due, within_month(due))
    return posted(
        row,
        day,
        -_this_month(clients, bills, row, bill, told.month + months),
        columns.purpose[bill],
        bills.merchant[row, bill],
        np.where(by_card, CARD + card[row], CHECKING),
        day + by_card,
    )


def _services(draws: Draws, traits: Traits) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    services, drawn = catalogue().services, draws.services
    rank = drawn[:, :, 0] / services.share
    held = rank < traits.appetite[:, None]
    days = 1 + (drawn[:, :, 1] * _LAST_DAY).astype(np.int64)
    prices = np.where(_exactly(held, rank, traits.subscription_count), services.price, 0)
    wanted = traits.subscription_spend
    if wanted.any():
        total = np.maximum(prices.sum(axis=1), 1)
        scaled = np.rint(prices * (wanted / total)[:, None]).astype(np.int64)
        prices = np.where(wanted[:, None] > 0, scaled, prices)
    return prices, days


def _exactly(
    held: NDArray[np.bool_], rank: NDArray[np.float64], count: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which services are held where a number of them is wished for: the likeliest."""
    if not (count >= 0).any():
        return held
    place = rank.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return np.where(count[:, None] >= 0, place < count[:, None], held)


def _this_month(
    clients: Clients,
    bills: Bills,
    row: NDArray[np.int64],
    bill: NDArray[np.int64],
    month: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the month's own amount where a bill moves, the standing amount elsewhere."""
    columns = _columns()
    cents = bills.cents[row, bill]
    sigma = columns.sigma[bill]
    moving = sigma.nonzero()[0]
    if not len(moving):
        return cents
    row, at, month = row[moving], bill[moving], month[moving]
    index = (month * _SLOTS + at)[:, None]
    drawn = normal(clients.people.keys.take(row), "banking/bill", index)[:, 0]
    season = np.where(at == columns.electricity, _SEASON[month % 12], 1.0)
    factor = season * exponential_of(sigma[moving] * drawn)
    cents[moving] = np.maximum(np.rint(cents[moving] * factor), 1.0)
    return cents
