"""From controls to lives: the traits that a population's members have instead of natural ones.

Every choice is drawn by the member's own key under labels of its own, so that one member alone has
the life that it has among all. Neither signals nor rulebooks know of any of this.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.clients import Clients
from backend.industries.banking.timeline import IRREGULAR, RETIRED
from backend.industries.banking.traits import Traits
from backend.population.controls.model import UTILIZATION, OperatorControls
from backend.population.controls.targets import Asked, ask
from backend.seeds import Keys, uniform, uniforms

Draws: TypeAlias = NDArray[np.float64]

TARGET: Final = "banking/controls/target"
_LIFE: Final = "banking/controls/life"
_NATURAL_ACTIVITY: Final = 31.0
_GROWTH_MONTHS: Final = 6
_ESSENTIAL: Final = 0.55  # of net pay goes to what is essential, about
_WEEK: Final = 7
_HIGH: Final = UTILIZATION.index("high")
_STEADY: Final = 0.15
_FIVE_DOLLARS: Final = 500

# used part of the limit within each bucket: a balance moves about it from day to day
_USED_LEAST: Final = np.array([0.02, 0.34, 0.58, 0.85])
_USED_SPAN: Final = np.array([0.22, 0.11, 0.16, 0.1])


class _Of(IntEnum):
    """Which of a member's draws is which; a new one goes to the end and moves no other."""

    CARD = 0
    SECOND_CARD = 1
    BUCKET = 2
    USED = 3
    FULL = 4
    OVERDUE = 5
    MINIMUM = 6
    PATTERN = 7
    SUBSCRIBES = 8
    SUBSCRIPTIONS = 9
    SUBSCRIPTION_SPEND = 10
    SAVES = 11
    TRANSFER = 12
    MONTHS = 13
    CUSHION = 14
    SPENDS = 15
    BY_CARD = 16
    NEWCOMER = 17


_SHEET: Final = ((TARGET, 1), (_LIFE, len(_Of)))


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Controls made ready for arrays: what they ask of each target's members.

    ``edges`` are the running shares of the targets, ``(t,)``; ``activity`` purchases a month.
    """

    controls: OperatorControls
    names: tuple[str, ...]
    edges: Draws
    asked: Asked
    activity: float

    def reshape(self, clients: Clients) -> Traits:
        """Return the traits that the customers are to have."""
        chosen, life = uniforms(clients.people.keys, _SHEET)
        return _reshaped(self, clients, self._targets(chosen[:, 0]), life.T)

    def targets_of(self, keys: Keys) -> list[str]:
        """Return the target of each customer; nothing where none is asked for."""
        if not self.controls.weights():
            return []
        return [self.names[at] for at in self._targets(uniform(keys, TARGET)).tolist()]

    def _targets(self, drawn: Draws) -> NDArray[np.int64]:
        return np.asarray(self.edges[:-1].searchsorted(drawn * self.edges[-1], side="right"))


def plan_of(controls: OperatorControls, activity: float) -> Plan:
    """Return the plan of controls whose customers buy ``activity`` times a month.

    Raises:
        InputError: a target can not be had with these controls.
    """
    weights = controls.weights() or {"free": 1.0}
    edges = np.array(list(weights.values())).cumsum()
    return Plan(controls, tuple(weights), edges, ask(controls, tuple(weights)), activity)


def _reshaped(plan: Plan, clients: Clients, at: NDArray[np.int64], life: Draws) -> Traits:
    natural, asked = clients.traits, plan.asked.take(at)
    pattern = _pattern(natural, asked, life)
    adding = _transfers(plan.controls, asked, life)
    changed = replace(
        natural,
        newcomer=np.where(
            asked.newcomers < 0, natural.newcomer, life[_Of.NEWCOMER] < asked.newcomers
        ),
        pattern=pattern,
        pay_volatility=np.where(
            pattern == IRREGULAR, plan.controls.irregular_income_volatility,
            np.where(pattern == natural.pattern, natural.pay_volatility, 0.0),
        ),
        pay_rate=np.where(
            asked.every > 0,
            _WEEK / np.maximum(asked.every, 1) / asked.part,
            natural.pay_rate / asked.part,
        ),
        pay_every=asked.every,
        activity=natural.activity * (plan.activity / _NATURAL_ACTIVITY) * asked.activity,
        by_card=_or_natural(asked.by_card, life[_Of.BY_CARD], natural.by_card),
        spends=_or_natural(asked.spends, life[_Of.SPENDS], natural.spends),
        transfer=adding,
        saves_twice=asked.twice,
        savings_months=_months(plan.controls, clients, asked, life, adding),
        savings_cycle=np.where(asked.cycle > 0, asked.cycle, natural.savings_cycle),
        cushion=_cushions(clients, asked, life),
        cushion_sigma=np.where(asked.cushion[0] != 0, _STEADY, natural.cushion_sigma),
        overdraft=np.where(asked.cushion[0] != 0, 0.0, natural.overdraft),
        lean=asked.lean,
        bills_by=asked.bills_by,
        least_limit=_cents(asked.limits[0], natural.least_limit),
        most_limit=_cents(asked.limits[1], natural.most_limit),
    )  # fmt: skip
    return _subscribed(plan.controls, _carded(plan.controls, changed, asked, life), asked, life)


def _pattern(natural: Traits, asked: Asked, life: Draws) -> NDArray[np.int64]:
    drawn = _bucket(asked.pays, life[_Of.PATTERN])
    return np.where(asked.pension & (natural.pattern == RETIRED), RETIRED, drawn)


def _bucket(edges: Draws, drawn: Draws) -> NDArray[np.int64]:
    """Return which bucket a draw falls in; ``edges`` are running shares, ``(n, buckets)``."""
    within = edges <= (drawn * edges[:, -1])[:, None]
    return np.asarray(within.sum(axis=1))


def _or_natural(between: Draws, drawn: Draws, natural: Draws) -> Draws:
    """Return a value from ``between[0]`` to ``between[1]``, the natural one where both are 0."""
    low, high = between
    return np.where((low != 0) | (high != 0), low + (high - low) * drawn, natural)


def _cushions(clients: Clients, asked: Asked, life: Draws) -> NDArray[np.int64]:
    between = asked.cushion * clients.work.net_month.astype(np.float64)
    own = _or_natural(between, life[_Of.CUSHION], clients.traits.cushion.astype(np.float64))
    return np.rint(own).astype(np.int64)


def _cents(dollars: Draws, natural: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(dollars > 0, (dollars * 100).astype(np.int64), natural)


def _transfers(controls: OperatorControls, asked: Asked, life: Draws) -> NDArray[np.int64]:
    low, high = (100.0 * edge for edge in controls.savings_transfer_range)
    least = np.maximum(low, asked.transfer * 100.0)
    cents = least + (high - least) * life[_Of.TRANSFER]
    steps = np.rint(cents / _FIVE_DOLLARS).astype(np.int64) * _FIVE_DOLLARS
    return np.where(life[_Of.SAVES] < asked.saves, steps, 0)


def _months(
    controls: OperatorControls,
    clients: Clients,
    asked: Asked,
    life: Draws,
    adding: NDArray[np.int64],
) -> Draws:
    """Return savings in months of essential spending: so much that they grow as is wished."""
    essential = np.maximum(clients.work.net_month * _ESSENTIAL, 1.0)
    wished = adding * (_GROWTH_MONTHS * 100 / controls.savings_growth_target_pct) / essential
    other = _or_natural(asked.months, life[_Of.MONTHS], clients.traits.savings_months)
    return np.where(adding > 0, wished, other)


def _carded(controls: OperatorControls, traits: Traits, asked: Asked, life: Draws) -> Traits:
    second = controls.accounts_per_user_distribution.get("4", 0.0)
    more = second / max(second + controls.accounts_per_user_distribution.get("3", 0.0), 1e-9)
    has = life[_Of.CARD] < asked.card
    bucket = _bucket(asked.used, life[_Of.BUCKET])
    full = life[_Of.FULL] < np.where(bucket == 0, np.maximum(asked.full, 0.0), 0.0)
    full |= asked.full >= 1
    behind = (bucket >= _HIGH) & (life[_Of.OVERDUE] < controls.overdue_probability) & ~full
    minimum = life[_Of.MINIMUM] < controls.min_payment_only_probability
    return replace(
        traits,
        cards=has * (1 + (asked.second & (life[_Of.SECOND_CARD] < more))),
        utilization=_USED_LEAST[bucket] + _USED_SPAN[bucket] * life[_Of.USED],
        full_pay=full,
        overdue=behind,
        minimum_only=minimum & ~full & ~behind,
        late=np.where(full, 0.0, traits.late),
    )


def _subscribed(controls: OperatorControls, traits: Traits, asked: Asked, life: Draws) -> Traits:
    few = np.maximum(controls.subscription_count_min, asked.services)
    span = np.maximum(controls.subscription_count_max, few) - few + 1
    count = few + (life[_Of.SUBSCRIPTIONS] * span).astype(np.int64)
    low, high = controls.subscription_monthly_spend_range
    spend = np.rint(100 * (low + (high - low) * life[_Of.SUBSCRIPTION_SPEND])).astype(np.int64)
    held = life[_Of.SUBSCRIBES] < asked.subscribes
    return replace(
        traits,
        subscription_count=np.where(held, count, 0),
        subscription_spend=np.where(held & (count > 0), spend, 0),
    )
