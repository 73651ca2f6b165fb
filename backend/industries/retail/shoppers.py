"""Who shops how: each customer's persona, and where inside its ranges they stand."""

from bisect import bisect_right
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import Shoppers
from backend.domain.person import People
from backend.industries.retail.assignment import cells_of
from backend.industries.retail.catalogue import MEAN_QUANTITY, Catalogue
from backend.industries.retail.draws import RANGES, Draw, Draws, draw
from backend.industries.retail.season import CYCLE_DAYS, chain

MONTH_DAYS: Final = 30.4375

_FIRST_JOINED: Final = np.array(date(2006, 1, 1).toordinal())
# months before the earliest date told up to
_LAST_JOINED: Final = np.array(date(2019, 8, 31).toordinal())
_DAYS_16_YEARS: Final = np.array(5844)
_NUMBERS: Final = 10**12
_VALUE, _FREQUENCY, _ITEMS, _RETURNS, _ONLINE, _CARD = range(RANGES)
# a shopper stands in the inner four fifths of the persona's range, so that what the orders come to
# seldom leaves it
_INSET: Final = np.array([0.1, 0.1, 0.0, 0.0, 0.0, 0.0])
_WITHIN: Final = 1 - 2 * _INSET
# larger orders hold more things rather than dearer ones, mostly
_ITEMS_FOLLOW: Final = np.array(0.65)
_MEAN_QUANTITY, _ONE_CENT = np.array(MEAN_QUANTITY), np.array(1.0)


def make_shoppers(people: People, tables: Catalogue) -> Shoppers:
    """Return how ``people`` shop; no date takes part.

    An account is opened from the sixteenth birthday on, before 2019-09.
    """
    return shoppers_of(people, draw(people), tables)


def shoppers_of(people: People, draws: Draws, tables: Catalogue) -> Shoppers:
    """Return what ``make_shoppers`` does, by the people's draws."""
    persona = _personas(people, draws.persona, tables)
    inside = _INSET + _WITHIN * _drawn_together(draws.inside)
    place = tables.ranges.take(persona, axis=0)[:, :, 0] + inside * tables.widths.take(
        persona, axis=0
    )
    value = place[:, _VALUE]
    usual = place[:, _ITEMS] * tables.tastes.line_cost[persona]
    phase, store, number = _numbers(draws.shopper)
    return Shoppers(
        persona=persona,
        joined=_joined(people, draws.shopper[:, Draw.JOINED]),
        order_value=np.rint(value).astype(np.int64),
        frequency=place[:, _FREQUENCY],
        price_level=value * _MEAN_QUANTITY / np.maximum(usual, _ONE_CENT),
        return_rate=place[:, _RETURNS],
        online_share=place[:, _ONLINE],
        card_share=place[:, _CARD],
        lapse_share=tables.lapse_share[persona],
        phase=phase,
        store=store,
        number=number,
    )


def _personas(people: People, drawn: NDArray[np.float64], tables: Catalogue) -> NDArray[np.int64]:
    cells = zip(cells_of(people), drawn[:, 0].tolist(), strict=True)
    return np.array([bisect_right(tables.edge_rows[cell], one) for cell, one in cells])


def _drawn_together(inside: NDArray[np.float64]) -> NDArray[np.float64]:
    items, value = inside[:, _ITEMS], inside[:, _VALUE]
    together = inside.copy()
    together[:, _ITEMS] = items + _ITEMS_FOLLOW * (value - items)
    return together


def _numbers(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return phase, store and number of each shopper, ``(3, n)``."""
    return (drawn[:, Draw.PHASE :] * _bounds()).astype(np.int64).T


@cache
def _bounds() -> NDArray[np.int64]:
    return np.array([CYCLE_DAYS, len(chain().stores), _NUMBERS])


def _joined(people: People, drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    earliest = np.maximum(people.birth + _DAYS_16_YEARS, _FIRST_JOINED)
    return np.asarray(earliest + (drawn * (_LAST_JOINED - earliest)).astype(np.int64))
