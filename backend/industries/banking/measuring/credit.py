"""How cards are used and paid."""

from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts
from backend.domain.signals import SignalDefinition
from backend.industries.banking.measuring.seen import Block, Summed, View

CREDIT: Final = (
    SignalDefinition(
        "credit_max_utilization_pct",
        "highest card utilisation",
        "percent",
        1,
        "balance as a part of the limit, on the card where it is highest",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_avg_utilization_pct",
        "average card utilisation",
        "percent",
        1,
        "balance as a part of the limit, the plain mean over the cards",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_total_limits",
        "sum of the card limits",
        "US dollars",
        2,
        "the limits of all cards together",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_interest_charges",
        "interest charged on cards",
        "US dollars",
        2,
        "interest that cards charged in the window; where it is shorter than a month, in 31 days, "
        "so that a month's interest is always seen",
        "the customer has no card, or the record does not reach back over the window",
    ),
    SignalDefinition(
        "credit_minimum_payment_only",
        "habit of paying the minimum alone",
        "1 or 0",
        0,
        "1 where a card's last payment left a balance and was at most a tenth above the minimum "
        "of its last statement, otherwise 0",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_is_overdue",
        "card payment being late",
        "1 or 0",
        0,
        "1 where the minimum of a statement is unpaid after its due date, otherwise 0",
        "the customer has no card",
    ),
)

CREDIT_REACH: Final = (None, None, None, 0, None, None)

_ABOUT: Final = 11  # tenths of the minimum that still count as the minimum


def fill_credit(view: View, block: Block) -> None:
    """Fill in the credit signals; without a card they are missing, not zero."""
    accounts = view.accounts
    has_limit = accounts.card_limit > 0
    cards = has_limit.sum(axis=1)
    # a card without a limit is none, and nothing is owed on it
    used = np.maximum(100.0 * accounts.card_balance / np.maximum(accounts.card_limit, 1), 0.0)
    highest, average, limits, interest, minimum, overdue = block.part
    block.whole[:] = cards > 0
    highest[:] = used.max(axis=1)
    # summed card by card: a sum along an axis may go by another order in a block
    average[:], block.whole[1] = reduce(np.add, used.T), cards
    limits[:] = accounts.card_limit.sum(axis=1) / 100
    interest[:] = -view.sums[Summed.INTEREST] / 100
    minimum[:] = _minimum_only(accounts)
    overdue[:] = accounts.card_overdue.any(axis=1)


def _minimum_only(accounts: Accounts) -> NDArray[np.bool_]:
    paid = accounts.card_paid
    small = (paid > 0) & (paid * 10 <= accounts.card_minimum * _ABOUT)
    left = accounts.card_statement > accounts.card_minimum
    return np.asarray((small & left).any(axis=1))
