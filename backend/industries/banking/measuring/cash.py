"""How checking gets through the month."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import SignalDefinition
from backend.industries.banking.measuring.seen import CADENCE, Block, Horizon, View

CASH: Final = (
    SignalDefinition(
        "cash_flow_buffer_months",
        "buffer in checking",
        "months",
        2,
        "the mean balance of checking at the end of the window's days over a month's essential "
        "spending, its mean over at least 90 days",
        "nothing essential was spent, or the record does not reach back over these days",
    ),
    SignalDefinition(
        "cash_flow_pct_days_below_100",
        "share of days with less than $100 in checking",
        "percent",
        1,
        "days of the window that end with less than $100 in checking, as a part of all",
        "the record does not reach back over the window",
    ),
    SignalDefinition(
        "cash_flow_balance_volatility",
        "swing of the checking balance",
        "ratio",
        2,
        "the standard deviation of the balance at the end of the window's days over its mean",
        "the mean is not above zero, or the record does not reach back over the window",
    ),
)

CASH_REACH: Final = (CADENCE, 0, 0)

_LOW: Final = 10_000


def fill_cash(view: View, block: Block) -> None:
    """Fill in the cash flow signals."""
    spans, inside, daily = view.horizon.spans, view.horizon.inside, view.balances().T
    total = inside @ daily
    mean = total / spans
    buffer, below, volatility = block.part
    buffer[:], block.whole[0] = mean, view.essential
    below[:] = 100.0 * (inside @ (daily < _LOW)) / spans
    # one that runs over is right again in the end: whole numbers run over in a circle
    squares = inside @ (daily * daily)
    volatility[:], block.whole[2] = _deviation(total, squares, mean, view.horizon), mean


def _deviation(
    total: NDArray[np.int64],
    squares: NDArray[np.int64],
    mean: NDArray[np.float64],
    horizon: Horizon,
) -> NDArray[np.float64]:
    # whole cents from the mean: their squares add up to an integer, worked out without a rest
    middle = np.rint(mean).astype(np.int64)
    off = squares + middle * (horizon.lengths * middle - 2 * total)
    return np.sqrt(off / horizon.spans)
