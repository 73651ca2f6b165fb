"""The swing of a balance is right for any balance, however large its square."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backend.industries.banking import MODE
from backend.modes import Cohort
from tests.cohort_kit import IDS, cohort

AS_OF = date(2026, 1, 15)
ONE = cohort(MODE, IDS[:1], AS_OF)


def swing(middle: int, off: int, window: int) -> float:
    daily = np.full(ONE.records.daily.shape, middle - off)
    daily[:, ::2] = middle + off
    held = replace(ONE.records, daily=daily, recorded_from=np.zeros_like(ONE.records.recorded_from))
    table = Cohort(MODE, AS_OF, ONE.people, held).signals(window)
    volatility = table["cash_flow_balance_volatility"]
    assert volatility.known.all()
    return float(volatility.values[0])


@pytest.mark.parametrize("window", [30, 180])
@pytest.mark.parametrize(
    ("middle", "off", "told"),
    [
        (100_000, 0, 0.0),
        (100_000, 50_000, 0.5),
        (4_000_000_000, 200_000_000, 0.05),
        (10**13, 0, 0.0),
    ],
)
def test_the_swing_is_the_standard_deviation_over_the_mean(
    middle: int, off: int, told: float, window: int
) -> None:
    assert swing(middle, off, window) == told
