"""How pay comes."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Ledger
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

_LOW_AND_HIGH: Final = np.array([[-1], [0]])
"""What is added to a count, so that half of it is the place of the median's two values."""


def fill_income(view: View, block: Block) -> None:
    """Fill in the income signals."""
    shape = len(view.horizon.spans), view.customers
    in_quarters, in_cadences = view.seen(counting.pay(view.ledger), view.horizon.pay).halves()
    gaps, median = _median_gap(view.ledger, in_quarters)
    checks, swing = _variability(view.ledger, in_cadences)
    count, gap, variability = block.part
    count[:] = checks.reshape(shape) * float(MONTH) / view.horizon.cadences
    gap[:], block.whole[1] = median.reshape(shape), (gaps > 0).reshape(shape)
    variability[:], block.whole[2] = swing.reshape(shape), (checks > 1).reshape(shape)


def _median_gap(ledger: Ledger, pay: Seen) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many gaps there are, and the median of them, by row."""
    day = ledger.day[pay.at]
    gap = day[1:] - day[:-1]
    apart = ((pay.row[1:] == pay.row[:-1]) & (gap > 0)).nonzero()[0]
    owner, gap = pay.row[1:][apart], gap[apart]
    count = np.bincount(owner, minlength=pay.rows)
    if not len(gap):
        return count, np.zeros(pay.rows)
    gap = gap[np.lexsort((gap, owner))]
    middle = count.cumsum() - count + (count + _LOW_AND_HIGH >> 1)
    # of a row without gaps it is that of another row, which is not known
    low, high = gap.take(middle, mode="clip")
    return count, (low + high) / 2


def _variability(ledger: Ledger, pay: Seen) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many pay checks there are, and how pay swings about its payer's mean, by row."""
    row, payer = pay.row, ledger.merchant[pay.at]
    # entries ascend by row, and so the order changes no row
    order = np.lexsort((payer, row))
    payer, cents = payer[order], ledger.cents[pay.at[order]]
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (payer[1:] != payer[:-1])
    pair = begins.cumsum() - 1
    mean = np.bincount(pair, weights=cents) / np.bincount(pair)
    off = cents / mean[pair] - 1.0
    checks = np.bincount(row, minlength=pay.rows)
    squares = np.bincount(row, weights=off * off, minlength=pay.rows)
    return checks, 100.0 * np.sqrt(squares / np.maximum(checks, 1))
