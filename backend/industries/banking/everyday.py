"""Everyday purchases: at most one of a kind a day, with the shape of the week.

A purchase is keyed by its absolute day and its kind's place in ``spending.yaml``. Amounts are
log-normal and scaled so that a month of them comes to what a customer's pay leaves after the
monthly bills.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.banking.catalogue import Kinds, catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import LANES
from backend.industries.banking.luck import Luck, Varying
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import Timeline
from backend.industries.banking.traits import TYPICAL_ACTIVITY
from backend.seeds import Words, on_curve

_SLOTS: Final = 64
_MONTH: Final = 30
_MOST_A_DAY: Final = 0.85
_SCALE_LIMITS: Final = (0.4, 2.8)
_HABITS: Final = ((0.0, 0.1, 0.5, 0.9, 1.0), (0.15, 0.4, 0.95, 1.7, 2.3))
_LEFT_TO_SPEND: Final = 15_000  # cents a month that even a hopeless budget leaves

# a town has five shops of a kind; how a customer divides purchases among them
_SHOPS: Final = 5
_SHOP_EDGES: Final = np.array([0.46, 0.7, 0.85, 0.94])
_FOREIGN_ATM: Final = 3  # the fourth and fifth machine of a town belong to other banks
_DAYS_TO_SETTLE: Final = np.array(3.0)

_LANE_SIZE: Final = np.array(float(1 << (64 // LANES)))
_DETAILS: Final = "banking/purchase details"
_ONE: Final = np.array(1.0)


@dataclass(frozen=True, slots=True)
class Habits:
    """What *n* customers buy, by kind.

    ``chance`` is that of a purchase on each weekday, ``(n, 7, k)``, in parts of 2**16;
    ``median`` the median amount in cents, ``(n, k)``; ``favourite`` the shop of the town that
    is visited most, ``(n, k)``; ``town`` the ZIP code as a number, ``(n,)``; ``essential`` the
    cents a month that go to what is essential, ``(n,)``.
    """

    chance: NDArray[np.uint16]
    median: NDArray[np.float64]
    favourite: NDArray[np.int64]
    town: NDArray[np.int64]
    essential: NDArray[np.int64]


class Bought(NamedTuple):
    """When something is bought, by customer and day, ``(p,)`` each.

    ``month`` is the day's, -1 before the first.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    kind: NDArray[np.int64]
    month: NDArray[np.int64]

    def words(self) -> tuple[str, NDArray[np.int64], NDArray[np.int64]]:
        """Return by which label, whose and at which index each draws its word."""
        return _DETAILS, self.row, (self.day * _SLOTS + self.kind) * 2

    def amounts(self) -> Varying:
        """Return how the amounts vary."""
        index = (self.day * _SLOTS + self.kind) * 2 + 1
        return Varying(_DETAILS, self.row, index, catalogue().kinds.sigma[self.kind])


@dataclass(frozen=True, slots=True)
class Purchases:
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
    kinds, draws = catalogue().kinds, clients.draws.kinds
    rate = kinds.a_day * on_curve(draws[:, :, 0], *_HABITS)
    rate *= (clients.traits.activity / TYPICAL_ACTIVITY)[:, None]
    if not clients.alone:
        rate *= ~kinds.care
    left = clients.work.net_month * clients.traits.spends - fixed
    month = np.rint(rate * kinds.mean * _MONTH)
    scale = _scale(np.maximum(left, _LEFT_TO_SPEND), month, kinds)[:, None]
    chance = np.minimum(rate[:, None, :] * kinds.week, _MOST_A_DAY)
    factor = 1 + kinds.budget * (scale - 1)
    return Habits(
        chance=np.rint(chance * _LANE_SIZE).astype(np.uint16),
        median=kinds.median * factor,
        favourite=(draws[:, :, 1] * _SHOPS).astype(np.int64),
        town=np.array([int(place.zip_code) for place in clients.people.place]),
        essential=np.rint(month * factor * kinds.essential).astype(np.int64).sum(axis=1),
    )


def bought_when(habits: Habits, words: Words, told: Timeline) -> Bought:
    """Return when something is bought; ``words`` are ``Dated.purchases``."""
    count, days = habits.chance.shape[-1], len(told.days)
    drawn = _lanes(words).reshape(len(words), days, -1)
    bought = drawn[..., :count] < habits.chance.take(told.week_at, axis=1)
    # one flat search costs a fifth of one along three dimensions
    place = bought.ravel().nonzero()[0]
    cell = place // count
    row = cell // days
    at = cell - row * days
    return Bought(row, told.days[at], place - cell * count, told.month_at[at])


def purchases(clients: Clients, habits: Habits, bought: Bought, luck: Luck) -> Purchases:
    """Return the purchases, by customer and day."""
    kinds, (row, day, kind, _) = catalogue().kinds, bought
    pick, pay, wait, lane = _lanes(luck.words[:, None]).T / _LANE_SIZE
    cash = kinds.cash[kind]
    wait *= _DAYS_TO_SETTLE
    settling = np.floor(wait)
    rank = _SHOP_EDGES.searchsorted(pick, side="right")
    step = kinds.step[kind]
    steps = np.maximum(np.rint(habits.median[row, kind] * luck.purchases / step), _ONE)
    return Purchases(
        posted=posted(
            row,
            day,
            -steps.astype(np.int64) * step,
            kinds.purpose[kind],
            _shops(habits, row, kind, rank),
            CHECKING,
            day + np.where(cash, 0, settling.astype(np.int64)),
        ),
        kind=kind,
        lane=lane,
        by_card=(pay < clients.traits.by_card[row]) & ~cash,
        luck=wait - settling,
        foreign=cash & (rank >= _FOREIGN_ATM),
    )


def paid_from(card: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the accounts that cards stand for, checking where there is none (-1)."""
    return np.where(card >= 0, CARD + card, CHECKING)


def _scale(
    left: NDArray[np.float64], month: NDArray[np.float64], kinds: Kinds
) -> NDArray[np.float64]:
    # sum of mean * (1 + budget * (scale - 1)) over a month's purchases is to be what is left;
    # whole cents are added, since a sum of floats depends on the order of its parts
    plain = month.astype(np.int64).sum(axis=1)
    following = np.rint(month * kinds.budget).astype(np.int64).sum(axis=1)
    least, most = _SCALE_LIMITS
    return np.asarray(np.minimum(np.maximum(1 + (left - plain) / following, least), most))


def _lanes(words: Words) -> NDArray[np.uint16]:
    """Return each word's four parts of 16 bits, lowest first, along the last axis."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u2")


def _shops(
    habits: Habits,
    row: NDArray[np.int64],
    kind: NDArray[np.int64],
    rank: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the merchant: one of the five shops that the customer's town has of a kind."""
    tables = catalogue()
    shop = (habits.favourite[row, kind] + rank) % _SHOPS
    town = habits.town[row]
    word = (town * 31 + kind * 17 + shop * 23) % tables.words
    pattern = (town * 7 + kind * 5 + shop) % tables.kinds.patterns[kind]
    shops: NDArray[np.int64] = tables.kinds.names[kind] + pattern * tables.words + word
    return shops
