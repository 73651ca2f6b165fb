"""How pay comes."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import SignalDefinition
from backend.industries.banking import counting
from backend.industries.banking.measuring.seen import CADENCE, MONTH, Block, Seen, View

INCOME: Final = (
    SignalDefinition(
        "income_paycheck_count",
        "number of pay checks in 30 days",
        "pay checks in 30 days",
        2,
        "pay checks of the last 90 days, or of the window where it is longer, in 30 days of it",
        "the record does not reach back over these days",
    ),
    SignalDefinition(
        "income_median_pay_gap_days",
        "usual gap between pay days",
        "days",
        1,
        "the median gap between days with pay, of the last 92 days, or of the window where it is "
        "longer",
        "fewer than two days with pay, or the record does not reach back over 90 days",
    ),
    SignalDefinition(
        "income_variability_pct",
        "swing in pay",
        "percent",
        1,
        "the standard deviation of pay as a part of its payer's mean, over at least 90 days",
        "fewer than two pay checks, or the record does not reach back over these days",
    ),
)

INCOME_REACH: Final = (CADENCE, CADENCE, CADENCE)


def fill_income(view: View, block: Block) -> None:
    """Fill in the income signals."""
    cadences, shape = view.horizon.cadences, view.horizon.shape
    count, gap, variability = block.part
    pay = view.seen(counting.pay(view.ledger), view.horizon.quarters)
    gaps, median = _median_gap(pay)
    gap[:] = median.reshape(shape)
    block.known[1] &= (gaps > 0).reshape(shape)
    pay = pay.since(view.last + 1 - cadences)
    checks = np.bincount(pay.row, minlength=pay.rows)
    count[:] = checks.reshape(shape) * float(MONTH) / cadences
    variability[:] = _variability(pay, checks).reshape(shape)
    block.known[2] &= (checks > 1).reshape(shape)


def _median_gap(pay: Seen) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many gaps there are, and the median of them, by row."""
    gap = pay.day[1:] - pay.day[:-1]
    apart = (pay.row[1:] == pay.row[:-1]) & (gap > 0)
    owner, gap = pay.row[1:][apart], gap[apart]
    count = np.bincount(owner, minlength=pay.rows)
    if not len(gap):
        return count, np.zeros(pay.rows)
    gap = gap[np.lexsort((gap, owner))]
    # of a row without gaps it is that of another row, which is not known
    first = np.minimum(count.cumsum() - count, len(gap) - 1)
    low = first + np.maximum(count - 1, 0) // 2
    high = np.minimum(first + count // 2, len(gap) - 1)
    return count, (gap[low] + gap[high]) / 2


def _variability(pay: Seen, checks: NDArray[np.int64]) -> NDArray[np.float64]:
    order = np.lexsort((pay.merchant, pay.row))
    row, payer, cents = pay.row[order], pay.merchant[order], pay.cents[order]
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (payer[1:] != payer[:-1])
    pair = begins.cumsum() - 1
    count = np.bincount(pair).astype(np.float64)
    mean = np.bincount(pair, weights=cents) / np.maximum(count, 1.0)
    off = cents / mean[pair] - 1.0
    squares = np.bincount(row, weights=off * off, minlength=pay.rows)
    return np.asarray(100.0 * np.sqrt(squares / np.maximum(checks, 1)))
