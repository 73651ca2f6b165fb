from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given, settings

from backend.domain.signals import Column
from backend.domain.table import Table
from backend.industries.retail import MODE
from backend.industries.retail.signals import SHARES, SIGNALS
from backend.modes import Cohort
from backend.personas.assigner import assign
from backend.personas.registry import load_rulebook
from backend.personas.rulebook import Rulebook
from tests.cohort_kit import DATES, IDS, SESSION_IDS, cohort, figures

AS_OF: Final = date(2026, 7, 15)
TODAY: Final = AS_OF.toordinal()
WINDOWS: Final = (30, 180)
DECIMALS: Final = {definition.name: definition.decimals for definition in SIGNALS}


@cache
def some() -> Cohort:
    return cohort(MODE, IDS[:60], AS_OF)


def records(table: Table, row: int) -> list[dict[str, Any]]:
    columns = {field.name: list(field.values) for field in table.fields}  # type: ignore[arg-type]  # no codes here
    return [
        {name: values[at] for name, values in columns.items()}
        for at in (table.row == row).nonzero()[0].tolist()
    ]


def expected(orders: list[dict[str, Any]], lines: list[dict[str, Any]], window: int) -> Any:
    """The signals read off the exported records, one customer at a time."""
    habit = [order for order in orders if order["date"] > TODAY - max(window, 180)]
    year = [line for line in lines if line["date"] > TODAY - 365]
    pieces = sum(line["quantity"] for line in year)
    value, days = sum(order["total"] for order in habit), max(window, 180)
    found = {
        "order_count": sum(order["date"] > TODAY - window for order in orders),
        "orders_per_month": len(habit) * 30 / days,
        "spend_per_month": value * 0.3 / days,
        "average_order_value": value / 100 / len(habit) if habit else None,
        "days_since_order": TODAY - orders[-1]["date"] if orders else None,
        "return_rate_pct": sum(one["quantity"] for one in year if one["returned"]) * 100 / pieces
        if pieces
        else None,
    }
    for name, department in SHARES.items():
        mine = sum(line["quantity"] for line in year if line["department"] == department)
        found[name] = mine * 100 / pieces if pieces else None
    return found


@pytest.mark.parametrize("window", WINDOWS)
def test_signals_say_what_the_records_hold(window: int) -> None:
    orders, lines, _ = some().tables()
    for row in range(60):
        told = figures(some(), row, window)
        for name, value in expected(records(orders, row), records(lines, row), window).items():
            actual, known = told[name]
            assert known == (value is not None), name
            if known:
                assert actual == pytest.approx(value, abs=1.01 * 10.0 ** -DECIMALS[name]), name


def test_tastes_look_back_a_year_whatever_the_window() -> None:
    short, long = (some().signals(window) for window in WINDOWS)
    for name in SHARES:
        assert short[name].values.tolist() == long[name].values.tolist()


def test_every_signal_is_defined_once_and_measured() -> None:
    names = [definition.name for definition in SIGNALS]
    assert len(names) == len(set(names))
    assert set(some().signals(30)) == set(names)


def test_signals_leave_rounded_to_their_decimals() -> None:
    table = some().signals(180)
    for definition in SIGNALS:
        values = table[definition.name].values.tolist()
        assert values == [round(value, definition.decimals) for value in values], definition.name


@settings(max_examples=20, deadline=None)
@given(session_id=SESSION_IDS, as_of=DATES)
def test_one_customer_measures_the_same_among_many(session_id: str, as_of: date) -> None:
    alone, block = (
        cohort(MODE, ids, as_of) for ids in ([session_id], [*IDS[:4], session_id, *IDS[4:6]])
    )
    for window in WINDOWS:
        assert figures(alone, 0, window) == figures(block, 4, window)


def rules(name: str) -> Rulebook:
    return load_rulebook(MODE.folder / "rulebooks" / f"{name}.yaml", SIGNALS)


@cache
def thousand() -> Mapping[str, Column]:
    return cohort(MODE, IDS, AS_OF).signals(180)


@pytest.mark.parametrize("name", ["shoppers", "value"])
def test_every_persona_of_a_rulebook_is_held_by_2_to_40_percent(name: str) -> None:
    rulebook = rules(name)
    found = [one.primary for one in assign(rulebook, thousand(), "180d")]
    for persona in rulebook.personas:
        assert 0.02 < found.count(persona.id) / len(found) < 0.42, persona.id
    assert found.count("unclassified") < len(found) / 4


def test_assigned_shoppers_are_mostly_the_persona_they_were_drawn_as() -> None:
    customers = cohort(MODE, IDS, AS_OF)
    found = [one.primary for one in assign(rules("shoppers"), thousand(), "180d")]
    drawn = [customers.persona(row).model_dump()["persona_type"] for row in range(len(IDS))]
    agreed = sum(one == other for one, other in zip(found, drawn, strict=True))
    assert agreed > 0.75 * len(IDS)
