"""Money as columns: dated amounts, the ledger that posts them, and a bank's accounts.

Days are proleptic Gregorian ordinals, money is whole cents. A table of rows that belong to *n*
customers carries ``offsets`` of shape ``(n + 1,)``: customer *i* owns the rows from
``offsets[i]`` up to ``offsets[i + 1]``.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

AccountKind: TypeAlias = Literal["checking", "savings", "credit card"]

MAX_CARDS: Final = 3
ACCOUNT_KINDS: Final[tuple[AccountKind, ...]] = (
    "checking", "savings", "credit card", "credit card", "credit card",
)  # fmt: skip
CHECKING: Final = 0
SAVINGS: Final = 1
CARD: Final = 2
"""The first card; the others follow it."""

SPENDING: Final = 1
ESSENTIAL: Final = 2
PAY: Final = 4
SUBSCRIBABLE: Final = 8
OPENING: Final = 16
INTEREST: Final = 32
CARD_PAYMENT: Final = 64

OPENING_BALANCE: Final = "opening"
"""The purpose, by its ``id``, of the entry that begins an account's record."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why money moves.

    ``category`` is one of Plaid's detailed personal finance categories; ``description`` is what
    a customer reads, where ``{merchant}`` stands for the other side's name.
    """

    id: str
    category: str
    description: str


@dataclass(frozen=True, slots=True)
class Flows:
    """*m* dated amounts of several customers, in no order: what a bank is to post.

    ``row`` is the customer's, ``cents`` is positive for money that comes in and negative for
    money that goes out, ``settles`` the day from which it is no longer pending. ``account`` is
    a position in ``ACCOUNT_KINDS``, where ``CARD`` from another mode stands for whichever card is
    used most, ``purpose`` one in ``purposes``, ``merchant`` one in
    ``merchants``. All columns have shape ``(m,)``.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]
    settles: NDArray[np.int64]
    purposes: tuple[Purpose, ...]
    merchants: tuple[str, ...]


class Ledger(NamedTuple):
    """Every movement of *n* customers' accounts, by customer and day; columns as in ``Flows``.

    ``marks`` holds one byte a purpose: which figures it counts in, a sum of the constants above.
    ``counts`` holds one a movement: its purpose's marks, of which a credit can but be pay, and a
    debit anything else.
    """

    offsets: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]
    settles: NDArray[np.int64]
    purposes: tuple[Purpose, ...]
    merchants: tuple[str, ...]
    marks: NDArray[np.uint8]
    counts: NDArray[np.uint8]


class Recurring(NamedTuple):
    """Subscriptions by customer: ``row``, ``merchant``, the latest charge in cents, its day."""

    row: NDArray[np.int64]
    merchant: NDArray[np.int64]
    cents: NDArray[np.int64]
    day: NDArray[np.int64]


class Accounts(NamedTuple):
    """What *n* customers hold on a date, in whole cents.

    ``opened`` is the day on which the first account was opened. Cards stand in ``(n, c)``
    columns; a limit of 0 means that there is no such card. Balances of cards are what is owed.
    A statement closes with a month and falls due on ``card_due``; ``card_minimum`` and
    ``card_statement`` are those of the last one before the date. ``card_paid`` and
    ``card_paid_on`` are the last payment, 0 where the record shows none. ``card_apr`` is in
    hundredths of a percent. ``card_open`` is true where the last statement has not been paid.
    """

    opened: NDArray[np.int64]
    last_four: NDArray[np.int64]
    checking: NDArray[np.int64]
    savings: NDArray[np.int64]
    credit_score: NDArray[np.int64]
    card_limit: NDArray[np.int64]
    card_balance: NDArray[np.int64]
    card_minimum: NDArray[np.int64]
    card_statement: NDArray[np.int64]
    card_apr: NDArray[np.int64]
    card_overdue: NDArray[np.bool_]
    card_open: NDArray[np.bool_]
    card_paid: NDArray[np.int64]
    card_paid_on: NDArray[np.int64]
    card_due: NDArray[np.int64]
    statement_day: int


@dataclass(frozen=True, slots=True)
class BankingRecords:
    """A bank's records of *n* customers up to a date.

    ``recorded_from`` is the first day that each ledger covers, that of its opening entries,
    ``(n,)``; ``daily`` what checking held at the end of each of the last *d* days up to the date,
    ``(n, d)``, and 0 before ``recorded_from``; ``subscriptions`` are those that the ledger shows
    on the date; ``next_pay`` is the day of the next pay after the date, 0 where pay has no
    pattern.
    """

    accounts: Accounts
    ledger: Ledger
    recorded_from: NDArray[np.int64]
    daily: NDArray[np.int64]
    subscriptions: Recurring
    next_pay: NDArray[np.int64]
