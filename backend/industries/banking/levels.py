"""How much each monthly bill is, and who has it.

Shares and levels are own round figures: housing at about a third of spending and utilities beside
it as the Consumer Expenditure Survey has them, loans as a part of pay.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.life import age_at_anchor, owns_home
from backend.seeds import on_curve

Amounts: TypeAlias = NDArray[np.float64]

_RENT, _RENT_FROM, _RENT_STEP = (0.22, 0.35), 52_500, 500
_MORTGAGE: Final = (0.19, 0.31)
_PAID_OFF: Final = ((35.0, 50.0, 62.0, 75.0), (0.02, 0.15, 0.42, 0.8))

_ELECTRICITY, _ELECTRICITY_SHARE = (6_000, 17_500), 0.96
_WATER, _WATER_OWNERS, _WATER_RENTERS = (2_600, 7_400), 0.95, 0.3
_INTERNET_PLANS, _INTERNET_SHARE = np.array([4999, 5999, 6999, 7999, 8999]), 0.92
_MOBILE_PLANS, _MOBILE_SHARE = np.array([3500, 4500, 5500, 7000, 8500, 12000, 14500]), 0.97

_CAR_LOAN, _CAR_LOAN_UP_TO = (0.06, 0.13), 78_000
_CAR_LOAN_SHARE: Final = ((24.0, 60.0, 78.0), (0.42, 0.36, 0.1))
_STUDENT_LOAN, _STUDENT_LOAN_UP_TO = (0.03, 0.08), 62_000
_STUDENT_LOAN_SHARE: Final = ((24.0, 38.0, 55.0), (0.36, 0.24, 0.03))

_SAVES, _SAVES_SHARE, _SAVES_STEP = (0.02, 0.12), 0.52, 2_500

# full pay, more than the minimum, the minimum: the Philadelphia Fed's shares of card accounts
_PAYS_MINIMUM, _PAYS_MORE, _MORE_STEP = 0.11, 0.64, 500
_BEARABLE: Final = 0.3  # the part of a month's pay that goes to cards at most


@dataclass(frozen=True, slots=True)
class _Draws:
    """Two draws a bill and customer: whether they have it, and how much it is."""

    held: Amounts
    level: Amounts

    def of(self, name: str) -> tuple[Amounts, Amounts]:
        at = catalogue().bills.index(name)
        return self.held[:, at], self.level[:, at]

    def between(self, name: str, low: float, high: float) -> Amounts:
        return low + (high - low) * self.of(name)[1]

    def plan(self, name: str, prices: NDArray[np.int64]) -> Amounts:
        return prices[(self.of(name)[1] * len(prices)).astype(np.int64)].astype(np.float64)

    def has(self, name: str, share: float | Amounts) -> NDArray[np.bool_]:
        return np.asarray(self.of(name)[0] < share)


def bill_levels(clients: Clients, held: Amounts, level: Amounts) -> NDArray[np.int64]:
    """Return the cents a month of each bill of ``bills.yaml``, ``(n, b)``; 0 for who has it not.

    ``held`` and ``level`` are uniform draws of the same shape.
    """
    draws = _Draws(held, level)
    net = clients.work.net_month().astype(np.float64)
    owner, age = owns_home(clients.people), age_at_anchor(clients.people)
    amounts = (
        _housing(draws, net, owner, age)
        | _utilities(draws, owner)
        | _loans_and_savings(draws, net, age)
        | {"card_payment": _card_payment(clients.accounts, draws.of("card_payment")[0], net)}
    )
    columns = [amounts[name] for name in catalogue().bills]
    return np.rint(np.array(columns).T).astype(np.int64)


def _housing(
    draws: _Draws, net: Amounts, owner: NDArray[np.bool_], age: Amounts
) -> dict[str, Amounts]:
    owes = draws.has("mortgage", 1 - on_curve(age, *_PAID_OFF))
    rent = _stepped(np.maximum(net * draws.between("rent", *_RENT), _RENT_FROM), _RENT_STEP)
    return {
        "rent": np.where(owner, 0.0, rent),
        "mortgage": np.where(owner & owes, net * draws.between("mortgage", *_MORTGAGE), 0.0),
    }


def _utilities(draws: _Draws, owner: NDArray[np.bool_]) -> dict[str, Amounts]:
    water = np.where(owner, _WATER_OWNERS, _WATER_RENTERS)
    return {
        "electricity": draws.between("electricity", *_ELECTRICITY)
        * draws.has("electricity", _ELECTRICITY_SHARE),
        "water": draws.between("water", *_WATER) * draws.has("water", water),
        "internet": draws.plan("internet", _INTERNET_PLANS)
        * draws.has("internet", _INTERNET_SHARE),
        "mobile": draws.plan("mobile", _MOBILE_PLANS) * draws.has("mobile", _MOBILE_SHARE),
    }


def _loans_and_savings(draws: _Draws, net: Amounts, age: Amounts) -> dict[str, Amounts]:
    car = np.minimum(net * draws.between("car_loan", *_CAR_LOAN), _CAR_LOAN_UP_TO)
    student = np.minimum(net * draws.between("student_loan", *_STUDENT_LOAN), _STUDENT_LOAN_UP_TO)
    saved = np.maximum(_stepped(net * draws.between("savings", *_SAVES), _SAVES_STEP), _SAVES_STEP)
    return {
        "car_loan": car * draws.has("car_loan", on_curve(age, *_CAR_LOAN_SHARE)),
        "student_loan": student * draws.has("student_loan", on_curve(age, *_STUDENT_LOAN_SHARE)),
        "savings": saved * draws.has("savings", _SAVES_SHARE),
    }


def _card_payment(accounts: Accounts, drawn: Amounts, net: Amounts) -> Amounts:
    owed = accounts.card_balance.sum(axis=1).astype(np.float64)
    minimum = accounts.card_minimum.sum(axis=1).astype(np.float64)
    bearable = np.minimum(minimum * (1.4 + 4 * drawn), net * _BEARABLE)
    more = np.maximum(_stepped(bearable, _MORE_STEP), minimum)
    chosen = np.where((drawn < _PAYS_MORE) | (owed > net * _BEARABLE), more, owed)
    return np.asarray(np.minimum(owed, np.where(drawn < _PAYS_MINIMUM, minimum, chosen)))


def _stepped(amounts: Amounts, step: int) -> Amounts:
    return np.rint(amounts / step) * step
