"""The whole records as tables, in the field names of Plaid's API.

Amounts have Plaid's sign: positive is money that leaves an account, and on a card what is bought.
Balances of cards are positive for what is owed. The first transactions of an account is its
opening entry: of it and all that follow, the negated sum is the current balance of an account in
``accounts``, and the sum is that of a card. Ids are made from the customer's key, the account and
the day, so that they stay when the date moves.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CARD, OPENING, BankingRecords, Ledger
from backend.domain.person import People
from backend.domain.table import Coded, Field, Joined, Table
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.posting import accounts_held
from backend.industries.banking.present import card_numbers, due_date, next_due
from backend.industries.naming import key_names
from backend.industries.segments import owners_of

_NAMES: Final = ("Checking", "Savings", "Credit card 1", "Credit card 2", "Credit card 3")
_SLUGS: Final = ("checking", "savings", "card1", "card2", "card3")
_TYPES: Final = ("depository", "depository", "credit", "credit", "credit")
_SUBTYPES: Final = ("checking", "savings", "credit card", "credit card", "credit card")
_SAVINGS_SERIES: Final = 1907
_ONLINE: Final = "marketplace"
_STRIDE: Final = 16
"""Movements a day are told in multiples of this, so that blocks find their days told already."""

Words = NDArray[np.object_]


def tables(people: People, records: BankingRecords, as_of: date) -> tuple[Table, ...]:
    """Return accounts, transactions and liabilities of all customers, and what users have."""
    ids = _account_ids(people)
    return (
        _users(records),
        _accounts(records, ids),
        _transactions(people, records, ids, as_of.toordinal()),
        _liabilities(records, ids, as_of),
    )


def _users(records: BankingRecords) -> Table:
    score = records.accounts.credit_score
    return Table("users", np.arange(len(score)), (Field("credit_score", "integer", score),))


def _account_ids(people: People) -> Words:
    """Return the id of every account that there may be, ``(n, 5)``."""
    keys = key_names(people.keys)
    return np.array([[f"{key}-{slug}" for slug in _SLUGS] for key in keys], dtype=object)


def _accounts(records: BankingRecords, ids: Words) -> Table:
    accounts = records.accounts
    row, at = accounts_held(accounts.card_limit).nonzero()
    owed, limit = accounts.card_balance, accounts.card_limit
    current = np.column_stack([accounts.checking, accounts.savings, owed])
    available = np.column_stack([accounts.checking, accounts.savings, limit - owed])
    limits = np.column_stack([accounts.checking * 0, accounts.savings * 0, limit])
    masks = np.array([_masks(records, each) for each in range(len(ids))], dtype=object)
    is_card = at >= CARD
    return Table(
        "accounts",
        row,
        (
            Field("account_id", "text", _coded_ids(ids, row, at)),
            Field("name", "text", _told(_NAMES, at)),
            Field("type", "text", _told(_TYPES, at)),
            Field("subtype", "text", _told(_SUBTYPES, at)),
            Field("mask", "text", masks[row, at].tolist()),
            Field("balance_current", "money", current[row, at]),
            Field("balance_available", "money", available[row, at]),
            Field("balance_limit", "money", limits[row, at], is_card),
            Field("iso_currency_code", "text", ["USD"] * len(row)),
            Field("opened_on", "date", accounts.opened[row]),
        ),
    )


def _masks(records: BankingRecords, row: int) -> list[str]:
    own = int(records.accounts.last_four[row])
    saving = f"{(own + _SAVINGS_SERIES) % 10_000:04d}"
    return [f"{own:04d}", saving, *card_numbers(records.accounts, row)]


def _transactions(people: People, records: BankingRecords, ids: Words, last: int) -> Table:
    ledger = records.ledger
    row = owners_of(ledger.offsets)
    detailed = [one.category for one in ledger.purposes]
    primary = [_primary(code) for code in detailed]
    opening = ledger.counts == OPENING
    return Table(
        "transactions",
        row,
        (
            Field("transaction_id", "text", _transaction_ids(people, ledger, row, ids)),
            Field("account_id", "text", _coded_ids(ids, row, ledger.account)),
            Field("date", "date", ledger.day),
            Field("authorized_date", "date", ledger.day),
            Field("amount", "money", -ledger.cents),
            Field("iso_currency_code", "text", Coded(("USD",), np.zeros_like(row))),
            Field("merchant_name", "text", Coded(ledger.merchants, ledger.merchant), ~opening),
            Field("name", "text", _descriptions(ledger)),
            Field("pending", "flag", ledger.settles > last),
            Field("personal_finance_category_primary", "text", Coded(primary, ledger.purpose)),
            Field("personal_finance_category_detailed", "text", Coded(detailed, ledger.purpose)),
            Field("payment_channel", "text", Coded(_channels(ledger), ledger.purpose)),
        ),
    )


def _coded_ids(ids: Words, row: NDArray[np.int64], account: NDArray[np.int64]) -> Coded:
    """Return the id of each account; a column to join by is of one kind in every table."""
    return Coded(ids.ravel().tolist(), _slots(row, account))


def _slots(row: NDArray[np.int64], account: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the account of a customer stands among all account ids."""
    return row * len(_SLUGS) + account


def _descriptions(ledger: Ledger) -> Coded:
    """Return what customers read: the purpose's description around the merchant's name."""
    parts = [one.description.partition("{merchant}") for one in ledger.purposes]
    named = np.array([bool(found) for _, found, _ in parts])
    names = (*ledger.merchants, "")
    nobody = len(ledger.merchants)
    both = ledger.purpose * len(names) + np.where(named[ledger.purpose], ledger.merchant, nobody)
    is_told = np.zeros(len(parts) * len(names), dtype=np.bool_)
    is_told[both] = True
    told = is_told.nonzero()[0]
    number = np.empty(len(is_told), dtype=np.int64)
    number[told] = np.arange(len(told))
    purposes, merchants = (each.tolist() for each in np.divmod(told, len(names)))
    words = [
        parts[purpose][0] + names[merchant] + parts[purpose][2]
        for purpose, merchant in zip(purposes, merchants, strict=True)
    ]
    return Coded(words, number[both])


def _primary(code: str) -> str:
    return next(name for name in _PRIMARY if code.startswith(f"{name}_"))


_PRIMARY: Final = (
    "INCOME", "TRANSFER_IN", "TRANSFER_OUT", "LOAN_PAYMENTS", "BANK_FEES", "ENTERTAINMENT",
    "FOOD_AND_DRINK", "GENERAL_MERCHANDISE", "HOME_IMPROVEMENT", "MEDICAL", "PERSONAL_CARE",
    "GENERAL_SERVICES", "GOVERNMENT_AND_NON_PROFIT", "TRANSPORTATION", "TRAVEL",
    "RENT_AND_UTILITIES",
)  # fmt: skip


def _transaction_ids(people: People, ledger: Ledger, row: NDArray[np.int64], ids: Words) -> Joined:
    """Return ids: a day's movements of a customer are numbered in the ledger's order."""
    counted = ledger.counts != OPENING
    before = counted.cumsum() - counted
    new_day = np.ones(len(row), dtype=np.bool_)
    new_day[1:] = (row[1:] != row[:-1]) | (ledger.day[1:] != ledger.day[:-1])
    starts = new_day.nonzero()[0]
    nth = before - before[starts][new_day.cumsum() - 1]
    keys = key_names(people.keys)
    first = int(ledger.day.min())
    most = -(-(int(nth.max()) + 1) // _STRIDE) * _STRIDE
    days = _numbered_days(first, int(ledger.day.max()), most)
    of_account = len(keys) + _slots(row, ledger.account)
    on_day = (ledger.day - first) * most + nth
    return Joined(
        (
            Coded(keys + ids.ravel().tolist(), np.where(counted, row, of_account)),
            Coded([*days, "-opening"], np.where(counted, on_day, len(days))),
        )
    )


@lru_cache(4)
def _numbered_days(first: int, last: int, most: int) -> list[str]:
    """Return how the ids of each day's movements end, ``most`` a day."""
    return [f"-{day}-{count:02d}" for day in range(first, last + 1) for count in range(most)]


def _channels(ledger: Ledger) -> list[str]:
    """Return how each purpose is paid."""
    known = _known_channels()
    return known + ["other"] * (len(ledger.purposes) - len(known))


@cache
def _known_channels() -> list[str]:
    """Return where each of the bank's own purposes is paid: in a shop, online or otherwise."""
    found = ["other"] * len(catalogue().purposes)
    kinds, services = catalogue().kinds, catalogue().services
    for at, purpose in enumerate(kinds.purpose.tolist()):
        channel = "online" if catalogue().purposes[purpose].id == _ONLINE else "in store"
        found[purpose] = channel
        if kinds.refund[at] >= 0:
            found[int(kinds.refund[at])] = channel
    for purpose in services.purpose.tolist():
        found[purpose] = "online"
    return found


def _liabilities(records: BankingRecords, ids: Words, as_of: date) -> Table:
    accounts = records.accounts
    row, card = (accounts.card_limit > 0).nonzero()
    paid_on, minimum = accounts.card_paid_on[row, card], accounts.card_minimum[row, card]
    issued = np.full(len(row), accounts.statement_day)
    issued_since = issued >= accounts.opened[row]
    due = [
        next_due(due_date(accounts, who, as_of), as_of, unpaid=unpaid).toordinal()
        for who, unpaid in zip(row.tolist(), accounts.card_open[row, card].tolist(), strict=True)
    ]
    owes = (accounts.card_balance[row, card] > 0) | accounts.card_open[row, card]
    return Table(
        "liabilities",
        row,
        (
            Field("account_id", "text", _coded_ids(ids, row, CARD + card)),
            Field("apr_type", "text", ["purchase_apr"] * len(row)),
            Field("apr_percentage", "number", accounts.card_apr[row, card] / 100),
            Field("is_overdue", "flag", accounts.card_overdue[row, card]),
            Field("last_payment_amount", "money", accounts.card_paid[row, card], paid_on > 0),
            Field("last_payment_date", "date", np.maximum(paid_on, 1), paid_on > 0),
            Field(
                "last_statement_balance",
                "money",
                accounts.card_statement[row, card],
                issued_since,
            ),
            Field("last_statement_issue_date", "date", issued, issued_since),
            Field("minimum_payment_amount", "money", minimum, issued_since),
            Field("next_payment_due_date", "date", np.array(due, dtype=np.int64), owes),
        ),
    )


def _told(words: tuple[str, ...], at: NDArray[np.int64]) -> list[Any]:
    return [words[each] for each in at.tolist()]
