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
    spans = view.horizon.spans
    total, low, squares = _by_window(view.balances(), view.horizon)
    mean = total / spans
    buffer, below, volatility = block.part
    buffer[:], block.whole[0] = mean, view.essential
    below[:] = 100.0 * low / spans
    volatility[:], block.whole[2] = _deviation(total, squares, mean, spans), mean


def _by_window(daily: NDArray[np.int64], horizon: Horizon) -> NDArray[np.int64]:
    """Return sums of balances, low days and squares over each window, ``(3, w, n)``.

    They are of integers, in any order. One of squares that runs over is right again in the end:
    whole numbers run over in a circle.
    """
    told = np.empty((3, *daily.shape), dtype=np.int64)
    told[0] = daily
    np.less(daily, _LOW, out=told[1])
    np.multiply(daily, daily, out=told[2])
    parts = np.add.reduceat(told, horizon.edges, axis=2)
    # a window goes from its edge to the last day, over the edges of all that are shorter
    since = parts[:, :, ::-1].cumsum(axis=2)
    return since.take(horizon.edge, axis=2).transpose(0, 2, 1)


def _deviation(
    total: NDArray[np.int64],
    squares: NDArray[np.int64],
    mean: NDArray[np.float64],
    spans: NDArray[np.float64],
) -> NDArray[np.float64]:
    # whole cents from the mean: their squares add up to an integer, worked out without a rest
    middle = np.rint(mean).astype(np.int64)
    off = squares + middle * (spans.astype(np.int64) * middle - 2 * total)
    return np.sqrt(off / spans)
