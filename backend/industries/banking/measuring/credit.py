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

_ABOUT: Final = np.array(11)  # tenths of the minimum that still count as the minimum
_TENTHS: Final = np.array(10)
_NOTHING, _ONE_CENT = np.array(0), np.array(1)
_HUNDRED: Final = np.array(100.0)


def fill_credit(view: View, block: Block) -> None:
    """Fill in the credit signals; without a card they are missing, not zero."""
    accounts = view.accounts
    limit = accounts.card_limit
    cards = np.add.reduce(limit > _NOTHING, axis=1)
    # a card without a limit is none, and nothing is owed on it
    used = _HUNDRED * np.maximum(accounts.card_balance, _NOTHING) / np.maximum(limit, _ONE_CENT)
    highest, average, limits, interest, minimum, overdue = block.part
    block.whole[:] = cards > _NOTHING
    highest[:] = np.maximum.reduce(used, axis=1)
    # summed card by card: a sum along an axis may go by another order in a block
    average[:], block.whole[1] = reduce(np.add, used.T), cards
    limits[:] = np.add.reduce(limit, axis=1) / _HUNDRED
    interest[:] = -view.sums[Summed.INTEREST] / _HUNDRED
    minimum[:] = _minimum_only(accounts)
    overdue[:] = np.logical_or.reduce(accounts.card_overdue, axis=1)


def _minimum_only(accounts: Accounts) -> NDArray[np.bool_]:
    paid, asked = accounts.card_paid, accounts.card_minimum
    small = (paid > _NOTHING) & (paid * _TENTHS <= asked * _ABOUT)
    left = accounts.card_statement > asked
    return np.asarray(np.logical_or.reduce(small & left, axis=1))
