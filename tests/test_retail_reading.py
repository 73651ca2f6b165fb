from pathlib import Path
from typing import Final

import pytest

from backend.errors import ConfigurationError
from backend.industries.retail.catalogue import make_catalogue
from backend.industries.retail.reading import FOLDER, read_hierarchy, read_personas

CLASS_COUNTS: Final = {
    "Accessories": 35,
    "Bag Levy": 2,
    "Concessions": 6,
    "Gift Cards": 2,
    "Goods Not For Resale": 9,
    "Health & Beauty": 30,
    "Home": 34,
    "In-Store Charity": 1,
    "Kids Accessories": 21,
    "Kids Clothing": 22,
    "Ladies Clothing": 43,
    "Ladies Footwear": 26,
    "Ladies Hosiery": 21,
    "Mens Accessories": 27,
    "Mens Clothing": 34,
    "Primarket": 15,
    "Sports Shop": 11,
    "Uwear & Nwear": 36,
    "Xmas Shop": 17,
    "Dummy": 1,
    "Dummy Dept for TBC order": 1,
}
# weight, order value, orders a month, and the shares that are stated
STATED: Final = {
    "teenage_girl": (
        0.10, (30, 60), (1, 2.5),
        {"Ladies Clothing": 0.35, "Accessories": 0.25, "Health & Beauty": 0.20},
    ),
    "teenage_boy": (
        0.10, (25, 55), (1, 2), {"Mens Clothing": 0.40, "Sports Shop": 0.25, "Primarket": 0.15},
    ),
    "young_woman_fashion": (
        0.12, (75, 150), (2, 4),
        {"Ladies Clothing": 0.40, "Ladies Footwear": 0.15, "Health & Beauty": 0.15},
    ),
    "young_man_fashion": (
        0.10, (80, 140), (2, 3.5),
        {"Mens Clothing": 0.50, "Accessories": 0.20, "Sports Shop": 0.15},
    ),
    "woman_with_baby": (
        0.08, (80, 180), (3, 6),
        {"Kids Clothing": 0.35, "Kids Accessories": 0.20, "Home": 0.15},
    ),
    "woman_young_family": (0.12, (90, 200), (2.5, 5), {"Kids Clothing": 0.30}),
    "professional_woman": (
        0.10, (100, 220), (2, 4), {"Ladies Clothing": 0.45, "Ladies Footwear": 0.15},
    ),
    "professional_man": (
        0.10, (100, 250), (1.5, 3), {"Mens Clothing": 0.55, "Accessories": 0.20},
    ),
    "budget_shopper": (0.10, (20, 50), (0.5, 1.5), {}),
    "mature_shopper": (
        0.08, (60, 140), (1.5, 3), {"Home": 0.30, "Kids Clothing": 0.20, "Xmas Shop": 0.15},
    ),
}  # fmt: skip
PERSONAS: Final = (FOLDER / "personas.yml").read_text()
HIERARCHY: Final = (FOLDER / "hierarchy_parsed.yml").read_text()


def test_there_are_21_departments_with_394_classes_of_344_names() -> None:
    departments = read_hierarchy().departments
    assert {name: len(classes) for name, classes in departments.items()} == CLASS_COUNTS
    every = [name for classes in departments.values() for name in classes]
    assert (len(every), len(set(every))) == (394, 344)


@pytest.mark.parametrize("name", STATED)
def test_a_persona_has_its_stated_weight_ranges_and_shares(name: str) -> None:
    persona = read_personas(read_hierarchy())[name]
    weight, value, frequency, shares = STATED[name]
    assert (persona.weight, persona.order_value) == (weight, value)
    assert persona.orders_per_month == frequency
    assert {key: persona.department_preferences[key] for key in shares} == shares
    assert persona.description


def test_there_are_ten_personas() -> None:
    assert list(read_personas(read_hierarchy())) == list(STATED)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Ladies Clothing: 0.35", "Ladies Clothing: 0.25",
         "the department shares of 'teenage_girl' are to sum to 1, and they come to 0.9"),
        ("    weight: 0.12\n", "    weight: 0.13\n",
         "the weights of all personas are to sum to 1, and they come to 1.02"),
        ("Ladies Footwear: 0.06", "Ladies Shoes: 0.06",
         "a department of the hierarchy is expected, and 'Ladies Shoes' is none"),
        ("Graphic T-Shirts, Hoodies", "Graphic Tees, Hoodies",
         "a class of 'Mens Clothing' is expected, and 'Graphic Tees' is none"),
        ("order_value: [30, 60]", "order_value: [60, 30]",
         "order_value is to go from the least to the most, not below 0, and it came as 60 to 30"),
        ("value_segment: low_value_occasional", "value_segment: rich", "value_segment: Input"),
        ("order_value: [30, 60]", "order_value: 30", "order_value: Input"),
    ],
)  # fmt: skip
def test_a_wrong_persona_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PERSONAS
    own = tmp_path / "own.yml"
    own.write_text(PERSONAS.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        read_personas(read_hierarchy(), own)
    assert str(caught.value).startswith(f"{own}, line ")
    assert said in str(caught.value)


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text(PERSONAS.replace("Ladies Footwear: 0.06", "Ladies Shoes: 0.06"))
    line = next(n for n, text in enumerate(own.read_text().splitlines(), 1) if "Shoes: 0" in text)
    with pytest.raises(ConfigurationError, match=f"line {line}:"):
        read_personas(read_hierarchy(), own)


def test_a_class_stands_once_in_a_department(tmp_path: Path) -> None:
    own = tmp_path / "hierarchy.yml"
    own.write_text(HIERARCHY.replace("[Handbags, Tote Bags,", "[Handbags, Handbags,"))
    with pytest.raises(ConfigurationError, match="'Handbags' is to stand once in 'Accessories'"):
        read_hierarchy(own)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yml"):
        read_hierarchy(tmp_path / "none.yml")


def test_own_files_make_a_catalogue(tmp_path: Path) -> None:
    hierarchy, personas = tmp_path / "h.yml", tmp_path / "p.yml"
    hierarchy.write_text("departments: {Toys: [Blocks, Puzzles], Xmas Shop: [Stars]}\n")
    personas.write_text(
        "customer_personas:\n  child:\n    weight: 1\n    order_value: [10, 20]\n"
        "    orders_per_month: [1, 2]\n    description: buys toys\n"
        "    demographics: {age_range: [24, 81], gender: any, children: true, lifestyle: play}\n"
        "    department_preferences: {Toys: 0.5, Xmas Shop: 0.5}\n"
        "    spending_profile: {items_per_order: [1, 3], return_rate: [0, 0.1]}\n"
        "    value_segment: low_value_occasional\n"
    )
    read = read_hierarchy(hierarchy)
    tables = make_catalogue(read, read_personas(read, personas))
    assert tables.personas == ("child",)
    assert tables.shelves.classes == ("Blocks", "Puzzles", "Stars")
    assert tables.edges[:, -1].tolist() == [1.0] * len(tables.edges)
