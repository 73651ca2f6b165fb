"""From people to their care: plan, conditions, prescriptions, visits and who paid what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Accumulators, Care, Fills, Visits
from backend.domain.person import People
from backend.industries.almanac import months_of
from backend.industries.healthcare.catalogue import CHECKUP, SETTINGS, catalogue
from backend.industries.healthcare.conditions import list_conditions, make_health
from backend.industries.healthcare.draws import draw
from backend.industries.healthcare.prescriptions import (
    Courses,
    FillDays,
    fill_days,
    list_prescriptions,
    make_courses,
)
from backend.industries.healthcare.providers import name_places, name_providers
from backend.industries.healthcare.sharing import Shares, Terms, share
from backend.industries.healthcare.visits import (
    Encounters,
    acute_visits,
    appointments,
    charges,
    past_visits,
    plan_visits,
)
from backend.industries.life import EARLIEST_AS_OF
from backend.industries.segments import largest, offsets_of, sums
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker, choice_of

HISTORY_DAYS: Final = 1095
"""How far back visits and fills are told; whole calendar years are walked before that."""

_PHARMACY: Final = SETTINGS.index("pharmacy")
_NUMBERS: Final = 10**10
_LONG_SUPPLY: Final = 90
_YEARS_APART: Final = 10_000
_MEMBER_YEARS, _LAST_MEMBER_YEAR = 16, 2019
_ADULT_YEARS: Final = 18
_ALLERGIC: Final = 0.24


@dataclass(frozen=True, slots=True)
class _Claims:
    """Visits and fills in one line, by row and date: who paid what."""

    order: NDArray[np.int64]
    row: NDArray[np.int64]
    date: NDArray[np.int64]
    shares: Shares


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    _others: Sequence[FlowSource] = (),
) -> Care:
    """Return the care records of ``people`` up to the day before ``as_of``."""
    draws = draw(people)
    health = make_health(people, draws)
    plan = choice_of(draws.plan[:, 0], catalogue().plan_arrays.weights)
    planned = plan_visits(people, health, draws, as_of)
    visits = past_visits(planned, acute_visits(people, health, as_of), as_of)
    courses = make_courses(health, draws, as_of)
    fills = fill_days(people, courses, as_of)
    allowed = charges(people, visits)
    claims = _claims(plan, visits, allowed, courses, fills)
    own, to_deductible = _as_handed_in(claims)
    cut = len(allowed)
    prescriptions = list_prescriptions(courses, fills, len(people), as_of)
    ahead = appointments(planned, len(people), as_of)
    told = _told_visits(visits, allowed, (own[:cut], to_deductible[:cut]), len(people), as_of)
    this_year, last_year = _accumulated(claims, len(people), as_of.year)
    clinic, pharmacy = name_places(people)
    return Care(
        plan=plan,
        member_number=(draws.member[:, 0] * _NUMBERS).astype(np.int64),
        member_since=_member_since(people, draws.member_since[:, 0]),
        conditions=list_conditions(health, as_of),
        prescriptions=prescriptions,
        visits=told,
        fills=_told_fills(courses, fills, (own[cut:], to_deductible[cut:]), len(people), as_of),
        appointments=ahead,
        last_checkup=largest(np.where(told.occasion == CHECKUP, told.date, 0), told.offsets, 0),
        this_year=this_year,
        last_year=last_year,
        allergy=_allergies(draws.allergy[:, 0]),
        provider=name_providers(people, faker, told, ahead, prescriptions),
        clinic=clinic,
        pharmacy=pharmacy,
    )


def _claims(
    plan: NDArray[np.int64],
    visits: Encounters,
    allowed: NDArray[np.int64],
    courses: Courses,
    fills: FillDays,
) -> _Claims:
    row = np.concatenate([visits.row, courses.row[fills.course]])
    day = np.concatenate([visits.date, fills.date])
    # on one day visits come before the pharmacy: the order is stable
    order = np.lexsort((day, row))
    arrays = catalogue().plan_arrays
    setting = catalogue().occasion_arrays.setting[visits.occasion]
    at_visits = arrays.copay[plan[visits.row], setting]
    at_pharmacy = arrays.copay[plan[courses.row], _PHARMACY]
    # three months' supply costs two and a half copays, as mail order commonly does
    at_pharmacy = np.where(
        (at_pharmacy > 0) & (courses.days == _LONG_SUPPLY), at_pharmacy * 5 // 2, at_pharmacy
    )
    row, day = row[order], day[order]
    terms = Terms(
        copay=np.concatenate([at_visits, at_pharmacy[fills.course]])[order],
        deductible=arrays.deductible[plan[row]],
        coinsurance=arrays.coinsurance[plan[row]],
        maximum=arrays.maximum[plan[row]],
    )
    amount = np.concatenate([allowed, fills.allowed])[order]
    return _Claims(order, row, day, share(amount, row * _YEARS_APART + _years(day), terms))


def _years(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return months_of(days) // 12


def _accumulated(claims: _Claims, customers: int, year: int) -> tuple[Accumulators, Accumulators]:
    """Return what the claims of ``year`` and of the year before came to."""
    first, before = date(year, 1, 1).toordinal(), date(year - 1, 1, 1).toordinal()
    shares = np.array([claims.shares.to_deductible, claims.shares.own])
    this = claims.date >= first
    last = (claims.date >= before) & ~this
    columns = np.concatenate([shares * this, shares * last])
    met, spent, last_met, last_spent = sums(columns, offsets_of(claims.row, customers))
    return Accumulators(met, spent), Accumulators(last_met, last_spent)


def _told_visits(
    visits: Encounters,
    allowed: NDArray[np.int64],
    shares: tuple[NDArray[np.int64], NDArray[np.int64]],
    customers: int,
    as_of: date,
) -> Visits:
    kept = visits.date >= as_of.toordinal() - HISTORY_DAYS
    return Visits(
        offsets=offsets_of(visits.row[kept], customers),
        date=visits.date[kept],
        occasion=visits.occasion[kept],
        allowed=allowed[kept],
        own_share=shares[0][kept],
        to_deductible=shares[1][kept],
        token=visits.token[kept],
    )


def _told_fills(
    courses: Courses,
    fills: FillDays,
    shares: tuple[NDArray[np.int64], NDArray[np.int64]],
    customers: int,
    as_of: date,
) -> Fills:
    row = courses.row[fills.course]
    told = (fills.date >= as_of.toordinal() - HISTORY_DAYS).nonzero()[0]
    order = told[np.lexsort((fills.course[told], fills.date[told], row[told]))]
    return Fills(
        offsets=offsets_of(row[order], customers),
        date=fills.date[order],
        prescription=fills.course[order],
        allowed=fills.allowed[order],
        own_share=shares[0][order],
        to_deductible=shares[1][order],
    )


def _as_handed_in(claims: _Claims) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # back from the order of claims to the order in which visits and fills were handed in
    own, to_deductible = np.empty_like(claims.shares.own), np.empty_like(claims.shares.own)
    own[claims.order] = claims.shares.own
    to_deductible[claims.order] = claims.shares.to_deductible
    return own, to_deductible


def _member_since(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    before = (drawn * _MEMBER_YEARS).astype(np.int64)
    adult_in = _years(people.birth) + 1 + _ADULT_YEARS
    return np.minimum(np.maximum(_LAST_MEMBER_YEAR - before, adult_in), EARLIEST_AS_OF.year)


def _allergies(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    count = len(catalogue().allergies)
    return np.where(drawn < _ALLERGIC, (drawn / _ALLERGIC * count).astype(np.int64), -1)
