"""What renews by itself."""

from typing import Final

import numpy as np

from backend.domain.signals import SignalDefinition
from backend.industries.banking.measuring.seen import MONTH, Block, View
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

SUBSCRIPTION_REACH: Final = (LOOK_BACK, LOOK_BACK, LOOK_BACK)


def fill_subscriptions(view: View, block: Block) -> None:
    """Fill in the subscription signals."""
    found = view.records.subscriptions
    monthly = np.bincount(found.row, found.cents, view.customers).astype(np.float64, copy=False)
    merchants, spend, share = block.part
    merchants[:] = np.bincount(found.row, minlength=view.customers)
    spend[:] = monthly / 100
    share[:], block.whole[2] = 100.0 * monthly, view.spent * MONTH / view.horizon.spans
