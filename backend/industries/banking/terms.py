"""The terms of a customer's accounts: limits, rates and due days, and how a card is carried.

What a card carries over from month to month, beside what was bought in the month before, goes
down by a fixed ``step`` for ``period - 1`` months and is then charged up again by one large
purchase: a saw-tooth in months, which has a closed form. It is 0 for whoever pays in full.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.domain.person import People
from backend.industries.banking.draws import Draws, Life
from backend.industries.banking.traits import Traits
from backend.seeds import exponential_of, normal_of, on_curve

_LIMIT_LUCK, _OTHER_USE, _PHASE, _PERIOD, _STEP = range(5)

# FICO's bands of March 2025 as shares of people (CALIBRATION): 14.2% below 580, 14.9% below 670,
# 20.4% below 740, 27.5% below 800; the first knots follow the 50-point bands of 2017
_SCORES: Final = (
    (0.0, 0.012, 0.047, 0.142, 0.291, 0.495, 0.77, 0.93, 1.0),
    (380.0, 460.0, 505.0, 580.0, 670.0, 740.0, 800.0, 836.0, 850.0),
)
_LUCK_PART: Final = 0.8

# a first card's limit by score, in cents; 90% of cards are to stay under $19,500
_LIMIT_SCORES: Final = (300.0, 560.0, 640.0, 700.0, 760.0, 850.0)
_LIMITS: Final = (60_000.0, 90_000.0, 280_000.0, 600_000.0, 980_000.0, 1_400_000.0)
_LIMIT_SIGMA: Final = 0.5
_LIMIT_STEP: Final = 10_000
_LEAST_STEPS: Final = 5

# a yearly rate by score, in hundredths of a percent, own round figures
_RATE_SCORES: Final = (300.0, 580.0, 670.0, 740.0, 850.0)
_RATES: Final = (2_899.0, 2_749.0, 2_449.0, 2_099.0, 1_799.0)
_RATE_STEP: Final = 25

_FIRST_DUE_DAY, _DUE_DAYS = 21, 5  # a statement closes with the month and is due three weeks later

MINIMUM: Final = 2_500
"""The least that a statement asks for, in cents; own round figure."""

LATE_FEE: Final = 3_200

_IDLE: Final = 0.64  # of second and third cards lie in a drawer
_LEAST_CARRIED: Final = 12_000  # less is not worth carrying, cents
_BOUGHT_MOST: Final = 0.14  # of a limit in a month
_SWING: Final = 0.28  # how far a saw-tooth falls, as a part of what is carried


@dataclass(frozen=True, slots=True)
class CardTerms:
    """Cards of *n* customers, ``(n, 3)``; cents.

    ``carries`` marks those with a balance that is carried over, ``top``, ``step``, ``period`` and
    ``phase`` its saw-tooth; ``behind`` those that are one payment behind, ``minimum`` those on
    which only the minimum is paid. ``room`` is how much may be bought in a month, 0 where
    nothing is. ``due_day`` is the customers', ``(n,)``.
    """

    limit: NDArray[np.int64]
    rate: NDArray[np.int64]
    carries: NDArray[np.bool_]
    behind: NDArray[np.bool_]
    minimum: NDArray[np.bool_]
    top: NDArray[np.int64]
    step: NDArray[np.int64]
    period: NDArray[np.int64]
    phase: NDArray[np.int64]
    room: NDArray[np.int64]
    due_day: NDArray[np.int64]

    def monthly_cost(self) -> NDArray[np.int64]:
        """Return what carried balances cost in a month beside purchases, in cents, ``(n,)``."""
        cost = interest_of(self.top, self.rate) + self.step + self.behind * LATE_FEE
        together: NDArray[np.int64] = (cost * self.carries).sum(axis=1)
        return together

    def least(self) -> NDArray[np.int64]:
        """Return what is always carried over, in cents, ``(n, 3)``."""
        return np.maximum(self.top - self.step * self.period, 0)

    def first_in_use(self) -> NDArray[np.int64]:
        """Return the first card on which things are bought, -1 where there is none, ``(n,)``."""
        used = self.room > 0
        return np.where(used.any(axis=1), used.argmax(axis=1), -1)


def interest_of(cents: NDArray[np.int64], rate: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a month's interest on what was carried over, rounded to the cent."""
    return (cents * rate + 60_000) // 120_000


def scores_of(draws: Draws) -> NDArray[np.int64]:
    """Return credit scores: mostly luck, partly how little credit is used."""
    # a mean of two uniform draws has a distribution of known shape, so that its rank is exact
    unused = 1 - draws.of(Life.USE)
    mixed = _LUCK_PART * draws.of(Life.SCORE_LUCK) + (1 - _LUCK_PART) * unused
    return np.rint(on_curve(_rank_of_sum(mixed), *_SCORES)).astype(np.int64)


def _rank_of_sum(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(sum <= x) for the sum of uniforms on [0, luck] and [0, 1 - luck]."""
    small = 1 - _LUCK_PART
    area = 2 * _LUCK_PART * small
    low = x * x / area
    middle = (x - small / 2) / _LUCK_PART
    high = 1 - (1 - x) * (1 - x) / area
    return np.where(x < small, low, np.where(x < _LUCK_PART, middle, high))


def make_terms(people: People, draws: Draws, traits: Traits, score: NDArray[np.int64]) -> CardTerms:
    """Return the terms of the customers' cards; no date takes part."""
    drawn = draws.cards
    limit = _limits(people, traits, score, drawn[:, :, _LIMIT_LUCK])
    held, first = limit > 0, np.arange(MAX_CARDS) == 0
    used = _used(traits, drawn[:, :, _OTHER_USE], first)
    behind, minimum = (
        trait[:, None] & first & held for trait in (traits.overdue, traits.minimum_only)
    )
    full_pay = traits.full_pay[:, None]
    bought = np.minimum(
        _BOUGHT_MOST, np.where(full_pay, 1.0, np.minimum((1 - used) / 3, 0.6 * used))
    )
    rate = _rates(score, draws.of(Life.RATE))[:, None]
    middle = ((used - 0.75 * bought) * limit).astype(np.int64)
    carries = (held & ~full_pay & (middle >= _LEAST_CARRIED)) | behind
    minimum &= carries & ~behind
    buys = held & ((used > 0) | first) & ~minimum & ~behind
    room = (np.where(buys, bought, 0.0) * limit).astype(np.int64)
    middle = np.maximum(middle, np.where(behind, _LEAST_CARRIED, 0)) * carries
    top, step, period = _saw_tooth(middle, drawn, minimum, behind, rate)
    most = limit - 2 * room - step - 2 * interest_of(limit, rate) - 3 * LATE_FEE * behind - LATE_FEE
    top = np.minimum(top, most)
    return CardTerms(
        limit=limit,
        rate=np.where(held, rate, 0),
        carries=carries,
        behind=behind,
        minimum=minimum,
        top=top * carries,
        step=step * carries,
        period=period,
        phase=(drawn[:, :, _PHASE] * period).astype(np.int64),
        room=room,
        due_day=_FIRST_DUE_DAY + (draws.of(Life.DUE_DAY) * _DUE_DAYS).astype(np.int64),
    )


def _limits(
    people: People,
    traits: Traits,
    score: NDArray[np.int64],
    luck: NDArray[np.float64],
) -> NDArray[np.int64]:
    spread = exponential_of(_LIMIT_SIGMA * normal_of(luck))
    by_income = np.sqrt(people.income / 6_000_000)
    median = _by_score()[0][score] * by_income
    limit = np.maximum(np.rint(median[:, None] * spread / _LIMIT_STEP), _LEAST_STEPS)
    held = np.arange(MAX_CARDS) < traits.cards[:, None]
    return np.where(held, limit, 0).astype(np.int64) * _LIMIT_STEP


def _rates(score: NDArray[np.int64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    steps = np.rint((luck - 0.5) * 12 + _by_score()[1][score]).astype(np.int64)
    return steps * _RATE_STEP + 24


@cache
def _by_score() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, at each score, the median limit in cents and the usual rate in steps."""
    scores = np.arange(851.0)
    rates = np.floor(on_curve(scores, _RATE_SCORES, _RATES) / _RATE_STEP)
    return on_curve(scores, _LIMIT_SCORES, _LIMITS), rates


def _used(
    traits: Traits, others: NDArray[np.float64], first: NDArray[np.bool_]
) -> NDArray[np.float64]:
    # the first card is the fullest; the others lie idle or are used less
    less = np.maximum(others - _IDLE, 0.0) / (1 - _IDLE) * 0.9
    return np.minimum(traits.utilization, 0.98)[:, None] * np.where(first, 1.0, less)


def _saw_tooth(
    middle: NDArray[np.int64],
    drawn: NDArray[np.float64],
    minimum: NDArray[np.bool_],
    behind: NDArray[np.bool_],
    rate: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    part = np.where(minimum, 0.011, 0.02 + 0.02 * drawn[:, :, _STEP])
    # a minimum payment is the step with the month's interest
    least = np.where(
        minimum, np.maximum(MINIMUM - interest_of(middle * 3 // 4, rate), 500), MINIMUM
    )
    step = np.maximum((middle * part).astype(np.int64), least)
    most = np.maximum((_SWING * middle).astype(np.int64) // step + 1, 2)
    period = 2 + (drawn[:, :, _PERIOD] * 0.5 * most + 0.5 * most - 1).astype(np.int64)
    period = np.where(behind, 1, period)
    step = np.where(behind, 0, step)
    return middle + step * (period - 1) // 2, step, period
