from datetime import date
from typing import Any, Final

import numpy as np
import pytest
from pydantic import ValidationError

from backend.industries.healthcare import MODE
from backend.industries.healthcare.catalogue import catalogue
from backend.industries.healthcare.conditions import NEVER, make_health
from backend.industries.healthcare.draws import draw
from backend.industries.healthcare.sheets import Condition
from tests.cohort_kit import cohort, people_of

IDS: Final = tuple(f"held-{number}" for number in range(6000))
AS_OF: Final = date(2026, 1, 15)
YEAR: Final = 365.25


def tables(as_of: date) -> dict[str, dict[str, Any]]:
    return {
        made.name: {field.name: np.asarray(field.values) for field in made.fields}
        | {"row": made.row}
        for made in cohort(MODE, IDS, as_of).tables()
    }


@pytest.mark.parametrize("name", ["type 2 diabetes", "migraine", "gout"])
def test_at_every_age_as_many_have_a_condition_as_its_curve_says(name: str) -> None:
    people = people_of(IDS)
    health = make_health(people, draw(people))
    code = [condition.name for condition in catalogue().conditions].index(name)
    for knot, share in enumerate(catalogue().prevalence[code]):
        day = people.birth + int((24, 45, 65, 80)[knot] * YEAR)
        held = (health.onset[:, 1 + code] <= day) & (health.ends[:, 1 + code] > day)
        assert held.mean() == pytest.approx(share, abs=0.035)


def test_a_rising_condition_stays_and_a_falling_one_began_in_youth() -> None:
    people = people_of(IDS[:1000])
    health = make_health(people, draw(people))
    for code, shares in enumerate(catalogue().prevalence):
        mine = health.ever[:, 1 + code]
        onset, ends = health.onset[mine, 1 + code], health.ends[mine, 1 + code]
        age = (onset - people.birth[mine]) / YEAR
        assert (onset < ends).all()
        if shares[0] <= shares[-1]:
            assert (ends > NEVER).all()
            assert age.min() >= 17.9
        else:
            assert 7.9 <= age.min() <= age.max() <= 22.1


def test_a_condition_neither_rises_and_falls_nor_is_it_unsure_which() -> None:
    known = catalogue().conditions[0].model_dump()
    with pytest.raises(ValidationError, match=r"commoner with age or rarer.* 0\.1, 0\.3, 0\.2"):
        Condition.model_validate(known | {"prevalence": (0.1, 0.3, 0.2, 0.4)})


def test_medication_is_as_common_by_age_as_the_health_statisticians_say() -> None:
    found = tables(AS_OF)
    fills, today = found["fills"], AS_OF.toordinal()
    taken = fills["fill_date"] + fills["days_supply"] > today - 30
    pairs = set(zip(fills["row"][taken].tolist(), fills["medication"][taken].tolist(), strict=True))
    count = np.bincount([row for row, _ in pairs], minlength=len(IDS))
    age = (today - people_of(IDS).birth) / YEAR
    young, old = age < 60, age >= 60
    assert (count[young] > 0).mean() == pytest.approx(0.467, abs=0.04)
    assert (count[old] > 0).mean() == pytest.approx(0.85, abs=0.04)
    # adults, from the shares of all ages: fewer than one child in twenty takes three
    assert (count >= 3).mean() == pytest.approx(0.30, abs=0.04)
    assert (count >= 5).mean() == pytest.approx(0.16, abs=0.04)
    filled = np.bincount(fills["row"][fills["fill_date"] >= today - 365], minlength=len(IDS))
    assert filled[age < 65].mean() == pytest.approx(11.3, rel=0.12)
    assert filled[age >= 65].mean() == pytest.approx(31.1, rel=0.1)


def test_patients_are_seen_as_often_as_the_surveys_count() -> None:
    visits = tables(AS_OF)["visits"]
    today, n = AS_OF.toordinal(), len(IDS)
    recent = visits["visit_date"] >= today - 365
    office = recent & np.isin(visits["class"], ["preventive", "primary", "specialist"])
    seen = np.bincount(visits["row"][office], minlength=n)
    assert seen.mean() == pytest.approx(3.3, abs=0.25)
    old = (today - people_of(IDS).birth) / YEAR >= 75
    assert seen[old].mean() == pytest.approx(6.5, abs=0.9)
    emergency = (recent & (visits["class"] == "emergency")).sum() / n
    assert emergency == pytest.approx(0.405, abs=0.06)


def test_plans_have_the_deductibles_and_maxima_that_employers_report() -> None:
    plans = tables(AS_OF)["plans"]
    deductible, maximum = plans["deductible"] / 100, plans["out_of_pocket_max"] / 100
    has_one = deductible > 0
    assert has_one.mean() == pytest.approx(0.87, abs=0.02)
    assert deductible[has_one].mean() == pytest.approx(1787, rel=0.03)
    assert (maximum < 2000).mean() == pytest.approx(0.14, abs=0.02)
    assert (maximum > 6000).mean() == pytest.approx(0.24, abs=0.02)
