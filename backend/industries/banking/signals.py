"""What a bank's records say of a customer's habits: one definition and one kernel a signal.

Windows are counted in days up to and including the date. Cadences (pay, subscriptions, the cost of
a month) look back at least 90 days whatever the window. Sums are of whole cents; a value leaves
here rounded to its stated decimals. A figure over days that the record does not reach back to is
missing: a month's habits can not be told from three weeks.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from backend.domain.ledger import BankingRecords
from backend.domain.person import People
from backend.domain.signals import Column, SignalTable
from backend.industries.banking.measuring.cash import CASH, cash_columns
from backend.industries.banking.measuring.credit import CREDIT, credit_columns
from backend.industries.banking.measuring.history import HISTORY, history_columns
from backend.industries.banking.measuring.income import INCOME, income_columns
from backend.industries.banking.measuring.savings import SAVING, savings_columns
from backend.industries.banking.measuring.seen import View
from backend.industries.banking.measuring.subscriptions import SUBSCRIPTIONS, subscription_columns

SIGNALS: Final = (*CREDIT, *INCOME, *SAVING, *SUBSCRIPTIONS, *CASH, *HISTORY)

_KERNELS: Final = (
    credit_columns,
    income_columns,
    savings_columns,
    subscription_columns,
    cash_columns,
    history_columns,
)
_SCALE: Final = np.array([[[10.0**signal.decimals]] for signal in SIGNALS])
_NOTHING: Final = np.array(0.0)


def measure(
    people: People,  # noqa: ARG001 - every mode's measure has this signature
    records: BankingRecords,
    as_of: date,
    windows: Sequence[int],
) -> list[SignalTable]:
    """Return all signals of the customers, a table for each of ``windows``, in days."""
    view = View(records, as_of.toordinal(), windows)
    columns = {name: column for kernel in _KERNELS for name, column in kernel(view).items()}
    shape = (len(SIGNALS), len(windows), view.customers)
    values, known = np.empty(shape), np.empty(shape, dtype=np.bool_)
    for at, signal in enumerate(SIGNALS):
        # a figure that hangs on no window is the same in all
        column = columns[signal.name]
        values[at] = column.values.reshape(-1, view.customers)
        known[at] = column.known.reshape(-1, view.customers)
    values = np.rint(np.where(known, values, _NOTHING) * _SCALE) / _SCALE
    return [
        {
            signal.name: Column(values[at, window], known[at, window])
            for at, signal in enumerate(SIGNALS)
        }
        for window in range(len(windows))
    ]
