"""A population's own ledger: known types, by customer and day, every account with its opening."""

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import InvalidOperationError, PolarsError

from backend.datasets.books import Lines, held_by, lines_of, tables_of
from backend.datasets.dataset import DataSet
from backend.datasets.files import find_table
from backend.datasets.holdings import ACCOUNTS, Holdings, read_holdings
from backend.datasets.movements import BEFORE_1970
from backend.datasets.people import described, read_users
from backend.domain.ledger import OPENING, Purpose
from backend.domain.signals import SignalTable
from backend.errors import InputError
from backend.industries.banking.counting import counts_of, marks_of

_UNMARKED: Final = 0


def read_own_ledger(folder: Path, transactions: pl.LazyFrame, as_of: date) -> DataSet:
    """Return the data set of a population's folder.

    Args:
        folder: where its files are.
        transactions: its transactions, of which the opening entries alone have no merchant.
        as_of: the date that it is told up to.

    Raises:
        InputError: a file is missing or is not as it was written.
    """
    known = read_users(folder, [], skip=False)
    path = find_table(folder, ACCOUNTS)
    if path is None:
        raise InputError(f"{folder}: holds no {ACCOUNTS}.")
    # notes are about what others write in their files
    holdings = read_holdings(folder, path, known["user_id"], [], skip=False)
    try:
        frame, offsets = _by_user(_read(transactions, holdings), holdings)
    except PolarsError as error:
        first = (str(error).strip().splitlines() or ["no reason"])[0]
        raise InputError(f"{folder}: transactions can not be read: {first}.") from None
    marks = _marks(frame["code"])
    held = held_by(holdings, holdings.balance)
    last = as_of.toordinal()

    def tables(start: int, stop: int) -> list[SignalTable]:
        begin, end = int(offsets[start]), int(offsets[stop])
        lines = _lines(frame.slice(begin, end - begin), marks, holdings, slice(start, stop))
        return tables_of(holdings, held, lines, slice(start, stop), last)

    users = described(holdings.users, known)
    return DataSet("banking", "ledger", as_of, users, (), tables)


def _read(transactions: pl.LazyFrame, holdings: Holdings) -> pl.DataFrame:
    # narrow columns: a day's millions of rows are all in memory
    frame = transactions.select(
        account=pl.col("account_id").cast(pl.Categorical).to_physical(),
        day=pl.col("date").cast(pl.Int32),
        cents=(pl.col("amount") * 100).round().cast(pl.Int64),
        who=pl.col("merchant_name").cast(pl.Categorical).to_physical(),
        code=pl.col("personal_finance_category_detailed").cast(pl.Categorical),
    ).collect()
    return frame.with_columns(account=_places(frame["account"], holdings.ids))


def _places(codes: pl.Series, ids: pl.Series) -> NDArray[np.int32]:
    """Return where each account stands among ``ids``, told by the number of its category.

    Raises:
        InvalidOperationError: an account is none of them.
    """
    own = ids.cast(pl.Categorical).to_physical().to_numpy()
    told = codes.to_numpy()
    places = np.full(max(int(own.max(initial=0)), int(told.max(initial=0))) + 1, -1, np.int32)
    places[own] = np.arange(len(own), dtype=np.int32)
    found: NDArray[np.int32] = places[told]
    if len(found) and found.min() < 0:
        raise InvalidOperationError("an account_id is not among the accounts")
    return found


def _by_user(frame: pl.DataFrame, holdings: Holdings) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return the movements user by user, and where each user's begin."""
    owner = holdings.owner.astype(np.int32)[frame["account"].to_numpy()]
    if not (owner[1:] >= owner[:-1]).all():
        order = owner.argsort(kind="stable")
        frame, owner = frame.select(pl.all().gather(order)), owner[order]
    users = np.arange(len(holdings.users) + 1, dtype=np.int32)
    return frame, owner.searchsorted(users)


def _marks(codes: pl.Series) -> NDArray[np.uint8]:
    """Return which figures each category counts in, by its number."""
    told = codes.unique()
    marks = np.full(int(told.to_physical().to_numpy().max(initial=0)) + 1, _UNMARKED, np.uint8)
    purposes = [Purpose("movement", str(code), "") for code in told.cast(pl.String).to_list()]
    marks[told.to_physical().to_numpy()] = marks_of(purposes)
    return marks


def _lines(part: pl.DataFrame, marks: NDArray[np.uint8], holdings: Holdings, rows: slice) -> Lines:
    account, cents = part["account"].to_numpy(), -part["cents"].to_numpy()
    counts = counts_of(marks, part["code"].to_physical().to_numpy().astype(np.int64), cents)
    opening = part["who"].is_null().to_numpy()
    columns = [
        part["day"].to_numpy().astype(np.int64) + BEFORE_1970,
        cents,
        part["who"].fill_null(0).to_numpy().astype(np.int64),
        holdings.slot[account],
        np.where(opening, np.uint8(OPENING), counts).astype(np.int64),
    ]
    return lines_of(holdings.owner[account] - rows.start, columns, rows.stop - rows.start)
