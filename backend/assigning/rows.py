"""What a rulebook decided, as rows of the store."""

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic_core import to_json

from backend.domain.signals import SignalTable
from backend.personas.outcomes import Outcomes
from backend.personas.record import record_of
from backend.personas.trace import Traced, trace
from backend.store.records import AssignmentRow, SignalRow


def traced_rows(
    outcomes: Outcomes, ids: Sequence[str], window: str, as_of: date, at: str
) -> Iterator[tuple[AssignmentRow, Traced]]:
    """Yield each customer's row for the store, with evidence and trace; arguments as above."""
    for traced in trace(outcomes, ids, as_of, window):
        yield AssignmentRow(*record_of(outcomes.rulebook, traced, at)), traced


def signal_rows(
    table: SignalTable, ids: Sequence[str], mode: str, window: str, stamps: tuple[str, str]
) -> list[SignalRow]:
    """Return customers' signals for the store; ``stamps`` are the date and when it was computed."""
    as_of, at = stamps
    return [
        SignalRow(user_id, mode, window, as_of, to_json(values).decode(), at)
        for user_id, values in zip(ids, values_of(table), strict=True)
    ]


def values_of(table: SignalTable) -> list[dict[str, float | None]]:
    """Return each customer's signals by name, None where missing."""
    columns = [
        [
            value if known else None
            for value, known in zip(column.values.tolist(), column.known.tolist(), strict=True)
        ]
        for column in table.values()
    ]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]
