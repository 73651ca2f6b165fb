"""Insurance as columns: policies, claims and premium payments, in ACORD's terms.

A table of rows that belong to *n* customers carries ``offsets`` of shape ``(n + 1,)``: customer
*i* owns rows ``offsets[i]`` to ``offsets[i + 1]``. Dates are proleptic Gregorian ordinals, money
is whole cents.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

PolicyKind: TypeAlias = Literal["auto", "home", "life", "renters", "umbrella"]
ClaimStatus: TypeAlias = Literal["pending", "approved", "denied"]
RiskScore: TypeAlias = Literal["low", "medium", "high"]

POLICY_KINDS: Final[tuple[PolicyKind, ...]] = ("auto", "home", "life", "renters", "umbrella")
CLAIM_STATUSES: Final[tuple[ClaimStatus, ...]] = ("pending", "approved", "denied")
RISK_SCORES: Final[tuple[RiskScore, ...]] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Policies:
    """Policies in force, by customer and then by kind.

    ``kind`` is a position in ``POLICY_KINDS``. ``start`` is the day on which the first term
    began; terms are a year long and roll over on its anniversaries. ``term_start`` and
    ``renewal`` enclose the term that the customer's date lies in, ``term_before`` began the one
    before. ``vehicles`` is 0 for all but auto. ``collision`` and ``comprehensive`` are an auto
    policy's optional covers, False for every other kind.
    """

    offsets: NDArray[np.int64]
    kind: NDArray[np.int64]
    start: NDArray[np.int64]
    term_before: NDArray[np.int64]
    term_start: NDArray[np.int64]
    renewal: NDArray[np.int64]
    coverage: NDArray[np.int64]
    deductible: NDArray[np.int64]
    vehicles: NDArray[np.int64]
    collision: NDArray[np.bool_]
    comprehensive: NDArray[np.bool_]
    number: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims of the last five years that have been reported, by customer and then by date.

    ``policy`` is a row of ``Policies``; ``cause`` a position in the mode's table of causes;
    ``reported`` the day on which the insurer heard of the loss of ``date``; ``decided`` the day
    of the decision, which may lie ahead. ``amount`` is what was claimed, ``excess`` the
    customer's own part of it, ``paid`` what an approved claim brought, otherwise 0. ``status``
    is a position in ``CLAIM_STATUSES``.
    """

    offsets: NDArray[np.int64]
    policy: NDArray[np.int64]
    date: NDArray[np.int64]
    reported: NDArray[np.int64]
    cause: NDArray[np.int64]
    amount: NDArray[np.int64]
    excess: NDArray[np.int64]
    paid: NDArray[np.int64]
    decided: NDArray[np.int64]
    status: NDArray[np.int64]
    number: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PremiumPayments:
    """Premiums that fell due in the year before the customer's date, by customer and due day.

    ``paid_on`` is 0 where the premium has not been paid yet.
    """

    offsets: NDArray[np.int64]
    due: NDArray[np.int64]
    paid_on: NDArray[np.int64]
    amount: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cover:
    """All that an insurer knows of *n* customers.

    ``premium`` is what a month costs, ``(policies, 2)``: in the term of the customer's date and
    in the one before. ``due_day`` is the day of the month on which premiums fall due, 1 to 28;
    ``next_due`` the next such day, the customer's date included. ``dependants`` counts children
    under 19; ``risk`` is a position in ``RISK_SCORES``.
    """

    policies: Policies
    premium: NDArray[np.int64]
    claims: Claims
    payments: PremiumPayments
    due_day: NDArray[np.int64]
    next_due: NDArray[np.int64]
    dependants: NDArray[np.int64]
    risk: NDArray[np.int64]
    insurer: tuple[str, ...]
    agent: tuple[str, ...]
