"""Whole months around the days that are shown, and the pay days in them."""

from datetime import date

import numpy as np
import pytest

from backend.industries.almanac import months_of, next_working_days
from backend.industries.banking.timeline import (
    BENEFIT_CALENDAR,
    CALENDAR_OF,
    LOOK_BACK,
    MONTHLY,
    SEMIMONTHLY,
    first_day,
    timeline,
    within_month,
)


@pytest.mark.parametrize(
    ("as_of", "months", "first"),
    [
        (date(2026, 1, 15), 7, date(2025, 6, 16)),
        (date(2026, 1, 31), 7, date(2025, 7, 1)),
        (date(2025, 9, 30), 7, date(2025, 3, 1)),
        (date(2024, 2, 29), 1, date(2024, 1, 30)),
        (date(2026, 3, 1), 24, date(2024, 3, 2)),
    ],
)
def test_a_record_begins_so_many_months_and_a_day_before(
    as_of: date, months: int, first: date
) -> None:
    assert first_day(as_of, months) == first
    assert timeline(as_of, months).first == first.toordinal()


@pytest.mark.parametrize("months", [1, 7, 24])
@pytest.mark.parametrize("as_of", [date(2026, 1, 15), date(2025, 9, 30), date(2024, 2, 29)])
def test_everything_before_the_first_day_that_a_balance_hangs_on_is_told(
    as_of: date, months: int
) -> None:
    told = timeline(as_of, months)
    assert told.told_from < told.first
    assert told.starts[0] < told.told_from
    assert len(told.starts) == told.months + 1
    assert told.end >= as_of.toordinal()
    assert told.days[0] == told.starts[0] - LOOK_BACK
    assert (np.diff(told.days) == 1).all()
    assert (told.month_at[:LOOK_BACK] == -1).all()
    assert (told.month_at[LOOK_BACK:] == months_of(told.days[LOOK_BACK:]) - told.month).all()


def test_pay_days_of_a_calendar_lie_in_the_months_that_are_told() -> None:
    told = timeline(date(2026, 1, 15), 7)
    for _, actual in told.pay_days:
        assert ((actual >= told.told_from) & (actual <= told.end)).all()
    nominal = [days for days, _ in told.pay_days]
    semimonthly, monthly = nominal[CALENDAR_OF[SEMIMONTHLY]], nominal[CALENDAR_OF[MONTHLY]]
    assert {date.fromordinal(day).day for day in semimonthly} == {1, 15}
    assert {date.fromordinal(day).day for day in monthly} == {25}
    assert {date.fromordinal(day).weekday() for day in nominal[BENEFIT_CALENDAR]} == {2}


def test_a_bill_stays_in_its_month() -> None:
    days = np.arange(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
    moved = within_month(days)
    assert (months_of(moved) == months_of(days)).all()
    assert (next_working_days(moved) == moved).all()
    assert (np.abs(moved - days) <= 4).all()
