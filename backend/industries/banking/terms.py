"""The terms of a customer's accounts: limits, rates and due days, and how a card is carried.

What a card carries over from month to month, beside what was bought in the month before, goes
down by a fixed ``step`` for ``period - 1`` months and is then charged up again by one large
purchase: a saw-tooth in months, which has a closed form. It is 0 for whoever pays in full.
"""

from collections.abc import Sequence
from functools import cache
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import MAX_CARDS
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Draws, Life
from backend.industries.segments import beside
from backend.seeds import Curve, exponential_at, normal_at, on_curve

_LIMIT_LUCK, _OTHER_USE, _PHASE, _PERIOD, _STEP = range(5)

# FICO's bands of March 2025 as shares of people (CALIBRATION): 14.2% below 580, 14.9% below 670,
# 20.4% below 740, 27.5% below 800; the first knots follow the 50-point bands of 2017
_SCORES: Final = Curve(
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

FIRST_DUE_DAY: Final = 21
"""A statement closes with the month and is due three weeks later."""

DUE_DAYS: Final = 5
"""On how many days, from the first on, cards may be due."""

MINIMUM: Final = 2_500
"""The least that a statement asks for, in cents; own round figure."""

LATE_FEE: Final = 3_200

_IDLE: Final = 0.64  # of second and third cards lie in a drawer
_NOTHING: Final = np.array(0)
_LEAST_CARRIED: Final = 12_000  # less is not worth carrying, cents
_BOUGHT_MOST: Final = 0.14  # of a limit in a month
_SWING: Final = 0.28  # how far a saw-tooth falls, as a part of what is carried


class Card(NamedTuple):
    """A card that a customer holds; cents.

    ``carries`` says that a balance is carried over, ``top``, ``step``, ``period`` and ``phase`` are
    its saw-tooth; ``behind`` that it is one payment behind, ``minimum`` that only the minimum is
    paid. ``room`` is how much may be bought in a month, 0 where nothing is. ``rate`` is in
    hundredths of a percent.
    """

    limit: int
    rate: int
    carries: bool
    behind: bool
    minimum: bool
    top: int
    step: int
    period: int
    phase: int
    room: int

    def monthly_cost(self) -> int:
        """Return what the carried balance costs in a month beside purchases, in cents."""
        cost = interest_of(self.top, self.rate) + self.step + self.behind * LATE_FEE
        return cost * self.carries


_NO_CARD: Final = Card(
    limit=0, rate=0, carries=False, behind=False, minimum=False,
    top=0, step=0, period=0, phase=0, room=0,
)  # fmt: skip


class CardColumns(NamedTuple):
    """The fields of ``Card`` as columns of *c* cards, to stand ``beside`` their months."""

    limit: NDArray[np.int64]
    rate: NDArray[np.int64]
    carries: NDArray[np.int64]
    behind: NDArray[np.int64]
    minimum: NDArray[np.int64]
    top: NDArray[np.int64]
    step: NDArray[np.int64]
    period: NDArray[np.int64]
    phase: NDArray[np.int64]
    room: NDArray[np.int64]


class CardTerms(NamedTuple):
    """Cards of *n* customers: those that each holds, and columns of all three, ``(n, 3)``.

    A limit of 0 means that there is no such card, ``least`` is what is always carried over, in
    cents. ``due_day`` is the customers', ``(n,)``. ``row`` and ``nth`` say whose the *c* cards
    are that there are, and which of theirs, ``(c,)``; ``columns`` are all that is known of them.
    """

    held: tuple[tuple[Card, ...], ...]
    columns: CardColumns
    row: NDArray[np.int64]
    nth: NDArray[np.int64]
    limit: NDArray[np.int64]
    rate: NDArray[np.int64]
    room: NDArray[np.int64]
    least: NDArray[np.int64]
    due_day: NDArray[np.int64]

    def monthly_cost(self) -> NDArray[np.int64]:
        """Return what carried balances cost in a month beside purchases, in cents, ``(n,)``."""
        return np.array(
            [sum([card.monthly_cost() for card in cards]) for cards in self.held], dtype=np.int64
        )

    def first_in_use(self) -> list[int]:
        """Return the first card on which things are bought, -1 where there is none."""
        return [_first_in_use(cards) for cards in self.held]


def _first_in_use(cards: Sequence[Card]) -> int:
    for at, card in enumerate(cards):
        if card.room:
            return at
    return -1


def interest_of(cents: int, rate: int) -> int:
    """Return a month's interest on what was carried over, rounded to the cent."""
    return (cents * rate + 60_000) // 120_000


def scores_of(draws: Draws) -> list[int]:
    """Return credit scores: mostly luck, partly how little credit is used."""
    return [_score(life[Life.USE], life[Life.SCORE_LUCK]) for life in draws.lives]


def _score(use: float, luck: float) -> int:
    # a mean of two uniform draws has a distribution of known shape, so that its rank is exact
    mixed = _LUCK_PART * luck + (1 - _LUCK_PART) * (1 - use)
    return round(_SCORES.at(_rank_of_sum(mixed)))


def _rank_of_sum(x: float) -> float:
    """Return P(sum <= x) for the sum of uniforms on [0, luck] and [0, 1 - luck]."""
    small = 1 - _LUCK_PART
    area = 2 * _LUCK_PART * small
    if x < small:
        return x * x / area
    return (x - small / 2) / _LUCK_PART if x < _LUCK_PART else 1 - (1 - x) * (1 - x) / area


class _Holder(NamedTuple):
    """What a customer's cards go by: the traits of these names, and pay and luck."""

    cards: int
    utilization: float
    full_pay: bool
    minimum_only: bool
    overdue: bool
    least_limit: int
    most_limit: int
    income: int
    score: int
    rate_luck: float


def make_terms(clients: Clients, score: Sequence[int]) -> CardTerms:
    """Return the terms of the customers' cards; no date takes part."""
    draws, traits = clients.draws, clients.traits
    own = (
        traits.cards, traits.utilization, traits.full_pay, traits.minimum_only, traits.overdue,
        traits.least_limit, traits.most_limit, clients.people.income,
    )  # fmt: skip
    holders = zip(
        *[column.tolist() for column in own],
        score,
        [life[Life.RATE] for life in draws.lives],
        strict=True,
    )
    held = tuple(
        [
            _cards_of(_Holder(*holder), drawn)
            for holder, drawn in zip(holders, draws.cards.tolist(), strict=True)
        ]
    )
    slots = [(*cards, *[_NO_CARD] * (MAX_CARDS - len(cards))) for cards in held]
    table = np.array(slots, dtype=np.int64).reshape(-1, MAX_CARDS, len(Card._fields))
    limit, rate, _, _, _, top, step, period, _, room = table.transpose(2, 0, 1).copy()
    due_day = np.array([FIRST_DUE_DAY + int(life[Life.DUE_DAY] * DUE_DAYS) for life in draws.lives])
    row, nth = limit.nonzero()
    fields = [beside(field) for field in table[row, nth].T]
    least = np.maximum(top - step * period, _NOTHING)
    return CardTerms(held, CardColumns(*fields), row, nth, limit, rate, room, least, due_day)


def _cards_of(holder: _Holder, drawn: Sequence[Sequence[float]]) -> tuple[Card, ...]:
    if not holder.cards:
        return ()
    medians, steps = _by_score()
    median = medians[holder.score] * sqrt(holder.income / 6_000_000)
    rate = round((holder.rate_luck - 0.5) * 12 + steps[holder.score]) * _RATE_STEP + 24
    return tuple([_card(holder, at, median, rate, drawn[at]) for at in range(holder.cards)])


def _limit(holder: _Holder, median: float, drawn: float) -> int:
    usual = median * exponential_at(_LIMIT_SIGMA * normal_at(drawn))
    steps = max(round(usual / _LIMIT_STEP), _LEAST_STEPS, holder.least_limit // _LIMIT_STEP)
    return min(steps, holder.most_limit // _LIMIT_STEP) * _LIMIT_STEP


@cache
def _by_score() -> tuple[list[float], list[float]]:
    """Return, at each score, the median limit in cents and the usual rate in steps."""
    scores = np.arange(851.0)
    rates = np.floor(on_curve(scores, _RATE_SCORES, _RATES) / _RATE_STEP)
    return on_curve(scores, _LIMIT_SCORES, _LIMITS).tolist(), rates.tolist()


def _card(holder: _Holder, at: int, median: float, rate: int, drawn: Sequence[float]) -> Card:
    limit = _limit(holder, median, drawn[_LIMIT_LUCK])
    # the first card is the fullest; the others lie idle or are used less
    first = at == 0
    less = 1.0 if first else max(drawn[_OTHER_USE] - _IDLE, 0.0) / (1 - _IDLE) * 0.9
    used = min(holder.utilization, 0.98) * less
    full = holder.full_pay
    bought = min(_BOUGHT_MOST, 1.0 if full else min((1 - used) / 3, 0.6 * used))
    middle = int((used - 0.75 * bought) * limit)
    behind = first and holder.overdue
    carries = (not full and middle >= _LEAST_CARRIED) or behind
    minimum = first and holder.minimum_only and carries and not behind
    buys = (used > 0 or first) and not minimum and not behind
    room = int(bought * limit) if buys else 0
    middle = max(middle, _LEAST_CARRIED if behind else 0) if carries else 0
    top, step, period = _saw_tooth(middle, drawn, minimum, rate) if not behind else (middle, 0, 1)
    most = limit - 2 * room - step - 2 * interest_of(limit, rate) - LATE_FEE * (1 + 3 * behind)
    phase = int(drawn[_PHASE] * period)
    top, step = (min(top, most), step) if carries else (0, 0)
    return Card(limit, rate, carries, behind, minimum, top, step, period, phase, room)


def _saw_tooth(
    middle: int,
    drawn: Sequence[float],
    minimum: bool,  # noqa: FBT001 - a property of the card beside its others
    rate: int,
) -> tuple[int, int, int]:
    if minimum:
        # a minimum payment is the step with the month's interest
        part, least = 0.011, max(MINIMUM - interest_of(middle * 3 // 4, rate), 500)
    else:
        part, least = 0.02 + 0.02 * drawn[_STEP], MINIMUM
    step = max(int(middle * part), least)
    most = max(int(_SWING * middle) // step + 1, 2)
    period = 2 + int(drawn[_PERIOD] * 0.5 * most + 0.5 * most - 1)
    return middle + step * (period - 1) // 2, step, period
