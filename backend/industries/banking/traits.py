"""The parameters of a life, drawn from a mix of kinds of lives; nothing else draws them.

Each column stands for itself: whoever is to lead another life gets it by ``dataclasses.replace``,
and everything that is shown follows from the traits and the customer's own draws.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.draws import Draws, Life
from backend.industries.banking.timeline import IRREGULAR, RETIRED, WEEKLY
from backend.industries.life import sector_of
from backend.seeds import exponential_of, normal_of, on_curve
from backend.yamlfile import read_yaml

TYPICAL_ACTIVITY: Final = 31.0
"""Purchases in a month that the figures of ``spending.yaml`` come to."""

# used part of the limit of the fullest card: 15% of people are at half or above (CALIBRATION,
# Federal Reserve surveys), which is 19% of those with a card
_USED: Final = (
    (0.0, 0.12, 0.3, 0.5, 0.7, 0.815, 0.93, 1.0),
    (0.0, 0.01, 0.03, 0.09, 0.27, 0.5, 0.82, 0.97),
)
_CARD_EDGES: Final = np.array([0.22, 0.66, 0.9])  # no card, one, two, three
_PAYS_IN_FULL: Final = 0.055  # who uses less than this carries nothing over

# how many subscriptions, as a part of each service's share: a fifth of people have none
_APPETITE: Final = (
    (0.0, 0.18, 0.2, 0.55, 0.92, 0.97, 1.0),
    (0.0, 0.0, 0.35, 1.0, 1.6, 2.0, 2.4),
)
_HOURLY_SIGMA: Final = 0.06
_CONTRACT_SIGMA: Final = 0.52
_CONTRACT_A_WEEK: Final = 0.5
_ACTIVITY_SIGMA: Final = 0.16
_OVERDRAFT: Final = (0.08, 0.32)  # chance a month, of those who overdraw now and then
_CYCLE: Final = (18, 72)
_YEAR: Final = 365
_NATURAL: Final = -1


@dataclass(frozen=True, slots=True)
class Traits:
    """The parameters of *n* lives, each of shape ``(n,)``; money in cents.

    Attributes:
        archetype: a position in ``archetypes.yaml``.
        newcomer: opened the account within the last 13 months, in the yearly cycle that begins
            on day ``joined`` of it, see ``accounts.opened_on``.
        joined: 0 to 364.
        pattern: how pay comes, a position among the patterns of ``timeline``.
        pay_volatility: sigma of the logarithm of a payment, 0 where pay is fixed.
        pay_rate: chance of a payment in a week, of those paid irregularly.
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
        savings_months: savings in months of essential spending, in the middle of their cycle.
        savings_cycle: months after which savings are spent on something large.
        savings_phase: where in the cycle month 0 lies.
        cushion: what checking holds on the lowest day of a month, its median.
        cushion_sigma: how far that moves, as sigma of its logarithm.
        overdraft: chance a month that the lowest day is below zero.
    """

    archetype: NDArray[np.int64]
    newcomer: NDArray[np.bool_]
    joined: NDArray[np.int64]
    pattern: NDArray[np.int64]
    pay_volatility: NDArray[np.float64]
    pay_rate: NDArray[np.float64]
    activity: NDArray[np.float64]
    by_card: NDArray[np.float64]
    spends: NDArray[np.float64]
    cards: NDArray[np.int64]
    utilization: NDArray[np.float64]
    full_pay: NDArray[np.bool_]
    minimum_only: NDArray[np.bool_]
    overdue: NDArray[np.bool_]
    late: NDArray[np.float64]
    appetite: NDArray[np.float64]
    subscription_count: NDArray[np.int64]
    subscription_spend: NDArray[np.int64]
    transfer: NDArray[np.int64]
    savings_months: NDArray[np.float64]
    savings_cycle: NDArray[np.int64]
    savings_phase: NDArray[np.int64]
    cushion: NDArray[np.int64]
    cushion_sigma: NDArray[np.float64]
    overdraft: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.archetype)


class _Kinds:
    """The archetypes as columns of one table, ``(a, columns)``, and where each column stands."""

    def __init__(self, document: dict[str, Any]) -> None:
        rows = document["archetypes"]
        self.newcomers = float(document["newcomers"])
        self.names = tuple(row["id"] for row in rows)
        self.edges = np.cumsum([row["share"] for row in rows])
        self.table = np.array([_numbers(row) for row in rows])
        self.at = {name: at for at, name in enumerate(_COLUMNS)}


_COLUMNS: Final = (
    "saves", "transfer/0", "transfer/1", "months/0", "months/1", "empty", "cushion/0", "cushion/1",
    "overdrafts", "spends/0", "spends/1", "minimum_only", "overdue", "late", "activity",
    "by_card/0", "by_card/1",
)  # fmt: skip


def _numbers(row: dict[str, Any]) -> list[float]:
    return [
        float(row[name[:-2]][int(name[-1])] if name[-2] == "/" else row[name]) for name in _COLUMNS
    ]


@cache
def archetypes() -> _Kinds:
    """Return the kinds of lives, read once."""
    return _Kinds(read_yaml(Path(__file__).with_name("archetypes.yaml")).value)


def pay_patterns(sectors: list[str], drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how people of the sectors are paid, by uniform draws."""
    # retired people have no shares: all their edges are 0, and the draw lies beyond each
    shares, none = catalogue().pay_shares, (0.0,) * RETIRED
    edges = np.array([shares.get(sector, none) for sector in sectors]).cumsum(axis=1)
    pattern: NDArray[np.int64] = (edges <= (drawn * edges[:, -1])[:, None]).sum(axis=1)
    return pattern


def sectors_of(occupations: tuple[str, ...]) -> list[str]:
    """Return who pays people of these occupations."""
    return [sector_of(occupation) for occupation in occupations]


def make_traits(draws: Draws, pattern: NDArray[np.int64], net: NDArray[np.int64]) -> Traits:
    """Return the natural traits of customers who are paid by ``pattern``, ``net`` cents a month.

    No date takes part.
    """
    kinds, life = archetypes(), draws.life
    kind = np.minimum(
        kinds.edges.searchsorted(life[:, Life.USE], side="right"), len(kinds.names) - 1
    )
    own = kinds.table[kind].T
    column = {name: own[at] for name, at in kinds.at.items()}
    used = on_curve(life[:, Life.USE], *_USED)
    spread = exponential_of(
        normal_of(life[:, _SPREAD]) * _spread_sigmas(column["months/1"], column["cushion/1"])
    )
    empty = life[:, Life.EMPTY] < column["empty"]
    few, most = _CYCLE
    low, high = _OVERDRAFT
    fixed = np.zeros(len(kind))
    behind = life[:, Life.OVERDUE] < column["overdue"]
    return Traits(
        archetype=kind,
        newcomer=life[:, Life.NEWCOMER] < kinds.newcomers,
        joined=(life[:, Life.JOINED] * _YEAR).astype(np.int64),
        pattern=pattern,
        pay_volatility=_VOLATILITY[pattern],
        pay_rate=fixed + _CONTRACT_A_WEEK,
        activity=column["activity"] * spread[:, 2],
        by_card=_between(column, "by_card", life[:, Life.BY_CARD]),
        spends=_between(column, "spends", life[:, Life.SPENDS]),
        cards=_CARD_EDGES.searchsorted(life[:, Life.CARDS], side="right"),
        utilization=used,
        full_pay=(used < _PAYS_IN_FULL) & ~behind,
        minimum_only=(life[:, Life.MINIMUM_ONLY] < column["minimum_only"]) & ~behind,
        overdue=behind,
        late=column["late"],
        appetite=on_curve(life[:, Life.APPETITE], *_APPETITE),
        subscription_count=np.full(len(kind), _NATURAL),
        subscription_spend=np.zeros(len(kind), dtype=np.int64),
        transfer=_transfers(column, life, net, empty),
        savings_months=np.where(
            empty, life[:, Life.NEARLY_EMPTY] * _NEARLY_EMPTY, column["months/0"] * spread[:, 0]
        ),
        savings_cycle=few + (life[:, Life.CYCLE] * (most - few + 1)).astype(np.int64),
        savings_phase=(life[:, Life.PHASE] * (1 << 16)).astype(np.int64),
        cushion=(net * column["cushion/0"] * spread[:, 1]).astype(np.int64),
        cushion_sigma=fixed + _CUSHION_MOVES,
        overdraft=(life[:, Life.OVERDRAFTS] < column["overdrafts"])
        * (low + (high - low) * life[:, Life.OVERDRAFT_CHANCE]),
    )


_SPREAD: Final = np.array([Life.MONTHS_SAVED, Life.CUSHION, Life.ACTIVITY])
_NEARLY_EMPTY: Final = 0.05
_CUSHION_MOVES: Final = 0.35
_STEP: Final = 2_500
_VOLATILITY: Final = np.array(
    [
        {WEEKLY: _HOURLY_SIGMA, IRREGULAR: _CONTRACT_SIGMA}.get(way, 0.0)
        for way in range(RETIRED + 1)
    ]
)


def _spread_sigmas(
    months: NDArray[np.float64], cushion: NDArray[np.float64]
) -> NDArray[np.float64]:
    sigmas = np.empty((len(months), 3))
    sigmas[:, 0], sigmas[:, 1], sigmas[:, 2] = months, cushion, _ACTIVITY_SIGMA
    return sigmas


def _between(
    column: dict[str, NDArray[np.float64]], name: str, drawn: NDArray[np.float64]
) -> NDArray[np.float64]:
    low, high = column[f"{name}/0"], column[f"{name}/1"]
    return low + (high - low) * drawn


def _transfers(
    column: dict[str, NDArray[np.float64]],
    life: NDArray[np.float64],
    net: NDArray[np.int64],
    empty: NDArray[np.bool_],
) -> NDArray[np.int64]:
    # people set up round amounts
    saves = (life[:, Life.SAVES] < column["saves"]) & ~empty
    part = _between(column, "transfer", life[:, Life.TRANSFER])
    steps = np.maximum(np.rint(net * part / _STEP), 1.0) * saves
    return steps.astype(np.int64) * _STEP
