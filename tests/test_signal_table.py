"""A table of signals that keeps them together is the same table as one of columns."""

from datetime import date

import numpy as np
import pytest

from backend.chat.reception import rulebook_of
from backend.domain.signals import SignalMatrix
from backend.modes import all_modes, generate
from backend.personas.assigner import assign
from backend.seeds import SeededFaker

FAKER = SeededFaker()
TABLE = SignalMatrix(
    {"a": 0, "b": 1}, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[True, False], [True, True]])
)


def test_its_columns_come_by_name_and_in_order() -> None:
    assert list(TABLE) == ["a", "b"]
    assert len(TABLE) == 2
    assert TABLE["b"].values.tolist() == [3.0, 4.0]
    assert [column.known.tolist() for column in TABLE.values()] == [[True, False], [True, True]]


def test_a_signal_that_it_lacks_is_not_made_up() -> None:
    assert "c" not in TABLE
    with pytest.raises(KeyError, match="c"):
        TABLE["c"]


def test_a_rulebook_decides_the_same_on_columns_alone_and_leaves_the_table_as_it_was() -> None:
    mode = all_modes()["banking"]
    cohort = generate("banking", [f"kept-{row}" for row in range(50)], date(2026, 1, 15), FAKER)
    table = cohort.signals(30)
    assert isinstance(table, SignalMatrix)
    cells, known = table.cells.copy(), table.known.copy()
    together = assign(rulebook_of(mode), table, "30d")
    assert together == assign(rulebook_of(mode), dict(table), "30d")
    assert (table.cells == cells).all()
    assert (table.known == known).all()
