from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import strictjson
from backend.domain.fact import Fact, Money
from backend.domain.table import Field, Table
from backend.modes import all_modes, generate
from backend.records import cells_of, rows_of
from backend.seeds import SeededFaker

AS_OF = date(2026, 1, 15)


class Priced(Fact):
    price: Money


def table(*fields: Field, records: int = 2) -> Table:
    return Table("bills", np.arange(records), fields)


def test_a_row_has_the_records_own_fields_in_their_order() -> None:
    rows = rows_of(
        table(
            Field("payee", "text", ["Larkfield Water", "Aster Mobile"]),
            Field("due", "date", np.array([date(2026, 1, 31).toordinal(), 1])),
            Field("amount", "money", np.array([12_345, -50])),
            Field("count", "integer", np.array([3, 0])),
            Field("share", "number", np.array([0.5, 2.0])),
            Field("paid", "flag", np.array([True, False])),
        )
    )
    assert rows == [
        {"payee": "Larkfield Water", "due": "2026-01-31", "amount": 123.45, "count": 3,
         "share": 0.5, "paid": True},
        {"payee": "Aster Mobile", "due": "0001-01-01", "amount": -0.5, "count": 0,
         "share": 2.0, "paid": False},
    ]  # fmt: skip
    assert [list(row) for row in rows] == [
        ["payee", "due", "amount", "count", "share", "paid"] for _ in rows
    ]


def test_cells_are_of_the_types_that_json_has() -> None:
    kinds = {"text": str, "date": str, "money": float, "integer": int, "number": float,
             "flag": bool}  # fmt: skip
    for kind, wanted in kinds.items():
        values = np.array(["a"]) if kind == "text" else np.array([1], np.int32)
        (cell,) = cells_of(Field("x", kind, values))  # type: ignore[arg-type]  # a literal
        assert type(cell) is wanted, kind


@pytest.mark.parametrize("kind", ["text", "date", "money", "integer", "number", "flag"])
def test_what_is_unknown_is_null_whatever_stands_there(kind: str) -> None:
    values = ["a", "b"] if kind == "text" else np.array([7, -(2**40)])
    field = Field("x", kind, values, known=np.array([True, False]))  # type: ignore[arg-type]  # a literal
    known, unknown = cells_of(field)
    assert known is not None
    assert unknown is None


def test_a_figure_that_is_not_known_may_be_no_number() -> None:
    values = np.array([np.nan, 1.5])
    assert cells_of(Field("x", "number", values, known=np.array([False, True]))) == [None, 1.5]


@pytest.mark.parametrize("kind", ["text", "date", "money", "integer", "number", "flag"])
def test_no_records_are_no_rows(kind: str) -> None:
    empty: list[str] = []
    values = empty if kind == "text" else np.array([], np.int64)
    assert rows_of(table(Field("x", kind, values), records=0)) == []  # type: ignore[arg-type]  # a literal


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_money_is_spelt_as_the_session_persona_spells_it(cents: int) -> None:
    (cell,) = cells_of(Field("x", "money", np.array([cents])))
    assert cell == Priced(price=cents).model_dump(mode="json")["price"]


@given(st.dates())
def test_every_day_is_its_iso_date(day: date) -> None:
    assert cells_of(Field("x", "date", np.array([day.toordinal()]))) == [day.isoformat()]


def test_a_field_with_too_few_values_is_named() -> None:
    with pytest.raises(ValueError, match=r"^bills\.amount: expected 2 values.* and 1 came$"):
        rows_of(table(Field("amount", "money", np.array([1]))))


@pytest.mark.parametrize("mode", all_modes())
def test_the_records_of_a_customer_are_the_same_alone_and_among_others(mode: str) -> None:
    faker = SeededFaker()
    alone = generate(mode, ["demo-1"], AS_OF, faker).tables()
    among = generate(mode, ["a", "demo-1", "b"], AS_OF, faker).tables()
    assert [each.name for each in alone] == [each.name for each in among]
    for one, all_of_them in zip(alone, among, strict=True):
        ours = all_of_them.row == 1
        rows = [row for row, own in zip(rows_of(all_of_them), ours, strict=True) if own]
        assert rows == rows_of(one)
        strictjson.canonical(rows)
