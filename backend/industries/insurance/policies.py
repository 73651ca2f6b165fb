"""Which policies a customer holds, since when and on what terms.

Nothing here depends on the date that a life is told up to but the term that it lies in: every
policy began before the earliest such date, 2020-01-01, and terms roll over on anniversaries.
"""

from datetime import date
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS, Policies
from backend.domain.person import People
from backend.industries.almanac import month_starts, months_of
from backend.industries.insurance.draws import Draws
from backend.industries.insurance.period import Period, period
from backend.industries.life import ANCHOR, EARLIEST_AS_OF, OWNS_HOME, owners
from backend.industries.segments import offsets_of
from backend.seeds import exponential_of, normal_of, on_curve

AUTO, HOME, LIFE, RENTERS, UMBRELLA = range(len(POLICY_KINDS))

# numbers that meet arrays are arrays without dimensions, which cost NumPy half of what scalars do
_ONE, _HUNDRED, _MONTHS = np.array(1), np.array(100), np.array(12)
_BEGINNING: Final = np.array(EARLIEST_AS_OF.toordinal())
_ANCHOR: Final = np.array(ANCHOR.toordinal())
_LONGEST_TENURE_DAYS: Final = np.array(9131)  # 25 years before 2020
_DAYS_18_YEARS: Final = np.array(6575)
_DAYS_18_TO_50_YEARS: Final = np.array(18263 - 6575)
_DAYS_PER_YEAR_X100: Final = np.array(36525)
_KINDS: Final = np.array(len(POLICY_KINDS))
_CHILDREN: Final = np.arange(3)
_TERMS: Final = np.array([[-24], [-12], [0], [12]])
_FEBRUARY, _DAY_29 = np.array(1), np.array(28)  # both count from 0
_NUMBERS: Final = np.array(10**12)
_OLDEST: Final = 81
_OWNS_FROM_AGE: Final = np.array(27)  # such an owner was 21 when the latest policies began
EARNS_UNTIL_AGE: Final = 60
_EARNS_UNTIL_AGE: Final = np.array(EARNS_UNTIL_AGE)
_PARENT_FROM_DAYS, _PARENT_WITHIN_DAYS = np.array(22 * 365), np.array(18 * 365)
_RENTERS_INSURED: Final = np.array(0.57)
_INSURED_FOR_CHILDREN, _INSURED_FOR_OTHERS = np.array(0.52), np.array(0.24)
_CHILDREN_EDGES: Final = np.array([0.30, 0.50, 0.82])
_VEHICLES_EDGES: Final = np.array([0.42, 0.83])
# insured cars with collision 76%, with comprehensive 80%: iii.org, facts on auto insurance
_COLLISION, _COMPREHENSIVE = np.array(0.76), np.array(0.80)
_AUTO_LIMITS: Final = np.array([100_000, 300_000, 500_000])
_AUTO_LIMIT_EDGES: Final = np.array([0.35, 0.80])
# cents; what customers choose among, a repeated one more often
_DEDUCTIBLES: Final = np.array([
    [25_000, 50_000, 50_000, 100_000, 100_000],
    [50_000, 100_000, 100_000, 150_000, 250_000],
    [0, 0, 0, 0, 0],
    [25_000, 25_000, 50_000, 50_000, 100_000],
    [0, 0, 0, 0, 0],
])  # fmt: skip
_CHOICES: Final = np.array(_DEDUCTIBLES.shape[1])
# incomes in cents between which cars become more, umbrellas likelier, and limits of cars higher
_POOR: Final = np.array([25_000, 40_000, 30_000]) * 100
_RICH: Final = np.array([115_000, 200_000, 150_000]) * 100
_CARS, _UMBRELLAS, _LIMITS = range(3)
_CARS_BY_INCOME, _UMBRELLAS_BY_INCOME = np.array(0.4), np.array(0.66)
_LIMITS_BY_INCOME, _QUARTER = np.array(0.5), np.array(0.25)
_UMBRELLAS_OF_POOR: Final = np.array(0.04)
# log-normal around what is usual: a home's value, and the premium of each kind of policy
_SPREAD: Final = np.array([0.28] + [0.12] * len(POLICY_KINDS))
# what is sold in steps, in dollars: contents, umbrellas, years of income, and what a funeral costs
_STEPS_FROM: Final = np.array([15_000, 1_000_000, 3, 10_000])
_STEPS_OF: Final = np.array([5_000, 1_000_000, 1, 5_000])
_STEPS: Final = np.array([8, 3, 8, 4])
_THOUSAND, _LIFE_STEP = np.array(1_000), np.array(25_000)
_LEAST_HOME, _MOST_HOME = np.array(150_000), np.array(1_500_000)
_LEAST_LIFE, _MOST_LIFE = np.array(50_000), np.array(2_000_000)
_HOME_OF_NOBODY, _HOME_BY_INCOME, _TEN = np.array(90_000), np.array(27), np.array(10)


class Household(NamedTuple):
    """What premiums and needs depend on: age in whole years on the anchor day, and children.

    ``child_births`` is ``(n, 3)``; 0 stands for a child that there never is. ``standing``,
    ``(3, n)``, says how far the income is on its way between those that matter to cars, umbrellas
    and limits. ``luck`` multiplies what is usual, ``(n, 1 + kinds)``: the home's value, and the
    premium of each kind of policy.
    """

    age: NDArray[np.int64]
    child_births: NDArray[np.int64]
    standing: NDArray[np.float64]
    luck: NDArray[np.float64]


def households(people: People, draws: Draws) -> Household:
    """Return the households of ``people``: none to three children, born to 22 to 40-year-olds.

    Shares by number of children (30% none, 20% one, 32% two, 18% three) are an assumption.
    """
    drawn = draws.children
    children = _CHILDREN_EDGES.searchsorted(drawn[:, 3], side="right")
    parent_age = _PARENT_FROM_DAYS + (drawn[:, :3] * _PARENT_WITHIN_DAYS).astype(np.int64)
    births = people.birth[:, None] + parent_age
    inside = np.minimum(np.maximum(people.income[:, None], _POOR), _RICH)
    strays = normal_of(np.concatenate([draws.home_value, draws.premium], axis=1))
    return Household(
        age=(_ANCHOR - people.birth) * _HUNDRED // _DAYS_PER_YEAR_X100,
        child_births=births * (children[:, None] > _CHILDREN),
        standing=((inside - _POOR) / (_RICH - _POOR)).T,
        luck=exponential_of(_SPREAD * strays),
    )


def make_policies(people: People, home: Household, draws: Draws, as_of: date) -> Policies:
    """Return the policies in force, at least one a customer."""
    # where they are in tables of customers by kinds, laid flat
    at = _held(people, home, draws).ravel().nonzero()[0]
    rows = at // _KINDS
    kind = at - rows * _KINDS
    start, terms = _terms(_starts(people, home, draws.start).take(at), period(as_of))
    means = draws.options[:, 0] - _QUARTER + _CARS_BY_INCOME * home.standing[_CARS]
    vehicles = _ONE + _VEHICLES_EDGES.searchsorted(means, side="right")
    optional = draws.options[:, 1][rows]
    is_auto = kind == AUTO
    collision, comprehensive = optional < _COLLISION, optional < _COMPREHENSIVE
    chosen = (draws.deductible.take(at) * _CHOICES).astype(np.int64)
    # a car that is insured for what it does to others has nothing to deduct from
    deducted = ~is_auto | collision | comprehensive
    return Policies(
        offsets=offsets_of(rows, len(people)),
        kind=kind,
        start=start,
        term_before=terms[0],
        term_start=terms[1],
        renewal=terms[2],
        coverage=_coverages(people, home, draws).take(at),
        deductible=_DEDUCTIBLES.take(kind * _CHOICES + chosen) * deducted,
        vehicles=vehicles[rows] * is_auto,
        collision=is_auto & collision,
        comprehensive=is_auto & comprehensive,
        number=(draws.number.take(at) * _NUMBERS).astype(np.int64),
    )


def _held(people: People, home: Household, draws: Draws) -> NDArray[np.bool_]:
    # the shares are assumptions in the shape of US ownership by age; an umbrella asks for both
    # a home and a car policy below it, as insurers do
    drawn = draws.held.T
    owner = np.array(owners(people, draws.person[:, OWNS_HOME].tolist()), dtype=np.bool_)
    house = owner & (home.age >= _OWNS_FROM_AGE)
    renters = ~owner & (drawn[RENTERS] < _RENTERS_INSURED)
    auto = drawn[AUTO] < _driving_by_age()[home.age]
    parents = home.child_births[:, 0] > 0
    life = drawn[LIFE] < np.where(parents, _INSURED_FOR_CHILDREN, _INSURED_FOR_OTHERS)
    wealthy = _UMBRELLAS_OF_POOR + _UMBRELLAS_BY_INCOME * home.standing[_UMBRELLAS]
    umbrella = auto & house & (drawn[UMBRELLA] < wealthy)
    auto |= ~(house | renters | life)
    return np.array([auto, house, life, renters, umbrella]).T


@cache
def _driving_by_age() -> NDArray[np.float64]:
    """Return the share of drivers at each age in whole years."""
    years = np.arange(_OLDEST + 1).astype(np.float64)
    return on_curve(years, (24, 30, 70, 80), (0.86, 0.92, 0.90, 0.78))


def _starts(people: People, home: Household, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    start = _BEGINNING - _ONE - (drawn * drawn * _LONGEST_TENURE_DAYS).astype(np.int64)
    # what would begin before the 18th birthday begins at some day between it and 2020; a policy
    # that pays for a funeral not before the 50th
    grown = np.minimum(people.birth + _DAYS_18_YEARS, _BEGINNING)
    first = grown.repeat(len(POLICY_KINDS)).reshape(start.shape)
    first[:, LIFE] += (home.age >= _EARNS_UNTIL_AGE) * _DAYS_18_TO_50_YEARS
    later = first + (drawn * (_BEGINNING - first)).astype(np.int64)
    start = np.where(start < first, later, start)
    # an umbrella begins no earlier than the two policies below it
    below = np.maximum(start[:, AUTO], start[:, HOME])
    start[:, UMBRELLA] = np.maximum(below, start[:, UMBRELLA])
    return np.asarray(start)


def _terms(start: NDArray[np.int64], told: Period) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when policies began, ``(m,)``, and last, this and next term, ``(3, m)``."""
    months = months_of(start)
    first, month = month_starts(months), months % _MONTHS
    # February 29 has no anniversary in most years: such a policy began on the 28th
    day = start - first
    day -= (day == _DAY_29) & (month == _FEBRUARY)
    begins = month_starts(told.year + month + _TERMS) + day
    return first + day, np.where(begins[2] <= told.today, begins[1:], begins[:-1])


def _coverages(people: People, home: Household, draws: Draws) -> NDArray[np.int64]:
    # whole cents; limits are round by nature: they are sold in steps
    dollars, drawn = people.income // _HUNDRED, draws.coverage.T
    richer = drawn[AUTO] - _QUARTER + _LIMITS_BY_INCOME * home.standing[_LIMITS]
    auto = _AUTO_LIMITS[_AUTO_LIMIT_EDGES.searchsorted(richer, side="right")]
    usual = _HOME_OF_NOBODY + dollars * _HOME_BY_INCOME // _TEN
    value = np.rint(usual * home.luck[:, 0]).astype(np.int64)
    house = np.minimum(np.maximum(value // _THOUSAND * _THOUSAND, _LEAST_HOME), _MOST_HOME)
    squared = drawn[UMBRELLA] * drawn[UMBRELLA]
    chosen = np.array([drawn[RENTERS], squared, drawn[LIFE], drawn[LIFE]]).T
    steps = _STEPS_FROM + _STEPS_OF * (chosen * _STEPS).astype(np.int64)
    contents, umbrella, years, funeral = steps.T
    # three to ten years' income while there is work to do; later what a funeral costs
    earned = dollars * years // _LIFE_STEP * _LIFE_STEP
    earning = np.minimum(np.maximum(earned, _LEAST_LIFE), _MOST_LIFE)
    life = np.where(home.age < _EARNS_UNTIL_AGE, earning, funeral)
    return np.asarray(np.array([auto, house, life, contents, umbrella]).T * _HUNDRED)
