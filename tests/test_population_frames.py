from datetime import date

import numpy as np
import polars as pl
import pytest

from backend.domain.table import Field, Table
from backend.population.frames import sheet_of, users_of
from tests.cohort_kit import IDS, people_of

ROW = np.array([0, 0, 2])


def column(field: Field) -> pl.Series:
    return sheet_of(Table("things", ROW, (field,)), ["a", "b", "c"]).frame[field.name]


def test_each_row_begins_with_its_customers_id() -> None:
    sheet = sheet_of(Table("things", ROW, (Field("x", "integer", np.arange(3)),)), ["a", "b", "c"])
    assert sheet.frame["user_id"].to_list() == ["a", "a", "c"]
    assert list(sheet.kinds.items()) == [("user_id", "reference"), ("x", "integer")]


def test_values_are_as_a_reader_expects_them() -> None:
    ordinals = np.array([date(2026, 1, 15).toordinal(), 1, date(1969, 12, 31).toordinal()])
    assert column(Field("x", "money", np.array([1250, -5, 29]))).to_list() == [12.5, -0.05, 0.29]
    assert column(Field("x", "date", ordinals)).to_list() == [
        date(2026, 1, 15), date.min, date(1969, 12, 31)
    ]  # fmt: skip
    assert column(Field("x", "flag", np.array([1, 0, 1]))).to_list() == [True, False, True]
    assert column(Field("x", "number", np.array([1, 2, 3]))).to_list() == [1.0, 2.0, 3.0]
    assert column(Field("x", "text", np.array(["a", "", "b"]))).to_list() == ["a", "", "b"]


@pytest.mark.parametrize("kind", ["text", "integer", "money", "number", "date", "flag"])
def test_an_unknown_value_is_null_whatever_stands_there(kind: str) -> None:
    values = ["1", "2", "3"] if kind == "text" else np.array([1, 2, 3])
    known = np.array([True, False, True])
    field = Field("x", kind, values, known)  # type: ignore[arg-type]
    assert column(field).is_null().to_list() == [False, True, False]


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=r"things.x: expected 3 values, one a record, and 2 came"):
        column(Field("x", "integer", np.arange(2)))


def test_users_are_one_row_a_customer_and_say_who_they_are() -> None:
    people = people_of(IDS[:20])
    frame = sheet_of(users_of(people), IDS[:20]).frame
    assert frame["user_id"].to_list() == list(IDS[:20])
    assert frame.null_count().sum_horizontal().item() == 0
    assert frame["name"][3] == f"{people.given_name[3]} {people.family_name[3]}"
    assert frame["income"][3] * 100 == people.income[3]
