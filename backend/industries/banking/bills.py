"""What comes once a month: rent or mortgage, utilities, loans, insurance, saving, subscriptions.

Each has a day of its own. Subscriptions, internet and mobile plans are charged on that very day,
the others on a working day of the same month.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Draws
from backend.industries.banking.levels import bill_levels
from backend.industries.banking.luck import Varying
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import Timeline, within_month
from backend.industries.banking.traits import LAST_DAY, Traits, second_transfer

_DAY, _PAYEE = 2, 3  # the two before say who has a bill and how much it is
_HOUSING_LAST_DAY: Final = 5  # rent and mortgages are due early in the month
_HOUSING: Final = 2  # they stand first among the bills
SAVING_LAST_DAY: Final = 22  # savings are there before anything large is bought from them
_ON_THE_DAY: Final = frozenset({"internet", "mobile"})

_SLOTS: Final = 64
# metered bills differ from month to month
_SIGMA: Final = {"electricity": 0.11, "water": 0.08}
# heating and cooling: January to December as parts of a year's mean
_SEASON: Final = np.array([1.25, 1.2, 1.0, 0.85, 0.8, 0.95, 1.15, 1.2, 1.0, 0.8, 0.85, 1.1])


class Sums(NamedTuple):
    """What bills come to in a month, in cents, ``(n,)`` each.

    All of them; those that a card may pay; and those that have to be paid in a bad month too.
    """

    fixed: NDArray[np.int64]
    on_the_day: NDArray[np.int64]
    essential: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bills:
    """Monthly payments of *n* customers, ``(n, b)``: all bills, then all services.

    ``cents`` is 0 where a customer does not have the bill; ``day`` is 1 to 28.
    """

    cents: NDArray[np.int64]
    day: NDArray[np.int64]
    merchant: NDArray[np.int64]

    def sums(self) -> Sums:
        """Return what they come to in a month."""
        return Sums(*(self.cents @ _columns().counted).T)

    def saving_day(self) -> NDArray[np.int64]:
        """Return the day on which money goes to savings, ``(n,)``."""
        day: NDArray[np.int64] = self.day[:, _columns().savings]
        return day


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """What is known of each bill and service, ``(b,)``.

    ``season`` is by month, ``(b, 12)``; ``counted`` says in which of ``Sums`` each counts,
    ``(b, 3)``.
    """

    exact: NDArray[np.bool_]
    purpose: NDArray[np.int64]
    sigma: NDArray[np.float64]
    last_day: NDArray[np.int64]
    season: NDArray[np.float64]
    savings: int
    counted: NDArray[np.int64]
    payees: NDArray[np.int64]
    payee_count: NDArray[np.int64]
    sellers: NDArray[np.int64]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    services = len(tables.services.price)
    exact = [name in _ON_THE_DAY for name in tables.bills] + [True] * services
    essential = [*tables.bill_essential.tolist(), *[False] * services]
    purposes = [tables.purpose_at[name] for name in tables.bills]
    sigma = [_SIGMA.get(name, 0.0) for name in tables.bills] + [0.0] * services
    last = np.full(len(tables.bills), LAST_DAY)
    last[:_HOUSING] = _HOUSING_LAST_DAY
    last[tables.bills.index("savings")] = SAVING_LAST_DAY
    season = np.ones((len(exact), len(_SEASON)))
    season[tables.bills.index("electricity")] = _SEASON
    return _Columns(
        exact=np.array(exact),
        purpose=np.concatenate([purposes, tables.services.purpose]),
        sigma=np.array(sigma),
        last_day=last,
        season=season,
        savings=tables.bills.index("savings"),
        counted=np.array([[True] * len(exact), exact, essential], dtype=np.int64).T.copy(),
        payees=np.array([names.first for names in tables.bill_names]),
        payee_count=np.array([names.patterns * tables.words for names in tables.bill_names]),
        sellers=tables.services.merchant[None],
    )


def make_bills(clients: Clients) -> Bills:
    """Return the monthly payments of the customers; no date takes part."""
    draws, columns = clients.draws.bills, _columns()
    held = bill_levels(clients)
    last = np.minimum(columns.last_day, clients.traits.bills_by[:, None])
    days = 1 + (draws[:, :, _DAY] * last).astype(np.int64)
    payees = columns.payees + (draws[:, :, _PAYEE] * columns.payee_count).astype(np.int64)
    prices, service_days = _services(clients.draws, clients.traits)
    sellers = columns.sellers.repeat(len(prices), axis=0)
    return Bills(
        cents=np.concatenate([held, prices], axis=1),
        day=np.concatenate([days, service_days], axis=1),
        merchant=np.concatenate([payees, sellers], axis=1),
    )


class Due(NamedTuple):
    """Which bills are due when, by customer, bill and month, ``(d,)`` each.

    ``month`` is counted from January of the year 1; ``moving`` are the places of those bills
    whose amounts vary from month to month.
    """

    row: NDArray[np.int64]
    bill: NDArray[np.int64]
    day: NDArray[np.int64]
    month: NDArray[np.int64]
    moving: NDArray[np.int64]

    def amounts(self) -> Varying:
        """Return how the amounts vary."""
        bill, month = self.bill[self.moving], self.month[self.moving]
        sigma = _columns().sigma[bill]
        return Varying("banking/bill", self.row[self.moving], month * _SLOTS + bill, sigma)


def bills_due(bills: Bills, told: Timeline) -> Due:
    """Return which bills are due in the months of ``told``."""
    customer, held = bills.cents.nonzero()
    first = bills.day[customer, held] - 1
    day = (first[:, None] + told.starts[:-1]).ravel()
    bill = held.repeat(told.months)
    month = (_months(told)[None].repeat(len(held), axis=0)).ravel()
    moving = _columns().sigma[bill].nonzero()[0]
    return Due(customer.repeat(told.months), bill, day, month, moving)


@lru_cache(maxsize=64)
def _months(told: Timeline) -> NDArray[np.int64]:
    return told.month + np.arange(told.months)


def pay_bills(
    clients: Clients,
    bills: Bills,
    due: Due,
    factor: NDArray[np.float64],
    card: NDArray[np.int64],
) -> Postings:
    """Return all monthly payments, by customer.

    Args:
        clients: the customers.
        bills: all that they have.
        due: when.
        factor: by what those that move differ from the standing amount.
        card: which card pays what a card may pay, -1 where none does, ``(n,)``.
    """
    columns, (row, bill) = _columns(), due[:2]
    exact, on = columns.exact[bill], card[row]
    by_card = exact & (on >= 0)
    day = np.where(exact, due.day, within_month(due.day))
    return posted(
        row,
        day,
        -_this_month(clients, bills, due, factor),
        columns.purpose[bill],
        bills.merchant[row, bill],
        np.where(by_card, CARD + on, CHECKING),
        day + by_card,
    )


def _services(draws: Draws, traits: Traits) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    services, drawn = catalogue().services, draws.services
    rank = drawn[:, :, 0] / services.share
    held = rank < traits.appetite[:, None]
    days = 1 + (drawn[:, :, 1] * LAST_DAY).astype(np.int64)
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
    clients: Clients, bills: Bills, due: Due, factor: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the month's own amount where a bill moves, the standing amount elsewhere."""
    columns, (row, bill, _, month, moving) = _columns(), due
    cents = bills.cents[row, bill]
    again = second_transfer(clients.traits)
    if again.any():
        cents -= (bill == columns.savings) * again[row]
    season = columns.season[bill[moving], month[moving] % 12]
    cents[moving] = np.maximum(np.rint(cents[moving] * (season * factor)), 1.0)
    return cents
