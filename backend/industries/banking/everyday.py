"""Everyday purchases: at most one of a kind a day, with the shape of the week.

A purchase is keyed by its absolute day and its kind's place in ``spending.yaml``. Amounts are
log-normal and scaled so that a month of them comes to what a customer's pay leaves after the
monthly bills.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING
from backend.industries.banking.bills import Bills
from backend.industries.banking.catalogue import Kinds, catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.postings import Postings
from backend.seeds import Keys, bits, bits_each, exponential_of, normal, on_curve, uniforms

_SLOTS: Final = 64
_MONTH: Final = 30
_WEEK: Final = 7
_MOST_A_DAY: Final = 0.85
_LEFT_SPENT: Final = (0.8, 1.03)  # how much of what is left is spent, from the thrifty on
_SCALE_LIMITS: Final = (0.4, 2.8)
_HABITS: Final = ((0.0, 0.1, 0.5, 0.9, 1.0), (0.15, 0.4, 0.95, 1.7, 2.3))
_BY_CARD: Final = ((0.0, 0.3, 1.0), (0.1, 0.35, 0.95))

# a town has five shops of a kind; how a customer divides purchases among them
_SHOPS: Final = 5
_SHOP_EDGES: Final = np.array([0.46, 0.7, 0.85, 0.94])
_DAYS_TO_SETTLE: Final = 3

# four kinds share the 64 bits of one draw, 16 for each
_LANES: Final = 4
_LANE_BITS: Final = 16
_LANE_SIZE: Final = 1 << _LANE_BITS


@dataclass(frozen=True, slots=True)
class Habits:
    """What *n* customers buy, by kind.

    ``chance`` is that of a purchase on each weekday, ``(n, 7, k)``, in parts of 2**16;
    ``median`` the median amount in cents, ``(n, k)``; ``favourite`` the shop of the town that
    is visited most, ``(n, k)``; ``by_card`` the share of purchases that a card pays, ``(n,)``;
    ``town`` the ZIP code as a number, ``(n,)``.
    """

    chance: NDArray[np.uint16]
    median: NDArray[np.float64]
    favourite: NDArray[np.int64]
    by_card: NDArray[np.float64]
    town: NDArray[np.int64]


def make_habits(clients: Clients, bills: Bills) -> Habits:
    """Return the habits of the customers; no date takes part."""
    kinds, keys = catalogue().kinds, clients.people.keys
    count = len(kinds.a_day)
    habits, constants = uniforms(keys, (("habit", count * 2), ("spender", 2)))
    draws = habits.reshape(-1, count, 2)
    rate = kinds.a_day * on_curve(draws[:, :, 0], *_HABITS)
    thrift = on_curve(constants[:, 0], (0.0, 1.0), _LEFT_SPENT)
    left = np.maximum(clients.work.net_month() * thrift - bills.fixed(), 0.0)
    scale = _scale(left, rate, kinds)[:, None]
    chance = np.minimum(rate[:, None, :] * kinds.week, _MOST_A_DAY)
    return Habits(
        chance=np.rint(chance * _LANE_SIZE).astype(np.uint16),
        median=kinds.median * (1 + kinds.budget * (scale - 1)),
        favourite=(draws[:, :, 1] * _SHOPS).astype(np.int64),
        by_card=clients.has_card() * on_curve(constants[:, 1], *_BY_CARD),
        town=np.array([int(place.zip_code) for place in clients.people.place]),
    )


def purchases(clients: Clients, habits: Habits, first: int, last: int) -> Postings:
    """Return all purchases of the days from ``first`` to ``last``."""
    kinds = catalogue().kinds
    row, day, kind = _when(clients.people.keys, habits, np.arange(first, last + 1))
    index, keys = day * _SLOTS + kind, clients.people.keys.take(row)
    pick, pay, wait, _ = _lanes(bits_each(keys, "purchase details", index)[:, None]).T / _LANE_SIZE
    is_cash = kinds.step[kind] > 1
    by_card = (pay < habits.by_card[row]) & ~is_cash
    return Postings(
        row=row,
        day=day,
        cents=-_amounts(keys, index, habits.median[row, kind], kind),
        purpose=kinds.purpose[kind],
        merchant=_shops(habits, row, kind, pick),
        account=np.where(by_card, CARD, CHECKING),
        settles=day + np.where(is_cash, 0, (wait * _DAYS_TO_SETTLE).astype(np.int64)),
    )


def _scale(
    left: NDArray[np.float64], rate: NDArray[np.float64], kinds: Kinds
) -> NDArray[np.float64]:
    # sum of mean * (1 + budget * (scale - 1)) over a month's purchases is to be what is left;
    # whole cents are added, since a sum of floats depends on the order of its parts
    month = np.rint(rate * kinds.mean * _MONTH)
    plain = month.astype(np.int64).sum(axis=1)
    following = np.rint(month * kinds.budget).astype(np.int64).sum(axis=1)
    least, most = _SCALE_LIMITS
    return np.asarray(np.minimum(np.maximum(1 + (left - plain) / following, least), most))


def _when(
    keys: Keys, habits: Habits, days: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    count = habits.chance.shape[-1]
    words = -(-count // _LANES)
    index = (days[:, None] * (_SLOTS // _LANES) + np.arange(words)).ravel()
    drawn = _lanes(bits(keys, "purchase", index)).reshape(len(keys), len(days), -1)[..., :count]
    bought = drawn < habits.chance[:, (days - 1) % _WEEK]
    # one flat search costs a fifth of one along three dimensions
    cell, kind = np.divmod(bought.ravel().nonzero()[0], count)
    row, which = np.divmod(cell, len(days))
    return row, days[which], kind


def _lanes(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Return each word's four parts of 16 bits, lowest first, along the last axis."""
    return np.ascontiguousarray(words).astype("<u8", copy=False).view("<u2")


def _amounts(
    keys: Keys,
    index: NDArray[np.int64],
    median: NDArray[np.float64],
    kind: NDArray[np.int64],
) -> NDArray[np.int64]:
    kinds = catalogue().kinds
    drawn = normal(keys, "purchase amount", index[:, None])[:, 0]
    step = kinds.step[kind]
    steps = np.rint(median * exponential_of(kinds.sigma[kind] * drawn) / step)
    return np.maximum(steps, 1).astype(np.int64) * step


def _shops(
    habits: Habits,
    row: NDArray[np.int64],
    kind: NDArray[np.int64],
    pick: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the merchant: one of the five shops that the customer's town has of a kind."""
    tables = catalogue()
    rank = _SHOP_EDGES.searchsorted(pick, side="right")
    shop = (habits.favourite[row, kind] + rank) % _SHOPS
    town = habits.town[row]
    word = (town * 31 + kind * 17 + shop * 23) % tables.words
    pattern = (town * 7 + kind * 5 + shop) % tables.kinds.patterns[kind]
    shops: NDArray[np.int64] = tables.kinds.names[kind] + pattern * tables.words + word
    return shops
