"""How much each monthly bill is, and who has it.

Shares and levels are own round figures: housing at about a third of spending and utilities beside
it as the Consumer Expenditure Survey has them, loans as a part of pay.
"""

import math
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.life import age_at_anchor, owns_home
from backend.seeds import on_curve

Amounts: TypeAlias = NDArray[np.float64]

_PAID_OFF: Final = ((35.0, 50.0, 62.0, 75.0), (0.02, 0.15, 0.42, 0.8))
_CAR_LOAN_SHARE: Final = ((24.0, 60.0, 78.0), (0.42, 0.36, 0.1))
_STUDENT_LOAN_SHARE: Final = ((24.0, 38.0, 55.0), (0.36, 0.24, 0.03))
_WATER_OWNERS, _WATER_RENTERS = 0.95, 0.3

# who pays a premium from the account: health plans of most people at work come off their pay, and
# half of the owners' insurance goes with the mortgage
_HEALTH_PREMIUM_SHARE: Final = ((60.0, 67.0), (0.2, 0.72))
_OWNERS_INSURED, _RENTERS_INSURED = 0.5, 0.52
_OWNERS_PREMIUM = np.array([[7_500.0], [21_000.0]])  # cents, from and to
_RENTERS_PREMIUM = np.array([[1_150.0], [2_700.0]])
_TOLD_ELSEWHERE: Final = ("car_insurance", "health_insurance", "home_insurance")

_PLANS: Final = {
    "internet": np.array([4999, 5999, 6999, 7999, 8999]),
    "mobile": np.array([3500, 4500, 5500, 7000, 8500, 12000, 14500]),
}


class _Range(NamedTuple):
    """From what to what a bill goes: in cents, or in parts of a month's pay.

    It moves in steps from ``least`` to ``most``, all in cents. ``share`` of the customers have
    it, where that depends on nothing else.
    """

    low: float
    high: float
    of_pay: bool = False
    step: float = 1.0
    least: float = 0.0
    most: float = math.inf
    share: float = 0.0


_RANGES: Final = {
    "rent": _Range(0.22, 0.35, of_pay=True, step=500, least=52_500),
    "mortgage": _Range(0.19, 0.31, of_pay=True),
    "electricity": _Range(6_000, 17_500, share=0.96),
    "water": _Range(2_600, 7_400),
    "internet": _Range(0, 0, share=0.92),
    "mobile": _Range(0, 0, share=0.97),
    "car_loan": _Range(0.06, 0.13, of_pay=True, most=78_000),
    "student_loan": _Range(0.03, 0.08, of_pay=True, most=62_000),
    "savings": _Range(0, 0),
    "car_insurance": _Range(6_500, 19_500, share=0.74),
    "health_insurance": _Range(11_000, 42_000),
    "home_insurance": _Range(0, 0),
}


class _Table(NamedTuple):
    """The columns of ``_RANGES`` in the order of ``bills.yaml``, ``(b,)`` each."""

    low: Amounts
    span: Amounts
    of_pay: NDArray[np.bool_]
    step: Amounts
    least: Amounts
    most: Amounts
    share: Amounts
    at: dict[str, int]
    savings: int


def bill_levels(clients: Clients, held: Amounts, level: Amounts) -> NDArray[np.int64]:
    """Return the cents a month of each bill of ``bills.yaml``, ``(n, b)``; 0 for who has it not.

    ``held`` and ``level`` are uniform draws of the same shape: whether a customer has the bill,
    and how much it is.
    """
    net = clients.work.net_month().astype(np.float64)
    owner = owns_home(clients.people)
    amounts = np.where(held < _shares(clients, owner), _amounts(net, level, owner), 0.0)
    amounts[:, _table().savings] = clients.traits.transfer
    return np.rint(amounts).astype(np.int64)


@cache
def _table() -> _Table:
    columns = zip(*(_RANGES[name] for name in catalogue().bills), strict=True)
    low, high, of_pay, step, least, most, share = (np.array(column) for column in columns)
    at = {name: catalogue().bills.index(name) for name in catalogue().bills}
    return _Table(low, high - low, of_pay, step, least, most, share, at, at["savings"])


def _amounts(net: Amounts, level: Amounts, owner: NDArray[np.bool_]) -> Amounts:
    table = _table()
    unit = np.where(table.of_pay, net[:, None], 1.0)
    stepped = np.rint(unit * (table.low + table.span * level) / table.step) * table.step
    amounts = np.minimum(np.maximum(stepped, table.least), table.most)
    for name, prices in _PLANS.items():
        at = table.at[name]
        amounts[:, at] = prices[(level[:, at] * len(prices)).astype(np.int64)]
    at = table.at["home_insurance"]
    low, high = np.where(owner, _OWNERS_PREMIUM, _RENTERS_PREMIUM)
    amounts[:, at] = low + (high - low) * level[:, at]
    return amounts


def _shares(clients: Clients, owner: NDArray[np.bool_]) -> Amounts:
    """Return the chance that a customer has a bill, ``(n, b)``."""
    table, by_age = _table(), _by_age(age_at_anchor(clients.people))
    paid_off, car, studied, insured = by_age.T
    shares = table.share[None].repeat(len(owner), axis=0)
    chances = {
        "rent": ~owner,
        "mortgage": owner * (1 - paid_off),
        "water": np.where(owner, _WATER_OWNERS, _WATER_RENTERS),
        "car_loan": car,
        "student_loan": studied,
        "health_insurance": insured,
        "home_insurance": np.where(owner, _OWNERS_INSURED, _RENTERS_INSURED),
    }
    for name, chance in chances.items():
        shares[:, table.at[name]] = chance
    if not clients.alone:
        shares[:, [table.at[name] for name in _TOLD_ELSEWHERE]] = 0.0
    return shares


def _by_age(age: Amounts) -> Amounts:
    """Return shares that go by age, ``(n, 4)``: whole years are near enough, and looked up."""
    first, shares = _shares_by_age()
    return shares[np.minimum(np.maximum(age.astype(np.int64) - first, 0), len(shares) - 1)]


@cache
def _shares_by_age() -> tuple[int, Amounts]:
    ages = np.arange(18, 101)
    curves = (_PAID_OFF, _CAR_LOAN_SHARE, _STUDENT_LOAN_SHARE, _HEALTH_PREMIUM_SHARE)
    return 18, np.stack([on_curve(ages.astype(np.float64), *curve) for curve in curves], axis=1)
