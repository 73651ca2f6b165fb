"""Everyday purchases: at most one of a kind a day, with the shape of the week.

A purchase is keyed by its absolute day and its kind's place in ``spending.yaml``. Amounts are
log-normal and scaled so that a month of them comes to what a customer's pay leaves after the
monthly bills.
"""

from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import LANES
from backend.industries.banking.luck import Luck, Varying
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import Timeline
from backend.industries.banking.traits import TYPICAL_ACTIVITY
from backend.industries.places import all_places
from backend.industries.segments import beside
from backend.seeds import Words, on_curve

_HABITS: Final = ((0.0, 0.1, 0.5, 0.9, 1.0), (0.15, 0.4, 0.95, 1.7, 2.3))

# a town has five shops of a kind; how a customer divides purchases among them
_SHOPS: Final = 5
_SHOP_EDGES: Final = np.array([0.46, 0.7, 0.85, 0.94])
# a town's fourth and fifth machine belong to other banks
_FOREIGN_ATM: Final = np.array(3, dtype=np.int8)

_DETAILS: Final = "banking/purchase details"

# beside an array, an array without dimensions costs NumPy half of what a number costs
_ONE: Final = np.array(1.0)
_TYPICAL_ACTIVITY: Final = np.array(TYPICAL_ACTIVITY)
_MONTH: Final = np.array(30.0)
_MOST_A_DAY: Final = np.array(0.85)
_LEAST_SCALE, _MOST_SCALE = np.array(0.4), np.array(2.8)
_LEFT_TO_SPEND: Final = np.array(15_000.0)  # cents a month that even a hopeless budget leaves
_DAYS_TO_SETTLE: Final = np.array(3.0)
_LANE_NUMBERS: Final = 1 << (64 // LANES)
_LANE_SIZE: Final = np.array(float(_LANE_NUMBERS))
_SHOPS_IN_A_DRAW: Final = np.array(float(_SHOPS))
_DAY_SLOTS, _KIND_SLOTS, _NEXT_SLOT = np.array(128), np.array(2), np.array(1)


class Habits(NamedTuple):
    """What *n* customers buy, by kind.

    ``chance`` is that of a purchase on each weekday, ``(n, 7, k)``, in parts of 2**16;
    ``median`` the median amount in cents, ``(n, k)``; ``favourite`` where in ``_shops`` the shop
    stands that is visited most, ``(n, k)``; ``essential`` the cents a month that go to what is
    essential, ``(n,)``.
    """

    chance: NDArray[np.uint16]
    median: NDArray[np.float64]
    favourite: NDArray[np.int64]
    essential: NDArray[np.int64]


class _Rows(NamedTuple):
    """Columns of ``Kinds`` to stand beside customers' rows, ``(1, k)``, ``week`` ``(7, k)``."""

    a_day: NDArray[np.float64]
    week: NDArray[np.float64]
    median: NDArray[np.float64]
    mean: NDArray[np.float64]
    budget: NDArray[np.float64]
    care: NDArray[np.bool_]
    essential: NDArray[np.float64]


@cache
def _rows() -> _Rows:
    kinds = catalogue().kinds
    return _Rows(*[np.atleast_2d(getattr(kinds, name)) for name in _Rows._fields])


class Bought(NamedTuple):
    """When something is bought, by customer and day, ``(p,)`` each.

    ``month`` is the day's, -1 before the first; ``habit`` the place of the customer's kind in the
    columns of ``Habits``, flat; ``place`` at which its word is drawn, and by the next its amount.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    kind: NDArray[np.int64]
    month: NDArray[np.int64]
    habit: NDArray[np.int64]
    place: NDArray[np.int64]

    def words(self) -> tuple[str, NDArray[np.int64], NDArray[np.int64]]:
        """Return by which label, whose and at which index each draws its word."""
        return _DETAILS, self.row, self.place

    def amounts(self) -> Varying:
        """Return how the amounts vary."""
        sigma = catalogue().kinds.sigma.take(self.kind)
        return Varying(_DETAILS, self.row, self.place + _NEXT_SLOT, sigma)


class Purchases(NamedTuple):
    """Purchases by customer and day, with what is needed to say what becomes of them.

    ``kind`` is one of ``catalogue().kinds``; ``lane`` a draw in [0, 1) that chooses a card;
    ``by_card`` whether a card is to pay; ``luck`` a draw in [0, 1) that decides what comes back;
    ``foreign`` whether a cash machine is another bank's.
    """

    posted: Postings
    kind: NDArray[np.int64]
    lane: NDArray[np.float64]
    by_card: NDArray[np.bool_]
    luck: NDArray[np.float64]
    foreign: NDArray[np.bool_]


def make_habits(clients: Clients, fixed: NDArray[np.int64]) -> Habits:
    """Return the habits of customers who pay ``fixed`` cents a month before they buy anything."""
    kinds, draws = _rows(), clients.draws.kinds
    rate = kinds.a_day * on_curve(draws[:, :, 0], *_HABITS)
    rate *= beside(clients.traits.activity / _TYPICAL_ACTIVITY)
    if not clients.alone:
        rate *= ~kinds.care
    left = clients.work.net_month * clients.traits.spends - fixed
    month = np.rint(rate * kinds.mean * _MONTH)
    scale = beside(_scale(np.maximum(left, _LEFT_TO_SPEND), month, kinds.budget))
    chance = np.minimum(rate[:, None, :] * kinds.week, _MOST_A_DAY)
    factor = kinds.budget * (scale - _ONE) + _ONE
    shop = (draws[:, :, 1] * _SHOPS_IN_A_DRAW).astype(np.int64)
    return Habits(
        chance=np.rint(chance * _LANE_SIZE).astype(np.uint16),
        median=kinds.median * factor,
        favourite=_first_shops(clients) + shop,
        essential=np.add.reduce(np.rint(month * factor * kinds.essential), axis=1).astype(np.int64),
    )


def bought_when(habits: Habits, words: Words, told: Timeline) -> Bought:
    """Return when something is bought; ``words`` are ``Dated.purchases``."""
    drawn = _lanes(words).reshape(len(words), len(told.days), -1)
    bought = drawn[..., : habits.chance.shape[-1]] < habits.chance.take(told.week_at, axis=1)
    _, days, count = [np.array(size) for size in bought.shape]
    # one flat search costs a fifth of one along three dimensions
    at = bought.ravel().nonzero()[0]
    cell = at // count
    row = cell // days
    since, kind = cell - row * days, at - cell * count
    day = told.days.take(since)
    place = day * _DAY_SLOTS + kind * _KIND_SLOTS
    return Bought(row, day, kind, told.month_at.take(since), row * count + kind, place)


def purchases(clients: Clients, habits: Habits, bought: Bought, luck: Luck) -> Purchases:
    """Return the purchases, by customer and day."""
    kinds, (row, day, kind, _, habit, _) = catalogue().kinds, bought
    lanes = _lanes(luck.words[:, None])
    pay, wait, lane = (lanes[:, 1:].astype(np.float64) / _LANE_SIZE).T
    cash, step = kinds.cash.take(kind), kinds.step.take(kind)
    on_credit = ~cash
    wait *= _DAYS_TO_SETTLE
    settling = np.floor(wait)
    rank = _ranks().take(lanes[:, 0])
    shop: NDArray[Any] = _shops().take(habits.favourite.ravel().take(habit) + rank)
    steps = np.rint(habits.median.ravel().take(habit) * luck.purchases / step)
    cents = np.maximum(steps, _ONE, out=steps) * step
    return Purchases(
        posted=posted(
            row,
            day,
            -cents.astype(np.int64),
            kinds.purpose.take(kind),
            shop,
            CHECKING,
            day + (settling * on_credit).astype(np.int64),
        ),
        kind=kind,
        lane=lane,
        by_card=(pay < clients.traits.by_card.take(row)) & on_credit,
        luck=wait - settling,
        foreign=cash & (rank >= _FOREIGN_ATM),
    )


def _scale(
    left: NDArray[np.float64], month: NDArray[np.float64], budget: NDArray[np.float64]
) -> NDArray[np.float64]:
    # sum of mean * (1 + budget * (scale - 1)) over a month's purchases is to be what is left;
    # whole cents are added, since a sum of other floats depends on the order of its parts
    plain = np.add.reduce(month, axis=1)
    following = np.add.reduce(np.rint(month * budget), axis=1)
    scale = (left - plain) / following + _ONE
    return np.asarray(np.minimum(np.maximum(scale, _LEAST_SCALE), _MOST_SCALE))


def _lanes(words: Words) -> NDArray[np.uint16]:
    """Return each word's four parts of 16 bits, lowest first, along the last axis."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u2")


@cache
def _ranks() -> NDArray[np.int8]:
    """Return for each lane's number which shop it stands for, counted from the favourite."""
    drawn = np.arange(_LANE_NUMBERS) / _LANE_SIZE
    ranks: NDArray[np.int8] = _SHOP_EDGES.searchsorted(drawn, side="right").astype(np.int8)
    return ranks


def _first_shops(clients: Clients) -> NDArray[np.int64]:
    """Return where in ``_shops`` the customers' towns have their first of each kind, ``(n, k)``."""
    first = _shops_by_town()
    return np.array([first[place.zip_code] for place in clients.people.place])


@cache
def _shops_by_town() -> dict[str, NDArray[np.int64]]:
    kinds = len(catalogue().kinds.a_day)
    size = 2 * _SHOPS - 1
    first = np.arange(0, len(all_places().places) * kinds * size, size).reshape(-1, kinds)
    towns = [place.zip_code for place in all_places().places]
    return dict(zip(towns, first, strict=True))


@cache
def _shops() -> NDArray[np.int32]:
    """Return the merchants of every town by kind, flat.

    They are the town's five, and the first four again: from any of the five on there are five.
    """
    tables, kinds = catalogue(), catalogue().kinds
    town = np.array([[[int(place.zip_code)]] for place in all_places().places])
    kind = np.arange(len(kinds.a_day))[:, None]
    shop = np.arange(2 * _SHOPS - 1) % _SHOPS
    word = (town * 31 + kind * 17 + shop * 23) % tables.words
    pattern = (town * 7 + kind * 5 + shop) % kinds.patterns[:, None]
    shops: NDArray[np.int64] = kinds.names[:, None] + pattern * tables.words + word
    return shops.ravel().astype(np.int32)
