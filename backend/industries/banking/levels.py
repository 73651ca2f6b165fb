"""How much each monthly bill is, and who has it.

Shares and levels are own round figures: housing at about a third of spending and utilities beside
it as the Consumer Expenditure Survey has them, loans as a part of pay.
"""

import math
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts
from backend.domain.person import People
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.life import age_at_anchor, owns_home
from backend.seeds import on_curve

Amounts: TypeAlias = NDArray[np.float64]

# the part of a month's pay that repays a card at most, and shares of card accounts that pay the
# minimum, or more than it but not all: the Philadelphia Fed
_BEARABLE: Final = 0.3
_PAYS_MINIMUM, _PAYS_MORE, _MORE_STEP = 0.11, 0.64, 500

_PAID_OFF: Final = ((35.0, 50.0, 62.0, 75.0), (0.02, 0.15, 0.42, 0.8))
_CAR_LOAN_SHARE: Final = ((24.0, 60.0, 78.0), (0.42, 0.36, 0.1))
_STUDENT_LOAN_SHARE: Final = ((24.0, 38.0, 55.0), (0.36, 0.24, 0.03))
_WATER_OWNERS, _WATER_RENTERS = 0.95, 0.3

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
    "savings": _Range(0.02, 0.12, of_pay=True, step=2_500, least=2_500, share=0.52),
    "card_payment": _Range(0, 0),
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


def bill_levels(clients: Clients, held: Amounts, level: Amounts) -> NDArray[np.int64]:
    """Return the cents a month of each bill of ``bills.yaml``, ``(n, b)``; 0 for who has it not.

    ``held`` and ``level`` are uniform draws of the same shape: whether a customer has the bill,
    and how much it is.
    """
    net = clients.work.net_month().astype(np.float64)
    amounts = np.where(held < _shares(clients.people), _amounts(net, level), 0.0)
    at = catalogue().bills.index("card_payment")
    amounts[:, at] = _card_payment(clients.accounts, held[:, at], net)
    return np.rint(amounts).astype(np.int64)


@cache
def _table() -> _Table:
    columns = zip(*(_RANGES[name] for name in catalogue().bills), strict=True)
    low, high, of_pay, step, least, most, share = (np.array(column) for column in columns)
    return _Table(low, high - low, of_pay, step, least, most, share)


def _amounts(net: Amounts, level: Amounts) -> Amounts:
    table = _table()
    unit = np.where(table.of_pay, net[:, None], 1.0)
    stepped = np.rint(unit * (table.low + table.span * level) / table.step) * table.step
    amounts = np.minimum(np.maximum(stepped, table.least), table.most)
    for name, prices in _PLANS.items():
        at = catalogue().bills.index(name)
        amounts[:, at] = prices[(level[:, at] * len(prices)).astype(np.int64)]
    return amounts


def _shares(people: People) -> Amounts:
    """Return the chance that a customer has a bill, ``(n, b)``, but for payments to cards."""
    owner, age = owns_home(people), age_at_anchor(people)
    shares = _table().share[None].repeat(len(people), axis=0)
    chances = {
        "rent": ~owner,
        "mortgage": owner * (1 - on_curve(age, *_PAID_OFF)),
        "water": np.where(owner, _WATER_OWNERS, _WATER_RENTERS),
        "car_loan": on_curve(age, *_CAR_LOAN_SHARE),
        "student_loan": on_curve(age, *_STUDENT_LOAN_SHARE),
    }
    for name, chance in chances.items():
        shares[:, catalogue().bills.index(name)] = chance
    return shares


def _card_payment(accounts: Accounts, drawn: Amounts, net: Amounts) -> Amounts:
    owed = accounts.card_balance.sum(axis=1).astype(np.float64)
    minimum = accounts.card_minimum.sum(axis=1).astype(np.float64)
    bearable = np.minimum(minimum * (1.4 + 4 * drawn), net * _BEARABLE)
    more = np.maximum(np.rint(bearable / _MORE_STEP) * _MORE_STEP, minimum)
    chosen = np.where((drawn < _PAYS_MORE) | (owed > net * _BEARABLE), more, owed)
    return np.asarray(np.minimum(owed, np.where(drawn < _PAYS_MINIMUM, minimum, chosen)))
