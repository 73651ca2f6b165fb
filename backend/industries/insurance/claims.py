"""Claims: keyed by absolute month, inside the policy's life, of a cause that it covers."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Claims, Policies
from backend.domain.person import People
from backend.industries.almanac import month_of, month_starts
from backend.industries.insurance.catalogue import Catalogue, catalogue
from backend.industries.insurance.draws import Draws
from backend.industries.insurance.policies import AUTO, Household
from backend.industries.segments import offsets_of, owners_of
from backend.seeds import Keys, bits, cents_of, on_curve, uniform, unit

HISTORY_DAYS: Final = 1826  # five years
PENDING, APPROVED, DENIED = range(3)

_MONTHS: Final = HISTORY_DAYS // 28
_SLOTS: Final = 8  # room for kinds, so that a sixth moves no claim
_LOSS_DRAWS: Final = 8  # room for draws of a loss, so that a seventh moves no other
_DAY, _SIZE, _SETTLING, _DENIED, _NUMBER, _REPORT = range(6)
_DRAWN: Final = np.arange(6)
_NUMBERS: Final = 10**12
_REPORTED_WITHIN: Final = 7
# half of all customers claim less than most, a tenth far more often; the mean is 0.95
_PRONE_EDGES: Final = np.array([0.5, 0.9])
_PRONE: Final = np.array([0.6, 1.0, 2.5]) / 0.95
# the youngest and the oldest drive into trouble more often; the mean over all cars is 1
_OLDEST: Final = 81
_RISKY_AGES: Final = (24.0, 32.0, 65.0, 80.0)
_RISK_BY_AGE: Final = (1.32, 1.0, 0.92, 1.1)


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses as they happened and what becomes of them, whatever is known of it by when.

    By policy and month; ``denied`` are claims that end in a refusal.
    """

    policy: NDArray[np.int64]
    day: NDArray[np.int64]
    reported: NDArray[np.int64]
    cause: NDArray[np.int64]
    amount: NDArray[np.int64]
    excess: NDArray[np.int64]
    decided: NDArray[np.int64]
    denied: NDArray[np.bool_]
    number: NDArray[np.int64]


def make_losses(
    people: People, home: Household, policies: Policies, draws: Draws, as_of: date
) -> Losses:
    """Return the covered losses of 65 months before the month of ``as_of``, and of that month.

    A loss is reported within a week, and decided 7 to 120 days after it, half of them within 35.
    """
    book, owner = catalogue(), owners_of(policies.offsets)
    months = np.arange(month_of(as_of) - _MONTHS, month_of(as_of) + 1)
    slots = months * _SLOTS + policies.kind[:, None]
    hit = uniform(people.keys.take(owner), "insurance/loss", slots)
    exposure = _exposure(home, policies, owner, draws)
    policy, column = (hit < (book.kind_rate[policies.kind] * exposure)[:, None]).nonzero()
    cause = _causes(policies.kind[policy], hit[policy, column] / exposure[policy], book)
    covered = policies.collision[policy] | ~book.needs_collision[cause]
    covered &= policies.comprehensive[policy] | ~book.needs_comprehensive[cause]
    policy, column, cause = policy[covered], column[covered], cause[covered]
    keys, slot = people.keys.take(owner[policy]), slots[policy, column]
    return _described(keys, slot, months[column], policy, cause, policies, book)


def make_claims(losses: Losses, policies: Policies, as_of: date) -> Claims:
    """Return the claims of the five years up to ``as_of`` that were reported by then.

    Until it is decided a claim is pending.
    """
    today, customers = as_of.toordinal(), len(policies.offsets) - 1
    owner = owners_of(policies.offsets)[losses.policy]
    kept = (losses.reported <= today) & (losses.day > today - HISTORY_DAYS)
    kept &= losses.day >= policies.start[losses.policy]
    rows = kept.nonzero()[0]
    rows = rows[np.lexsort((losses.cause[rows], losses.day[rows], owner[rows]))]
    decision = np.where(losses.denied[rows], DENIED, APPROVED)
    decided, amount, excess = losses.decided[rows], losses.amount[rows], losses.excess[rows]
    status = np.where(decided > today, PENDING, decision)
    return Claims(
        offsets=offsets_of(owner[rows], customers),
        policy=losses.policy[rows],
        date=losses.day[rows],
        reported=losses.reported[rows],
        cause=losses.cause[rows],
        amount=amount,
        excess=excess,
        paid=(amount - excess) * (status == APPROVED),
        decided=decided,
        status=status,
        number=losses.number[rows],
    )


def _exposure(
    home: Household, policies: Policies, owner: NDArray[np.int64], draws: Draws
) -> NDArray[np.float64]:
    """Return how many times the book's rate each policy brings losses, ``(policies,)``."""
    prone = _PRONE[_PRONE_EDGES.searchsorted(draws.prone[:, 0], side="right")]
    driving = prone * _risk_by_age()[home.age]
    cars = policies.vehicles
    return np.asarray(np.where(policies.kind == AUTO, driving[owner] * cars, prone[owner]))


@cache
def _risk_by_age() -> NDArray[np.float64]:
    """Return how risky a driver is at each age in whole years."""
    return on_curve(np.arange(_OLDEST + 1).astype(np.float64), _RISKY_AGES, _RISK_BY_AGE)


def _causes(
    kind: NDArray[np.int64], within: NDArray[np.float64], book: Catalogue
) -> NDArray[np.int64]:
    passed = (book.kind == kind[:, None]) & (within[:, None] >= book.upto)
    # the division may round up to the kind's whole rate: its last cause is never passed
    passed &= book.upto < book.kind_rate[book.kind]
    return np.asarray(book.kind_first[kind] + passed.sum(axis=1))


def _described(
    keys: Keys,
    slot: NDArray[np.int64],
    month: NDArray[np.int64],
    policy: NDArray[np.int64],
    cause: NDArray[np.int64],
    policies: Policies,
    book: Catalogue,
) -> Losses:
    drawn = unit(bits(keys, "insurance/claim", slot[:, None] * _LOSS_DRAWS + _DRAWN))
    first = month_starts(month)
    length = month_starts(month + 1) - first
    day = first + (drawn[:, _DAY] * length).astype(np.int64)
    above = cents_of(drawn[:, _SIZE], book.median[cause], book.book.loss_sigma)
    excess = policies.deductible[policy] * book.deductible[cause]
    settling = drawn[:, _SETTLING]
    return Losses(
        policy=policy,
        day=day,
        reported=day + (drawn[:, _REPORT] * drawn[:, _REPORT] * _REPORTED_WITHIN).astype(np.int64),
        cause=cause,
        amount=np.minimum(above + excess, policies.coverage[policy]),
        excess=excess,
        decided=day + 7 + (settling * settling * 114).astype(np.int64),
        denied=drawn[:, _DENIED] < book.book.denied_share,
        number=(drawn[:, _NUMBER] * _NUMBERS).astype(np.int64),
    )
