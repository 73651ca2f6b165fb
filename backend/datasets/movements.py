"""Transactions in Plaid's field names, as movements of accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backend.datasets.cells import CellKind, read_cells, refuse
from backend.datasets.files import Source, read_table
from backend.datasets.holdings import Holdings
from backend.domain.ledger import OPENING, Purpose
from backend.industries.banking.counting import counts_of, marks_of

_NAMES: Final = {
    "account_id": ("account_id",),
    "date": ("date",),
    "amount": ("amount",),
    "transaction_id": ("transaction_id",),
    "merchant": ("merchant_name",),
    "name": ("name", "original_description"),
    "pending": ("pending",),
    "replaces": ("pending_transaction_id",),
    "detailed": ("personal_finance_category_detailed", "personal_finance_category"),
    "primary": ("personal_finance_category_primary",),
    "currency": ("iso_currency_code",),
}
_KINDS: Final[Mapping[str, CellKind]] = {
    "account_id": "text", "date": "date", "amount": "money", "transaction_id": "text",
    "merchant": "text", "name": "text", "pending": "flag", "replaces": "text", "detailed": "text",
    "primary": "text", "currency": "text",
}  # fmt: skip
_NEEDED: Final = ("account_id", "date", "amount")
BEFORE_1970: Final = date(1970, 1, 1).toordinal()
_UNSAID: Final = "UNCATEGORISED"


@dataclass(frozen=True, slots=True)
class Movements:
    """*m* movements: the account's position, the day, cents (in is positive), merchant, counts.

    ``counts`` is as in ``Ledger``; opening entries say what an account held before.
    """

    account: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    merchant: NDArray[np.int64]
    counts: NDArray[np.uint8]
    posted: NDArray[np.bool_]


def read_movements(path: Path, holdings: Holdings, notes: list[str], *, skip: bool) -> Movements:
    """Return the movements in somebody's file of transactions.

    Args:
        path: the file.
        holdings: the accounts that they are in.
        notes: gets a sentence on whatever is not taken as it stands.
        skip: leave out rows that can not be read.

    Raises:
        InputError: the file or a row can not be read, or names an account that is not there.
    """
    source = read_table(path, _NAMES, _NEEDED)
    notes += source.notes()
    frame = read_cells(source, _KINDS, _NEEDED, notes, skip=skip)
    frame = frame.with_columns(account=_account(holdings))
    why = "account_id: an account of accounts was expected"
    frame = refuse(source, frame, frame["account"].is_null(), notes, why, skip=skip)
    frame = _foreign(source, frame, holdings, notes, skip=skip)
    return _movements(_spelt(frame))


def _account(holdings: Holdings) -> pl.Expr:
    place = pl.col("account_id").cast(pl.Enum(holdings.ids), strict=False)
    return place.to_physical().cast(pl.Int64)


def _foreign(
    source: Source, frame: pl.DataFrame, holdings: Holdings, notes: list[str], *, skip: bool
) -> pl.DataFrame:
    """Return rows with every column, each movement once, and all in one currency."""
    absent = [name for name in _KINDS if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    told = frame["currency"].drop_nulls().to_list()[:1]
    currency = holdings.currency or (told[0] if told else "USD")
    other = (frame["currency"] != currency).fill_null(value=False)
    why = f"iso_currency_code: {currency} was expected, as elsewhere"
    frame = refuse(source, frame, other, notes, why, skip=skip)
    if currency != "USD":
        notes.append(f"{source.path}: amounts are in {currency}; thresholds in dollars are not.")
    ids = frame["transaction_id"]
    again = ids.is_not_null() & ids.is_first_distinct().not_()
    settled = ids.is_in(frame["replaces"].drop_nulls().unique().to_list()).fill_null(value=False)
    if count := int(again.sum()):
        notes.append(f"{source.path}: {count} transactions have an id seen before; counted once.")
    if count := int(settled.sum()):
        notes.append(f"{source.path}: {count} pending transactions stand there as posted as well.")
    frame = frame.filter(~(again | settled))
    if count := int((frame["detailed"].is_null() & frame["primary"].is_null()).sum()):
        notes.append(
            f"{source.path}: {count} transactions have no category; money that goes out counts "
            "as spent, and money that comes in as no pay."
        )
    return frame


def _spelt(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that movements are made of."""
    # the code of a primary category alone, with what ends it
    code = pl.coalesce("detailed", pl.col("primary") + "_").str.to_uppercase()
    opening = pl.col("transaction_id") == pl.col("account_id") + "-opening"
    pending = pl.col("pending").cast(pl.Boolean).fill_null(value=False)
    return frame.select(
        "account",
        day=pl.col("date").cast(pl.Int64) + BEFORE_1970,
        cents=-pl.col("amount"),
        who=pl.coalesce("merchant", "name").cast(pl.Categorical),
        code=code.cast(pl.Categorical),
        opening=opening.fill_null(value=False),
        posted=~pending,
    )


def _movements(found: pl.DataFrame) -> Movements:
    cents = found["cents"].to_numpy()
    codes, purpose = _coded(found["code"])
    marks = marks_of([Purpose("movement", code or _UNSAID, "") for code in codes])
    counts = counts_of(marks, purpose, cents) if len(cents) else np.zeros(0, dtype=np.uint8)
    return Movements(
        account=found["account"].to_numpy(),
        day=found["day"].to_numpy(),
        cents=cents,
        merchant=_coded(found["who"])[1],
        counts=np.where(found["opening"].to_numpy(), np.uint8(OPENING), counts),
        posted=found["posted"].to_numpy(),
    )


def _coded(words: pl.Series) -> tuple[list[str], NDArray[np.int64]]:
    """Return the words by alphabet, and each row's place among them; null is the empty word."""
    codes = words.to_physical()
    some = codes.is_first_distinct()
    told = words.filter(some).cast(pl.String).fill_null("")
    first = codes.filter(some)
    size = int(codes.max() or 0) + 2  # type: ignore[arg-type]  # codes are whole numbers
    place = np.zeros(size, dtype=np.int64)
    # the last stands for null
    place[first.fill_null(size - 1).to_numpy()] = told.rank("ordinal").to_numpy() - 1
    return sorted(told.to_list()), place[codes.fill_null(size - 1).to_numpy()]
