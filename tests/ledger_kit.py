"""Somebody else's ledger as files, in Plaid's field names, of people who are nobody's."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

FIRST: Final = date(2025, 6, 20)
LAST: Final = date(2026, 1, 14)
RENT: Final = "RENT_AND_UTILITIES_RENT"
FOOD: Final = "FOOD_AND_DRINK_GROCERIES"
WAGES: Final = "INCOME_WAGES"
FILMS: Final = "ENTERTAINMENT_TV_AND_MOVIES"

Row = Mapping[str, Any]


def account(user: str, name: str, kind: str, subtype: str, current: Any, **more: Any) -> Row:
    return {
        "user_id": user, "account_id": f"{user}-{name}", "type": kind, "subtype": subtype,
        "balance_current": current, "balance_limit": more.get("limit"),
        "iso_currency_code": more.get("currency", "USD"),
    }  # fmt: skip


def moved(account_id: str, day: date, amount: Any, code: str, who: str, **more: Any) -> Row:
    return {
        "transaction_id": more.get("id", f"{account_id}/{day}/{who}"), "account_id": account_id,
        "date": day, "amount": amount, "merchant_name": who,
        "personal_finance_category_detailed": code, "pending": more.get("pending", False),
    }  # fmt: skip


ACCOUNTS: Final = (
    account("ann", "cash", "depository", "checking", 1200.5),
    account("ann", "nest", "depository", "savings", 5000.0),
    account("ann", "card", "credit", "credit card", 900.0, limit=1000.0),
    account("bob", "cash", "depository", "checking", 50.25),
    account("cyd", "cash", "depository", "checking", 10.0),
)
LIABILITIES: Final = (
    {"account_id": "ann-card", "is_overdue": True, "last_payment_amount": 25.0,
     "last_statement_balance": 800.0, "minimum_payment_amount": 25.0},
)  # fmt: skip


def life() -> list[Row]:
    """Ann's weekly pay, rent, groceries by card and films; bob's gaps; cyd does nothing."""
    rows: list[Row] = []
    days = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    for day in days:
        rows.append(moved("ann-card", day, 12.34, FOOD, "Corner Shop"))
        if day.weekday() == 4:
            rows.append(moved("ann-cash", day, -800.0, WAGES, "Acme Works"))
        if day.day == 1:
            rows += [moved("ann-cash", day, 900.0, RENT, "Landlord"),
                     moved("ann-cash", day, 15.99, FILMS, "Streamly"),
                     moved("ann-nest", day, -50.0, "TRANSFER_IN_SAVINGS", "Ann")]  # fmt: skip
        if day.day == 9 and day.month != 10:
            rows.append(moved("bob-cash", day, 20.0, "TRANSFER_OUT_WITHDRAWAL", "Cash machine"))
    return rows


def write(
    folder: Path,
    ending: str = "csv",
    accounts: Sequence[Row] = ACCOUNTS,
    transactions: Sequence[Row] | None = None,
    liabilities: Sequence[Row] | None = LIABILITIES,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "accounts": accounts,
        "transactions": life() if transactions is None else transactions,
        "liabilities": liabilities,
    }
    for name, rows in tables.items():
        if rows is not None:
            frame = pl.DataFrame(rows, infer_schema_length=None)
            path = folder / f"{name}.{ending}"
            frame.write_csv(path) if ending == "csv" else frame.write_parquet(path)
    return folder
