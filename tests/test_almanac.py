from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.industries.almanac import (
    federal_holidays,
    month_of,
    month_starts,
    months_of,
    next_working_days,
    previous_working_days,
)

DAYS = st.dates(date(2015, 1, 1), date(2047, 12, 31))


def test_the_holidays_of_2026_are_the_published_ones() -> None:
    assert sorted(day.isoformat() for day in federal_holidays(2026)) == [
        "2026-01-01",
        "2026-01-19",
        "2026-02-16",
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",  # July 4 is a Saturday
        "2026-09-07",
        "2026-10-12",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
    ]


def test_a_new_year_on_saturday_is_kept_in_the_old_year() -> None:
    assert date(2021, 12, 31) in federal_holidays(2021)
    assert date(2022, 1, 1) not in federal_holidays(2022)


def test_a_holiday_on_sunday_is_kept_on_monday() -> None:
    assert date(2021, 7, 5) in federal_holidays(2021)
    assert date(2023, 1, 2) in federal_holidays(2023)


def test_juneteenth_is_a_holiday_since_2021() -> None:
    assert date(2020, 6, 19) not in federal_holidays(2020)
    assert date(2023, 6, 19) in federal_holidays(2023)


@given(DAYS)
def test_the_next_working_day_is_the_first_that_is_neither_weekend_nor_holiday(day: date) -> None:
    walked = day
    while walked.weekday() >= 5 or walked in federal_holidays(walked.year):
        walked += timedelta(days=1)
    assert next_working_days(np.array([day.toordinal()])).tolist() == [walked.toordinal()]


@given(DAYS)
def test_the_previous_working_day_is_the_last_that_is_neither(day: date) -> None:
    walked = day
    while walked.weekday() >= 5 or walked in federal_holidays(walked.year):
        walked -= timedelta(days=1)
    assert previous_working_days(np.array([day.toordinal()])).tolist() == [walked.toordinal()]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_months_and_their_first_days_agree_with_the_calendar(day: date) -> None:
    month = months_of(np.array([day.toordinal()]))
    assert month.tolist() == [month_of(day)]
    assert month_starts(month).tolist() == [day.replace(day=1).toordinal()]
