import re
from datetime import date

import numpy as np
from hypothesis import given

from backend.domain.person import People
from backend.industries.life import (
    EARLIEST_AS_OF,
    LATEST_AS_OF,
    age_at_anchor,
    ages,
    ages_at_anchor,
    make_people,
    occupations,
    owns_home,
    person_facts,
    sector_of,
)
from backend.industries.places import all_places
from backend.seeds import Keys, customer_keys
from tests.cohort_kit import FAKER, IDS, SESSION_IDS

KEYS = customer_keys(IDS, "test/1")
PEOPLE = make_people(KEYS, FAKER)


def one(keys: Keys, row: int) -> People:
    return make_people(keys.take(slice(row, row + 1)), FAKER)


def test_everybody_is_an_adult_of_at_most_a_hundred_on_every_date_that_is_told() -> None:
    assert ages(PEOPLE, EARLIEST_AS_OF).min() >= 18
    assert ages(PEOPLE, LATEST_AS_OF).max() <= 100
    now = ages(PEOPLE, date(2026, 1, 1))
    assert now.min() >= 24
    assert now.max() <= 80


@given(SESSION_IDS)
def test_any_session_id_is_a_whole_person(session_id: str) -> None:
    people = make_people(customer_keys([session_id], "banking/1"), FAKER)
    facts = person_facts(people, 0)
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", facts["phone"])
    assert re.fullmatch(r"[a-z]+\.[a-z]+\d{2,3}@example\.(com|org|net)", facts["email"])
    assert re.fullmatch(r"\d{3,4} [A-Za-z' -]+ [A-Z][a-z]+", facts["address"]["street"])
    assert facts["phone"][1:4] == people.place[0].area_code
    assert people.place[0] in all_places().places
    assert facts["name"].split()[0] == people.given_name[0]
    assert 1_000_000 < people.income[0] < 100_000_000


def test_a_person_is_the_same_alone_in_a_block_and_in_another_order() -> None:
    backwards = make_people(KEYS.take(np.arange(len(IDS) - 1, -1, -1)), FAKER)
    for row in (0, 1, 500, 999):
        alone = one(KEYS, row)
        assert person_facts(alone, 0) == person_facts(PEOPLE, row)
        assert person_facts(backwards, 999 - row) == person_facts(PEOPLE, row)
        assert alone.income[0] == PEOPLE.income[row] == backwards.income[999 - row]


def test_income_fits_the_occupation() -> None:
    median = {entry.title: entry.income for entry in occupations()}
    for title, income in zip(PEOPLE.occupation, (PEOPLE.income / 100).tolist(), strict=True):
        if title in median:
            assert 0.35 < income / median[title] < 2.6, (title, income)


def test_nobody_is_too_young_for_the_occupation() -> None:
    from_age = {entry.title: entry.from_age for entry in occupations()}
    now = ages(PEOPLE, date(2026, 1, 1)).tolist()
    for title, age in zip(PEOPLE.occupation, now, strict=True):
        assert age >= from_age.get(title, 24), title


def test_the_old_are_retired_and_the_young_are_not() -> None:
    for title, age in zip(PEOPLE.occupation, ages(PEOPLE, date(2026, 1, 1)), strict=True):
        retired = title.startswith("Retired ")
        assert retired or age < 70, (title, age)
        assert not retired or age >= 62, (title, age)
        assert (sector_of(title) == "retired") == retired


def test_ages_have_the_shape_of_grown_people() -> None:
    decades = np.bincount(ages(PEOPLE, date(2026, 1, 1)) // 10, minlength=9) / len(IDS)
    assert (decades[[3, 4, 5, 6]] > 0.13).all()
    assert decades[2] < decades[3]
    assert decades[8] < 0.05


def test_homes_are_owned_by_more_of_the_old() -> None:
    owner, age = owns_home(PEOPLE), ages(PEOPLE, date(2026, 1, 1))
    assert owner[age < 35].mean() + 0.2 < owner[age > 55].mean()
    assert 0.4 < owner.mean() < 0.75


def test_ages_are_the_same_as_plain_numbers() -> None:
    assert ages_at_anchor(PEOPLE) == age_at_anchor(PEOPLE).tolist()


def test_a_name_is_drawn_for_oneself() -> None:
    names = {(*pair,) for pair in zip(PEOPLE.given_name, PEOPLE.family_name, strict=True)}
    assert len(names) > 985
