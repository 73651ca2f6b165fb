"""How long the record is."""

from typing import Final

from backend.domain.signals import SignalDefinition
from backend.industries.banking.measuring.seen import Block, View

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

HISTORY_REACH: Final = (None,)


def fill_history(view: View, block: Block) -> None:
    """Fill in the length of the record; it hangs on no window."""
    block.part[0] = view.history
