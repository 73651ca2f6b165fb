"""Health care as columns: conditions, prescriptions, visits and appointments, in FHIR's terms.

A table of rows that belong to *n* customers carries ``offsets`` of shape ``(n + 1,)``: customer
*i* owns rows ``offsets[i]`` to ``offsets[i + 1]``. Dates are proleptic Gregorian ordinals, money
is whole cents. Codes are positions in the mode's own tables. A ``token`` tells a customer's
records of one kind apart, whatever the date they are looked at.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

PlanType: TypeAlias = Literal["PPO", "HDHP", "HMO", "POS", "indemnity"]
RefillStatus: TypeAlias = Literal["on time", "overdue"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Lasting conditions that began before the customer's date, by customer and then by code.

    ``ends`` is the day from which a condition is over, and lies ahead where it is ``active``.
    """

    offsets: NDArray[np.int64]
    code: NDArray[np.int64]
    onset: NDArray[np.int64]
    ends: NDArray[np.int64]
    active: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Prescriptions:
    """Prescriptions that were filled once or more, by customer and then by condition.

    One that is not ``active`` was for a condition that is over. ``next_refill`` of one that is
    lies before the customer's date exactly where the refill is overdue. ``days`` is a fill's
    supply.
    """

    offsets: NDArray[np.int64]
    condition: NDArray[np.int64]
    medication: NDArray[np.int64]
    dosage: NDArray[np.int64]
    days: NDArray[np.int64]
    last_fill: NDArray[np.int64]
    next_refill: NDArray[np.int64]
    refills_remaining: NDArray[np.int64]
    active: NDArray[np.bool_]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits that took place before the customer's date, by customer and then by date.

    Each is one claim: ``allowed`` is the amount that plan and provider agreed on, ``own_share``
    the patient's part of it, of which ``to_deductible`` went to the plan year's deductible.
    """

    offsets: NDArray[np.int64]
    date: NDArray[np.int64]
    occasion: NDArray[np.int64]
    allowed: NDArray[np.int64]
    own_share: NDArray[np.int64]
    to_deductible: NDArray[np.int64]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fills:
    """Pharmacy fills before the customer's date, by customer and then by date.

    ``prescription`` is a row of ``Prescriptions``; each fill is one claim, as a visit is.
    """

    offsets: NDArray[np.int64]
    date: NDArray[np.int64]
    prescription: NDArray[np.int64]
    allowed: NDArray[np.int64]
    own_share: NDArray[np.int64]
    to_deductible: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Appointments:
    """Booked appointments, the customer's date included, by customer and then by time.

    ``quarter`` counts quarter hours since midnight. An appointment that is kept becomes the
    visit of its ``token``.
    """

    offsets: NDArray[np.int64]
    date: NDArray[np.int64]
    quarter: NDArray[np.int64]
    occasion: NDArray[np.int64]
    token: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Accumulators:
    """What claims of a plan year have come to, by customer."""

    deductible_met: NDArray[np.int64]
    out_of_pocket_spent: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Care:
    """All that a health plan knows of *n* customers.

    ``this_year`` is the calendar year of the customer's date, ``last_year`` the one before.
    ``provider`` and ``clinic`` map a specialty's code to a name.
    """

    plan: NDArray[np.int64]
    member_number: NDArray[np.int64]
    member_since: NDArray[np.int64]
    conditions: Conditions
    prescriptions: Prescriptions
    visits: Visits
    fills: Fills
    appointments: Appointments
    last_checkup: NDArray[np.int64]
    this_year: Accumulators
    last_year: Accumulators
    allergy: NDArray[np.int64]
    provider: tuple[dict[int, str], ...]
    clinic: tuple[dict[int, str], ...]
    pharmacy: tuple[str, ...]
