"""What is put aside."""

from typing import Final

import numpy as np

from backend.domain.signals import SignalDefinition
from backend.industries.banking.measuring.seen import CADENCE, MONTH, Block, Summed, View

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

SAVING_REACH: Final = (CADENCE, 0, 0)


def fill_savings(view: View, block: Block) -> None:
    """Fill in the savings signals."""
    moved, now = view.sums[Summed.SAVED], view.accounts.savings.astype(np.float64)
    fund, growth, inflow = block.part
    fund[:], block.whole[0] = now, view.essential
    growth[:], block.whole[1] = 100.0 * moved, now - moved
    inflow[:] = moved * MONTH / view.horizon.spans / 100
