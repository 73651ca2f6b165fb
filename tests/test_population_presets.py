import pytest

from backend.errors import InputError
from backend.population.presets import NATURAL, preset, preset_names


def test_every_preset_can_be_read_and_says_what_it_is() -> None:
    for name in preset_names():
        assert preset(name).name == name
        assert preset(name).about


def test_natural_is_among_the_presets() -> None:
    assert NATURAL in preset_names()


@pytest.mark.parametrize("name", ["", "Natural", "../natural", "natural.yaml"])
def test_an_unknown_preset_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(InputError, match="preset: natural; not"):
        preset(name)
