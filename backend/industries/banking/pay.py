"""Pay: who is paid when, how much, and by whom.

Pay comes on working days; a pay day that is none moves to the working day before. Social Security
comes on the second, third or fourth Wednesday of the month by the day of birth, as the
administration pays it to those born on days 1-10, 11-20 and later.
"""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.almanac import month_starts, months_of, previous_working_days
from backend.industries.banking.catalogue import Names, catalogue
from backend.industries.banking.clients import Clients, Work
from backend.industries.banking.postings import Postings, joined, settled
from backend.industries.life import sector_of
from backend.seeds import Keys, bits_each, exponential_of, normal, on_curve, uniform, unit

WEEKLY, BIWEEKLY, SEMIMONTHLY, MONTHLY, IRREGULAR, RETIRED = range(6)

_PAY_DAYS_A_YEAR: Final = (52, 26, 24, 12, 26, 12)
_PURPOSES: Final = ("pay", "pay", "pay", "pay", "contract", "pension")

# what is left of a year's gross pay after tax and social insurance, own round figures
_GROSS: Final = (15_000.0, 40_000.0, 80_000.0, 150_000.0, 300_000.0)
_KEPT: Final = (0.92, 0.84, 0.78, 0.72, 0.65)
_KEPT_IN_RETIREMENT: Final = 0.07

_HOURLY_SIGMA: Final = 0.06
_CONTRACT_SIGMA: Final = 0.52
_CONTRACT_A_WEEK: Final = 0.5
_BENEFIT_PART: Final = 0.58
_BENEFIT_CAP: Final = 340_000  # cents a month
_LATE_SHIFT: Final = 4  # days that a holiday can move a pay day

_WEDNESDAY, _THURSDAY, _FRIDAY = 3, 4, 5  # ordinal 1 was a Monday
_PAID_ON_FRIDAY: Final = 0.7  # the others on Thursday
_EARLY_DAYS: Final = 0.4  # paid on the 1st and 15th, or the 25th; the others at the month's end
_FIRST, _MIDDLE, _LATE = 1, 15, 25


def make_work(people: People) -> Work:
    """Return how the people are paid; no date takes part."""
    sectors = [sector_of(occupation) for occupation in people.occupation]
    draws = uniform(people.keys, "work", np.arange(3))
    pattern = _patterns(sectors, draws[:, 0])
    kept = on_curve(people.income / 100, _GROSS, _KEPT)
    kept = kept + (pattern == RETIRED) * _KEPT_IN_RETIREMENT
    return Work(
        pattern=pattern,
        net_year=np.rint(people.income * kept).astype(np.int64),
        payer=_payers(sectors, pattern, draws[:, 1]),
        phase=draws[:, 2],
    )


def pay(clients: Clients, first: int, last: int) -> Postings:
    """Return all pay of the days from ``first`` to ``last``."""
    days = np.arange(first, last + 1 + _LATE_SHIFT)
    patterns = sorted(set(clients.work.pattern.tolist()))
    parts = [_by_pattern(clients, pattern, days) for pattern in patterns]
    if RETIRED in patterns:
        parts.append(_benefits(clients, days))
    return joined(parts).between(first, last)


def _patterns(sectors: list[str], drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    # retired people have no shares: all their edges are 0, and the draw lies beyond each
    shares, none = catalogue().pay_shares, (0.0,) * RETIRED
    edges = np.array([shares.get(sector, none) for sector in sectors]).cumsum(axis=1)
    pattern: NDArray[np.int64] = (edges <= (drawn * edges[:, -1])[:, None]).sum(axis=1)
    return pattern


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


def _by_pattern(clients: Clients, pattern: int, days: NDArray[np.int64]) -> Postings:
    work = clients.work
    rows = (work.pattern == pattern).nonzero()[0]
    at, nominal = _pay_days(clients.people.keys.take(rows), work.phase[rows], pattern, days)
    row = rows[at]
    one = work.net_year[row] / _PAY_DAYS_A_YEAR[pattern]
    if pattern == RETIRED:
        one = one - _benefit(work.net_year[row])
    if pattern in {WEEKLY, IRREGULAR}:
        one = one * _swing(clients.people.keys.take(row), nominal, pattern)
    return settled(
        row=row,
        day=previous_working_days(nominal),
        cents=np.rint(one).astype(np.int64),
        purpose=np.full_like(row, catalogue().purpose_at[_PURPOSES[pattern]]),
        merchant=work.payer[row],
    )


def _pay_days(
    keys: Keys, phase: NDArray[np.float64], pattern: int, days: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (customer, day) of each pay day before holidays move it."""
    if pattern == IRREGULAR:
        return _contract_days(keys, days)
    if pattern in {WEEKLY, BIWEEKLY}:
        falls = _is_week_day(phase, pattern, days)
    else:
        falls = _is_month_day(phase, pattern, days)
    at, which = np.nonzero(falls)
    return at, days[which]


def _is_week_day(
    phase: NDArray[np.float64], pattern: int, days: NDArray[np.int64]
) -> NDArray[np.bool_]:
    day_of_week = np.where(phase < _PAID_ON_FRIDAY, _FRIDAY, _THURSDAY)
    falls: NDArray[np.bool_] = days % 7 == day_of_week[:, None]
    if pattern == BIWEEKLY:
        odd = (phase * 1024).astype(np.int64) % 2
        falls &= days // 7 % 2 == odd[:, None]
    return falls


def _is_month_day(
    phase: NDArray[np.float64], pattern: int, days: NDArray[np.int64]
) -> NDArray[np.bool_]:
    months = months_of(days)
    day = days - month_starts(months) + 1
    is_last = months_of(days + 1) > months
    if pattern == RETIRED:
        return np.broadcast_to(day == _FIRST, (len(phase), len(days)))
    early = phase[:, None] < _EARLY_DAYS
    if pattern == MONTHLY:
        return np.where(early, day == _LATE, is_last)
    middle = day == _MIDDLE
    return np.asarray(np.where(early, (day == _FIRST) | middle, middle | is_last))


def _contract_days(
    keys: Keys, days: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    weeks = np.arange(days[0] // 7, days[-1] // 7 + 1)
    at, which = np.nonzero(uniform(keys, "contract week", weeks) < _CONTRACT_A_WEEK)
    drawn = unit(bits_each(keys.take(at), "contract day", weeks[which]))
    return at, weeks[which] * 7 + 1 + (drawn * 5).astype(np.int64)


def _swing(keys: Keys, nominal: NDArray[np.int64], pattern: int) -> NDArray[np.float64]:
    sigma = _CONTRACT_SIGMA if pattern == IRREGULAR else _HOURLY_SIGMA
    drawn = normal(keys, "pay amount", nominal[:, None])[:, 0]
    return exponential_of(sigma * drawn - sigma * sigma / 2)


def _benefit(net_year: NDArray[np.int64]) -> NDArray[np.int64]:
    # the administration pays whole dollars
    part = np.minimum(net_year * _BENEFIT_PART / 12, _BENEFIT_CAP)
    return np.floor(part / 100).astype(np.int64) * 100


def _benefits(clients: Clients, days: NDArray[np.int64]) -> Postings:
    rows = (clients.work.pattern == RETIRED).nonzero()[0]
    born = [date.fromordinal(day).day for day in clients.people.birth[rows].tolist()]
    nth = np.searchsorted([10, 20], born, side="left") + 2
    day_of_month = days - month_starts(months_of(days)) + 1
    falls = (days % 7 == _WEDNESDAY) & ((day_of_month - 1) // 7 + 1 == nth[:, None])
    at, which = np.nonzero(falls)
    row = rows[at]
    return settled(
        row=row,
        day=previous_working_days(days[which]),
        cents=_benefit(clients.work.net_year[row]),
        purpose=np.full_like(row, catalogue().purpose_at["benefit"]),
        merchant=np.full_like(row, catalogue().benefit),
    )
