from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from backend.domain.card import Card, Chart
from backend.domain.session_persona import DailySeries
from backend.modes import all_modes, card_of, generate
from backend.seeds import SeededFaker

AS_OF = date(2026, 1, 15)
LEAST = {"title": "Toys", "greeting": "Hello.", "starters": ["What?"], "highlights": []}


@pytest.mark.parametrize("mode", all_modes())
def test_a_chart_names_a_series_that_ends_on_the_day_told_up_to(mode: str) -> None:
    people = generate(mode, [f"c{n}" for n in range(20)], AS_OF, SeededFaker())
    for chart in card_of(mode).charts:
        for row in range(20):
            series = getattr(people.persona(row), chart.field)
            assert isinstance(series, DailySeries)
            assert series.start + timedelta(days=len(series.values) - 1) == AS_OF


def test_a_series_is_a_first_day_and_dollars_outside() -> None:
    series = DailySeries(start=date(2026, 1, 14), values=(12_345, -50))
    assert series.model_dump(mode="json") == {"start": "2026-01-14", "values": [123.45, -0.5]}


def test_a_card_need_not_have_charts_and_a_chart_shows_money_unless_told() -> None:
    assert Card.model_validate(LEAST).charts == ()
    (chart,) = Card.model_validate(
        LEAST | {"charts": [{"field": "stock", "label": "Stock"}]}
    ).charts
    assert chart == Chart(field="stock", label="Stock", format="money")


def test_a_chart_has_no_words_of_its_own_making() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Chart.model_validate({"field": "stock", "label": "Stock", "colour": "red"})
