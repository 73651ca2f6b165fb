"""What the other modes hand to the ledger, in the numbering of the bank's own tables."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, CHECKING, Flows, Purpose
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.choosing import bought_by, fitting
from backend.industries.banking.counting import marks_of
from backend.industries.banking.postings import Postings, joined, posted
from backend.industries.banking.statements import by_card
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline


class Book(NamedTuple):
    """The tables that a ledger's numbers point into."""

    purposes: tuple[Purpose, ...]
    merchants: tuple[str, ...]
    marks: NDArray[np.uint8]


@cache
def own_book() -> Book:
    """Return the bank's own tables."""
    tables = catalogue()
    return Book(tables.purposes, tables.merchants, tables.marks)


def taken_in(flows: Sequence[Flows]) -> tuple[Postings, Book]:
    """Return flows as postings, with the bank's tables and theirs behind; sorted by row and day."""
    book, parts = own_book(), []
    purposes, merchants = list(book.purposes), list(book.merchants)
    for flow in flows:
        parts.append(
            posted(
                flow.row,
                flow.day,
                flow.cents,
                flow.purpose + len(purposes),
                flow.merchant + len(merchants),
                flow.account,
                np.maximum(flow.settles, flow.day),
            )
        )
        purposes += flow.purposes
        merchants += flow.merchants
    moved = joined(parts)
    order = np.lexsort((moved.merchant, moved.cents, moved.purpose, moved.day, moved.row))
    return moved.take(order), Book(
        tuple(purposes),
        tuple(merchants),
        np.concatenate([book.marks, marks_of(purposes[len(book.purposes) :])]),
    )


def on_cards(
    moved: Postings, terms: CardTerms, room: NDArray[np.int64], told: Timeline
) -> Postings:
    """Return postings of which those to a card go to the first one in use, while it has room.

    What has no room there is paid from checking. A refund comes to the card when as much was
    paid with it in that month, and to checking otherwise.
    """
    month = told.starts.searchsorted(moved.day, side="right") - 1
    first = np.array(terms.first_in_use())[moved.row]
    card = np.where(moved.account == CARD, first, -1)
    buys = ((moved.cents < 0) & (card >= 0)).nonzero()[0]
    row, on, cents = moved.row[buys], card[buys], -moved.cents[buys]
    fits = fitting(room, row, month[buys], on, cents, told.months).nonzero()[0]
    bought = (row[fits], moved.day[buys[fits]], on[fits], cents[fits])
    back = ((moved.cents > 0) & (card >= 0)).nonzero()[0]
    row, on = moved.row[back], card[back]
    coming = by_card(row, on, month[back], moved.cents[back], (*room.shape, told.months))
    by_then = bought_by(bought, (row, moved.day[back], on), told.starts[month[back]])
    kept = np.concatenate([buys[fits], back[coming[row, on, month[back]] <= by_then]])
    account = np.where(moved.account == CARD, CHECKING, moved.account)
    account[kept] = CARD + card[kept]
    return moved.paid_from(account)
