"""What a month of each policy costs, term by term: rated by what is known of the risk.

A term's premium depends on what it covers, on the home's state, on cars and driver, and on the
claims that were paid in the three years before the term began. Nothing else moves it: the same
term costs the same on whatever date it is looked at.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Policies
from backend.domain.person import People
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import Losses
from backend.industries.insurance.draws import Draws
from backend.industries.insurance.policies import AUTO
from backend.industries.insurance.rates import rates, territory
from backend.industries.segments import owners_of
from backend.seeds import choice_of, exponential_of, normal_of, on_curve

_LOOK_BACK_DAYS: Final = 1096  # three years
_MOST_PCT: Final = 60
_SPREAD: Final = 0.12
# an insured car costs $1,062 a year on average (iii.org, 2021): what brings it there, measured
_LEVEL: Final = 0.985
_DRIVER_AGES: Final = (18.0, 24.0, 32.0, 65.0, 80.0, 100.0)
_BY_DRIVER_AGE: Final = (1.75, 1.3, 1.0, 0.92, 1.15, 1.4)
# cents a month and $1,000 of a death benefit, by age when the policy began; dear from 50 on,
# where it pays for a funeral without a look at the health (own round figures)
_INSURED_AGES: Final = (18.0, 30.0, 40.0, 49.9, 50.0, 75.0)
_LIFE_RATE: Final = (4.2, 5.0, 7.5, 14.0, 230.0, 520.0)
_YEAR: Final = np.array(365.25)


def rate_terms(
    people: People, policies: Policies, losses: Losses, draws: Draws
) -> NDArray[np.int64]:
    """Return a month's premium in whole cents, ``(policies, 2)``: in this term and the last."""
    owner = owners_of(policies.offsets)
    begins = np.array([policies.term_start, policies.term_before]).T
    plain = _before_claims(people, policies, owner, draws)
    age = (begins - people.birth[owner][:, None]) / _YEAR
    driver = on_curve(age, _DRIVER_AGES, _BY_DRIVER_AGE)
    factor = np.where((policies.kind == AUTO)[:, None], driver, 1.0)
    factor *= 100 + _surcharges(policies, losses, begins)
    return np.rint(plain[:, None] * factor / 100).astype(np.int64)


def _before_claims(
    people: People, policies: Policies, owner: NDArray[np.int64], draws: Draws
) -> NDArray[np.float64]:
    # cents a month but for the driver's age and claims; one line a kind of policy
    kind, thousands = policies.kind, policies.coverage / 100_000
    place = territory(people.place)[owner]
    luck = exponential_of(_SPREAD * normal_of(draws.premium[owner, kind]))
    issued = (policies.start - people.birth[owner]) / _YEAR
    cost = np.choose(
        kind,
        [
            _cars(policies, owner, draws) * place[:, 0],
            (1_400 + thousands * 36.2) * place[:, 1],
            600 + thousands * on_curve(issued, _INSURED_AGES, _LIFE_RATE),
            700 + thousands * 32.0,
            700 + thousands * 1.3,
        ],
    )
    return np.asarray(cost * luck)


def _cars(policies: Policies, owner: NDArray[np.int64], draws: Draws) -> NDArray[np.float64]:
    # the first car costs full, each further one 85%; dearer ones and higher limits more
    table = rates()
    yearly = (
        table.liability_rate() * on_curve(policies.coverage / 1e7, (1.0, 5.0), (0.9, 1.1))
        + policies.collision * table.rate[table.collision]
        + policies.comprehensive * table.rate[table.comprehensive]
    )
    factor = table.vehicle_factor[choice_of(draws.vehicle, table.vehicle_weights)].cumsum(axis=1)
    cars = factor[owner, np.maximum(policies.vehicles, 1) - 1]
    return np.asarray(yearly * (_LEVEL * 100 / 12) * (0.15 + 0.85 * cars))


def _surcharges(policies: Policies, losses: Losses, begins: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what paid claims add to each term's premium, in per cent, at most ``_MOST_PCT``."""
    pct = np.zeros(begins.shape, dtype=np.int64)
    paid = (~losses.denied & (losses.day >= policies.start[losses.policy])).nonzero()[0]
    policy = losses.policy[paid]
    back = begins[policy] - losses.decided[paid][:, None]
    counted = (back > 0) & (back <= _LOOK_BACK_DAYS)
    each = catalogue().surcharge_pct[losses.cause[paid]][:, None] * counted
    np.add.at(pct, policy, each)
    return np.minimum(pct, _MOST_PCT)
