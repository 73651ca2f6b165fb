"""What comes once a month: rent or mortgage, utilities, loans, savings, cards, subscriptions.

Each has a day of its own. Subscriptions, internet and mobile plans are charged on that very day,
the others on the next working day.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.almanac import month_of, month_starts, next_working_days
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.levels import bill_levels
from backend.industries.banking.postings import Postings
from backend.seeds import exponential_of, normal, on_curve, uniforms

_FIELDS: Final = 4
_HELD, _LEVEL, _DAY, _PAYEE = range(_FIELDS)
_LAST_DAY: Final = 28
_HOUSING_LAST_DAY: Final = 5  # rent and mortgages are due early in the month
_HOUSING: Final = 2  # they stand first among the bills
_ON_THE_DAY: Final = frozenset({"internet", "mobile"})

# how many subscriptions, as a part of each service's share: a fifth of people have none
_APPETITE: Final = (
    (0.0, 0.18, 0.2, 0.55, 0.92, 0.97, 1.0),
    (0.0, 0.0, 0.35, 1.05, 1.7, 3.0, 4.6),
)

_SLOTS: Final = 64
# metered bills, and statements of those who pay their cards in full, differ from month to month
_SIGMA: Final = {"electricity": 0.11, "water": 0.08, "card_payment": 0.22}
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
        """Return what they come to in a month, in cents, ``(n,)``, without payments to cards.

        What a card pays for is counted where it is bought.
        """
        to_cards = self.cents[:, catalogue().bills.index("card_payment")]
        together: NDArray[np.int64] = self.cents.sum(axis=1) - to_cards
        return together


def make_bills(clients: Clients) -> Bills:
    """Return the monthly payments of the customers; no date takes part."""
    tables, keys = catalogue(), clients.people.keys
    count = len(tables.bills)
    services = len(tables.services.price)
    sheet = (("bills", count * _FIELDS), ("services", services * 2), ("service appetite", 1))
    of_bills, of_services, appetite = uniforms(keys, sheet)
    draws = of_bills.reshape(-1, count, _FIELDS)
    cents = bill_levels(clients, draws[:, :, _HELD], draws[:, :, _LEVEL])
    days = 1 + (draws[:, :, _DAY] * _LAST_DAY).astype(np.int64)
    days[:, :_HOUSING] = 1 + (draws[:, :_HOUSING, _DAY] * _HOUSING_LAST_DAY).astype(np.int64)
    days[:, tables.bills.index("card_payment")] = clients.accounts.card_due_day
    service_cents, service_days = _services(of_services, appetite)
    sellers = np.broadcast_to(tables.services.merchant, service_cents.shape)
    return Bills(
        cents=np.concatenate([cents, service_cents], axis=1),
        day=np.concatenate([days, service_days], axis=1),
        merchant=np.concatenate([_payees(draws[:, :, _PAYEE]), sellers], axis=1),
    )


def pay_bills(clients: Clients, bills: Bills, first: int, last: int) -> Postings:
    """Return all monthly payments of the days from ``first`` to ``last``."""
    months = _months(first, last)
    customer, held = bills.cents.nonzero()
    exact = _on_the_day()[held][:, None]
    due = month_starts(months) + (bills.day[customer, held] - 1)[:, None]
    days = np.where(exact, due, next_working_days(due))
    at, which = ((days >= first) & (days <= last)).nonzero()
    row, bill, day, month = customer[at], held[at], days[at, which], months[which]
    by_card = _on_the_day()[bill] & clients.has_card()[row]
    return Postings(
        row=row,
        day=day,
        cents=-_this_month(clients, bills, row, bill, month),
        purpose=_purposes()[bill],
        merchant=bills.merchant[row, bill],
        account=np.where(by_card, CARD, CHECKING),
        settles=day + by_card,
    )


def _months(first: int, last: int) -> NDArray[np.int64]:
    # one month more at the start: a payment due on its last days may move into the first
    begin, end = month_of(date.fromordinal(first)), month_of(date.fromordinal(last))
    return np.arange(begin - 1, end + 1)


@cache
def _on_the_day() -> NDArray[np.bool_]:
    tables = catalogue()
    bills = [name in _ON_THE_DAY for name in tables.bills]
    return np.array(bills + [True] * len(tables.services.price))


@cache
def _purposes() -> NDArray[np.int64]:
    tables = catalogue()
    bills = [tables.purpose_at[name] for name in tables.bills]
    return np.concatenate([bills, tables.services.purpose])


def _payees(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    first, size = _payee_ranges()
    payees: NDArray[np.int64] = first + (drawn * size).astype(np.int64)
    return payees


@cache
def _payee_ranges() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tables = catalogue()
    first = np.array([names.first for names in tables.bill_names])
    return first, np.array([names.patterns * tables.words for names in tables.bill_names])


def _services(
    drawn: NDArray[np.float64], appetite: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    services = catalogue().services
    count = len(services.price)
    draws = drawn.reshape(-1, count, 2)
    held = draws[:, :, 0] < services.share * on_curve(appetite, *_APPETITE)
    days = 1 + (draws[:, :, 1] * _LAST_DAY).astype(np.int64)
    return np.where(held, services.price, 0), days


def _this_month(
    clients: Clients,
    bills: Bills,
    row: NDArray[np.int64],
    bill: NDArray[np.int64],
    month: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the month's own amount where a bill moves, the standing amount elsewhere."""
    cents = bills.cents[row, bill]
    sigma = _sigma(clients, bills)[row, bill]
    moving = sigma.nonzero()[0]
    if not len(moving):
        return cents
    row, at, month = row[moving], bill[moving], month[moving]
    index = (month * _SLOTS + at)[:, None]
    drawn = normal(clients.people.keys.take(row), "bill", index)[:, 0]
    season = np.where(at == catalogue().bills.index("electricity"), _SEASON[month % 12], 1.0)
    factor = season * exponential_of(sigma[moving] * drawn)
    cents[moving] = np.rint(cents[moving] * factor)
    return cents


def _sigma(clients: Clients, bills: Bills) -> NDArray[np.float64]:
    sigma = _sigmas().repeat(len(bills.cents), axis=0)
    at = catalogue().bills.index("card_payment")
    sigma[:, at] *= bills.cents[:, at] == clients.accounts.card_balance.sum(axis=1)
    return sigma


@cache
def _sigmas() -> NDArray[np.float64]:
    tables = catalogue()
    of_bills = [_SIGMA.get(name, 0.0) for name in tables.bills]
    return np.array([of_bills + [0.0] * len(tables.services.price)])
