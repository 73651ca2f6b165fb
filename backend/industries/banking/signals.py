"""What a bank's records say of a customer's habits: one definition and one kernel a signal.

Windows are counted in days up to and including the date. Cadences (pay, subscriptions, the cost of
a month) look back at least 90 days whatever the window. Sums are of whole cents; a value leaves
here rounded to its stated decimals. A figure over days that the record does not reach back to is
missing: a month's habits can not be told from three weeks.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import BankingRecords
from backend.domain.person import People
from backend.domain.signals import SignalTable
from backend.industries.banking.measuring.cash import CASH, CASH_REACH, fill_cash
from backend.industries.banking.measuring.credit import CREDIT, CREDIT_REACH, fill_credit
from backend.industries.banking.measuring.history import HISTORY, HISTORY_REACH, fill_history
from backend.industries.banking.measuring.income import INCOME, INCOME_REACH, fill_income
from backend.industries.banking.measuring.savings import SAVING, SAVING_REACH, fill_savings
from backend.industries.banking.measuring.seen import Block, View
from backend.industries.banking.measuring.subscriptions import (
    SUBSCRIPTION_REACH,
    SUBSCRIPTIONS,
    fill_subscriptions,
)
from backend.industries.rounding import Rounding

SIGNALS: Final = (*CREDIT, *INCOME, *SAVING, *SUBSCRIPTIONS, *CASH, *HISTORY)

_THEMES: Final = (
    (CREDIT_REACH, fill_credit),
    (INCOME_REACH, fill_income),
    (SAVING_REACH, fill_savings),
    (SUBSCRIPTION_REACH, fill_subscriptions),
    (CASH_REACH, fill_cash),
    (HISTORY_REACH, fill_history),
)
"""Each theme's kernel, and how many days its signals look back at least.

That is 0 where a signal looks at the window alone, and None where it looks at no days.
"""

_ENDS: Final = tuple(accumulate(len(reach) for reach, _ in _THEMES))
_ROWS: Final = tuple(
    slice(end - len(reach), end) for end, (reach, _) in zip(_ENDS, _THEMES, strict=True)
)
_rounded: Final = Rounding(SIGNALS)
_ALWAYS: Final = np.iinfo(np.int64).min


def measure(
    people: People,  # noqa: ARG001 - every mode's measure has this signature
    records: BankingRecords,
    as_of: date,
    windows: Sequence[int],
) -> list[SignalTable]:
    """Return all signals of the customers, a table for each of ``windows``, in days."""
    view = View(records, as_of.toordinal(), windows)
    sheet = _rounded.sheet(len(windows), view.customers)
    for rows, (_, fill) in zip(_ROWS, _THEMES, strict=True):
        fill(view, Block(sheet.part[rows], sheet.whole[rows]))
    return _rounded.tables(sheet, view.history >= _reach(tuple(windows)))


@lru_cache(maxsize=64)
def _reach(windows: tuple[int, ...]) -> NDArray[np.int64]:
    """Return how many days each signal looks back in each window, ``(s, w, 1)``."""
    least = [days for reach, _ in _THEMES for days in reach]
    looks = [[_ALWAYS if d is None else max(d, window) for window in windows] for d in least]
    return np.array(looks)[:, :, None]
