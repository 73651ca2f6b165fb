"""What a bank would see of a customer's insurance: premiums paid, and claims paid out."""

from datetime import date
from typing import Final

import numpy as np

from backend.domain.cover import Cover
from backend.domain.ledger import CHECKING, Flows
from backend.domain.person import People
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import APPROVED
from backend.industries.insurance.generate import generate
from backend.industries.segments import owners_of
from backend.seeds import SeededFaker

_PREMIUM, _PAYOUT = range(2)
PAYMENT_DAYS: Final = 3


def flows(people: People, first: int, last: int, faker: SeededFaker) -> Flows:
    """Return the movements of the days from ``first`` to ``last``, as ordinals, both included."""
    # an insurer books what was paid on a day when the day is over
    return flows_of(generate(people, date.fromordinal(last + 1), faker), first, last)


def flows_of(cover: Cover, first: int, last: int) -> Flows:
    """Return what ``flows`` does, of records that reach up to ``last``.

    Premiums leave on the day on which they were paid, as far back as ``PremiumPayments`` go.
    What an approved claim brought comes three days after the decision.
    """
    payments, claims = cover.payments, cover.claims
    paid, settled = payments.paid_on > 0, (claims.status == APPROVED) & (claims.paid > 0)
    row = np.concatenate([owners_of(payments.offsets)[paid], owners_of(claims.offsets)[settled]])
    day = np.concatenate([payments.paid_on[paid], claims.decided[settled] + PAYMENT_DAYS])
    cents = np.concatenate([-payments.amount[paid], claims.paid[settled]])
    purpose = np.repeat([_PREMIUM, _PAYOUT], [int(paid.sum()), int(settled.sum())])
    book = catalogue().book
    of_insurer = np.array([book.insurers.index(name) for name in cover.insurer], dtype=np.int64)
    kept = (day >= first) & (day <= last)
    return Flows(
        row=row[kept],
        day=day[kept],
        cents=cents[kept],
        purpose=purpose[kept],
        merchant=of_insurer[row[kept]],
        account=np.full(int(kept.sum()), CHECKING),
        settles=day[kept],
        purposes=catalogue().purposes,
        merchants=book.insurers,
    )
