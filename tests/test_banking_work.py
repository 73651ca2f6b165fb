"""Who pays whom, and on which of the calendars."""

import numpy as np
import pytest

from backend.industries.banking.timeline import (
    BENEFIT_CALENDAR,
    BIWEEKLY,
    CALENDAR_OF,
    IRREGULAR,
    RETIRED,
    WEEKLY,
)
from backend.industries.banking.work import calendar_of, pay_patterns, sectors_of
from backend.industries.life import occupations

PHASES = (np.arange(2_000) / 2_000).tolist()


@pytest.mark.parametrize("pattern", range(RETIRED + 1))
def test_a_pattern_keeps_to_its_own_calendars_and_uses_all(pattern: int) -> None:
    ends = [*CALENDAR_OF.tolist(), BENEFIT_CALENDAR]
    found = {calendar_of(pattern, phase) for phase in PHASES}
    assert found == set(range(ends[pattern], ends[pattern + 1]))


@pytest.mark.parametrize("pattern", [WEEKLY, BIWEEKLY])
def test_seven_in_ten_are_paid_on_friday(pattern: int) -> None:
    first = int(CALENDAR_OF[pattern])
    fridays = {first} if pattern == WEEKLY else {first, first + 1}
    assert np.mean([calendar_of(pattern, phase) in fridays for phase in PHASES]) == 0.7


def test_the_retired_have_their_own_pattern_and_no_worker_has_it() -> None:
    titles = [entry.title for entry in occupations()]
    for drawn in (0.0, 0.5, 1 - 2.0**-53):
        draws = [drawn] * len(titles)
        assert max(pay_patterns(sectors_of(titles), draws)) <= IRREGULAR
        retired = sectors_of([f"Retired {title}" for title in titles])
        assert set(pay_patterns(retired, draws)) == {RETIRED}
