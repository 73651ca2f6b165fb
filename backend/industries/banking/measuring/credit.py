"""How cards are used and paid."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking.measuring.seen import STATEMENT, Summed, View, ratio

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

_ABOUT: Final = 11  # tenths of the minimum that still count as the minimum


def credit_columns(view: View) -> dict[str, Column]:
    """Return the credit signals; without a card they are missing, not zero."""
    accounts = view.accounts
    limit = accounts.card_limit.astype(np.float64)
    cards = (limit > 0).sum(axis=1)
    has_card = cards > 0
    used = np.maximum(100.0 * accounts.card_balance / np.maximum(limit, 1.0), 0.0)
    return {
        "credit_max_utilization_pct": Column(used.max(axis=1), has_card),
        "credit_avg_utilization_pct": _mean(used, cards.astype(np.float64), has_card),
        "credit_total_limits": Column(accounts.card_limit.sum(axis=1) / 100, has_card),
        "credit_interest_charges": _interest(view, has_card),
        "credit_minimum_payment_only": Column(_minimum_only(view), has_card),
        "credit_is_overdue": Column(accounts.card_overdue.any(axis=1).astype(float), has_card),
    }


def _mean(
    used: NDArray[np.float64], cards: NDArray[np.float64], has_card: NDArray[np.bool_]
) -> Column:
    # summed card by card: a sum along an axis may go by another order in a block
    together = np.zeros(len(used))
    for card in range(used.shape[1]):
        together = np.add(together, used[:, card])
    return ratio(together, cards, has_card)


def _interest(view: View, has_card: NDArray[np.bool_]) -> Column:
    charged = view.sums(Summed.INTEREST, np.maximum(view.spans, STATEMENT))
    every = np.broadcast_to(has_card, (len(view.spans), view.customers)).ravel()
    # + 0.0 turns a sum of nothing, negated, into 0
    return Column(-charged / 100 + 0.0, every & view.told(view.spans))


def _minimum_only(view: View) -> NDArray[np.float64]:
    accounts = view.accounts
    paid = accounts.card_paid
    small = (paid > 0) & (paid * 10 <= accounts.card_minimum * _ABOUT)
    left = accounts.card_statement > accounts.card_minimum
    return np.asarray((small & left).any(axis=1), dtype=np.float64)
