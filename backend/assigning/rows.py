"""What a rulebook decided, as rows of the store."""

from collections.abc import Sequence

import numpy as np

from backend.domain.assignment import PersonaAssignmentRecord
from backend.domain.signals import SignalTable
from backend.personas.outcomes import Outcomes
from backend.personas.record import Occasion, record_of
from backend.personas.texts import written
from backend.personas.trace import trace
from backend.store.records import SignalRow


def assignment_rows(
    outcomes: Outcomes, ids: Sequence[str], occasion: Occasion, first_signal: int = 0
) -> list[PersonaAssignmentRecord]:
    """Return each customer's row for the store, with evidence and trace.

    Args:
        outcomes: what was decided.
        ids: whose it is, one a customer.
        occasion: when, and over what.
        first_signal: where in the batch the first customer's signals are; the others' follow.
    """
    told = trace(outcomes, ids, occasion.as_of, occasion.time_window)
    return [
        record_of(outcomes.rulebook, traced, occasion, place)
        for place, traced in enumerate(told, first_signal)
    ]


def signal_rows(
    table: SignalTable, ids: Sequence[str], mode: str, occasion: Occasion
) -> list[SignalRow]:
    """Return customers' signals for the store."""
    window, as_of, at = occasion
    date = as_of.isoformat()
    return [
        SignalRow(user_id, mode, window, date, written(values), at)
        for user_id, values in zip(ids, values_of(table), strict=True)
    ]


def values_of(table: SignalTable) -> list[dict[str, float | None]]:
    """Return each customer's signals by name, None where missing."""
    nothing = np.array(None, dtype=object)
    columns = [np.where(one.known, one.values, nothing).tolist() for one in table.values()]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]
