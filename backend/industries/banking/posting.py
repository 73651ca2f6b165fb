"""Posting: flows from any mode become one ledger, sorted and numbered alike."""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Flows, Ledger
from backend.industries.banking.counting import counts_of, marks_of
from backend.industries.segments import offsets_of

Row = TypeVar("Row")


def post(customers: int, posted: Sequence[Flows]) -> Ledger:
    """Return the ledger of all flows, sorted by customer, day, purpose, merchant and amount.

    At least one set of flows is to be handed in; each may be empty.
    """
    row, day, cents, account, settles = (
        np.concatenate([getattr(part, name) for part in posted])
        for name in ("row", "day", "cents", "account", "settles")
    )
    purpose = _renumbered([part.purpose for part in posted], [part.purposes for part in posted])
    merchant = _renumbered([part.merchant for part in posted], [part.merchants for part in posted])
    purposes = _chained([part.purposes for part in posted])
    marks = marks_of(purposes)
    order = np.lexsort((cents, merchant, purpose, day, row))
    purpose, cents = purpose[order], cents[order]
    return Ledger(
        offsets=offsets_of(row[order], customers),
        day=day[order],
        cents=cents,
        purpose=purpose,
        merchant=merchant[order],
        account=account[order],
        settles=settles[order],
        purposes=purposes,
        merchants=_chained([part.merchants for part in posted]),
        marks=marks,
        counts=counts_of(marks, purpose, cents),
    )


def _chained(tables: Sequence[tuple[Row, ...]]) -> tuple[Row, ...]:
    # the one table of a customer without other modes is shared, not copied
    return tables[0] if len(tables) == 1 else tuple(chain.from_iterable(tables))


def _renumbered(
    columns: Sequence[NDArray[np.int64]], tables: Sequence[Sequence[object]]
) -> NDArray[np.int64]:
    """Return positions in the tables' chain for positions in each table."""
    starts = accumulate((len(table) for table in tables), initial=0)
    return np.concatenate([column + start for column, start in zip(columns, starts, strict=False)])
