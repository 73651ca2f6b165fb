"""Accounts and liabilities in Plaid's field names, as what each customer holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.datasets.cells import ROW, CellKind, read_cells, refuse
from backend.datasets.files import find_table, read_table
from backend.domain.ledger import CARD, CHECKING, SAVINGS

ACCOUNTS: Final = "accounts"
LIABILITIES: Final = "liabilities"
NOWHERE: Final = -1

_ACCOUNT_NAMES: Final = {
    "user_id": ("user_id", "client_user_id", "item_id"),
    "account_id": ("account_id",),
    "type": ("type", "account_type"),
    "subtype": ("subtype", "account_subtype"),
    "current": ("balance_current", "balances_current", "current_balance", "current"),
    "available": ("balance_available", "balances_available", "available"),
    "limit": ("balance_limit", "balances_limit", "credit_limit", "limit"),
    "currency": ("iso_currency_code", "balances_iso_currency_code"),
}
_ACCOUNT_KINDS: Final[Mapping[str, CellKind]] = {
    "user_id": "text", "account_id": "text", "type": "text", "subtype": "text",
    "current": "money", "available": "money", "limit": "money", "currency": "text",
}  # fmt: skip
_LIABILITY_NAMES: Final = {
    "account_id": ("account_id",),
    "is_overdue": ("is_overdue",),
    "paid": ("last_payment_amount",),
    "statement": ("last_statement_balance",),
    "minimum": ("minimum_payment_amount",),
}
_LIABILITY_KINDS: Final[Mapping[str, CellKind]] = {
    "account_id": "text", "is_overdue": "flag", "paid": "money", "statement": "money",
    "minimum": "money",
}  # fmt: skip
_SAVED: Final = ("savings", "money market", "cd", "gic")
_TO_HAND: Final = ("checking", "prepaid", "paypal", "cash management", "ebt", "")


@dataclass(frozen=True, slots=True)
class Holdings:
    """Accounts of *n* users: *a* of them, in the order of ``ids``.

    ``owner`` is the user's position and ``slot`` where the account stands in a ledger
    (``CHECKING``, ``SAVINGS``, ``CARD`` and up), ``NOWHERE`` for loans, investments and the like.
    ``balance`` is in whole cents, owed money below zero. Cards are ``(n, c)``, whole cents;
    ``told_overdue`` and ``told_minimum``, ``(n,)``, say of whom liabilities tell that.
    """

    users: pl.Series
    ids: pl.Series
    currency: str | None
    owner: NDArray[np.int64]
    slot: NDArray[np.int64]
    balance: NDArray[np.int64]
    limit: NDArray[np.int64]
    paid: NDArray[np.int64]
    statement: NDArray[np.int64]
    minimum: NDArray[np.int64]
    overdue: NDArray[np.bool_]
    told_overdue: NDArray[np.bool_]
    told_minimum: NDArray[np.bool_]


def read_holdings(
    folder: Path, path: Path, known: pl.Series, notes: list[str], *, skip: bool
) -> Holdings:
    """Return what the users of a folder hold.

    Args:
        folder: where ``liabilities`` are looked for.
        path: the file of accounts.
        known: ids of users who may have no account.
        notes: gets a sentence on whatever is not taken as it stands.
        skip: leave out rows that can not be read.

    Raises:
        InputError: a file or a row can not be read.
    """
    accounts, currency = _accounts(path, notes, skip=skip)
    users = pl.concat([known, accounts["user_id"]]).unique(maintain_order=True)
    owner = accounts["user_id"].cast(pl.Enum(users)).to_physical().to_numpy().astype(np.int64)
    slot = _slots(accounts, owner, notes)
    count = len(users)
    cards = max(int(slot.max(initial=CARD)) + 1 - CARD, 1)
    is_card = slot >= CARD
    place = (owner[is_card], slot[is_card] - CARD)
    limit = np.zeros((count, cards), dtype=np.int64)
    limit[place] = accounts["limit"].to_numpy()[is_card]
    if unlimited := int((limit[place] <= 0).sum()):
        notes.append(f"{path}: {unlimited} cards have no limit; their utilisation is not told.")
    told = _liabilities(folder, accounts["account_id"], notes, skip=skip)
    columns = {name: told[name].to_numpy()[is_card] for name in told.columns}
    sheet: dict[str, NDArray[np.int64]] = {}
    for name in ("paid", "statement", "minimum", "overdue", "knows_overdue", "knows_minimum"):
        sheet[name] = np.zeros((count, cards), dtype=np.int64)
        sheet[name][place] = columns[name]
    return Holdings(
        users=users,
        ids=accounts["account_id"],
        currency=currency,
        owner=owner,
        slot=slot,
        balance=accounts["balance"].to_numpy().astype(np.int64),
        limit=np.maximum(limit, 0),
        paid=sheet["paid"],
        statement=sheet["statement"],
        minimum=sheet["minimum"],
        overdue=sheet["overdue"] > 0,
        told_overdue=np.asarray(sheet["knows_overdue"].any(axis=1)),
        told_minimum=np.asarray(sheet["knows_minimum"].any(axis=1)),
    )


def _accounts(path: Path, notes: list[str], *, skip: bool) -> tuple[pl.DataFrame, str | None]:
    source = read_table(path, _ACCOUNT_NAMES, ("user_id", "account_id", "type"))
    notes += source.notes()
    frame = read_cells(source, _ACCOUNT_KINDS, ("user_id", "account_id", "type"), notes, skip=skip)
    absent = [name for name in _ACCOUNT_KINDS if name not in frame.columns]
    frame = frame.with_columns(
        pl.lit(None, dtype=pl.String if _ACCOUNT_KINDS[name] == "text" else pl.Int64).alias(name)
        for name in absent
    )
    doubled = frame["account_id"].is_first_distinct().not_()
    frame = refuse(source, frame, doubled, notes, "account_id: it stands there twice", skip=skip)
    frame = frame.with_columns(
        pl.col("type", "subtype").str.to_lowercase().str.replace_all("_", " ").fill_null(""),
        balance=pl.coalesce("current", "available"),
        limit=pl.col("limit").fill_null(0),
    )
    unknown = frame["balance"].is_null() & frame["type"].is_in(["depository", "credit"])
    why = "balance_current: an amount such as 12.50 was expected, and nothing came"
    frame = refuse(source, frame, unknown, notes, why, skip=skip)
    currencies = frame["currency"].drop_nulls().unique(maintain_order=True).to_list()
    if currencies[1:]:
        other = (frame["currency"] != currencies[0]).fill_null(value=False)
        why = f"iso_currency_code: {currencies[0]} was expected, as in the rows before"
        frame = refuse(source, frame, other, notes, why, skip=skip)
    owes = pl.col("type") == "credit"
    frame = frame.with_columns(
        balance=pl.when(owes).then(-pl.col("balance")).otherwise("balance").fill_null(0)
    )
    return frame.drop(ROW), currencies[0] if currencies else None


def _slots(accounts: pl.DataFrame, owner: NDArray[np.int64], notes: list[str]) -> NDArray[np.int64]:
    """Return where each account stands in a ledger; cards are counted customer by customer."""
    cash = pl.col("type") == "depository"
    kind = (
        pl.when(cash & pl.col("subtype").is_in(_TO_HAND))
        .then(CHECKING)
        .when(cash & pl.col("subtype").is_in(_SAVED))
        .then(SAVINGS)
        .when(pl.col("type") == "credit")
        .then(CARD)
        .otherwise(NOWHERE)
    )
    slot = accounts.select(kind.cast(pl.Int64)).to_series().to_numpy().copy()
    cards = slot == CARD
    nth = pl.Series(owner[cards]).to_frame("of").select(pl.int_range(pl.len()).over("of"))
    slot[cards] += nth.to_series().to_numpy()
    left = accounts.filter(pl.Series(slot == NOWHERE))
    if len(left):
        named = left.select(pl.concat_str("type", "subtype", separator=" ")).to_series()
        kinds = ", ".join(sorted({name.strip() for name in named.to_list()}))
        notes.append(f"{len(left)} accounts are neither cash nor cards and are left out: {kinds}.")
    return np.asarray(slot, dtype=np.int64)


def _liabilities(
    folder: Path, accounts: pl.Series, notes: list[str], *, skip: bool
) -> pl.DataFrame:
    """Return what is known of each account's bills, a row an account, 0 where nothing is."""
    path = find_table(folder, LIABILITIES)
    frame = pl.DataFrame(schema={"account_id": pl.String})
    if path is None:
        notes.append(
            f"{folder}: no {LIABILITIES}; whether cards are overdue, or paid by the minimum, "
            "is not known."
        )
    else:
        source = read_table(path, _LIABILITY_NAMES, ("account_id",))
        frame = read_cells(source, _LIABILITY_KINDS, ("account_id",), notes, skip=skip)
        doubled = frame["account_id"].is_first_distinct().not_()
        frame = refuse(source, frame, doubled, notes, "account_id: it stands twice", skip=skip)
    absent = [name for name in _LIABILITY_KINDS if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in absent)
    every = accounts.to_frame("account_id").join(
        frame.with_columns(listed=pl.lit(1)), on="account_id", how="left", maintain_order="left"
    )
    asks = "minimum" not in absent and "statement" not in absent and "paid" not in absent
    return every.select(
        pl.col("paid", "statement", "minimum").fill_null(0),
        overdue=pl.col("is_overdue").cast(pl.Int64).fill_null(0),
        knows_overdue=pl.col("is_overdue").is_not_null().cast(pl.Int64),
        knows_minimum=pl.col("listed").fill_null(0) * int(asks),
    )
