"""Which policies a customer holds, since when and on what terms.

Nothing here depends on the date that a life is told up to but the term that it lies in: every
policy began before the earliest such date, 2020-01-01, and terms roll over on anniversaries.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS, Policies
from backend.domain.person import People
from backend.industries.almanac import month_starts, months_of
from backend.industries.insurance.draws import Draws
from backend.industries.life import ANCHOR, EARLIEST_AS_OF, owns_home
from backend.industries.segments import offsets_of
from backend.seeds import cents_of, on_curve

AUTO, HOME, LIFE, RENTERS, UMBRELLA = range(len(POLICY_KINDS))

_BEGINNING: Final = EARLIEST_AS_OF.toordinal()
_LONGEST_TENURE_DAYS: Final = 9131  # 25 years before 2020
_DAYS_18_YEARS: Final = 6575
_DAYS_50_YEARS: Final = 18263
_DAYS_PER_YEAR_X100: Final = 36525
_KINDS: Final = np.arange(len(POLICY_KINDS))
_CHILDREN: Final = np.arange(3)
_TERMS: Final = np.array([[-24], [-12], [0], [12]])
_FEBRUARY, _DAY_29 = 1, 28  # both count from 0
_NUMBERS: Final = 10**12
_OLDEST: Final = 81
_OWNS_FROM_AGE: Final = 27  # such an owner was 21 when the latest policies began
EARNS_UNTIL_AGE: Final = 60
_RENTERS_INSURED: Final = 0.57
_CHILDREN_EDGES: Final = np.array([0.30, 0.50, 0.82])
_VEHICLES_EDGES: Final = np.array([0.42, 0.83])
# insured cars with collision 76%, with comprehensive 80%: iii.org, facts on auto insurance
_COLLISION, _COMPREHENSIVE = 0.76, 0.80
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


@dataclass(frozen=True, slots=True)
class Household:
    """What premiums and needs depend on: age in whole years on the anchor day, and children.

    ``child_births`` is ``(n, 3)``; 0 stands for a child that there never is.
    """

    age: NDArray[np.int64]
    child_births: NDArray[np.int64]


def households(people: People, draws: Draws) -> Household:
    """Return the households of ``people``: none to three children, born to 22 to 40-year-olds.

    Shares by number of children (30% none, 20% one, 32% two, 18% three) are an assumption.
    """
    drawn = draws.children
    children = _CHILDREN_EDGES.searchsorted(drawn[:, 3], side="right")
    parent_age = 22 * 365 + (drawn[:, :3] * (18 * 365)).astype(np.int64)
    births = people.birth[:, None] + parent_age
    age = (ANCHOR.toordinal() - people.birth) * 100 // _DAYS_PER_YEAR_X100
    return Household(age, np.where(children[:, None] > _CHILDREN, births, 0))


def make_policies(people: People, home: Household, draws: Draws, as_of: date) -> Policies:
    """Return the policies in force, at least one a customer."""
    rows, kind = np.nonzero(_held(people, home, draws.held))
    start, terms = _terms(_starts(people, home, draws.start)[rows, kind], as_of)
    means = draws.options[:, 0] - 0.25 + 0.4 * _part(people.income, 25_000, 115_000)
    vehicles = 1 + _VEHICLES_EDGES.searchsorted(means, side="right")
    optional = draws.options[rows, 1]
    is_auto = kind == AUTO
    chosen = (draws.deductible[rows, kind] * _DEDUCTIBLES.shape[1]).astype(np.int64)
    return Policies(
        offsets=offsets_of(rows, len(people)),
        kind=kind,
        start=start,
        term_before=terms[0],
        term_start=terms[1],
        renewal=terms[2],
        coverage=_coverages(people, home, draws)[rows, kind],
        deductible=_DEDUCTIBLES[kind, chosen],
        vehicles=vehicles[rows] * is_auto,
        collision=is_auto & (optional < _COLLISION),
        comprehensive=is_auto & (optional < _COMPREHENSIVE),
        number=(draws.number[rows, kind] * _NUMBERS).astype(np.int64),
    )


def _held(people: People, home: Household, drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
    # the shares are assumptions in the shape of US ownership by age; an umbrella asks for both
    # a home and a car policy below it, as insurers do
    owner = owns_home(people)
    house = owner & (home.age >= _OWNS_FROM_AGE)
    renters = ~owner & (drawn[:, RENTERS] < _RENTERS_INSURED)
    auto = drawn[:, AUTO] < _driving_by_age()[home.age]
    life = drawn[:, LIFE] < np.where(home.child_births[:, 0] > 0, 0.52, 0.24)
    wealthy = 0.04 + 0.66 * _part(people.income, 40_000, 200_000)
    umbrella = auto & house & (drawn[:, UMBRELLA] < wealthy)
    auto |= ~(house | renters | life)
    return np.array([auto, house, life, renters, umbrella]).T


@cache
def _driving_by_age() -> NDArray[np.float64]:
    """Return the share of drivers at each age in whole years."""
    years = np.arange(_OLDEST + 1).astype(np.float64)
    return on_curve(years, (24, 30, 70, 80), (0.86, 0.92, 0.90, 0.78))


def _part(income: NDArray[np.int64], low: int, high: int) -> NDArray[np.float64]:
    """Return how far incomes in cents are on the way between two in dollars, from 0 to 1."""
    inside = np.minimum(np.maximum(income, low * 100), high * 100)
    return np.asarray((inside - low * 100) / ((high - low) * 100))


def _starts(people: People, home: Household, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    start = _BEGINNING - 1 - (drawn * drawn * _LONGEST_TENURE_DAYS).astype(np.int64)
    # what would begin before the 18th birthday begins at some day between it and 2020; a policy
    # that pays for a funeral not before the 50th
    first = np.minimum(people.birth + _DAYS_18_YEARS, _BEGINNING)[:, None].repeat(len(_KINDS), 1)
    late = home.age >= EARNS_UNTIL_AGE
    first[:, LIFE] += late * (_DAYS_50_YEARS - _DAYS_18_YEARS)
    later = first + (drawn * (_BEGINNING - first)).astype(np.int64)
    start = np.where(start < first, later, start)
    # an umbrella begins no earlier than the two policies below it
    start[:, UMBRELLA] = start[:, [AUTO, HOME, UMBRELLA]].max(axis=1)
    return start


def _terms(start: NDArray[np.int64], as_of: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when policies began, ``(m,)``, and last, this and next term, ``(3, m)``."""
    months = months_of(start)
    first = month_starts(months)
    # February 29 has no anniversary in most years: such a policy began on the 28th
    day = start - first
    day -= (day == _DAY_29) & (months % 12 == _FEBRUARY)
    this_year = (as_of.year - 1) * 12 + months % 12
    begins = month_starts(this_year + _TERMS) + day
    return first + day, np.where(begins[2] <= as_of.toordinal(), begins[1:], begins[:-1])


def _coverages(people: People, home: Household, draws: Draws) -> NDArray[np.int64]:
    # whole cents; limits are round by nature: they are sold in steps
    dollars = people.income // 100
    drawn = draws.coverage
    richer = drawn[:, AUTO] - 0.25 + 0.5 * _part(people.income, 30_000, 150_000)
    auto = _AUTO_LIMITS[_AUTO_LIMIT_EDGES.searchsorted(richer, side="right")]
    value = cents_of(draws.home_value[:, 0], 90_000 + dollars * 27 // 10, 0.28)
    house = np.minimum(np.maximum(value // 1_000 * 1_000, 150_000), 1_500_000)
    contents = _step(drawn[:, RENTERS], 15_000, 50_000, 5_000)
    squared = drawn[:, UMBRELLA] * drawn[:, UMBRELLA]
    umbrella = _step(squared, 1_000_000, 3_000_000, 1_000_000)
    life = _life_coverage(dollars, home, drawn[:, LIFE])
    return np.array([auto, house, life, contents, umbrella]).T * 100


def _life_coverage(
    dollars: NDArray[np.int64], home: Household, drawn: NDArray[np.float64]
) -> NDArray[np.int64]:
    # three to ten years' income while there is work to do; later what a funeral costs
    years = _step(drawn, 3, 10, 1)
    earning = np.minimum(np.maximum(dollars * years // 25_000 * 25_000, 50_000), 2_000_000)
    return np.where(home.age < EARNS_UNTIL_AGE, earning, _step(drawn, 10_000, 25_000, 5_000))


def _step(drawn: NDArray[np.float64], low: int, high: int, step: int) -> NDArray[np.int64]:
    return low + step * (drawn * ((high - low) // step + 1)).astype(np.int64)
