"""How long the record is."""

from typing import Final

import numpy as np

from backend.domain.signals import Column, SignalDefinition
from backend.industries.banking.measuring.seen import View

HISTORY: Final = (
    SignalDefinition(
        "transaction_history_days",
        "length of the record",
        "days",
        0,
        "days from the opening entry of the record to the date, both included",
        "never",
    ),
)


def history_columns(view: View) -> dict[str, Column]:
    """Return the length of the record; it hangs on no window."""
    days = view.history.astype(np.float64)
    return {"transaction_history_days": Column(days, np.ones(len(days), dtype=np.bool_))}
