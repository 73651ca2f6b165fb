"""What customers hold: two accounts and up to three cards, with a credit score that fits them."""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts
from backend.domain.person import People
from backend.industries.banking.clients import Work
from backend.industries.life import EARLIEST_AS_OF, age_at_anchor
from backend.seeds import exponential_of, normal_of, on_curve, uniforms

_FIELDS: Final = 8
_OPENED, _LAST_FOUR, _CARDS, _USE, _SCORE_LUCK, _DUE_DAY, _SAVES, _LIMIT = range(_FIELDS)

_OLDEST_ACCOUNT: Final = date(1988, 1, 1)
_YOUNGEST_HOLDER: Final = 16 * 365.2425

MAX_CARDS: Final = 3
_SHEET: Final = (
    ("accounts", _FIELDS),
    ("card limit", MAX_CARDS),
    ("card use", MAX_CARDS),
    ("balance", 2),
)
_CARD_EDGES: Final = np.array([0.22, 0.66, 0.9])  # no card, one, two, three

# used part of the limit of the fullest card: 15% of card holders are at half or above
# (CALIBRATION, Federal Reserve surveys), the mean is about a fifth
_USED: Final = (
    (0.0, 0.12, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0),
    (0.0, 0.01, 0.03, 0.09, 0.23, 0.5, 0.82, 0.99),
)

# FICO's bands of March 2025 as shares of people (CALIBRATION): 14.2% below 580, 14.9% below 670,
# 20.4% below 740, 27.5% below 800; the first knots follow the 50-point bands of 2017
_SCORES: Final = (
    (0.0, 0.012, 0.047, 0.142, 0.291, 0.495, 0.77, 0.93, 1.0),
    (380.0, 460.0, 505.0, 580.0, 670.0, 740.0, 800.0, 836.0, 850.0),
)
_LUCK_PART: Final = 0.8

# a first card's limit by score, in cents; 90% of cards are to stay under $19,500
_LIMIT_SCORES: Final = (300.0, 560.0, 640.0, 700.0, 760.0, 850.0)
_LIMITS: Final = (50_000.0, 90_000.0, 280_000.0, 600_000.0, 980_000.0, 1_400_000.0)
_LIMIT_SIGMA: Final = 0.5
_LIMIT_STEP: Final = 10_000

_MINIMUM_DUE: Final = 3_500
_MINIMUM_PART: Final = 0.025

_CHECKING_MONTHS: Final = 0.42
_BALANCE_SIGMAS: Final = np.array([0.95, 1.35])  # checking, savings
_NO_SAVINGS: Final = 0.1


def make_accounts(people: People, work: Work) -> Accounts:
    """Return what the people hold; no date takes part."""
    draws, limit_luck, less_used, balance_luck = uniforms(people.keys, _SHEET)
    used = on_curve(draws[:, _USE], *_USED)
    score = _scores(draws)
    limit = _limits(people, draws, score, limit_luck)
    balance = _card_balances(limit, used, less_used)
    checking, savings = _balances(people, work, draws, balance_luck)
    minimum = np.maximum(_MINIMUM_DUE, np.rint(balance * _MINIMUM_PART).astype(np.int64))
    return Accounts(
        opened=_opened(people, draws[:, _OPENED]),
        last_four=(draws[:, _LAST_FOUR] * 10_000).astype(np.int64),
        checking=checking,
        savings=savings,
        credit_score=score,
        card_limit=limit,
        card_balance=balance,
        card_minimum=np.minimum(balance, minimum),
        card_due_day=1 + (draws[:, _DUE_DAY] * 28).astype(np.int64),
    )


def _opened(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    # everybody is a customer before the first date that can be asked for
    first = np.maximum(people.birth + _YOUNGEST_HOLDER, float(_OLDEST_ACCOUNT.toordinal()))
    span = EARLIEST_AS_OF.toordinal() - first
    opened: NDArray[np.int64] = (first + drawn * span).astype(np.int64)
    return opened


def _scores(draws: NDArray[np.float64]) -> NDArray[np.int64]:
    # a mean of two uniform draws has a distribution of known shape, so that its rank is exact
    mixed = _LUCK_PART * draws[:, _SCORE_LUCK] + (1 - _LUCK_PART) * (1 - draws[:, _USE])
    return np.rint(on_curve(_rank_of_sum(mixed), *_SCORES)).astype(np.int64)


def _rank_of_sum(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(sum <= x) for the sum of uniforms on [0, luck] and [0, 1 - luck]."""
    small = 1 - _LUCK_PART
    area = 2 * _LUCK_PART * small
    low = x * x / area
    middle = (x - small / 2) / _LUCK_PART
    high = 1 - (1 - x) * (1 - x) / area
    return np.where(x < small, low, np.where(x < _LUCK_PART, middle, high))


def _limits(
    people: People,
    draws: NDArray[np.float64],
    score: NDArray[np.int64],
    luck: NDArray[np.float64],
) -> NDArray[np.int64]:
    count = _CARD_EDGES.searchsorted(draws[:, _CARDS], side="right")
    spread = exponential_of(_LIMIT_SIGMA * normal_of(luck))
    by_income = np.sqrt(people.income / 6_000_000)
    median = on_curve(score.astype(np.float64), _LIMIT_SCORES, _LIMITS) * by_income
    limit = np.maximum(np.rint(median[:, None] * spread / _LIMIT_STEP), 3)
    held = np.arange(MAX_CARDS) < count[:, None]
    return np.where(held, limit, 0).astype(np.int64) * _LIMIT_STEP


def _card_balances(
    limit: NDArray[np.int64], used: NDArray[np.float64], less: NDArray[np.float64]
) -> NDArray[np.int64]:
    # the first card is the fullest, the others are used less
    part = np.where(np.arange(MAX_CARDS) > 0, less, 1.0)
    return np.floor(limit * used[:, None] * part).astype(np.int64)


def _balances(
    people: People, work: Work, draws: NDArray[np.float64], luck: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    net = work.net_month()
    spread = exponential_of(_BALANCE_SIGMAS * normal_of(luck))
    age = age_at_anchor(people)
    months = on_curve(age, (24.0, 34.0, 50.0, 68.0, 78.0), (0.9, 1.45, 2.0, 3.4, 2.9))
    checking = net * _CHECKING_MONTHS * spread[:, 0]
    savings = net * months * spread[:, 1]
    savings = np.where(draws[:, _SAVES] < _NO_SAVINGS, savings * 0.01, savings)
    return np.rint(checking).astype(np.int64), np.rint(savings).astype(np.int64)
