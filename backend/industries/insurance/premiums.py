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
from backend.industries.insurance.draws import MOST_VEHICLES, Draws
from backend.industries.insurance.policies import AUTO, LIFE, Household
from backend.industries.insurance.rates import rates, territory
from backend.industries.segments import owners_of
from backend.seeds import choice_of, on_curve

_LOOK_BACK_DAYS: Final = 1096  # three years
_MOST_PCT: Final = 60
# an insured car costs $1,062 a year on average (iii.org, 2021): what brings it there, measured
_LEVEL: Final = 0.985
_LEVEL_A_MONTH: Final = np.array(_LEVEL * 100 / 12)
_FIRST_CAR, _EACH_CAR = np.array(0.15), np.array(0.85)
_LOWEST_LIMIT: Final = np.array(1e7)
_BY_LIMIT: Final = ((1.0, 5.0), (0.9, 1.1))
_DRIVER_AGES: Final = (18.0, 24.0, 32.0, 65.0, 80.0, 100.0)
_BY_DRIVER_AGE: Final = (1.75, 1.3, 1.0, 0.92, 1.15, 1.4)
# cents a month and $1,000 of a death benefit, by age when the policy began; dear from 50 on,
# where it pays for a funeral without a look at the health (own round figures)
_INSURED_AGES: Final = (18.0, 30.0, 40.0, 49.9, 50.0, 75.0)
_LIFE_RATE: Final = (4.2, 5.0, 7.5, 14.0, 230.0, 520.0)
# cents a month by kind of policy: whatever it covers, and for $1,000 of that
_ANYHOW: Final = np.array([0.0, 1_400.0, 600.0, 700.0, 700.0])
_A_THOUSAND: Final = np.array([0.0, 36.2, 0.0, 32.0, 1.3])
_CENTS_OF_THOUSAND: Final = np.array(100_000)
_YEAR: Final = np.array(365.25)
_ONE, _WHOLE = np.array(1.0), np.array(100)
_AUTO, _LIFE, _OTHER, _ONE_KIND = np.array(AUTO), np.array(LIFE), np.array(2), np.array(1)


def rate_terms(
    people: People, policies: Policies, losses: Losses, home: Household, draws: Draws
) -> NDArray[np.int64]:
    """Return a month's premium in whole cents, ``(policies, 2)``: in this term and the last."""
    owner = owners_of(policies.offsets)
    begins = np.array([policies.term_start, policies.term_before])
    born, is_car = people.birth[owner], policies.kind == _AUTO
    plain = _before_claims(people, policies, owner, home, draws)
    driver = on_curve((begins - born) / _YEAR, _DRIVER_AGES, _BY_DRIVER_AGE)
    factor = np.where(is_car, driver, _ONE) * (_WHOLE + _surcharges(policies, losses, begins))
    return np.asarray(np.rint(plain * factor / _WHOLE).astype(np.int64).T)


def _before_claims(
    people: People, policies: Policies, owner: NDArray[np.int64], home: Household, draws: Draws
) -> NDArray[np.float64]:
    # cents a month but for the driver's age and claims
    kind = policies.kind
    issued = (policies.start - people.birth[owner]) / _YEAR
    insured = on_curve(issued, _INSURED_AGES, _LIFE_RATE)
    rate = np.where(kind == _LIFE, insured, _A_THOUSAND[kind])
    other = _ANYHOW[kind] + policies.coverage / _CENTS_OF_THOUSAND * rate
    cost = np.where(kind == _AUTO, _cars(policies, owner, draws), other)
    # territories tell car and home policies apart, and all others from them
    places = territory(people.place)
    place = places.take(owner * places.shape[1] + np.minimum(kind, _OTHER))
    luck = home.luck.take(owner * home.luck.shape[1] + kind + _ONE_KIND)
    return np.asarray(cost * place * luck)


def _cars(policies: Policies, owner: NDArray[np.int64], draws: Draws) -> NDArray[np.float64]:
    # the first car costs full, each further one 85%; dearer ones and higher limits more
    table = rates()
    yearly = (
        table.liability_rate * on_curve(policies.coverage / _LOWEST_LIMIT, *_BY_LIMIT)
        + policies.collision * table.collision_rate
        + policies.comprehensive * table.comprehensive_rate
    )
    each = table.vehicle_factor[choice_of(draws.vehicle, table.vehicle_weights)]
    upto = np.add.accumulate(each, axis=1)
    cars = upto.take(owner * MOST_VEHICLES + np.maximum(policies.vehicles, 1) - 1)
    return np.asarray(yearly * _LEVEL_A_MONTH * (_FIRST_CAR + _EACH_CAR * cars))


def _surcharges(policies: Policies, losses: Losses, begins: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what paid claims add to each term's premium, in per cent, at most ``_MOST_PCT``.

    Both, and ``begins``, are ``(2, policies)``.
    """
    pct = np.zeros(begins.shape, dtype=np.int64)
    paid = (~losses.denied & (losses.day >= policies.start[losses.policy])).nonzero()[0]
    policy = losses.policy[paid]
    if not len(paid):
        return pct
    back = begins.take(policy, axis=1) - losses.decided[paid]
    counted = (back > 0) & (back <= _LOOK_BACK_DAYS)
    each = catalogue().surcharge_pct[losses.cause[paid]] * counted
    np.add.at(pct.T, policy, each.T)
    return np.minimum(pct, _MOST_PCT)
