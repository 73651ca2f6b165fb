"""Pay: who is paid when, how much, and by whom.

Pay comes on working days; a pay day that is none moves to the working day before. Social Security
comes on the second, third or fourth Wednesday of the month by the day of birth, as the
administration pays it to those born on days 1-10, 11-20 and later.
"""

from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.almanac import previous_working_days
from backend.industries.banking.catalogue import Names, catalogue
from backend.industries.banking.clients import Clients, Work
from backend.industries.banking.draws import Draws, Life
from backend.industries.banking.postings import Postings, joined, posted
from backend.industries.banking.timeline import (
    BENEFIT_CALENDAR,
    BIWEEKLY,
    CALENDAR_OF,
    IRREGULAR,
    MONTHLY,
    NEVER,
    RETIRED,
    SEMIMONTHLY,
    WEEKLY,
    Timeline,
)
from backend.seeds import Keys, bits_each, exponential_of, normal, on_curve, uniform, unit

_PAY_DAYS_A_YEAR: Final = np.array([52, 26, 24, 12, 52, 12])
_PURPOSES: Final = ("pay", "pay", "pay", "pay", "contract", "pension")

# what is left of a year's gross pay after tax and social insurance, own round figures
_GROSS: Final = (15_000.0, 40_000.0, 80_000.0, 150_000.0, 300_000.0)
_KEPT: Final = (0.92, 0.84, 0.78, 0.72, 0.65)
_KEPT_IN_RETIREMENT: Final = 0.07

_BENEFIT_PART: Final = 0.58
_BENEFIT_CAP: Final = 340_000  # cents a month
_BORN_BY: Final = (10, 20)  # the last days of birth of the second and of the third Wednesday

_PAID_ON_FRIDAY: Final = 0.7  # the others on Thursday
_EARLY_DAYS: Final = 0.4  # paid on the 1st and 15th, or the 25th; the others at the month's end


def make_work(people: People, draws: Draws, sectors: list[str], pattern: NDArray[np.int64]) -> Work:
    """Return how the people are paid; no date takes part."""
    kept = on_curve(people.income / 100, _GROSS, _KEPT)
    kept = kept + (pattern == RETIRED) * _KEPT_IN_RETIREMENT
    return Work(
        net_year=np.rint(people.income * kept).astype(np.int64),
        payer=_payers(sectors, pattern, draws.of(Life.PAYER)),
        calendar=calendar_of(pattern, draws.of(Life.PAY_PHASE)),
    )


def calendar_of(pattern: NDArray[np.int64], phase: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of ``Timeline.pay_days`` each has; ``phase`` in [0, 1) chooses in a pattern."""
    thursday, late = phase >= _PAID_ON_FRIDAY, phase >= _EARLY_DAYS
    odd = (phase * 1024).astype(np.int64) & 1
    within: NDArray[np.int64] = (
        (pattern == WEEKLY) * thursday
        + (pattern == BIWEEKLY) * (2 * thursday + odd)
        + ((pattern == SEMIMONTHLY) | (pattern == MONTHLY)) * late
    )
    calendar: NDArray[np.int64] = CALENDAR_OF[pattern] + within
    return calendar


def pay(clients: Clients, told: Timeline) -> Postings:
    """Return all pay of the months that are told, by customer and day."""
    pattern = clients.traits.pattern
    row, nominal, day = _on_calendar(clients.work.calendar, told)
    part = clients.work.net_year / _PAY_DAYS_A_YEAR[pattern]
    purpose = _purposes()[pattern]
    if (pattern == IRREGULAR).any():
        row, nominal, day = _with_contracts(clients, told, row, nominal, day)
        part = np.where(pattern == IRREGULAR, part / clients.traits.pay_rate, part)
    benefit = np.zeros(0, dtype=np.int64)
    retired = (pattern == RETIRED).nonzero()[0]
    if len(retired):
        benefit = _benefit(clients.work.net_year)
        part = np.where(pattern == RETIRED, part - benefit, part)
    cents = _swung(clients, row, nominal, part[row])
    paid = posted(row, day, cents, purpose[row], clients.work.payer[row])
    return _with_benefits(clients, told, paid, retired, benefit) if len(retired) else paid


def next_pay(clients: Clients, told: Timeline) -> NDArray[np.int64]:
    """Return the day of the next pay, or 0 where pay has no pattern."""
    pattern = clients.traits.pattern
    soonest = told.next_pay[clients.work.calendar]
    retired = (pattern == RETIRED).nonzero()[0]
    if len(retired):
        benefit = told.next_pay[_benefit_calendars(clients.people, retired)]
        soonest[retired] = np.minimum(soonest[retired], benefit)
    return np.where(soonest == NEVER, 0, soonest)


def _on_calendar(
    calendar: NDArray[np.int64], told: Timeline
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (customer, nominal day, actual day) of each pay day."""
    first = told.pay_ends[calendar]
    count = told.pay_ends[calendar + 1] - first
    row = np.arange(len(calendar)).repeat(count)
    at = np.arange(len(row)) + (first - count.cumsum() + count)[row]
    nominal, actual = told.pay_days
    return row, nominal[at], actual[at]


def _with_contracts(
    clients: Clients,
    told: Timeline,
    row: NDArray[np.int64],
    nominal: NDArray[np.int64],
    day: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    irregular = (clients.traits.pattern == IRREGULAR).nonzero()[0]
    at, on = _contract_days(
        clients.people.keys.take(irregular), clients.traits.pay_rate[irregular], told
    )
    paid = previous_working_days(on)
    kept = (paid >= told.told_from) & (paid <= told.end)
    row = np.concatenate([row, irregular[at[kept]]])
    nominal, day = np.concatenate([nominal, on[kept]]), np.concatenate([day, paid[kept]])
    order = row.argsort(kind="stable")
    return row[order], nominal[order], day[order]


def _contract_days(
    keys: Keys, rate: NDArray[np.float64], told: Timeline
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    weeks = np.arange(told.told_from // 7, told.end // 7 + 2)
    at, which = np.nonzero(uniform(keys, "banking/contract week", weeks) < rate[:, None])
    drawn = unit(bits_each(keys.take(at), "banking/contract day", weeks[which]))
    return at, weeks[which] * 7 + 1 + (drawn * 5).astype(np.int64)


def _swung(
    clients: Clients,
    row: NDArray[np.int64],
    nominal: NDArray[np.int64],
    cents: NDArray[np.float64],
) -> NDArray[np.int64]:
    sigma = clients.traits.pay_volatility
    if sigma.any():
        moving = sigma[row].nonzero()[0]
        of = row[moving]
        keys, sigmas = clients.people.keys.take(of), sigma[of]
        drawn = normal(keys, "banking/pay", nominal[moving][:, None])[:, 0]
        cents[moving] *= exponential_of(sigmas * drawn - sigmas * sigmas / 2)
    return np.maximum(np.rint(cents), 1.0).astype(np.int64)


def _with_benefits(
    clients: Clients,
    told: Timeline,
    paid: Postings,
    retired: NDArray[np.int64],
    benefit: NDArray[np.int64],
) -> Postings:
    at, _, day = _on_calendar(_benefit_calendars(clients.people, retired), told)
    tables, row = catalogue(), retired[at]
    second = posted(row, day, benefit[row], tables.purpose_at["benefit"], tables.benefit)
    both = joined([paid, second])
    return both.take(both.row.argsort(kind="stable"))


@cache
def _purposes() -> NDArray[np.int64]:
    tables = catalogue()
    return np.array([tables.purpose_at[name] for name in _PURPOSES])


def _payers(
    sectors: list[str], pattern: NDArray[np.int64], drawn: NDArray[np.float64]
) -> NDArray[np.int64]:
    tables = catalogue()
    families: list[Names] = [
        tables.contractors if way == IRREGULAR else tables.payers[sector]
        for sector, way in zip(sectors, pattern.tolist(), strict=True)
    ]
    first = np.array([family.first for family in families])
    sizes = np.array([family.patterns * tables.words for family in families])
    payers: NDArray[np.int64] = first + (drawn * sizes).astype(np.int64)
    return payers


def _benefit(net_year: NDArray[np.int64]) -> NDArray[np.int64]:
    # the administration pays whole dollars
    part = np.minimum(net_year * _BENEFIT_PART / 12, _BENEFIT_CAP)
    return np.floor(part / 100).astype(np.int64) * 100


def _benefit_calendars(people: People, retired: NDArray[np.int64]) -> NDArray[np.int64]:
    born = [date.fromordinal(day).day for day in people.birth[retired].tolist()]
    return BENEFIT_CALENDAR + np.searchsorted(_BORN_BY, born, side="left")
