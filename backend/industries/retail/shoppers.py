"""Who shops how: each customer's persona, and where inside its ranges they stand."""

from datetime import date
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import Shoppers
from backend.domain.person import People
from backend.industries.retail.assignment import cells_of
from backend.industries.retail.catalogue import MEAN_QUANTITY, Catalogue
from backend.industries.retail.season import chain
from backend.seeds import uniforms

CYCLE_DAYS: Final = 840
MONTH_DAYS: Final = 30.4375

_FIRST_JOINED: Final = date(2006, 1, 1).toordinal()
_LAST_JOINED: Final = date(2019, 8, 31).toordinal()  # months before the earliest date told up to
_DAYS_16_YEARS: Final = 5844
_NUMBERS: Final = 10**12
_RANGES: Final = 6
_VALUE, _FREQUENCY, _ITEMS, _RETURNS, _ONLINE, _CARD = range(_RANGES)
# a shopper stands in the inner four fifths of the persona's range, so that what the orders come to
# seldom leaves it
_INSET: Final = np.array([0.1, 0.1, 0.0, 0.0, 0.0, 0.0])
# larger orders hold more things rather than dearer ones, mostly
_ITEMS_FOLLOW: Final = 0.65


class _Draw(IntEnum):
    """Which of a shopper's draws is which after those of the ranges; a new one goes to the end."""

    JOINED = 0
    PHASE = 1
    STORE = 2
    NUMBER = 3


_SHEET: Final = (
    ("retail/persona", 1),
    ("retail/range", _RANGES),
    ("retail/shopper", len(_Draw)),
)


def make_shoppers(people: People, tables: Catalogue) -> Shoppers:
    """Return how ``people`` shop; no date takes part.

    An account is opened from the sixteenth birthday on, before 2019-09.
    """
    chosen, inside, draws = uniforms(people.keys, _SHEET)
    persona = (tables.edges[cells_of(people)] <= chosen).sum(axis=1)
    ranges = tables.ranges[persona]
    inside = inside.copy()
    inside[:, _ITEMS] += _ITEMS_FOLLOW * (inside[:, _VALUE] - inside[:, _ITEMS])
    part = _INSET + (1 - 2 * _INSET) * inside
    place = ranges[:, :, 0] + part * (ranges[:, :, 1] - ranges[:, :, 0])
    usual = place[:, _ITEMS] * tables.tastes.line_cost[persona]
    return Shoppers(
        persona=persona,
        joined=_joined(people, draws[:, _Draw.JOINED]),
        order_value=np.rint(place[:, _VALUE]).astype(np.int64),
        frequency=place[:, _FREQUENCY],
        price_level=place[:, _VALUE] * MEAN_QUANTITY / np.maximum(usual, 1.0),
        return_rate=place[:, _RETURNS],
        online_share=place[:, _ONLINE],
        card_share=place[:, _CARD],
        lapse_share=tables.lapse_share[persona],
        phase=(draws[:, _Draw.PHASE] * CYCLE_DAYS).astype(np.int64),
        store=(draws[:, _Draw.STORE] * len(chain().stores)).astype(np.int64),
        number=(draws[:, _Draw.NUMBER] * _NUMBERS).astype(np.int64),
    )


def _joined(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    earliest = np.maximum(people.birth + _DAYS_16_YEARS, _FIRST_JOINED)
    return np.asarray(earliest + (drawn * (_LAST_JOINED - earliest)).astype(np.int64))
