"""Refunds: some of what was bought comes back after 3 to 25 days, to the account that paid."""

from typing import Final

import numpy as np

from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.everyday import Purchases
from backend.industries.banking.postings import COLUMNS, DAY, Postings, posted
from backend.industries.banking.timeline import LOOK_BACK, Timeline

_SOONEST: Final = 3
_DAYS: Final = LOOK_BACK - _SOONEST + 1
_WHOLE: Final = 0.7  # of what comes back comes back whole, the rest in part
_LEAST, _SPAN = 0.25, 0.55  # of the price that comes back in part
_ATM_FEE: Final = 325  # cents, own round figure


def refunds(bought: Purchases, told: Timeline) -> Postings:
    """Return the refunds of purchases, from the first of the months on.

    They are keyed by their purchases: the same draw says whether, when and how much.
    """
    kinds = catalogue().kinds
    share = kinds.returned.take(bought.kind)
    at = (bought.luck < share).nonzero()[0]
    luck = (bought.luck.take(at) / share.take(at)).tolist()
    purpose = kinds.refund.take(bought.kind.take(at)).tolist()
    # a customer's few refunds cost less one by one than as columns
    paid = bought.posted.table.take(at, axis=1).T.tolist()
    each = zip(luck, purpose, paid, strict=True)
    made = [_refund(*one) for one in each]
    first, last = int(told.starts[0]), told.end
    known = [one for one in made if first <= one[DAY] <= last]
    return Postings(np.array(known, dtype=np.int64).reshape(-1, COLUMNS).T)


def _refund(luck: float, purpose: int, paid: list[int]) -> tuple[int, ...]:
    """Return the columns of the refund of a purchase; ``luck`` is uniform among the refunded."""
    rank = luck * _DAYS
    wait = int(rank)
    partly = (rank - wait - _WHOLE) / (1 - _WHOLE)
    part = 1.0 if partly < 0 else _LEAST + _SPAN * partly
    row, day, cents, _, merchant, account, _ = paid
    back = day + _SOONEST + wait
    return row, back, max(round(-cents * part), 1), purpose, merchant, account, back


def atm_fees(bought: Purchases) -> Postings:
    """Return what other banks' cash machines charge for a withdrawal."""
    at, paid = bought.foreign.nonzero()[0], bought.posted
    purpose = catalogue().purpose_at["atm_fee"]
    row, day, merchant = paid.row.take(at), paid.day.take(at), paid.merchant.take(at)
    return posted(row, day, -_ATM_FEE, purpose, merchant)
