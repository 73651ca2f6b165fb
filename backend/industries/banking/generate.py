"""From people to a bank's records of them, vectorised over the people."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import BankingRecords
from backend.domain.person import People
from backend.industries.banking.accounts import make_accounts
from backend.industries.banking.clients import Clients
from backend.industries.banking.flows import flows
from backend.industries.banking.pay import IRREGULAR, make_work, pay
from backend.industries.banking.posting import post
from backend.industries.banking.postings import Postings
from backend.industries.banking.recurring import recurring
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker

RECORD_DAYS: Final = 186
"""How many days a ledger reaches back, the date itself included: two windows of 90 and a few."""

_NEVER: Final = np.iinfo(np.int64).max
_NEXT_PAY_WITHIN: Final = 40  # days; monthly pay has the longest gap


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    others: Sequence[FlowSource] = (),
    record_days: int = RECORD_DAYS,
) -> BankingRecords:
    """Return the bank's records of the people up to and including ``as_of``.

    The ledger posts what the ``others`` hand it, beside what banking itself brings about.
    """
    last = as_of.toordinal()
    first = last - record_days + 1
    work = make_work(people)
    clients = Clients(people, work, make_accounts(people, work))
    paid = pay(clients, first, last + _NEXT_PAY_WITHIN)
    own = flows(clients, paid.between(first, last), first, last)
    ledger = post(len(people), [own, *(source(people, first, last, faker) for source in others)])
    return BankingRecords(
        accounts=clients.accounts,
        ledger=ledger,
        recorded_from=first,
        subscriptions=recurring(ledger, last),
        next_pay=_next_pay(clients, paid, last),
    )


def _next_pay(clients: Clients, paid: Postings, last: int) -> NDArray[np.int64]:
    coming = paid.day > last
    soonest = np.full(len(clients), _NEVER)
    np.minimum.at(soonest, paid.row[coming], paid.day[coming])
    return np.where(clients.work.pattern == IRREGULAR, 0, soonest)
