from functools import cache
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.life import age_at_anchor
from backend.industries.retail.assignment import age_table, cells_of
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.reading import WORK, read_hierarchy, read_personas
from backend.industries.retail.shoppers import make_shoppers
from tests.cohort_kit import people_of

MANY: Final = 12_000
# of nine degrees of freedom, one honest sample in ten thousand lies beyond
CHI_SQUARE_LIMIT: Final = 33.7


@cache
def many() -> People:
    return people_of([f"shopper-{number}" for number in range(MANY)])


@cache
def personas() -> NDArray[np.int64]:
    return make_shoppers(many(), catalogue()).persona


def of(name: str) -> NDArray[np.bool_]:
    return np.asarray(personas() == catalogue().personas.index(name))


def test_the_table_gives_the_weights_exactly() -> None:
    table = age_table()
    counts = [table.shares[w][band] for band in range(len(table.from_age)) for w in WORK]
    chances = np.diff(catalogue().edges, axis=1, prepend=0.0)
    mixture = (np.array(counts)[:, None] * chances).sum(axis=0) / sum(counts)
    weights = [persona.weight for persona in read_personas(read_hierarchy()).values()]
    assert mixture.tolist() == pytest.approx(weights, abs=2e-6)


def test_the_shares_of_customers_are_the_weights() -> None:
    weights = np.array([p.weight for p in read_personas(read_hierarchy()).values()])
    found = np.bincount(personas(), minlength=len(weights))
    expected = weights * MANY
    assert ((found - expected) ** 2 / expected).sum() < CHI_SQUARE_LIMIT


def test_the_table_of_ages_is_that_of_the_people() -> None:
    table = age_table()
    counts = [table.shares[w][band] for band in range(len(table.from_age)) for w in WORK]
    found = np.bincount(cells_of(many()), minlength=len(counts)) / MANY
    assert found.tolist() == pytest.approx([c / sum(counts) for c in counts], abs=0.008)


def test_a_persona_fits_its_shoppers_age() -> None:
    age = age_at_anchor(many())
    assert (age[of("woman_with_baby")] < 50).mean() > 0.97
    assert (age[of("young_man_fashion")] < 50).mean() > 0.97
    assert (age[of("mature_shopper")] >= 50).mean() > 0.97
    assert np.median(age[of("teenage_girl")]) > np.median(age[of("young_woman_fashion")]) + 10


def test_professional_shoppers_earn_and_budget_shoppers_do_not() -> None:
    income = many().income / 100
    retired = np.array([title.startswith("Retired") for title in many().occupation])
    for name in ("professional_woman", "professional_man"):
        assert ((income >= 45_000) & ~retired)[of(name)].mean() > 0.95
    assert ((income < 45_000) | retired)[of("budget_shopper")].mean() > 0.9


def test_a_shopper_stands_inside_the_personas_ranges() -> None:
    shoppers, ranges = make_shoppers(many(), catalogue()), catalogue().ranges
    low, high = (ranges[shoppers.persona, :, side] for side in (0, 1))
    assert (low[:, 0] <= shoppers.order_value).all()
    assert (shoppers.order_value <= high[:, 0]).all()
    assert (low[:, 1] <= shoppers.frequency).all()
    assert (shoppers.frequency <= high[:, 1]).all()
