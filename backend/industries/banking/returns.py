"""Refunds: some of what was bought comes back after 3 to 25 days, to the account that paid."""

from typing import Final

import numpy as np

from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.everyday import Purchases
from backend.industries.banking.postings import Postings, posted
from backend.industries.banking.timeline import LOOK_BACK, Timeline

_SOONEST: Final = 3
_WHOLE: Final = 0.7  # of what comes back comes back whole, the rest in part
_PART: Final = (0.25, 0.55)
_ATM_FEE: Final = 325  # cents, own round figure


def refunds(bought: Purchases, told: Timeline) -> Postings:
    """Return the refunds of purchases, from the first of the months on.

    They are keyed by their purchases: the same draw says whether, when and how much.
    """
    kinds = catalogue().kinds
    share = kinds.returned[bought.kind]
    at = (bought.luck < share).nonzero()[0]
    rank = bought.luck[at] / share[at] * (LOOK_BACK - _SOONEST + 1)
    wait = rank.astype(np.int64)
    partly = (rank - wait - _WHOLE) / (1 - _WHOLE)
    least, span = _PART
    part = np.where(partly < 0, 1.0, least + span * partly)
    day = bought.posted.day[at] + _SOONEST + wait
    known = (day >= told.starts[0]) & (day <= told.end)
    at, day, part = at[known], day[known], part[known]
    paid = bought.posted.take(at)
    cents = np.maximum(np.rint(-paid.cents * part), 1.0).astype(np.int64)
    refund = kinds.refund[bought.kind[at]]
    return posted(paid.row, day, cents, refund, paid.merchant, paid.account)


def atm_fees(bought: Purchases) -> Postings:
    """Return what other banks' cash machines charge for a withdrawal."""
    paid = bought.posted.take(bought.foreign.nonzero()[0])
    purpose = catalogue().purpose_at["atm_fee"]
    return posted(paid.row, paid.day, -_ATM_FEE, purpose, paid.merchant)
