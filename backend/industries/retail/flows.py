"""What a bank would see of a shopper: purchases on their day, and refunds for what went back."""

from typing import Final

import numpy as np

from backend.domain.ledger import CARD, CHECKING, Flows
from backend.domain.orders import Shopping
from backend.domain.person import People
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.orders import make_shopping
from backend.industries.retail.season import FIRST_DAY, chain
from backend.industries.segments import owners_of
from backend.seeds import SeededFaker

_STORE, _ONLINE, _REFUND = range(3)
_DAYS_TO_SETTLE: Final = 1
_LONGEST_RETURN: Final = 60  # days from an order to its refund, with room


def flows(people: People, first: int, last: int, _faker: SeededFaker) -> Flows:
    """Return the movements of the days from ``first`` to ``last``, as ordinals, both included."""
    since = max(first - _LONGEST_RETURN, FIRST_DAY)
    shopping = make_shopping(people, since, last, catalogue())
    return flows_of(shopping, first, last)


def flows_of(shopping: Shopping, first: int, last: int) -> Flows:
    """Return what ``flows`` does, of records that reach up to ``last``.

    What was paid by card comes back to the card, and what was paid from checking to checking.
    Refunds of orders older than the records are not seen. A movement settles on the next day.
    """
    orders = shopping.orders
    back = orders.returned_on > 0
    row = owners_of(orders.offsets)
    row = np.concatenate([row, row[back]])
    day = np.concatenate([orders.day, orders.returned_on[back]])
    cents = np.concatenate([-orders.total, orders.refund[back]])
    bought = np.where(orders.online, _ONLINE, _STORE)
    purpose = np.concatenate([bought, np.full(int(back.sum()), _REFUND)])
    by_card = np.concatenate([orders.by_card, orders.by_card[back]])
    kept = (day >= first) & (day <= last)
    return Flows(
        row=row[kept],
        day=day[kept],
        cents=cents[kept],
        purpose=purpose[kept],
        merchant=np.zeros(int(kept.sum()), dtype=np.int64),
        account=np.where(by_card[kept], CARD, CHECKING),
        settles=day[kept] + _DAYS_TO_SETTLE,
        purposes=catalogue().purposes,
        merchants=(chain().name,),
    )
