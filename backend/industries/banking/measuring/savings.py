"""What is put aside."""

from typing import Final

import numpy as np

from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking.measuring.seen import MONTH, Summed, View, ratio

SAVING: Final = (
    SignalDefinition(
        "savings_emergency_fund_months",
        "emergency fund",
        "months",
        2,
        "the savings balance over a month's essential spending, its mean over at least 90 days: "
        "housing, utilities, loans, groceries, fuel, transit, insurance and care",
        "nothing essential was spent, or the record does not reach back over these days",
    ),
    SignalDefinition(
        "savings_growth_rate",
        "growth of savings",
        "percent",
        1,
        "how much more the savings account holds than at the beginning of the window, as a part "
        "of that",
        "nothing was saved then, or the record does not reach back over the window",
    ),
    SignalDefinition(
        "savings_net_inflow_monthly",
        "monthly inflow to savings",
        "US dollars",
        2,
        "what came into the savings account in the window less what left it, in 30 days of it",
        "the record does not reach back over the window",
    ),
)


def savings_columns(view: View) -> dict[str, Column]:
    """Return the savings signals."""
    spans, moved = view.each(view.spans), view.sums(Summed.SAVED, view.spans)
    now = view.every(view.accounts.savings.astype(np.float64))
    told, then, cost = view.told(view.spans), now - moved, view.essential()
    return {
        "savings_emergency_fund_months": ratio(now, cost, view.told(view.cadences) & (cost > 0)),
        "savings_growth_rate": ratio(100.0 * moved, then, told & (then > 0)),
        "savings_net_inflow_monthly": Column(moved * MONTH / spans / 100, told),
    }
