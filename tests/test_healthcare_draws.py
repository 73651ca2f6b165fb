from datetime import date
from typing import Final

import numpy as np

from backend.industries.healthcare.draws import draw, draw_dated, lanes_of
from backend.industries.healthcare.period import period
from backend.seeds import uniform
from tests.cohort_kit import people_of

PEOPLE: Final = people_of(("a", "b", "c"))


def test_what_no_date_takes_part_in_is_drawn_alike_with_and_without_one() -> None:
    told = period(date(2026, 11, 21))
    with_date, sudden = draw_dated(PEOPLE, told)
    for dated, undated in zip(with_date, draw(PEOPLE), strict=True):
        assert dated.tolist() == undated.tolist()
    assert sudden.tolist() == uniform(PEOPLE.keys, "care/acute", told.sudden.slot).tolist()


def test_a_word_has_four_parts_lowest_first() -> None:
    words = np.array([0x0004_0003_0002_0001, 0xFFFF], dtype=np.uint64)
    assert lanes_of(words).tolist() == [[1, 0xFFFF], [2, 0], [3, 0], [4, 0]]
