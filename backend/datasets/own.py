"""A population's own ledger: known types, by customer and day, every account with its opening."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from backend.industries.segments import owners_of

_NOBODY: Final = -1
_LARGEST: Final = 2**53 / 100  # dollars: beyond it a float does not hold every cent


@dataclass(frozen=True, slots=True)
class _Movements:
    """Movements as their file has them, those of the user at *i* from ``offsets[i]`` on.

    ``slots`` says where an account stands in a ledger, ``marks`` which figures a category counts
    in, each by the number that the word has in ``frame``.
    """

    frame: pl.DataFrame
    offsets: NDArray[np.int64]
    slots: NDArray[np.int64]
    marks: NDArray[np.uint8]

    def of(self, rows: slice) -> Lines:
        """Return the movements of some of the users."""
        offsets = self.offsets[rows.start : rows.stop + 1]
        part = self.frame.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
        offsets = offsets - offsets[0]
        who, code = part["who"], part["code"].to_physical().to_numpy().astype(np.int64)
        cents = np.rint(part["amount"].to_numpy() * -100).astype(np.int64)
        counts = counts_of(self.marks, code, cents)
        counts[who.is_null().to_numpy()] = OPENING
        day = np.add(part["day"].to_numpy(), BEFORE_1970, dtype=np.int64)
        merchant = who.fill_null(0).to_numpy().astype(np.int64)
        slot = self.slots.take(part["account"].to_numpy())
        if _ascends(day, offsets):
            return Lines(offsets, day, cents, merchant, slot, counts)
        columns = [day, cents, merchant, slot, counts.astype(np.int64)]
        return lines_of(owners_of(offsets), columns, len(offsets) - 1)


def read_own_ledger(folder: Path, transactions: pl.LazyFrame, as_of: date) -> DataSet:
    """Return the data set of a population's folder.

    Args:
        folder: where its files are.
        transactions: its transactions, of which the opening entries alone have no merchant.
        as_of: the date that it is told up to.

    Raises:
        InputError: a file is missing or is not as it was written.
    """
    with ThreadPoolExecutor(1) as beside:
        rest = beside.submit(_known, folder)
        try:
            frame = _read(transactions)
            marks = beside.submit(_marks, frame["code"])
            known, holdings = rest.result()
            frame, offsets, slots = _by_user(frame, holdings)
            moved = _Movements(frame, offsets, slots, marks.result())
        except (PolarsError, OSError) as error:
            rest.result()  # what is wrong with the other files is told first
            first = (str(error).strip().splitlines() or ["no reason"])[0]
            raise InputError(f"{folder}: transactions can not be read: {first}.") from None
    held = held_by(holdings, holdings.balance)
    last = as_of.toordinal()

    def tables(start: int, stop: int) -> list[SignalTable]:
        rows = slice(start, stop)
        return tables_of(holdings, held, moved.of(rows), rows, last)

    users = described(holdings.users, known)
    return DataSet("banking", "ledger", as_of, users, (), tables)


def _known(folder: Path) -> tuple[pl.DataFrame, Holdings]:
    """Return what the other files tell: of users, and of what they hold."""
    known = read_users(folder, [], skip=False)
    path = find_table(folder, ACCOUNTS)
    if path is None:
        raise InputError(f"{folder}: holds no {ACCOUNTS}.")
    # notes are about what others write in their files
    return known, read_holdings(folder, path, known["user_id"], [], skip=False)


def _read(transactions: pl.LazyFrame) -> pl.DataFrame:
    # as it stands in the file: what is computed of it is computed block by block, in the threads
    # that measure, and columns stay narrow, as a day's millions of rows are all in memory
    frame = transactions.select(
        account=pl.col("account_id").cast(pl.Categorical).to_physical(),
        day=pl.col("date").to_physical(),
        amount=pl.col("amount"),
        who=pl.col("merchant_name").cast(pl.Categorical).to_physical(),
        code=pl.col("personal_finance_category_detailed").cast(pl.Categorical),
    ).collect()
    told = frame.select(
        pl.col("account", "day", "code").null_count() == 0,
        pl.col("amount").is_between(-_LARGEST, _LARGEST).all(ignore_nulls=False),
    )
    if absent := [name for name in told.columns if not told[name].item()]:
        raise InvalidOperationError(f"a row has no {absent[0]}")
    return frame


def _by_user(
    frame: pl.DataFrame, holdings: Holdings
) -> tuple[pl.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    """Return the movements user by user, with ``offsets`` and ``slots`` of ``_Movements``.

    Raises:
        InvalidOperationError: an account is nobody's.
    """
    account = frame["account"].to_numpy()
    word = holdings.ids.cast(pl.Categorical).to_physical().to_numpy()
    words = max(int(word.max(initial=0)), int(account.max(initial=0))) + 1
    owners, slots = np.full(words, _NOBODY, np.int32), np.zeros(words, np.int64)
    owners[word], slots[word] = holdings.owner, holdings.slot
    owner = owners.take(account)
    if not (owner[1:] >= owner[:-1]).all():
        order = owner.argsort(kind="stable")
        frame, owner = frame.select(pl.all().gather(order)), owner[order]
    if len(owner) and owner[0] == _NOBODY:
        raise InvalidOperationError("an account_id is not among the accounts")
    users = np.arange(len(holdings.users) + 1, dtype=np.int32)
    return frame, owner.searchsorted(users), slots


def _marks(codes: pl.Series) -> NDArray[np.uint8]:
    """Return which figures each category counts in, by its number."""
    numbers = codes.to_physical().to_numpy()
    # a row of each number; to have Polars tell the few words apart sorts all rows
    some = np.full(int(numbers.max(initial=0)) + 1, -1, np.int32)
    some[numbers] = np.arange(len(numbers), dtype=np.int32)
    told = (some >= 0).nonzero()[0]
    words = codes.gather(some[told]).cast(pl.String).to_list()
    marks = np.zeros(len(some), np.uint8)
    marks[told] = marks_of([Purpose("movement", word, "") for word in words])
    return marks


def _ascends(day: NDArray[np.int64], offsets: NDArray[np.int64]) -> bool:
    """Say whether days ascend throughout the rows of each user."""
    falls = (day[1:] < day[:-1]).nonzero()[0] + 1
    return bool(np.isin(falls, offsets).all())
