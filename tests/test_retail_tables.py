from datetime import date
from typing import Any, Final

import numpy as np

from backend.domain.table import Table
from backend.industries.retail import MODE
from tests.cohort_kit import IDS, cohort, document, in_cents

AS_OF: Final = date(2026, 7, 15)
COUNT: Final = 60


def values(table: Table, name: str) -> list[Any]:
    field = next(field for field in table.fields if field.name == name)
    return list(np.asarray(field.values).tolist())


def test_tables_hold_what_the_persona_tells() -> None:
    customers = cohort(MODE, IDS[:COUNT], AS_OF)
    orders, lines, returns = customers.tables()
    assert [table.name for table in (orders, lines, returns)] == [
        "orders",
        "order_lines",
        "returns",
    ]
    for row in range(COUNT):
        told = document(customers, row)
        for table, name, field in (
            (orders, "total", "total_revenue"),
            (lines, "amount", "total_revenue"),
            (returns, "refund", "total_refunds"),
        ):
            mine = np.array(values(table, name), dtype=np.int64)[table.row == row]
            assert mine.sum() == in_cents(told[field])
        assert (orders.row == row).sum() == told["total_purchases"]
        pieces = np.array(values(lines, "quantity"), dtype=np.int64)[lines.row == row]
        assert pieces.sum() == told["total_items"]


def test_every_field_has_a_value_a_record_and_rows_ascend() -> None:
    for table in cohort(MODE, IDS[:COUNT], AS_OF).tables():
        assert (np.diff(table.row) >= 0).all()
        assert {len(field.values) for field in table.fields} == {len(table)}


def test_what_was_bought_in_a_store_has_no_delivery() -> None:
    orders, _, _ = cohort(MODE, IDS[:COUNT], AS_OF).tables()
    field = next(field for field in orders.fields if field.name == "delivery_date")
    assert field.known is not None
    online = [channel == "online" for channel in values(orders, "channel")]
    assert field.known.tolist() == online
