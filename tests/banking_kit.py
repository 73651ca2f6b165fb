"""Customers of the bank made for its tests, and their ledgers in plain words."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import OPENING_BALANCE, BankingRecords, Ledger
from backend.industries.banking.generate import generate
from backend.industries.banking.traits import Traits
from tests.cohort_kit import FAKER, IDS, people_of

AS_OF: Final = date(2026, 1, 15)
LAST: Final = AS_OF.toordinal()


class Movement(NamedTuple):
    day: int
    cents: int
    purpose: str
    merchant: str
    account: int
    settles: int


@cache
def records(count: int = 400, as_of: date = AS_OF, months: int = 7) -> BankingRecords:
    return generate(people_of(IDS[:count]), as_of, FAKER, (), months)


def living(count: int, reshape: Callable[[Traits], Traits], as_of: date = AS_OF) -> BankingRecords:
    return generate(
        people_of(IDS[:count]), as_of, FAKER, (), reshape=lambda clients: reshape(clients.traits)
    )


def with_traits(count: int, as_of: date = AS_OF, **columns: Any) -> BankingRecords:
    """Return records of people whose traits are natural but for ``columns``, one value for all."""

    def reshape(traits: Traits) -> Traits:
        return replace(
            traits,
            **{name: np.full_like(getattr(traits, name), value) for name, value in columns.items()},
        )

    return living(count, reshape, as_of)


def lines(ledger: Ledger, row: int, *purposes: str) -> list[Movement]:
    """Return a customer's movements without the opening entries, all or those of some purposes."""
    begin, end = int(ledger.offsets[row]), int(ledger.offsets[row + 1])
    found = [
        Movement(
            int(ledger.day[at]),
            int(ledger.cents[at]),
            ledger.purposes[ledger.purpose[at]].id,
            ledger.merchants[ledger.merchant[at]],
            int(ledger.account[at]),
            int(ledger.settles[at]),
        )
        for at in range(begin, end)
    ]
    return [
        one
        for one in found
        if one.purpose != OPENING_BALANCE and (not purposes or one.purpose in purposes)
    ]


def movements(ledger: Ledger, row: int) -> Counter[Movement]:
    return Counter(lines(ledger, row))


def of_purpose(ledger: Ledger, *names: str) -> NDArray[np.bool_]:
    numbers = [at for at, purpose in enumerate(ledger.purposes) if purpose.id in names]
    return np.isin(ledger.purpose, numbers)
