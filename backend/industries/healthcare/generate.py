"""From people to their care: plan, conditions, prescriptions, visits and who paid what."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Accumulators, Care, Fills, Visits
from backend.domain.person import People
from backend.industries.healthcare.catalogue import CHECKUP, SETTINGS, catalogue
from backend.industries.healthcare.conditions import list_conditions, make_health
from backend.industries.healthcare.draws import draw_dated
from backend.industries.healthcare.period import PLAN_YEARS, Period, period
from backend.industries.healthcare.prescriptions import (
    Courses,
    FillDays,
    fill,
    list_prescriptions,
    make_courses,
    supplies_of,
)
from backend.industries.healthcare.providers import name_places, name_providers
from backend.industries.healthcare.sharing import Shares, Terms, by_account, share
from backend.industries.healthcare.visits import (
    Encounters,
    appointments,
    charges,
    past_visits,
    plan_visits,
    planned_turns,
    sudden_slots,
    sudden_visits,
)
from backend.industries.life import EARLIEST_AS_OF
from backend.industries.segments import offsets_of
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker, choice_of, draw_each

_PHARMACY: Final = np.array(SETTINGS.index("pharmacy"))  # for three months it is the next
_NUMBERS: Final = 10**10
_LONG_SUPPLY: Final = np.array(90)
_MEMBER_YEARS, _LAST_MEMBER_YEAR = 16, 2019
_ADULT_YEARS: Final = 18
_ALLERGIC: Final = 0.24
_PLAN_YEARS: Final = np.array(PLAN_YEARS)
_FILLED: Final = np.array(1 << 60)  # more than any visit's token


class _Claims(NamedTuple):
    """Visits and fills in one line, by row and date: who paid what.

    ``what`` is a visit's occasion, or a fill's course; ``token`` a visit's token, or for a fill
    ``_FILLED`` and more. ``accounts`` are the offsets of the claims of each row and plan year.
    """

    row: NDArray[np.int64]
    date: NDArray[np.int64]
    token: NDArray[np.int64]
    what: NDArray[np.int64]
    allowed: NDArray[np.int64]
    shares: Shares
    accounts: NDArray[np.int64]


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    _others: Sequence[FlowSource] = (),
) -> Care:
    """Return the care records of ``people`` up to the day before ``as_of``."""
    told, customers = period(as_of), len(people)
    draws, drawn = draw_dated(people, told)
    health = make_health(people, draws)
    series = health.begun(told.today)
    held = series.conditions()
    courses = make_courses(held, draws)
    turns, supplies = planned_turns(series, draws, told), supplies_of(courses, told)
    slots = sudden_slots(health, drawn, told)
    asked = [*turns.asks(series), *slots.asks(), supplies.asks(courses)]
    of_turns, turns_luck, of_slots, slots_luck, of_fills = draw_each(people.keys, asked)
    planned = plan_visits(series, turns, (of_turns, turns_luck), draws, told)
    sudden = sudden_visits(slots, (of_slots, slots_luck), told)
    fills = fill(courses, supplies, of_fills, told)
    plan = choice_of(draws.plan[:, 0], catalogue().plan_arrays.weights)
    claims = _claims(plan, (past_visits(series, planned, told), sudden), courses, fills, told)
    prescriptions = list_prescriptions(courses, fills, customers, told)
    ahead = appointments(series, planned, draws, customers, told)
    visits, filled, last_checkup = _records(claims, customers, told)
    this_year, last_year = _accumulated(claims, customers)
    clinic, pharmacy = name_places(people)
    return Care(
        plan=plan,
        member_number=(draws.member[:, 0] * _NUMBERS).astype(np.int64),
        member_since=_member_since(people, draws.member_since[:, 0]),
        conditions=list_conditions(held, customers, told.today),
        prescriptions=prescriptions,
        visits=visits,
        fills=filled,
        appointments=ahead,
        last_checkup=last_checkup,
        this_year=this_year,
        last_year=last_year,
        allergy=_allergies(draws.allergy[:, 0]),
        provider=name_providers(people, faker, visits, ahead, prescriptions),
        clinic=clinic,
        pharmacy=pharmacy,
    )


def _claims(
    plan: NDArray[np.int64],
    visits: tuple[Encounters, Encounters],
    courses: Courses,
    fills: FillDays,
    told: Period,
) -> _Claims:
    table, arrays = catalogue().occasion_arrays, catalogue().plan_arrays
    one, other = visits
    occasion = np.concatenate([one.occasion, other.occasion])
    row = np.concatenate([one.row, other.row, courses.row[fills.course]])
    day = np.concatenate([one.date, other.date, fills.date])
    token = np.concatenate([one.token, other.token, fills.course + _FILLED])
    # on one day visits come before the pharmacy
    order = np.lexsort((token, day, row))
    row, day = row[order], day[order]
    pharmacy = _PHARMACY + (courses.days == _LONG_SUPPLY)
    setting = np.concatenate([table.setting[occasion], pharmacy[fills.course]])
    charged = charges(occasion, np.concatenate([one.luck, other.luck]))
    allowed = np.concatenate([charged, fills.allowed])[order]
    held = plan[row]
    terms = Terms(
        copay=arrays.copay[held, setting[order]],
        deductible=arrays.deductible[held],
        coinsurance=arrays.coinsurance[held],
        maximum=arrays.maximum[held],
    )
    account = row * _PLAN_YEARS + told.years.searchsorted(day, side="right")
    accounts = offsets_of(account, len(plan) * PLAN_YEARS)
    what = np.concatenate([occasion, fills.course])[order]
    shares = share(allowed, accounts, terms)
    return _Claims(row, day, token[order], what, allowed, shares, accounts)


def _records(
    claims: _Claims, customers: int, told: Period
) -> tuple[Visits, Fills, NDArray[np.int64]]:
    """Return visits and fills of the days that are told, and who was last checked up when."""
    kept, visited = claims.date >= told.told_from, claims.token < _FILLED
    visits, fills = (kept & visited).nonzero()[0], (kept > visited).nonzero()[0]
    seen = Visits(
        offsets=offsets_of(claims.row[visits], customers),
        date=claims.date[visits],
        occasion=claims.what[visits],
        allowed=claims.allowed[visits],
        own_share=claims.shares.own[visits],
        to_deductible=claims.shares.to_deductible[visits],
        token=claims.token[visits],
    )
    filled = Fills(
        offsets=offsets_of(claims.row[fills], customers),
        date=claims.date[fills],
        prescription=claims.what[fills],
        allowed=claims.allowed[fills],
        own_share=claims.shares.own[fills],
        to_deductible=claims.shares.to_deductible[fills],
    )
    checkups = (seen.occasion == CHECKUP).nonzero()[0]
    last = np.zeros(customers, dtype=np.int64)
    # by date: of a customer's the last stays
    last[claims.row[visits[checkups]]] = seen.date[checkups]
    return seen, filled, last


def _accumulated(claims: _Claims, customers: int) -> tuple[Accumulators, Accumulators]:
    """Return what the claims of the date's year and of the year before came to."""
    columns = claims.shares.to_deductible, claims.shares.own
    met, spent = (by_account(each, claims.accounts).reshape(customers, -1) for each in columns)
    return Accumulators(met[:, -1], spent[:, -1]), Accumulators(met[:, -2], spent[:, -2])


def _member_since(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    each = zip(people.birth.tolist(), drawn.tolist(), strict=True)
    return np.array([_joined(date.fromordinal(born).year, part) for born, part in each])


def _joined(born: int, drawn: float) -> int:
    before = _LAST_MEMBER_YEAR - int(drawn * _MEMBER_YEARS)
    return min(max(before, born + _ADULT_YEARS), EARLIEST_AS_OF.year)


def _allergies(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    count = len(catalogue().allergies)
    return np.array(
        [int(part / _ALLERGIC * count) if part < _ALLERGIC else -1 for part in drawn.tolist()]
    )
