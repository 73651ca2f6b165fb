"""From people to what they bought: 24 months of orders with their lines."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from backend.domain.orders import Shopping
from backend.domain.person import People
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.orders import make_shopping
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker

HISTORY_DAYS: Final = 731
"""Two years and the customer's date: what every total of the mode is of."""


def generate(
    people: People,
    as_of: date,
    _faker: SeededFaker,
    _others: Sequence[FlowSource] = (),
) -> Shopping:
    """Return the shopping of ``people`` up to ``as_of``, that day included."""
    last = as_of.toordinal()
    return make_shopping(people, last - HISTORY_DAYS + 1, last, catalogue())
