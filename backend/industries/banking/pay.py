"""Pay: who is paid when, how much, and by whom.

Pay comes on working days; a pay day that is none moves to the working day before. Social Security
comes on the second, third or fourth Wednesday of the month by the day of birth, as the
administration pays it to those born on days 1-10, 11-20 and later.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.almanac import previous_working_days
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.clients import Clients
from backend.industries.banking.luck import Varying
from backend.industries.banking.postings import Postings, joined, posted
from backend.industries.banking.timeline import (
    BENEFIT_CALENDAR,
    IRREGULAR,
    NEVER,
    RETIRED,
    Timeline,
)
from backend.seeds import Keys, bits_each, uniform, unit

_PAY_DAYS_A_YEAR: Final = np.array([52, 26, 24, 12, 52, 12])
_PURPOSES: Final = ("pay", "pay", "pay", "pay", "contract", "pension")

_BENEFIT_PART: Final = 0.58
_BENEFIT_CAP: Final = 340_000  # cents a month
_ONE: Final = np.array(1.0)
_IRREGULAR, _RETIRED = np.array(IRREGULAR), np.array(RETIRED)
_BORN_BY: Final = (10, 20)  # the last days of birth of the second and of the third Wednesday


class PayDays(NamedTuple):
    """When customers are paid, by customer and day, ``(p,)`` each.

    ``moving`` are the places of those payments whose amounts vary.
    """

    row: NDArray[np.int64]
    nominal: NDArray[np.int64]
    day: NDArray[np.int64]
    moving: NDArray[np.int64]


def pay_days(clients: Clients, told: Timeline) -> PayDays:
    """Return when customers are paid in the months that are told; benefits come beside it."""
    row, nominal, day = _on_calendar(clients.work.calendar.tolist(), told)
    irregular = (clients.traits.pattern == _IRREGULAR).nonzero()[0]
    if len(irregular):
        row, nominal, day = _with_contracts(clients, irregular, told, (row, nominal, day))
    return PayDays(row, nominal, day, clients.traits.pay_volatility[row].nonzero()[0])


def pay_amounts(clients: Clients, days: PayDays) -> Varying:
    """Return how amounts of pay vary."""
    row = days.row[days.moving]
    sigma = clients.traits.pay_volatility[row]
    return Varying("banking/pay", row, days.nominal[days.moving], sigma)


def pay(clients: Clients, days: PayDays, factor: NDArray[np.float64], told: Timeline) -> Postings:
    """Return all pay of the months that are told, by customer and day.

    ``factor`` is by what those payments that vary do.
    """
    row, _, day, moving = days
    pattern = clients.traits.pattern
    part = clients.work.net_year / _PAY_DAYS_A_YEAR[pattern]
    irregular = pattern == _IRREGULAR
    if np.count_nonzero(irregular):
        part = np.where(irregular, part / clients.traits.pay_rate, part)
    retired = (pattern == _RETIRED).nonzero()[0]
    if len(retired):
        benefit = _benefit(clients.work.net_year[retired])
        part[retired] -= benefit
    cents = part[row]
    cents[moving] *= factor
    cents = np.maximum(np.rint(cents), _ONE).astype(np.int64)
    paid = posted(row, day, cents, _purposes()[pattern][row], clients.work.payer[row])
    return _with_benefits(clients, told, paid, retired, benefit) if len(retired) else paid


def next_pay(clients: Clients, told: Timeline) -> NDArray[np.int64]:
    """Return the day of the next pay, or 0 where pay has no pattern."""
    soonest = [told.next_pay[one] for one in clients.work.calendar.tolist()]
    retired = (clients.traits.pattern == _RETIRED).nonzero()[0]
    benefits = _benefit_calendars(clients.people, retired)
    for row, calendar in zip(retired.tolist(), benefits, strict=True):
        soonest[row] = min(soonest[row], told.next_pay[calendar])
    return np.array([0 if day == NEVER else day for day in soonest], dtype=np.int64)


def _on_calendar(
    calendars: Sequence[int], told: Timeline
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (customer, nominal day, actual day) of each pay day."""
    days = [told.pay_days[one] for one in calendars]
    nominal, actual = np.concatenate(days, axis=1)
    return np.arange(len(days)).repeat([one.shape[1] for one in days]), nominal, actual


def _with_contracts(
    clients: Clients,
    irregular: NDArray[np.int64],
    told: Timeline,
    regular: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    traits, keys = clients.traits, clients.people.keys.take(irregular)
    every = traits.pay_every[irregular]
    at, on = _contract_days(keys, np.where(every > 0, 0.0, traits.pay_rate[irregular]), told)
    if every.any():
        other, spaced = _spaced_days(keys, every, told)
        at, on = np.concatenate([at, other]), np.concatenate([on, spaced])
    paid = previous_working_days(on)
    # who waits long takes an instant payment, which comes on any day
    paid = np.where(every[at] > 0, on, paid)
    kept = (paid >= told.told_from) & (paid <= told.end)
    row, nominal, day = regular
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


def _spaced_days(
    keys: Keys, every: NDArray[np.int64], told: Timeline
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (customer, day) of payments that come every so many days; 0 stands for none."""
    step = np.maximum(every, 1)[:, None]
    phase = (uniform(keys, "banking/contract phase")[:, None] * step).astype(np.int64)
    days = np.arange(told.told_from, told.end + 1)
    at, which = (((days + phase) % step == 0) & (every > 0)[:, None]).nonzero()
    return at, days[which]


def _with_benefits(
    clients: Clients,
    told: Timeline,
    paid: Postings,
    retired: NDArray[np.int64],
    benefit: NDArray[np.int64],
) -> Postings:
    at, _, day = _on_calendar(_benefit_calendars(clients.people, retired), told)
    tables, row = catalogue(), retired[at]
    second = posted(row, day, benefit[at], tables.purpose_at["benefit"], tables.benefit)
    both = joined([paid, second])
    return both.take(both.row.argsort(kind="stable"))


@cache
def _purposes() -> NDArray[np.int64]:
    tables = catalogue()
    return np.array([tables.purpose_at[name] for name in _PURPOSES])


def _benefit(net_year: NDArray[np.int64]) -> NDArray[np.int64]:
    # the administration pays whole dollars
    part = np.minimum(net_year * _BENEFIT_PART / 12, _BENEFIT_CAP)
    return np.floor(part / 100).astype(np.int64) * 100


def _benefit_calendars(people: People, retired: NDArray[np.int64]) -> list[int]:
    born = [date.fromordinal(day).day for day in people.birth[retired].tolist()]
    return [BENEFIT_CALENDAR + bisect_left(_BORN_BY, day) for day in born]
