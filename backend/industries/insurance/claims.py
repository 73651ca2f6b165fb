"""Claims: keyed by absolute month, inside the policy's life, of a cause that it covers."""

from datetime import date
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Claims, Policies
from backend.domain.person import People
from backend.industries.almanac import months_of
from backend.industries.insurance.cars import model_years, types_of, worth
from backend.industries.insurance.catalogue import Catalogue, catalogue
from backend.industries.insurance.draws import Draws
from backend.industries.insurance.period import CLAIMS_DAYS, period
from backend.industries.insurance.policies import AUTO, Household
from backend.industries.segments import offsets_of, owners_of
from backend.seeds import Keys, bits, cents_of, on_curve, uniform, unit

PENDING, APPROVED, DENIED = range(3)
_APPROVED, _AUTO = np.array(APPROVED), np.array(AUTO)
_MONTHS, _ONE = np.array(12), np.array(1)

_SLOTS: Final = np.array(8)  # room for kinds, so that a sixth moves no claim
_LOSS_DRAWS: Final = np.array(8)  # room for draws of a loss, so that a seventh moves no other
_CAR_DRAWS, _CAR_DRAWN = np.array(2), np.arange(2)
_WORST_CONDITION, _CONDITIONS = np.array(0.85), np.array(0.3)
_DAY, _SIZE, _SETTLING, _DENIED, _NUMBER, _REPORT = range(6)
_DRAWN: Final = np.arange(6)
_NUMBERS: Final = np.array(10**12)
_REPORTED_WITHIN, _SETTLED_AFTER, _SETTLED_WITHIN = np.array(7), np.array(7), np.array(114)
# half of all customers claim less than most, a tenth far more often; the mean is 0.95
_PRONE_EDGES: Final = np.array([0.5, 0.9])
_PRONE: Final = np.array([0.6, 1.0, 2.5]) / 0.95
# the youngest and the oldest drive into trouble more often; the mean over all cars is 1
_OLDEST: Final = 81
_RISKY_AGES: Final = (24.0, 32.0, 65.0, 80.0)
_RISK_BY_AGE: Final = (1.32, 1.0, 0.92, 1.1)


class Losses(NamedTuple):
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


_NOTHING: Final = np.zeros(0, dtype=np.int64)
_NO_LOSSES: Final = Losses(
    policy=_NOTHING,
    day=_NOTHING,
    reported=_NOTHING,
    cause=_NOTHING,
    amount=_NOTHING,
    excess=_NOTHING,
    decided=_NOTHING,
    denied=_NOTHING > 0,
    number=_NOTHING,
)


def make_losses(
    people: People, home: Household, policies: Policies, draws: Draws, as_of: date
) -> Losses:
    """Return the covered losses of 65 months before the month of ``as_of``, and of that month.

    A loss is reported within a week, and decided 7 to 120 days after it, half of them within 35.
    """
    book, owner, told = catalogue(), owners_of(policies.offsets), period(as_of)
    slots = told.loss_months * _SLOTS + policies.kind[:, None]
    hit = uniform(people.keys.take(owner), "insurance/loss", slots)
    exposure = _exposure(home, policies, owner, draws)
    likely = book.kind_rate[policies.kind] * exposure
    at = (hit < likely[:, None]).ravel().nonzero()[0]
    if not len(at):
        # two customers in five have none in all these months
        return _NO_LOSSES
    policy = at // len(told.loss_months)
    cause = _causes(policies.kind[policy], hit.take(at) / exposure[policy], book)
    covered = policies.collision[policy] | ~book.needs_collision[cause]
    covered &= policies.comprehensive[policy] | ~book.needs_comprehensive[cause]
    at, policy, cause = at[covered], policy[covered], cause[covered]
    keys, column = people.keys.take(owner[policy]), at - policy * len(told.loss_months)
    month = told.loss_starts[column], told.loss_days[column]
    slot = slots.take(at)
    losses = _described(keys, slot, month, policy, cause, policies, book)
    own = (book.needs_collision | book.needs_comprehensive)[cause].nonzero()[0]
    if not len(own):
        return losses
    cars = policies.vehicles[policy[own]]
    types = types_of(draws.vehicle[owner[policy[own]]])
    most = _worth(keys.take(own), slot[own], cars, types, losses.day[own])
    losses.amount[own] = np.minimum(losses.amount[own], most)
    return losses


def _worth(
    keys: Keys,
    slot: NDArray[np.int64],
    cars: NDArray[np.int64],
    types: NDArray[np.int64],
    day: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what the car of each loss was worth on the day, in cents."""
    drawn = unit(bits(keys, "insurance/claim-car", (slot * _CAR_DRAWS)[:, None] + _CAR_DRAWN)).T
    which = (drawn[0] * cars).astype(np.int64)
    year = months_of(day) // _MONTHS + _ONE
    models = model_years(keys, types, year)
    condition = _WORST_CONDITION + _CONDITIONS * drawn[1]
    cents = worth(year - models[np.arange(len(which)), which]) * condition
    return np.asarray(np.rint(cents).astype(np.int64))


def make_claims(losses: Losses, policies: Policies, as_of: date) -> Claims:
    """Return the claims of the five years up to ``as_of`` that were reported by then.

    Until it is decided a claim is pending.
    """
    today, customers = period(as_of).today, len(policies.offsets) - 1
    owner = owners_of(policies.offsets)[losses.policy]
    kept = (losses.reported <= today) & (losses.day > today - CLAIMS_DAYS)
    kept &= losses.day >= policies.start[losses.policy]
    rows = kept.nonzero()[0]
    rows = rows[np.lexsort((losses.cause[rows], losses.day[rows], owner[rows]))]
    # a refusal is one more than an approval, and 0 is pending
    decision = _APPROVED + losses.denied[rows]
    decided, amount, excess = losses.decided[rows], losses.amount[rows], losses.excess[rows]
    status = decision * (decided <= today)
    return Claims(
        offsets=offsets_of(owner[rows], customers),
        policy=losses.policy[rows],
        date=losses.day[rows],
        reported=losses.reported[rows],
        cause=losses.cause[rows],
        amount=amount,
        excess=excess,
        paid=(amount - excess) * (status == _APPROVED),
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
    return np.where(policies.kind == _AUTO, driving[owner] * cars, prone[owner])


@cache
def _risk_by_age() -> NDArray[np.float64]:
    """Return how risky a driver is at each age in whole years."""
    return on_curve(np.arange(_OLDEST + 1).astype(np.float64), _RISKY_AGES, _RISK_BY_AGE)


def _causes(
    kind: NDArray[np.int64], within: NDArray[np.float64], book: Catalogue
) -> NDArray[np.int64]:
    # the division may round up to the kind's whole rate: its last cause is never passed
    passed = (book.passable == kind[:, None]) & (within[:, None] >= book.upto)
    return np.asarray(book.kind_first[kind] + np.add.reduce(passed, axis=1, dtype=np.int64))


def _described(
    keys: Keys,
    slot: NDArray[np.int64],
    month: tuple[NDArray[np.int64], NDArray[np.int64]],
    policy: NDArray[np.int64],
    cause: NDArray[np.int64],
    policies: Policies,
    book: Catalogue,
) -> Losses:
    drawn = unit(bits(keys, "insurance/claim", (slot * _LOSS_DRAWS)[:, None] + _DRAWN)).T
    first, length = month
    day = first + (drawn[_DAY] * length).astype(np.int64)
    above = cents_of(drawn[_SIZE], book.median[cause], book.book.loss_sigma)
    excess = policies.deductible[policy] * book.deductible[cause]
    settling, report = drawn[_SETTLING], drawn[_REPORT]
    return Losses(
        policy=policy,
        day=day,
        reported=day + (report * report * _REPORTED_WITHIN).astype(np.int64),
        cause=cause,
        amount=np.minimum(above + excess, policies.coverage[policy]),
        excess=excess,
        decided=day + _SETTLED_AFTER + (settling * settling * _SETTLED_WITHIN).astype(np.int64),
        denied=drawn[_DENIED] < book.book.denied_share,
        number=(drawn[_NUMBER] * _NUMBERS).astype(np.int64),
    )
