from datetime import date, timedelta

from hypothesis import given

from backend.industries.insurance.payments import HISTORY_DAYS
from backend.industries.insurance.period import CLAIMS_DAYS, period
from tests.cohort_kit import DATES


@given(DATES)
def test_the_months_reach_back_as_far_as_claims_and_payments_are_told(as_of: date) -> None:
    told = period(as_of)
    assert told.loss_starts[0] <= as_of.toordinal() - CLAIMS_DAYS
    assert told.due_starts[0] < as_of.toordinal() - HISTORY_DAYS


@given(DATES)
def test_the_last_month_is_that_of_the_date(as_of: date) -> None:
    told, first = period(as_of), as_of.replace(day=1)
    assert date.fromordinal(int(told.loss_starts[-1])) == first
    assert date.fromordinal(int(told.due_starts[-1])) == first - timedelta(days=1)
    beyond = told.loss_starts[-1] + told.loss_days[-1]
    assert told.coming == beyond - 1
    assert date.fromordinal(int(beyond)).day == 1
    assert told.loss_months[-1] == told.due_months[-1] == told.year + as_of.month - 1
