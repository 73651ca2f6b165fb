from pathlib import Path

import pytest

from backend.errors import InputError
from backend.population.presets import (
    NATURAL,
    PRESET_CONFIGS,
    name_of,
    preset,
    preset_names,
    steer,
)

SINGLE = {
    "high_utilization_focus": "high_utilization",
    "variable_income_focus": "variable_income",
    "subscription_heavy_focus": "subscription_heavy",
    "savings_builder_focus": "savings_builder",
}


def test_every_preset_can_be_read_and_says_what_it_is() -> None:
    for name in preset_names():
        assert preset(name).name == name
        assert preset(name).about


def test_all_presets_are_there() -> None:
    assert set(preset_names()) == {NATURAL, "overlap_testing", "archetypes", *SINGLE}
    assert set(PRESET_CONFIGS) == set(preset_names())
    assert len(PRESET_CONFIGS) == len(preset_names())


@pytest.mark.parametrize("name", SINGLE)
def test_a_focus_has_its_one_target(name: str) -> None:
    controls = PRESET_CONFIGS[name].controls
    assert controls is not None
    assert controls.weights() == {SINGLE[name]: 1.0}


def test_natural_asks_for_nothing() -> None:
    assert PRESET_CONFIGS[NATURAL].controls is None
    assert steer(PRESET_CONFIGS[NATURAL]).lives == {}


def test_a_preset_is_never_changed_by_using_it() -> None:
    taken = PRESET_CONFIGS["variable_income_focus"]
    assert taken.controls is not None
    taken.controls.payroll_pattern_distribution["irregular"] = 0.0
    again = PRESET_CONFIGS["variable_income_focus"].controls
    assert again is not None
    assert again.payroll_pattern_distribution["irregular"] == 0.8


def test_a_preset_that_is_not_there_is_no_key() -> None:
    assert "savers" not in PRESET_CONFIGS
    with pytest.raises(KeyError):
        PRESET_CONFIGS["savers"]


def test_a_configuration_has_the_name_of_the_preset_whose_lives_it_has() -> None:
    for name in preset_names():
        own = PRESET_CONFIGS[name]
        other_seed = own.config.model_copy(update={"seed": 7, "num_users": 999})
        assert name_of(own.model_copy(update={"config": other_seed})) == name
        longer = own.config.model_copy(update={"months_history": 24})
        assert name_of(own.model_copy(update={"config": longer})) is None


@pytest.mark.parametrize("name", ["", "Natural", "../natural", "natural.yaml"])
def test_an_unknown_preset_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(InputError, match=r"preset: archetypes, .*natural, .*; not"):
        preset(name)


def test_a_preset_file_holds_nothing_unknown() -> None:
    folder = Path("backend/population/presets")
    assert {path.suffix for path in folder.iterdir()} == {".yaml"}
