from datetime import date
from typing import Any, Final

import numpy as np
import pytest

from backend.domain.cover import POLICY_KINDS
from backend.industries.insurance import MODE
from backend.industries.insurance.rates import rates, territory
from tests.cohort_kit import cohort, people_of

IDS: Final = tuple(f"rated-{number}" for number in range(4000))
AS_OF: Final = date(2026, 1, 15)


def table(name: str, as_of: date = AS_OF) -> dict[str, Any]:
    made = next(each for each in cohort(MODE, IDS, as_of).tables() if each.name == name)
    return {field.name: np.asarray(field.values) for field in made.fields}


def test_an_insured_car_costs_what_the_insurance_information_institute_says() -> None:
    policies = table("policies")
    auto = policies["type"] == "auto"
    spent = policies["term_premium"][auto].sum() / 100 / policies["vehicles"][auto].sum()
    assert spent == pytest.approx(1062, rel=0.03)


def test_cars_have_the_optional_covers_as_often_as_reported() -> None:
    policies = table("policies")
    auto = policies["type"] == "auto"
    cars = policies["vehicles"][auto]
    for cover, share in (("has_collision", 0.76), ("has_comprehensive", 0.80)):
        covered = (cars * policies[cover][auto]).sum()
        assert covered / cars.sum() == pytest.approx(share, abs=0.025)


def test_a_house_costs_about_the_mean_premium() -> None:
    policies = table("policies")
    home = policies["type"] == "home"
    assert policies["term_premium"][home].mean() / 100 == pytest.approx(1411, rel=0.05)


def test_as_many_homes_have_a_claim_in_a_year_as_reported() -> None:
    policies, claims = table("policies"), table("claims")
    homes = (policies["type"] == "home").sum()
    age = AS_OF.toordinal() - claims["date_of_loss"]
    mine = (claims["type"] == "home") & (claims["status"] != "denied")
    years = [
        len(set(claims["policy_id"][mine & (age >= 365 * y) & (age < 365 * (y + 1))].tolist()))
        for y in range(5)
    ]
    assert np.mean(years) / homes == pytest.approx(0.053, abs=0.008)


def test_the_same_term_costs_the_same_whenever_it_is_looked_at() -> None:
    before, after = table("policies"), table("policies", date(2026, 11, 15))
    renewed = after["effective_date"] > before["effective_date"]
    assert 0.5 < renewed.mean() < 0.95
    now, then = after["term_premium"], before["term_premium"]
    assert now[~renewed].tolist() == then[~renewed].tolist()
    assert after["previous_term_premium"][renewed].tolist() == then[renewed].tolist()


def test_no_car_is_newer_than_its_term_or_an_electric_one_older_than_its_kind() -> None:
    policies = table("policies")
    items = policies["insured_item"][policies["type"] == "auto"]
    cars = [car.split(" ", 1) for item in items.tolist() for car in item.split(", ")]
    years = [int(year) for year, _ in cars]
    assert max(years) <= AS_OF.year
    assert min(years) >= AS_OF.year - 22
    assert min(int(year) for year, kind in cars if kind == "electric car") >= 2012


def test_every_kind_of_policy_consists_of_coverages() -> None:
    book = rates()
    for code, kind in enumerate(POLICY_KINDS):
        listed = book.coverages[book.first[code] : book.first[code + 1]]
        assert listed == book.book.coverages[kind]
        assert len({coverage.code for coverage in listed}) == len(listed) > 0
    assert book.coverages[book.collision].name == "collision"


def test_every_state_that_people_live_in_has_a_territory() -> None:
    people = people_of(IDS[:1000])
    assert {place.state for place in people.place} <= set(rates().book.territories)
    factors = territory(people.place)
    assert factors.shape == (1000, 3)
    assert factors.min() > 0.5
    assert factors.mean() == pytest.approx(1.0, abs=0.15)
    assert set(factors[:, 2].tolist()) == {1.0}
