"""Which policies a customer holds, since when and on what terms.

Nothing here depends on the date that a life is told up to but the term that it lies in: every
policy began before the earliest such date, 2020-01-01, and terms roll over on anniversaries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS, Policies
from backend.domain.person import People
from backend.industries.almanac import month_starts, months_of
from backend.industries.life import ANCHOR, EARLIEST_AS_OF, owns_home
from backend.industries.segments import offsets_of
from backend.seeds import bits, cents_of, on_curve, uniforms

AUTO, HOME, LIFE, RENTERS, UMBRELLA = range(len(POLICY_KINDS))

_BEGINNING: Final = EARLIEST_AS_OF.toordinal()
_LONGEST_TENURE_DAYS: Final = 9131  # 25 years before 2020
_DAYS_18_YEARS: Final = 6575
_DAYS_PER_YEAR_X100: Final = 36525
_KINDS: Final = np.arange(len(POLICY_KINDS))
_CHILDREN: Final = np.arange(3)
_NUMBER_DIGITS: Final = np.uint64(10**12)
_OWNS_FROM_AGE: Final = 27  # such an owner was 21 when the latest policies began
_EARNS_UNTIL_AGE: Final = 60
_RENTERS_INSURED: Final = 0.57
_CHILDREN_EDGES: Final = np.array([0.30, 0.50, 0.82])
_VEHICLES_EDGES: Final = np.array([0.42, 0.83])
# insured drivers with collision 76%, with comprehensive 80%: iii.org, facts on auto insurance
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

    age: NDArray[np.float64]
    child_births: NDArray[np.int64]


class _Draws(NamedTuple):
    """Draws of *n* customers by kind of policy, but for ``options`` and ``home_value``."""

    held: NDArray[np.float64]
    start: NDArray[np.float64]
    coverage: NDArray[np.float64]
    premium: NDArray[np.float64]
    deductible: NDArray[np.float64]
    options: NDArray[np.float64]
    home_value: NDArray[np.float64]


_SHEET: Final = (
    ("insurance/held", len(POLICY_KINDS)),
    ("insurance/start", len(POLICY_KINDS)),
    ("insurance/coverage", len(POLICY_KINDS)),
    ("insurance/premium", len(POLICY_KINDS)),
    ("insurance/deductible", len(POLICY_KINDS)),
    ("insurance/options", 2),
    ("insurance/home-value", 1),
)


def households(people: People, drawn: NDArray[np.float64]) -> Household:
    """Return the households of ``people``: none to three children, born to 22 to 40-year-olds.

    ``drawn`` are four uniform draws a customer: the children's births, and how many there are.

    Shares by number of children (30% none, 20% one, 32% two, 18% three) are an assumption.
    """
    children = _CHILDREN_EDGES.searchsorted(drawn[:, 3], side="right")
    parent_age = 22 * 365 + (drawn[:, :3] * (18 * 365)).astype(np.int64)
    births = people.birth[:, None] + parent_age
    age = ((ANCHOR.toordinal() - people.birth) * 100 // _DAYS_PER_YEAR_X100).astype(np.float64)
    return Household(age, np.where(children[:, None] > _CHILDREN, births, 0))


def make_policies(people: People, home: Household, as_of: date) -> Policies:
    """Return the policies in force, at least one a customer."""
    draws = _Draws(*uniforms(people.keys, _SHEET))
    held = _held(people, home, draws.held)
    rows, kind = np.nonzero(held)
    start = _starts(people, draws.start)
    term_start, renewal = _terms(start, as_of)
    coverage = _coverages(people, home, draws)
    options = draws.options
    vehicles = 1 + _VEHICLES_EDGES.searchsorted(options[:, 0], side="right")
    numbers = bits(people.keys, "insurance/policy-number", _KINDS) % _NUMBER_DIGITS
    is_auto = kind == AUTO
    return Policies(
        offsets=offsets_of(rows, len(people)),
        kind=kind,
        start=start[rows, kind],
        term_start=term_start[rows, kind],
        renewal=renewal[rows, kind],
        coverage=coverage[rows, kind],
        premium=_premiums(draws.premium, home, coverage, vehicles)[rows, kind],
        deductible=_deductibles(draws.deductible)[rows, kind],
        vehicles=np.where(is_auto, vehicles[rows], 0),
        collision=is_auto & (options[rows, 1] < _COLLISION),
        comprehensive=is_auto & (options[rows, 1] < _COMPREHENSIVE),
        number=numbers[rows, kind].astype(np.int64),
    )


def _held(people: People, home: Household, drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
    # the shares are assumptions in the shape of US ownership by age; an umbrella asks for both
    # a home and a car policy below it, as insurers do
    owner = owns_home(people)
    house = owner & (home.age >= _OWNS_FROM_AGE)
    renters = ~owner & (drawn[:, RENTERS] < _RENTERS_INSURED)
    auto = drawn[:, AUTO] < on_curve(home.age, (24, 30, 70, 80), (0.86, 0.92, 0.90, 0.78))
    life = drawn[:, LIFE] < np.where(home.child_births[:, 0] > 0, 0.52, 0.24)
    wealth = on_curve(people.income / 100, (40_000, 200_000), (0.04, 0.7))
    umbrella = auto & house & (drawn[:, UMBRELLA] < wealth)
    auto |= ~(house | renters | life)
    held = np.empty((len(people), len(POLICY_KINDS)), dtype=np.bool_)
    held[:, AUTO], held[:, HOME], held[:, LIFE] = auto, house, life
    held[:, RENTERS], held[:, UMBRELLA] = renters, umbrella
    return held


def _starts(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    start = _BEGINNING - 1 - (drawn * drawn * _LONGEST_TENURE_DAYS).astype(np.int64)
    # what would begin before the 18th birthday begins at some day between it and 2020
    adult = np.minimum(people.birth + _DAYS_18_YEARS, _BEGINNING)[:, None]
    later = adult + (drawn * (_BEGINNING - adult)).astype(np.int64)
    start = np.where(start < adult, later, start)
    # an umbrella begins no earlier than the two policies below it
    below = np.maximum(start[:, AUTO], start[:, HOME])
    start[:, UMBRELLA] = np.maximum(start[:, UMBRELLA], below)
    return _without_leap_days(start)


def _without_leap_days(days: NDArray[np.int64]) -> NDArray[np.int64]:
    # February 29 has no anniversary in most years
    months = months_of(days)
    leap = (months % 12 == 1) & (days - month_starts(months) == 28)  # noqa: PLR2004 - the 29th counts from 0
    return np.asarray(days - leap)


def _terms(start: NDArray[np.int64], as_of: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    months = months_of(start)
    day = start - month_starts(months)
    this_year = (as_of.year - 1) * 12 + months % 12
    anniversary = month_starts(this_year) + day
    passed = anniversary <= as_of.toordinal()
    return (
        np.where(passed, anniversary, month_starts(this_year - 12) + day),
        np.where(passed, month_starts(this_year + 12) + day, anniversary),
    )


def _coverages(people: People, home: Household, draws: _Draws) -> NDArray[np.int64]:
    # whole cents; limits are round by nature: they are sold in steps
    dollars = people.income // 100
    drawn = draws.coverage
    richer = drawn[:, AUTO] + on_curve(people.income / 100, (30_000, 150_000), (-0.25, 0.25))
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
    return np.where(home.age < _EARNS_UNTIL_AGE, earning, _step(drawn, 10_000, 25_000, 5_000))


def _step(drawn: NDArray[np.float64], low: int, high: int, step: int) -> NDArray[np.int64]:
    return low + step * (drawn * ((high - low) // step + 1)).astype(np.int64)


def _premiums(
    drawn: NDArray[np.float64],
    home: Household,
    coverage: NDArray[np.int64],
    vehicles: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return monthly premiums in cents, log-normal around these medians.

    Auto: $1,062 a year and insured car (iii.org, 2021), more for the young and the very old, and
    for higher limits. Home: $1,411 a year (unsourced) on about $300,000 of coverage. The others
    are assumptions in the size of what is sold.
    """
    thousands = coverage // 100_000
    by_age = on_curve(home.age, (24, 32, 65, 80), (1.25, 1.0, 0.95, 1.15))
    limit = on_curve(thousands[:, AUTO].astype(np.float64), (100, 500), (0.88, 1.12))
    mortality = on_curve(home.age, (24, 40, 59, 60, 80), (4.5, 7.5, 22.0, 260.0, 420.0))
    car = 8_500 * by_age * limit * (0.18 + 0.82 * vehicles)
    house = 1_500 + thousands[:, HOME] * 34.0
    life = 600 + thousands[:, LIFE] * mortality
    renters = 700 + thousands[:, RENTERS] * 32.0
    umbrella = 700 + thousands[:, UMBRELLA] * 1.3
    medians = np.rint(np.array([car, house, life, renters, umbrella]).T).astype(np.int64)
    return cents_of(drawn, medians, 0.2)


def _deductibles(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    choice = (drawn * _DEDUCTIBLES.shape[1]).astype(np.int64)
    return np.asarray(_DEDUCTIBLES[_KINDS, choice])
