"""What comes once a month: rent or mortgage, utilities, loans, insurance, saving, subscriptions.

Each has a day of its own. Subscriptions, internet and mobile plans are charged on that very day,
the others on a working day of the same month.
"""

from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.levels import bill_levels
from backend.industries.banking.luck import Varying
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import Timeline, within_month
from backend.industries.banking.traits import LAST_DAY, Traits, second_transfer
from backend.industries.segments import beside

_DAY, _PAYEE = 2, 3  # of a bill's draws; the two before say who has it and how much it is
_HOUSING_LAST_DAY: Final = 5  # rent and mortgages are due early in the month
_HOUSING: Final = 2  # they stand first among the bills
SAVING_LAST_DAY: Final = 22  # savings are there before anything large is bought from them
_ON_THE_DAY: Final = frozenset({"internet", "mobile"})

_SLOTS: Final = np.array(64)
_ONE_CENT: Final = np.array(1.0)
_DAYS, _LAST_DAY = np.array(float(LAST_DAY)), np.array(LAST_DAY)
_FIRST_CARD, _CHECKING = np.array(CARD), np.array(CHECKING)
_ONE_DAY: Final = np.array(1)
_NO_CARD, _AS_DRAWN, _NEAR_THE_DAY = np.array(-1), np.array(-1), np.array(0)
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


class Bills(NamedTuple):
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


class _Columns(NamedTuple):
    """What is known of each bill and service, ``(b,)``.

    ``exact`` is 1 for those that are charged on the very day, 0 for the others; ``last_day`` and
    ``payees`` are the bills' alone; ``season`` is by month, ``(b, 12)``; ``counted`` says in which
    of ``Sums`` each counts, ``(b, 3)``; ``first`` are the first day of a month and the first
    merchant of each, ``(2, 1, b)``.
    """

    exact: NDArray[np.int64]
    purpose: NDArray[np.int64]
    sigma: NDArray[np.float64]
    season: NDArray[np.float64]
    savings: int
    counted: NDArray[np.int64]
    last_day: NDArray[np.float64]
    payees: NDArray[np.float64]
    first: NDArray[np.int64]


@cache
def _columns() -> _Columns:
    tables = catalogue()
    services = len(tables.services.price)
    exact = [name in _ON_THE_DAY for name in tables.bills] + [True] * services
    essential = [*tables.bill_essential.tolist(), *[False] * services]
    purposes = [tables.purpose_at[name] for name in tables.bills]
    sigma = [_SIGMA.get(name, 0.0) for name in tables.bills] + [0.0] * services
    last = np.full((1, len(tables.bills)), float(LAST_DAY))
    last[0, :_HOUSING] = _HOUSING_LAST_DAY
    last[0, tables.bills.index("savings")] = SAVING_LAST_DAY
    season = np.ones((len(exact), len(_SEASON)))
    season[tables.bills.index("electricity")] = _SEASON
    payees = [float(names.patterns * tables.words) for names in tables.bill_names]
    first = [*[names.first for names in tables.bill_names], *tables.services.merchant.tolist()]
    return _Columns(
        exact=np.array(exact, dtype=np.int64),
        purpose=np.concatenate([purposes, tables.services.purpose]),
        sigma=np.array(sigma),
        season=season,
        savings=tables.bills.index("savings"),
        counted=np.array([[True] * len(exact), exact, essential], dtype=np.int64).T.copy(),
        last_day=last,
        payees=np.array([payees]),
        first=np.array([[[1] * len(exact)], [first]]),
    )


def make_bills(clients: Clients) -> Bills:
    """Return the monthly payments of the customers; no date takes part."""
    drawn, services, columns = clients.draws.bills, clients.draws.services, _columns()
    bills, every = columns.last_day.shape[1], len(columns.exact)
    last = np.minimum(columns.last_day, beside(clients.traits.bills_by.astype(np.float64)))
    # days, merchants and cents; numbers of the first two are rounded down as they are filled in
    table = np.empty((3, len(clients), every), dtype=np.int64)
    table[0, :, :bills] = drawn[:, :, _DAY] * last
    table[0, :, bills:] = services[:, :, 1] * _DAYS
    table[1, :, :bills] = drawn[:, :, _PAYEE] * columns.payees
    table[1, :, bills:] = 0
    table[:2] += columns.first
    table[2, :, :bills] = bill_levels(clients)
    table[2, :, bills:] = _prices(services[:, :, 0], clients.traits)
    day, merchant, cents = table
    return Bills(cents, day, merchant)


class Due(NamedTuple):
    """Which bills customers have, and when these are due, ``(d,)`` each.

    ``bill`` says which, ``cell`` where in the columns of ``Bills``, flat; ``moving`` are the
    places of those whose amounts vary from month to month. ``months`` are counted from January of
    the year 1.
    """

    row: NDArray[np.int64]
    bill: NDArray[np.int64]
    cell: NDArray[np.int64]
    moving: NDArray[np.int64]
    months: NDArray[np.int64]

    def amounts(self) -> Varying:
        """Return how the amounts vary, by bill and month."""
        bill, months = self.bill[self.moving], len(self.months)
        index = (self.months * _SLOTS + bill[:, None]).ravel()
        sigma = _columns().sigma[bill]
        row = self.row[self.moving]
        return Varying("banking/bill", row.repeat(months), index, sigma.repeat(months))


def bills_due(bills: Bills, told: Timeline) -> Due:
    """Return which bills are due in the months of ``told``."""
    cell, count = bills.cents.ravel().nonzero()[0], bills.cents.shape[1]
    row = cell // count
    bill = cell - row * count
    moving = _columns().sigma[bill].nonzero()[0]
    return Due(row, bill, cell, moving, told.numbers[:-1])


class _Calendar(NamedTuple):
    """How bills move in each month of a timeline, and the days on which they are paid.

    ``season`` is by bill, ``(b, months)``; ``days`` first the working days near each day of a
    month, then the very days, ``(2 * 28, months)``.
    """

    season: NDArray[np.float64]
    days: NDArray[np.int64]


@lru_cache(maxsize=64)
def _calendar(told: Timeline) -> _Calendar:
    days = told.starts[:-1] + np.arange(LAST_DAY)[:, None]
    season = _columns().season[:, told.numbers[:-1] % len(_SEASON)]
    return _Calendar(season, np.concatenate([within_month(days), days]))


def pay_bills(
    clients: Clients,
    bills: Bills,
    due: Due,
    factor: NDArray[np.float64],
    card: NDArray[np.int64],
    told: Timeline,
) -> Postings:
    """Return all monthly payments, by customer, bill and month.

    Args:
        clients: the customers.
        bills: all that they have.
        due: which, and when.
        factor: by what those that move differ from the standing amount.
        card: which card pays what a card may pay, -1 where none does, ``(n,)``.
        told: the months.
    """
    columns, (row, bill, cell, _, _) = _columns(), due
    exact, on = columns.exact[bill], card[row]
    by_card = (on > _NO_CARD) & (exact > _NEAR_THE_DAY)
    nth = bills.day.ravel()[cell] - _ONE_DAY
    day = _calendar(told).days.take(exact * _LAST_DAY + nth, axis=0)
    account = np.where(by_card, on + _FIRST_CARD, _CHECKING)
    return posted(
        row[:, None],
        day,
        -_by_month(clients, bills, due, factor, told),
        columns.purpose[bill][:, None],
        bills.merchant.ravel()[cell][:, None],
        account[:, None],
        day + by_card[:, None],
    )


def _prices(drawn: NDArray[np.float64], traits: Traits) -> NDArray[np.int64]:
    """Return the cents a month of each service, 0 for who has it not, by uniform draws."""
    services = catalogue().services
    rank = drawn / services.share
    held = rank < beside(traits.appetite)
    prices = _exactly(held, rank, traits.subscription_count) * services.price
    wanted = traits.subscription_spend
    if np.count_nonzero(wanted):
        total = np.maximum(prices.sum(axis=1), 1)
        scaled = np.rint(prices * (wanted / total)[:, None]).astype(np.int64)
        prices = np.where(wanted[:, None] > 0, scaled, prices)
    return prices


def _exactly(
    held: NDArray[np.bool_], rank: NDArray[np.float64], count: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which services are held where a number of them is wished for: the likeliest."""
    if not np.count_nonzero(count > _AS_DRAWN):
        return held
    place = rank.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    return np.where(count[:, None] >= 0, place < count[:, None], held)


def _by_month(
    clients: Clients, bills: Bills, due: Due, factor: NDArray[np.float64], told: Timeline
) -> NDArray[np.int64]:
    """Return each month's own amount where a bill moves, the standing amount elsewhere."""
    row, bill, cell, moving, months = due
    standing = bills.cents.ravel()[cell]
    if np.count_nonzero(clients.traits.saves_twice):
        standing -= (bill == _columns().savings) * second_transfer(clients.traits)[row]
    cents = standing[:, None].repeat(len(months), axis=1)
    season = _calendar(told).season.take(bill[moving], axis=0)
    moves = factor.reshape(season.shape) * season
    moves *= standing[moving][:, None]
    cents[moving] = np.maximum(np.rint(moves, out=moves), _ONE_CENT, out=moves)
    return cents
