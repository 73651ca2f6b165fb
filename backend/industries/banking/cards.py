"""What is bought, by which account, and what comes back."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, MAX_CARDS
from backend.industries.banking.choosing import bought_by, chosen, fitting
from backend.industries.banking.clients import Clients
from backend.industries.banking.everyday import Purchases
from backend.industries.banking.foreign import on_cards
from backend.industries.banking.postings import Postings
from backend.industries.banking.returns import atm_fees, refunds
from backend.industries.banking.statements import by_card, by_slot
from backend.industries.banking.terms import CardTerms
from backend.industries.banking.timeline import Timeline

_CARDS, _FIRST_CARD, _ONE = np.array(MAX_CARDS), np.array(CARD), np.array(1)


class Spent(NamedTuple):
    """Spending with its accounts: postings, and what cards are charged less what comes back.

    Among the postings are purchases from before the first month, which no ledger shows.
    ``net`` is by customer, card and month, ``(n, 3, months)``, never below zero.
    ``card_of_bills`` is the card that pays subscriptions, -1 where none does, ``(n,)``.
    """

    posted: list[Postings]
    net: NDArray[np.int64]
    card_of_bills: NDArray[np.int64]


class _Paid(NamedTuple):
    """Purchases that cards pay, by customer and day: ``at`` says which of all they are.

    ``slot`` counts customers, cards and months; ``cents`` are positive.
    """

    at: NDArray[np.int64]
    card: NDArray[np.int64]
    slot: NDArray[np.int64]
    cents: NDArray[np.int64]


_NO_NUMBERS: Final = np.empty(0, dtype=np.int64)
_NONE_PAID: Final = _Paid(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS)


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
    # what was bought before the first month counts as one before it
    shape = (len(clients), MAX_CARDS, told.months + 1)
    paid = _paid_by_cards(bought, month + _ONE, room, shape[2])
    bought.posted.account[paid.at] = paid.card + _FIRST_CARD
    gross = by_slot(paid.slot, paid.cents, shape)[:, :, 1:]
    for row, card, cents in standing:
        gross[row, card] += cents
    back = refunds(bought, told)
    back, returned = _fitting_refunds(back, (bought.posted, paid), gross, terms, told)
    parts = [bought.posted, back, atm_fees(bought)]
    net = gross if returned is None else gross - returned
    if foreign is not None:
        placed = on_cards(foreign, terms, room, told)
        net += _charged(placed, net.shape, told)
        parts.append(placed)
    return Spent(parts, net, card_of_bills)


def _paid_by_cards(
    bought: Purchases, month: NDArray[np.int64], room: NDArray[np.int64], months: int
) -> _Paid:
    """Return which purchases fit on which cards; ``month`` is below ``months``."""
    if not np.count_nonzero(room):
        return _NONE_PAID
    at = bought.by_card.nonzero()[0]
    row, when = bought.posted.row.take(at), month.take(at)
    cents = -bought.posted.cents.take(at)
    card = chosen(room, row, bought.lane.take(at))
    fits = fitting(room, row, when, card, cents, months).nonzero()[0]
    slot = (row * _CARDS + card) * np.array(months) + when
    return _Paid(at.take(fits), card.take(fits), slot.take(fits), cents.take(fits))


def _charged(placed: Postings, shape: tuple[int, ...], told: Timeline) -> NDArray[np.int64]:
    """Return what cards are charged by postings, less what comes back, of the ``shape`` of nets."""
    at = (placed.account >= CARD).nonzero()[0]
    month = told.starts.searchsorted(placed.day[at], side="right") - 1
    return by_card(placed.row[at], placed.account[at] - CARD, month, -placed.cents[at], shape)


def _bills_on_cards(
    terms: CardTerms, charged: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[tuple[int, int, int]]]:
    """Return the card that pays subscriptions, and the room that they leave on cards.

    Last come customer, card and the cents a month of those that a card pays.
    """
    room, pays, standing = terms.room.copy(), [], []
    for row, (first, cents) in enumerate(zip(terms.first_in_use(), charged.tolist(), strict=True)):
        fits = first >= 0 and cents * 2 <= terms.held[row][first].room
        pays.append(first if fits else -1)
        if fits:
            room[row, first] -= cents
            standing.append((row, first, cents))
    return np.array(pays), room, standing


def _fitting_refunds(
    back: Postings,
    bought: tuple[Postings, _Paid],
    gross: NDArray[np.int64],
    terms: CardTerms,
    told: Timeline,
) -> tuple[Postings, NDArray[np.int64] | None]:
    """Return the refunds, and their sums by card; things are kept that would overpay a card.

    A card's month in which more would come back than is bought has no refunds, nor has one that
    would leave the bank owing money to the card.
    """
    to_card = (back.account >= _FIRST_CARD).nonzero()[0]
    if not len(to_card):
        return back, None
    row, day, card = back.row[to_card], back.day[to_card], back.account[to_card] - CARD
    cents = back.cents[to_card]
    month = told.starts.searchsorted(day, side="right") - 1
    returned = by_card(row, card, month, cents, gross.shape)
    coming = returned[row, card, month]
    every, paid = bought
    charged = (every.row[paid.at], every.day[paid.at], paid.card, paid.cents)
    by_then = bought_by(charged, (row, day, card), told.starts[month]) + terms.least[row, card]
    fits = (coming <= gross[row, card, month]) & (coming <= by_then)
    if fits.all():
        return back, returned
    kept = np.ones(len(back), dtype=np.bool_)
    kept[to_card] = fits
    return back.take(kept), by_card(row[fits], card[fits], month[fits], cents[fits], gross.shape)
