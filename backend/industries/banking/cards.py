"""What is bought, by which account, and what comes back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD
from backend.industries.banking.choosing import bought_by, chosen, fitting
from backend.industries.banking.clients import Clients
from backend.industries.banking.everyday import Purchases, paid_from
from backend.industries.banking.foreign import on_cards
from backend.industries.banking.postings import ACCOUNT, Postings
from backend.industries.banking.returns import atm_fees, refunds
from backend.industries.banking.statements import by_card
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Spent:
    """Spending with its accounts: postings, and what cards are charged less what comes back.

    ``net`` is by customer, card and month, ``(n, 3, months)``, never below zero.
    ``card_of_bills`` is the card that pays subscriptions, -1 where none does, ``(n,)``.
    """

    posted: list[Postings]
    net: NDArray[np.int64]
    card_of_bills: NDArray[np.int64]


def card_spending(
    clients: Clients,
    terms: CardTerms,
    charged: NDArray[np.int64],
    bought: Purchases,
    month: NDArray[np.int64],
    foreign: Postings | None,
    told: Timeline,
) -> Spent:
    """Return what becomes of purchases in the months ``month``, and what is returned.

    ``charged`` is what bills come to that a card may pay, in cents a month, ``(n,)``.
    """
    card_of_bills, room, standing = _bills_on_cards(terms, charged)
    if foreign is not None:
        room = room // 2
    shape = (len(clients), told.months)
    posted = bought.posted
    card = np.where(bought.by_card, chosen(room, posted.row, bought.lane), -1)
    card = fitting(room, posted.row, month + 1, card, -posted.cents, told.months + 1)
    posted.table[ACCOUNT] = paid_from(card)
    back = refunds(bought, told)
    known = month >= 0
    gross = by_card(posted.row, np.where(known, card, -1), month, -posted.cents, shape)
    gross += standing[:, :, None]
    back, returned = _fitting_refunds(back, posted, gross, terms, told)
    parts = [posted.take(known), back, atm_fees(bought)]
    net = gross - returned
    if foreign is not None:
        placed = on_cards(foreign, terms, room, told)
        at = told.starts.searchsorted(placed.day, side="right") - 1
        net += by_card(placed.row, placed.account - CARD, at, -placed.cents, shape)
        parts.append(placed)
    return Spent(parts, net, card_of_bills)


def _bills_on_cards(
    terms: CardTerms, charged: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the card that pays subscriptions, the room that they leave, and what they come to."""
    standing = np.zeros_like(terms.room)
    pays = []
    for row, (first, cents) in enumerate(zip(terms.first_in_use(), charged.tolist(), strict=True)):
        fits = first >= 0 and cents * 2 <= terms.held[row][first].room
        pays.append(first if fits else -1)
        if fits:
            standing[row, first] = cents
    return np.array(pays), terms.room - standing, standing


def _fitting_refunds(
    back: Postings, bought: Postings, gross: NDArray[np.int64], terms: CardTerms, told: Timeline
) -> tuple[Postings, NDArray[np.int64]]:
    """Return the refunds, and their sums by card; things are kept that would overpay a card.

    A card's month in which more would come back than is bought has no refunds, nor has one that
    would leave the bank owing money to the card.
    """
    to_card = (back.account >= CARD).nonzero()[0]
    if not len(to_card):
        return back, np.zeros_like(gross)
    row, day, card = back.row[to_card], back.day[to_card], back.account[to_card] - CARD
    month = told.starts.searchsorted(day, side="right") - 1
    shape = (gross.shape[0], gross.shape[2])
    coming = by_card(row, card, month, back.cents[to_card], shape)[row, card, month]
    paid = (bought.row, bought.day, bought.account - CARD, -bought.cents)
    by_then = bought_by(paid, (row, day, card), told.starts[month]) + terms.least[row, card]
    fits = (coming <= gross[row, card, month]) & (coming <= by_then)
    kept = np.ones(len(back), dtype=np.bool_)
    kept[to_card] = fits
    returned = by_card(row[fits], card[fits], month[fits], back.cents[to_card][fits], shape)
    return back.take(kept), returned
