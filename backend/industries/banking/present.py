"""From a bank's records to one customer's session persona."""

from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import (
    ACCOUNT_KINDS,
    MAX_CARDS,
    OPENING,
    PAY,
    SPENDING,
    Accounts,
    BankingRecords,
    Ledger,
    Purpose,
)
from backend.domain.person import People
from backend.industries.banking.categories import category
from backend.industries.banking.persona import BankingPersona
from backend.industries.life import person_facts

LATEST: Final = 10
_MONTH: Final = 30
_OVERDUE: Final = "overdue"

Row: TypeAlias = dict[str, Any]
"""A record before its model checks it: a persona is checked whole, in one pass."""


class _Lines(NamedTuple):
    """One customer's movements, oldest first: columns as in ``Ledger``."""

    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]
    settles: NDArray[np.int64]
    counts: NDArray[np.uint8]


def present(people: People, records: BankingRecords, row: int, as_of: date) -> BankingPersona:
    """Return the session persona of the customer at ``row``."""
    accounts, ledger, lines = records.accounts, records.ledger, _lines(records.ledger, row)
    last = as_of.toordinal()
    month = int(lines.day.searchsorted(last - _MONTH, side="right"))
    cards = _cards(accounts, row, as_of)
    paid_to_card, paid_to_card_on = _last_payment(accounts, row)
    spending = _spending(ledger, lines, month)
    recent, pending = _shown(ledger, lines, last)
    paid = (lines.counts & PAY).nonzero()[0].tolist()
    limit, used = sum(card["limit"] for card in cards), sum(accounts.card_balance[row].tolist())
    next_pay = int(records.next_pay[row])
    known: Row = dict(
        person_facts(people, row),
        member_since=str(date.fromordinal(int(accounts.opened[row])).year),
        checking_balance=int(accounts.checking[row]),
        savings_balance=int(accounts.savings[row]),
        account_number=f"****{accounts.last_four[row]:04d}",
        credit_score=int(accounts.credit_score[row]),
        credit_limit=limit,
        credit_used=used,
        credit_available=limit - used,
        cards=cards,
        next_card_payment_due=min(
            (card["due_date"] for card in cards if card["due_date"]), default=None
        ),
        minimum_payment_due=sum(card["minimum_due"] for card in cards),
        overdue=any(card["status"] == _OVERDUE for card in cards),
        last_card_payment=paid_to_card,
        last_card_payment_date=paid_to_card_on,
        recent_transactions=recent,
        pending_payments=len(pending),
        pending_transactions=pending,
        monthly_spending=sum(line["amount"] for line in spending),
        spending_by_category=spending,
        monthly_income=sum(int(lines.cents[at]) for at in paid if at >= month),
        last_pay_date=date.fromordinal(int(lines.day[paid[-1]])) if paid else None,
        last_pay_amount=int(lines.cents[paid[-1]]) if paid else None,
        next_pay_date=date.fromordinal(next_pay) if next_pay else None,
        subscriptions=_subscriptions(records, row),
        balance_history=_history(records, row, last),
    )
    return BankingPersona.of(known)


def _lines(ledger: Ledger, row: int) -> _Lines:
    begin, end = ledger.offsets[row : row + 2].tolist()
    return _Lines(
        ledger.day[begin:end],
        ledger.cents[begin:end],
        ledger.purpose[begin:end],
        ledger.merchant[begin:end],
        ledger.account[begin:end],
        ledger.settles[begin:end],
        ledger.counts[begin:end],
    )


def _shown(ledger: Ledger, lines: _Lines, last: int) -> tuple[list[Row], list[Row]]:
    """Return the latest movements and the pending debits, each newest first."""
    latest = _latest(lines)
    pending = ((lines.settles > last) & (lines.cents < 0)).nonzero()[0][::-1]
    told = _transactions(ledger, lines, np.concatenate((latest, pending)))
    return told[: len(latest)], told[len(latest) :]


def _transactions(ledger: Ledger, lines: _Lines, at: NDArray[np.int64]) -> list[Row]:
    rows = zip(*[column[at].tolist() for column in lines[:5]], strict=True)
    return [
        _transaction(ledger.purposes[purpose], ledger.merchants[merchant], day, cents, account)
        for day, cents, purpose, merchant, account in rows
    ]


def _transaction(purpose: Purpose, merchant: str, day: int, cents: int, account: int) -> Row:
    return {
        "date": date.fromordinal(day),
        "description": purpose.description.replace("{merchant}", merchant),
        "amount": abs(cents),
        "category": "debit" if cents < 0 else "credit",
        "merchant": merchant,
        "personal_finance_category": purpose.category,
        "account": ACCOUNT_KINDS[account],
    }


def _spending(ledger: Ledger, lines: _Lines, month: int) -> list[Row]:
    spent = month + (lines.counts[month:] & SPENDING).nonzero()[0]
    rows: dict[str, Row] = {}
    each = zip(lines.purpose[spent].tolist(), lines.cents[spent].tolist(), strict=True)
    for purpose, cents in each:
        code = ledger.purposes[purpose].category
        row = rows.get(code)
        if row is None:
            rows[code] = _spent_on(code, -cents)
        else:
            row["amount"] -= cents
            row["transactions"] += 1
    return sorted(rows.values(), key=_dearest_first)


def _spent_on(code: str, cents: int) -> Row:
    return {
        "category": category(code).label,
        "amount": cents,
        "transactions": 1,
        "personal_finance_category": code,
    }


def _dearest_first(spending: Row) -> tuple[int, str]:
    return -spending["amount"], spending["personal_finance_category"]


def card_numbers(accounts: Accounts, row: int) -> list[str]:
    """Return the last four digits of each card that a customer may have."""
    own = int(accounts.last_four[row])
    return [f"{(own + 3581 * (at + 1)) % 10_000:04d}" for at in range(MAX_CARDS)]


def due_date(accounts: Accounts, row: int, as_of: date) -> date:
    """Return the next day on which card statements fall due, ``as_of`` included."""
    day = int(accounts.card_due[row])
    if as_of.day <= day:
        return as_of.replace(day=day)
    after = as_of.year * 12 + as_of.month
    return date(after // 12, after % 12 + 1, day)


def _latest(lines: _Lines) -> NDArray[np.int64]:
    shown = (lines.counts != OPENING).nonzero()[0]
    if not len(shown):
        shown = np.arange(len(lines.day))
    latest: NDArray[np.int64] = shown[: -LATEST - 1 : -1]
    return latest


def _cards(accounts: Accounts, row: int, as_of: date) -> list[Row]:
    numbers, due = card_numbers(accounts, row), due_date(accounts, row, as_of)
    columns = (
        accounts.card_limit,
        accounts.card_balance,
        accounts.card_apr,
        accounts.card_statement,
        accounts.card_minimum,
        accounts.card_open,
        accounts.card_overdue,
    )
    rows = zip(numbers, *(column[row].tolist() for column in columns), strict=True)
    return [
        {
            "card_number": f"****{number}",
            "limit": limit,
            "balance": balance,
            "apr": rate / 100,
            "last_statement": statement,
            "minimum_due": minimum if unpaid else 0,
            "due_date": next_due(due, as_of, unpaid=unpaid) if balance > 0 else None,
            "status": _status(statement, unpaid=unpaid, overdue=overdue),
        }
        for number, limit, balance, rate, statement, minimum, unpaid, overdue in rows
        if limit
    ]


def next_due(due: date, as_of: date, *, unpaid: bool) -> date:
    """Return the next due date of a card, where ``due`` is the next of its statements."""
    # what is paid before its due date is next due a month later
    if unpaid or due.month != as_of.month:
        return due
    after = due.year * 12 + due.month
    return date(after // 12, after % 12 + 1, due.day)


def _status(statement: int, *, unpaid: bool, overdue: bool) -> str:
    if overdue:
        return _OVERDUE
    if statement <= 0:
        return "nothing due"
    return "due" if unpaid else "paid"


def _last_payment(accounts: Accounts, row: int) -> tuple[int | None, date | None]:
    days = accounts.card_paid_on[row].tolist()
    latest = max(days)
    if not latest:
        return None, None
    # what several cards were paid on one day is told together
    paid = accounts.card_paid[row][accounts.card_paid_on[row] == latest]
    return int(paid.sum()), date.fromordinal(latest)


def _history(records: BankingRecords, row: int, last: int) -> Row:
    daily = records.daily[row]
    start = max(last - len(daily) + 1, int(records.recorded_from[row]))
    return {"start": date.fromordinal(start), "values": daily[start - last - 1 :].tolist()}


def _subscriptions(records: BankingRecords, row: int) -> list[Row]:
    ledger, found = records.ledger, records.subscriptions
    mine = found.row == row
    columns = (found.merchant, found.cents, found.day)
    lines = zip(*(column[mine].tolist() for column in columns), strict=True)
    ranked = sorted(lines, key=lambda line: (-line[1], line[0]))
    return [
        {
            "merchant": ledger.merchants[merchant],
            "amount": cents,
            "last_charged": date.fromordinal(day),
        }
        for merchant, cents, day in ranked
    ]
