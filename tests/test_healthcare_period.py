from datetime import date, timedelta

from hypothesis import given

from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.period import BOOKED_DAYS, HISTORY_DAYS, PLAN_YEARS, period
from tests.cohort_kit import DATES


@given(DATES)
def test_the_period_holds_whole_plan_years_and_all_that_is_told(as_of: date) -> None:
    told = period(as_of)
    first = date.fromordinal(int(told.first))
    assert (first.month, first.day) == (1, 1)
    assert [date.fromordinal(day) for day in told.years.tolist()] == [
        date(year, 1, 1) for year in range(as_of.year - PLAN_YEARS + 2, as_of.year + 1)
    ]
    assert told.first <= told.told_from == as_of.toordinal() - HISTORY_DAYS
    assert date.fromordinal(int(told.beyond)) == as_of + timedelta(days=BOOKED_DAYS + 1)
    assert (told.booked_before <= told.beyond).all()


@given(DATES)
def test_there_are_turns_enough_for_the_shortest_intervals(as_of: date) -> None:
    told = period(as_of)
    assert told.turns_a_series == len(told.visit_turns)
    assert told.supplies_a_course == len(told.supply_turns)
    assert told.visit_turns[-1] * 90 >= told.beyond - told.due_from
    assert (told.supply_turns[-1] - 1) * 30 >= told.today - told.first


def test_somebody_may_come_unplanned_once_a_month_and_kind() -> None:
    sudden, kinds = period(date(2026, 3, 20)).sudden, len(catalogue().occasion_arrays.acute)
    assert len(set(sudden.slot.tolist())) == len(sudden.slot) == (3 * 12 + 3) * kinds
    assert date.fromordinal(int(sudden.start[0])) == date(2023, 1, 1)
    last = sudden.start[-1] + sudden.days[-1]
    assert date.fromordinal(int(last)) == date(2026, 4, 1)
    assert sudden.in_office.sum() * kinds == len(sudden.slot)
    yearly = catalogue().occasion_arrays.acute_yearly.tolist()
    assert (sudden.rate[:kinds] * 12).tolist() == yearly
