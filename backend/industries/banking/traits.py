"""The parameters of a life, drawn from a mix of kinds of lives; nothing else draws them.

Each column stands for itself: whoever is to lead another life gets it by ``dataclasses.replace``,
and everything that is shown follows from the traits and the customer's own draws.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.draws import Draws, Life
from backend.industries.banking.timeline import IRREGULAR, WEEKLY
from backend.seeds import Curve, exponential_at, normal_at
from backend.yamlfile import read_yaml

TYPICAL_ACTIVITY: Final = 31.0
"""Purchases in a month that the figures of ``spending.yaml`` come to."""

# used part of the limit of the fullest card: 15% of people are at half or above (CALIBRATION,
# Federal Reserve surveys), which is 19% of those with a card
_USED: Final = Curve(
    (0.0, 0.12, 0.3, 0.5, 0.7, 0.815, 0.93, 1.0),
    (0.0, 0.01, 0.03, 0.09, 0.27, 0.5, 0.82, 0.97),
)
_CARD_EDGES: Final = (0.22, 0.66, 0.9)  # no card, one, two, three
_PAYS_IN_FULL: Final = 0.055  # who uses less than this carries nothing over

# how many subscriptions, as a part of each service's share: a fifth of people have none
_APPETITE: Final = Curve(
    (0.0, 0.18, 0.2, 0.55, 0.92, 0.97, 1.0),
    (0.0, 0.0, 0.35, 1.0, 1.6, 2.0, 2.4),
)
_HOURLY_SIGMA: Final = 0.06
_CONTRACT_SIGMA: Final = 0.52
_CONTRACT_A_WEEK: Final = 0.5
_ACTIVITY_SIGMA: Final = 0.16
_OVERDRAFT: Final = (0.08, 0.32)  # chance a month, of those who overdraw now and then
_SHORTEST_CYCLE, _CYCLES = 18, 55  # to 72
_YEAR: Final = 365
_NATURAL: Final = -1
_NO_LIMIT: Final = 1 << 40
_NEARLY_EMPTY: Final = 0.05
_CUSHION_MOVES: Final = 0.35
_STEP: Final = 2_500
LAST_DAY: Final = 28
"""The latest day of the month on which a bill is due."""

_VOLATILITY: Final = {WEEKLY: _HOURLY_SIGMA, IRREGULAR: _CONTRACT_SIGMA}


@dataclass(slots=True, eq=False)  # frozen, so many columns would take ten times as long to set
class Traits:
    """The parameters of *n* lives, each of shape ``(n,)``; money in cents.

    They stand by their kind: truths, whole numbers, parts.

    Attributes:
        archetype: a position in ``archetypes.yaml``.
        newcomer: opened the account within the last 13 months, in the yearly cycle that begins
            on day ``joined`` of it, see ``accounts.opened_on``.
        joined: 0 to 364.
        pattern: how pay comes, a position among the patterns of ``timeline``.
        pay_volatility: sigma of the logarithm of a payment, 0 where pay is fixed.
        pay_rate: chance of a payment in a week, of those paid irregularly.
        pay_every: days from one payment to the next, of those paid irregularly, or 0 to let
            ``pay_rate`` decide; the amounts go by ``pay_rate`` either way.
        activity: purchases in a month; bills, subscriptions and transfers come beside them.
        by_card: share of purchases that cards pay.
        spends: part of what is left after the bills that is spent.
        cards: how many, 0 to 3.
        utilization: part of the limit that is used, of the fullest card.
        full_pay: pays every statement in full.
        minimum_only: pays the minimum on the fullest card, and buys nothing on it.
        overdue: is one payment behind on the fullest card, and buys nothing on it.
        late: chance a month of paying cards a few days late.
        appetite: how many subscriptions, as a part of each service's share.
        subscription_count: how many exactly, or -1 to let ``appetite`` decide.
        subscription_spend: what they come to in a month, or 0 for the prices of the list.
        transfer: what goes to savings every month.
        saves_twice: in two halves, half a month apart.
        savings_months: savings in months of essential spending, in the middle of their cycle.
        savings_cycle: months after which savings are spent on something large.
        savings_phase: where in the cycle month 0 lies.
        cushion: what checking holds on the lowest day of a month, its median.
        cushion_sigma: how far that moves, as sigma of its logarithm.
        overdraft: chance a month that the lowest day is below zero.
        lean: part of a month's days that end below the cushion; 0 leaves it to the lowest day.
        bills_by: the day of the month by which every bill is due, 28 at most.
        least_limit: the lowest limit that a card has.
        most_limit: the highest.
    """

    newcomer: NDArray[np.bool_]
    full_pay: NDArray[np.bool_]
    minimum_only: NDArray[np.bool_]
    overdue: NDArray[np.bool_]
    saves_twice: NDArray[np.bool_]
    archetype: NDArray[np.int64]
    joined: NDArray[np.int64]
    pattern: NDArray[np.int64]
    pay_every: NDArray[np.int64]
    cards: NDArray[np.int64]
    subscription_count: NDArray[np.int64]
    subscription_spend: NDArray[np.int64]
    transfer: NDArray[np.int64]
    savings_cycle: NDArray[np.int64]
    savings_phase: NDArray[np.int64]
    cushion: NDArray[np.int64]
    bills_by: NDArray[np.int64]
    least_limit: NDArray[np.int64]
    most_limit: NDArray[np.int64]
    pay_volatility: NDArray[np.float64]
    pay_rate: NDArray[np.float64]
    activity: NDArray[np.float64]
    by_card: NDArray[np.float64]
    spends: NDArray[np.float64]
    utilization: NDArray[np.float64]
    late: NDArray[np.float64]
    appetite: NDArray[np.float64]
    savings_months: NDArray[np.float64]
    cushion_sigma: NDArray[np.float64]
    overdraft: NDArray[np.float64]
    lean: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.archetype)


class Archetype(NamedTuple):
    """A kind of lives, as ``archetypes.yaml`` has it; pairs are from and to."""

    id: str
    share: float
    saves: float
    transfer: tuple[float, float]
    months: tuple[float, float]
    empty: float
    cushion: tuple[float, float]
    overdrafts: float
    spends: tuple[float, float]
    minimum_only: float
    overdue: float
    late: float
    activity: float
    by_card: tuple[float, float]


class Archetypes(NamedTuple):
    """The kinds of lives with their running shares, and how many customers are newcomers."""

    kinds: tuple[Archetype, ...]
    edges: list[float]
    newcomers: float


@cache
def archetypes() -> Archetypes:
    """Return the kinds of lives, read once."""
    document = read_yaml(Path(__file__).with_name("archetypes.yaml")).value
    kinds = tuple(Archetype(**row) for row in document["archetypes"])
    edges = list(accumulate(kind.share for kind in kinds))
    return Archetypes(kinds, edges, float(document["newcomers"]))


def make_traits(draws: Draws, pattern: Sequence[int], net: Sequence[int]) -> Traits:
    """Return the natural traits of customers who are paid by ``pattern``, ``net`` cents a month.

    No date takes part.
    """
    each = zip(draws.lives, pattern, net, strict=True)
    truths, numbers, parts = zip(*[_natural(*one) for one in each], strict=True)
    return Traits(*np.array(truths).T, *np.array(numbers, dtype=np.int64).T, *np.array(parts).T)


def _natural(
    life: Sequence[float], pattern: int, net: int
) -> tuple[tuple[bool, ...], tuple[int, ...], tuple[float, ...]]:
    """Return one customer's traits in their order: truths, whole numbers, parts."""
    all_kinds = archetypes()
    use = life[Life.USE]
    at = min(bisect_right(all_kinds.edges, use), len(all_kinds.kinds) - 1)
    kind = all_kinds.kinds[at]
    used, behind = _USED.at(use), life[Life.OVERDUE] < kind.overdue
    empty = life[Life.EMPTY] < kind.empty
    months, spread = kind.months
    saved = months * exponential_at(normal_at(life[Life.MONTHS_SAVED]) * spread)
    cushion, spread = kind.cushion
    truths = (
        life[Life.NEWCOMER] < all_kinds.newcomers,
        used < _PAYS_IN_FULL and not behind,
        life[Life.MINIMUM_ONLY] < kind.minimum_only and not behind,
        behind,
        False,
    )
    numbers = (
        at,
        int(life[Life.JOINED] * _YEAR),
        pattern,
        0,
        bisect_right(_CARD_EDGES, life[Life.CARDS]),
        _NATURAL,
        0,
        _transfer(kind, life, net) if life[Life.SAVES] < kind.saves and not empty else 0,
        _SHORTEST_CYCLE + int(life[Life.CYCLE] * _CYCLES),
        int(life[Life.PHASE] * (1 << 16)),
        int(net * cushion * exponential_at(normal_at(life[Life.CUSHION]) * spread)),
        LAST_DAY,
        0,
        _NO_LIMIT,
    )
    parts = (
        _VOLATILITY.get(pattern, 0.0),
        _CONTRACT_A_WEEK,
        kind.activity * exponential_at(normal_at(life[Life.ACTIVITY]) * _ACTIVITY_SIGMA),
        _between(kind.by_card, life[Life.BY_CARD]),
        _between(kind.spends, life[Life.SPENDS]),
        used,
        kind.late,
        _APPETITE.at(life[Life.APPETITE]),
        life[Life.NEARLY_EMPTY] * _NEARLY_EMPTY if empty else saved,
        _CUSHION_MOVES,
        _between(_OVERDRAFT, life[Life.OVERDRAFT_CHANCE])
        if life[Life.OVERDRAFTS] < kind.overdrafts
        else 0.0,
        0.0,
    )
    return truths, numbers, parts


def _between(ends: tuple[float, float], drawn: float) -> float:
    low, high = ends
    return low + (high - low) * drawn


def _transfer(kind: Archetype, life: Sequence[float], net: int) -> int:
    # people set up round amounts
    part = _between(kind.transfer, life[Life.TRANSFER])
    return max(round(net * part / _STEP), 1) * _STEP


def second_transfer(traits: Traits) -> NDArray[np.int64]:
    """Return the second half of what goes to savings in a month, 0 where it goes at once."""
    return traits.transfer // 2 * traits.saves_twice
