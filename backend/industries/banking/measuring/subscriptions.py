"""What renews by itself."""

from typing import Final

import numpy as np

from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking.measuring.seen import MONTH, View, ratio
from backend.industries.banking.recurring import LOOK_BACK

SUBSCRIPTIONS: Final = (
    SignalDefinition(
        "subscription_merchant_count",
        "number of subscriptions",
        "merchants",
        0,
        "merchants that charge about the same every month, over 95 days",
        "the record does not reach back over 95 days, or over the window",
    ),
    SignalDefinition(
        "subscription_monthly_spend",
        "monthly spending on subscriptions",
        "US dollars",
        2,
        "the latest charge of each of these merchants, together",
        "the record does not reach back over 95 days, or over the window",
    ),
    SignalDefinition(
        "subscription_share_pct",
        "share of spending on subscriptions",
        "percent",
        1,
        "subscription_monthly_spend as a part of 30 days' spending, its mean over the window",
        "nothing was spent in the window, or the record does not reach back so far",
    ),
)


def subscription_columns(view: View) -> dict[str, Column]:
    """Return the subscription signals."""
    found = view.records.subscriptions
    merchants = np.bincount(found.row, minlength=view.customers).astype(np.float64)
    monthly = np.bincount(found.row, found.cents, view.customers).astype(np.float64, copy=False)
    told = view.told(np.maximum(view.spans, LOOK_BACK))
    spent = view.spent() * MONTH / view.each(view.spans)
    return {
        "subscription_merchant_count": Column(view.every(merchants), told),
        "subscription_monthly_spend": Column(view.every(monthly / 100), told),
        "subscription_share_pct": ratio(view.every(100.0 * monthly), spent, told & (spent > 0)),
    }
