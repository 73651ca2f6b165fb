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

_BITS: Final = np.array(32)  # of a gap, or of a merchant's number
_GAP: Final = np.array((1 << 32) - 1)
_NOTHING, _ONE, _TWO = np.array(0), np.array(1), np.array(2.0)


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
    day, row = ledger.day.take(pay.at), pay.row
    gap = day[1:] - day[:-1]
    apart = ((row[1:] == row[:-1]) & (gap > _NOTHING)).nonzero()[0]
    owner = row.take(apart)
    count = np.bincount(owner, minlength=pay.rows)
    if not len(apart):
        return count, np.zeros(pay.rows)
    # a row's gaps stand together whatever their order
    ranked = (owner << _BITS) + gap.take(apart)
    ranked.sort()
    middle = count.cumsum() - count + (count + _LOW_AND_HIGH >> _ONE)
    # of a row without gaps it is that of another row, which is not known
    low, high = ranked.take(middle, mode="clip") & _GAP
    return count, (low + high) / _TWO


def _variability(ledger: Ledger, pay: Seen) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how many pay checks there are, and how pay swings about its payer's mean, by row."""
    row, whose = pay.row, (pay.row << _BITS) + ledger.merchant.take(pay.at)
    # entries ascend by row, and so the order changes no row
    order = whose.argsort(kind="stable")
    whose, cents = whose.take(order), ledger.cents.take(pay.at.take(order))
    pair = np.zeros(len(row), dtype=np.int64)
    (whose[1:] != whose[:-1]).cumsum(out=pair[1:])
    mean = np.bincount(pair, weights=cents) / np.bincount(pair)
    off = cents / mean.take(pair) - 1.0
    checks = np.bincount(row, minlength=pay.rows)
    squares = np.bincount(row, weights=off * off, minlength=pay.rows)
    return checks, 100.0 * np.sqrt(squares / np.maximum(checks, _ONE))
