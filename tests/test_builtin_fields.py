"""Every field of every mode's persona can be asked for by its plain name."""

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

import pytest

from backend.domain.fact import Fact
from backend.modes import all_modes
from backend.prompting import NOT_TOLD
from tests.question_kit import NO, Facts, ask, customers, told

# asked for all of these, a total is their sum
SUMMED = {("retail", "recent_orders", "total")}
SAID_OTHERWISE = {"address": "address.street"}


def models_in(annotation: Any) -> Iterator[type[Fact]]:
    if isinstance(annotation, type) and issubclass(annotation, Fact):
        yield annotation
    elif get_origin(annotation) in {tuple, list, Union, types.UnionType}:
        for part in get_args(annotation):
            yield from models_in(part)


def fields(mode: str) -> Iterator[str]:
    yield from (name for name in all_modes()[mode].persona.model_fields if name not in NOT_TOLD)


def columns(mode: str) -> Iterator[tuple[str, str]]:
    for name, field in all_modes()[mode].persona.model_fields.items():
        if get_origin(field.annotation) is tuple:
            for model in models_in(field.annotation):
                yield from ((name, column) for column in model.model_fields)


FIELDS = [(mode, name) for mode in all_modes() for name in fields(mode)]
COLUMNS = [
    found
    for mode in all_modes()
    for found in ((mode, table, column) for table, column in columns(mode))
    if found not in SUMMED
]


def plainly(name: str) -> str:
    return name.replace("_", " ")


def expected(value: Any) -> list[Any]:
    """Return the values of a field that its answer may not leave out."""
    if isinstance(value, dict):
        return [part for part in value.values() if part is not None]
    if isinstance(value, list):
        return [part for part in value if not isinstance(part, dict)]
    return [value]


def with_value(mode: str, name: str) -> list[Facts]:
    return [customer for customer in customers(mode) if customer[name] not in (None, 0, 0.0, [])]


@pytest.mark.parametrize(("mode", "name"), FIELDS)
@pytest.mark.parametrize(
    "question", ["{}", "whats my {}", "What is my {}?", "tell me my {} please"]
)
def test_a_field_is_told_when_asked_by_its_name(mode: str, name: str, question: str) -> None:
    fitting = with_value(mode, name) or list(customers(mode))
    for customer in fitting[:4]:
        text = ask(mode, customer, question.format(plainly(name)))
        for value in expected(customer[name]):
            if value not in (None, 0, 0.0):
                assert told(text, value), f"{value!r} is missing from: {text}"
        assert (NO not in text) or not customer[name]


@pytest.mark.parametrize(("mode", "table", "column"), COLUMNS)
def test_a_column_is_told_for_every_row_of_its_list(mode: str, table: str, column: str) -> None:
    # asked of a customer with two rows or more where there is one
    most = max(customers(mode), key=lambda customer: len(customer[table]))
    rows = most[table]
    assert rows, "no customer of the sample has a row"
    text = ask(mode, most, f"show the {plainly(column)} of all my {plainly(table)}")
    for row in rows[:6]:
        if row[column] is not None:
            assert told(text, humanised(row[column])), f"{row[column]!r} is missing from: {text}"


def humanised(value: Any) -> Any:
    """Return a coded category as it is said: FOOD_AND_DRINK is "food and drink"."""
    coded = isinstance(value, str) and value.isupper() and "_" in value
    return value.replace("_", " ").lower() if coded else value
