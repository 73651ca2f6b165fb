from datetime import date
from typing import Final

import numpy as np

from backend.industries.retail.draws import draw, draw_dated, lanes_of
from backend.industries.retail.season import CYCLE_DAYS, FIRST_DAY, day_weights, stretch
from backend.seeds import bits
from tests.cohort_kit import people_of

PEOPLE: Final = people_of(("a", "b", "c"))
FIRST, LAST = date(2024, 11, 21).toordinal(), date(2026, 11, 21).toordinal()


def test_what_no_date_takes_part_in_is_drawn_alike_with_and_without_one() -> None:
    with_date, _ = draw_dated(PEOPLE, stretch(FIRST, LAST))
    for dated, undated in zip(with_date, draw(PEOPLE), strict=True):
        assert dated.tolist() == undated.tolist()


def test_a_cycle_has_a_word_and_four_days_share_one() -> None:
    told = stretch(FIRST, LAST)
    _, dated = draw_dated(PEOPLE, told)
    cycles = bits(PEOPLE.keys, "retail/pause", told.cycles)
    assert dated.cycles[:, :, 1].tolist() == (cycles >> np.uint64(16) & np.uint64(0xFFFF)).tolist()
    days = bits(PEOPLE.keys, "retail/day", told.words)
    assert dated.days[:, ::4].tolist() == (days & np.uint64(0xFFFF)).tolist()
    assert (told.start, dated.days.shape[1]) == (told.words[0] * 4, len(told.weights))


def test_a_word_has_four_parts_lowest_first() -> None:
    assert lanes_of(np.array([0x0004_0003_0002_0001], dtype=np.uint64)).tolist() == [1, 2, 3, 4]


def test_no_day_beyond_the_stretch_weighs_anything() -> None:
    told = stretch(FIRST + 1, LAST - 1)
    days = told.start + np.arange(len(told.weights))
    inside = (days > FIRST) & (days < LAST)
    assert not told.weights[~inside].any()
    own = day_weights()[FIRST + 1 - FIRST_DAY : LAST - FIRST_DAY]
    assert told.weights[inside].tolist() == own.tolist()


def test_the_cycles_cover_the_stretch_whatever_the_phase() -> None:
    told = stretch(FIRST, LAST)
    for phase in (0, 1, CYCLE_DAYS - 1):
        assert told.cycle_starts[0] - phase <= FIRST
        assert told.cycle_starts[-1] - phase + CYCLE_DAYS > LAST
