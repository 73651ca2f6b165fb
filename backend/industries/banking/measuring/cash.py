"""How checking gets through the month."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING
from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking.measuring.seen import View, ratio

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

_LOW: Final = 10_000


def cash_columns(view: View) -> dict[str, Column]:
    """Return the cash flow signals."""
    daily = view.balances(CHECKING)
    spans = view.each(view.spans).astype(np.float64)
    total = _by_window(daily, view)
    mean = total / spans
    cost, told = view.essential(), view.told(view.spans)
    low = _by_window((daily < _LOW).astype(np.int64), view)
    return {
        "cash_flow_buffer_months": ratio(mean, cost, view.told(view.cadences) & (cost > 0)),
        "cash_flow_pct_days_below_100": Column(100.0 * low / spans, told),
        "cash_flow_balance_volatility": ratio(
            _deviation(daily, mean, view), mean, told & (mean > 0)
        ),
    }


def _by_window(values: NDArray[np.int64], view: View) -> NDArray[np.float64]:
    """Return sums over the last days of each window, by row; integers, in any order."""
    sums = [values[:, view.days - span :].sum(axis=1) for span in view.spans.tolist()]
    return np.concatenate(sums).astype(np.float64)


def _deviation(
    daily: NDArray[np.int64], mean: NDArray[np.float64], view: View
) -> NDArray[np.float64]:
    # whole cents from the mean: their squares are added as integers, in any order
    off = [
        daily[:, view.days - span :] - middle[:, None]
        for span, middle in zip(
            view.spans.tolist(),
            np.rint(mean).astype(np.int64).reshape(len(view.spans), -1),
            strict=True,
        )
    ]
    squares = np.concatenate([(one * one).sum(axis=1) for one in off]).astype(np.float64)
    return np.sqrt(squares / view.each(view.spans))
