from datetime import date
from typing import Final

from backend.industries.insurance.draws import draw, draw_dated
from backend.industries.insurance.period import period
from backend.industries.life import OWNS_HOME, owners, owns_home
from backend.seeds import uniform
from tests.cohort_kit import people_of

PEOPLE: Final = people_of(("a", "b", "c"))


def test_what_no_date_takes_part_in_is_drawn_alike_with_and_without_one() -> None:
    told = period(date(2026, 11, 21))
    with_date, payments = draw_dated(PEOPLE, told)
    for dated, undated in zip(with_date, draw(PEOPLE), strict=True):
        assert dated.tolist() == undated.tolist()
    for at in range(2):
        index = told.due_months * 2 + at
        alone = uniform(PEOPLE.keys, "insurance/payment", index)
        assert payments[:, at].tolist() == alone.tolist()


def test_who_owns_a_home_is_drawn_for_the_person() -> None:
    drawn = draw(PEOPLE).person[:, OWNS_HOME].tolist()
    assert owners(PEOPLE, drawn) == owns_home(PEOPLE).tolist()
