"""How much each monthly bill is, and who has it.

Shares and levels are own round figures: housing at about a third of spending and utilities beside
it as the Consumer Expenditure Survey has them, loans as a part of pay.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.life import ages_at_anchor, owners
from backend.seeds import Curve

_PAID_OFF: Final = Curve((35.0, 50.0, 62.0, 75.0), (0.02, 0.15, 0.42, 0.8))
_CAR_LOAN_SHARE: Final = Curve((24.0, 60.0, 78.0), (0.42, 0.36, 0.1))
_STUDENT_LOAN_SHARE: Final = Curve((24.0, 38.0, 55.0), (0.36, 0.24, 0.03))
_WATER_OWNERS, _WATER_RENTERS = 0.95, 0.3

# who pays a premium from the account: health plans of most people at work come off their pay, and
# half of the owners' insurance goes with the mortgage
_HEALTH_PREMIUM_SHARE: Final = Curve((60.0, 67.0), (0.2, 0.72))
_OWNERS_INSURED, _RENTERS_INSURED = 0.5, 0.52
_TOLD_ELSEWHERE: Final = ("car_insurance", "health_insurance", "home_insurance")

_SHARES: Final = {
    "electricity": 0.96, "internet": 0.92, "mobile": 0.97, "car_insurance": 0.74,
}  # fmt: skip
"""How many have a bill, where that depends on nothing else."""

_YOUNGEST, _OLDEST = 18, 100


class _Plan(NamedTuple):
    """The prices that a bill may have, in cents."""

    prices: tuple[int, ...]

    def at(self, drawn: float, _net: int) -> int:
        return self.prices[int(drawn * len(self.prices))]


class _Range(NamedTuple):
    """From what to what a bill goes: in cents, or in parts of a month's pay.

    It moves in steps from ``least`` to ``most``, all in cents.
    """

    low: float
    high: float
    of_pay: bool = False
    step: float = 1.0
    least: float = 0.0
    most: float = math.inf

    def at(self, drawn: float, net: int) -> int:
        level = self.low + (self.high - self.low) * drawn
        stepped = round((net if self.of_pay else 1.0) * level / self.step) * self.step
        return round(min(max(stepped, self.least), self.most))


_PLANS: Final = {
    "internet": _Plan((4999, 5999, 6999, 7999, 8999)),
    "mobile": _Plan((3500, 4500, 5500, 7000, 8500, 12000, 14500)),
}
_OWNERS_PREMIUM, _RENTERS_PREMIUM = _Range(7_500, 21_000), _Range(1_150, 2_700)
_RANGES: Final = {
    "rent": _Range(0.22, 0.35, of_pay=True, step=500, least=52_500),
    "mortgage": _Range(0.19, 0.31, of_pay=True),
    "electricity": _Range(6_000, 17_500),
    "water": _Range(2_600, 7_400),
    "car_loan": _Range(0.06, 0.13, of_pay=True, most=78_000),
    "student_loan": _Range(0.03, 0.08, of_pay=True, most=62_000),
    "car_insurance": _Range(6_500, 19_500),
    "health_insurance": _Range(11_000, 42_000),
}


def bill_levels(clients: Clients) -> NDArray[np.int64]:
    """Return the cents a month of each bill of ``bills.yaml``, ``(n, b)``; 0 for who has it not."""
    people, draws = clients.people, clients.draws
    each = zip(
        owners(people, draws.owns_home.tolist()),
        ages_at_anchor(people),
        clients.work.net_month.tolist(),
        clients.traits.transfer.tolist(),
        draws.bills.tolist(),
        strict=True,
    )
    return np.array([_levels(clients.alone, *one) for one in each], dtype=np.int64)


def _levels(
    alone: bool,  # noqa: FBT001 - the customers' property
    owner: bool,  # noqa: FBT001 - the customer's
    age: float,
    net: int,
    transfer: int,
    drawn: Sequence[Sequence[float]],
) -> list[int]:
    # whole years are near enough, and looked up
    years = min(max(int(age), _YOUNGEST), _OLDEST) - _YOUNGEST
    shares = _shares(alone)[owner][years]
    return [
        transfer if levels is None else levels.at(level, net) if held < share else 0
        for levels, share, (held, level, _, _) in zip(_kinds(owner), shares, drawn, strict=True)
    ]


@cache
def _kinds(owner: bool) -> tuple[_Range | _Plan | None, ...]:  # noqa: FBT001 - the one argument
    """Return how much each bill of ``bills.yaml`` is; none stands for savings."""
    special: dict[str, _Range | _Plan | None] = {
        **_PLANS,
        "home_insurance": _OWNERS_PREMIUM if owner else _RENTERS_PREMIUM,
        "savings": None,
    }
    return tuple(special[name] if name in special else _RANGES[name] for name in catalogue().bills)


@cache
def _shares(alone: bool) -> tuple[list[list[float]], ...]:  # noqa: FBT001 - the one argument
    """Return, of renters and of owners, the chance at each age to have each bill."""
    ages = range(_YOUNGEST, _OLDEST + 1)
    return tuple([_shares_at(float(age), owner, alone) for age in ages] for owner in (False, True))


def _shares_at(age: float, owner: bool, alone: bool) -> list[float]:  # noqa: FBT001 - see _shares
    chances = {
        "rent": 0.0 if owner else 1.0,
        "mortgage": 1 - _PAID_OFF.at(age) if owner else 0.0,
        "water": _WATER_OWNERS if owner else _WATER_RENTERS,
        "car_loan": _CAR_LOAN_SHARE.at(age),
        "student_loan": _STUDENT_LOAN_SHARE.at(age),
        "health_insurance": _HEALTH_PREMIUM_SHARE.at(age),
        "home_insurance": _OWNERS_INSURED if owner else _RENTERS_INSURED,
        **_SHARES,
    }
    told_elsewhere = () if alone else _TOLD_ELSEWHERE
    return [0.0 if name in told_elsewhere else chances.get(name, 0.0) for name in catalogue().bills]
