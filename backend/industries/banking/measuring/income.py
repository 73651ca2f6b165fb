"""How pay comes."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking import counting
from backend.industries.banking.measuring.seen import MONTH, Seen, View

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
        "the median gap between days with pay, over at least 90 days",
        "fewer than two days with pay, or the record does not reach back over these days",
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


def income_columns(view: View) -> dict[str, Column]:
    """Return the income signals."""
    pay = view.seen(counting.pay(view.ledger), view.cadences)
    told = view.told(view.cadences)
    checks = np.bincount(pay.row, minlength=pay.rows)
    count = checks.astype(np.float64) * MONTH / view.each(view.cadences)
    return {
        "income_paycheck_count": Column(count, told),
        "income_median_pay_gap_days": _median_gap(pay, told),
        "income_variability_pct": _variability(pay, checks, told),
    }


def _median_gap(pay: Seen, told: NDArray[np.bool_]) -> Column:
    gap = pay.day[1:] - pay.day[:-1]
    apart = (pay.row[1:] == pay.row[:-1]) & (gap > 0)
    owner, gap = pay.row[1:][apart], gap[apart]
    gap = gap[np.lexsort((gap, owner))]
    count = np.bincount(owner, minlength=pay.rows)
    first = count.cumsum() - count
    known = (count > 0) & told
    if not len(gap):
        return Column(np.zeros(pay.rows), known)
    low = np.minimum(first + np.maximum(count - 1, 0) // 2, len(gap) - 1)
    high = np.minimum(first + count // 2, len(gap) - 1)
    return Column((gap[low] + gap[high]) / 2, known)


def _variability(pay: Seen, checks: NDArray[np.int64], told: NDArray[np.bool_]) -> Column:
    order = np.lexsort((pay.merchant, pay.row))
    row, payer, cents = pay.row[order], pay.merchant[order], pay.cents[order]
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (payer[1:] != payer[:-1])
    pair = begins.cumsum() - 1
    count = np.bincount(pair).astype(np.float64)
    mean = np.bincount(pair, weights=cents) / np.maximum(count, 1.0)
    off = cents / mean[pair] - 1.0
    squares = np.bincount(row, weights=off * off, minlength=pay.rows)
    return Column(100.0 * np.sqrt(squares / np.maximum(checks, 1)), (checks > 1) & told)
