"""Presets: the named ways to populate a bank, an insurer, a clinic and a shop; a file each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from backend.errors import ConfigurationError, InputError
from backend.industries.banking.lives import Lives
from backend.modes import Lives as SteeredLives
from backend.population.controls.configuration import Configuration, read_configuration
from backend.population.controls.lives import Plan, plan_of
from backend.yamlfile import read_yaml

NATURAL: Final = "natural"
_FOLDER: Final = Path(__file__).with_name("presets")
_ABOUT: Final = "about"
_BANKING: Final = "banking"


@dataclass(frozen=True, slots=True)
class Preset:
    """What a population is asked to be like; ``natural`` asks for nothing."""

    name: str
    about: str
    configuration: Configuration


def preset_names() -> tuple[str, ...]:
    """Return the names that ``preset`` knows, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def preset(name: str) -> Preset:
    """Return the preset of that name.

    Raises:
        InputError: there is none.
        ConfigurationError: its file holds no text under ``about``, or no configuration beside it.
    """
    if name not in preset_names():
        raise InputError(f"preset: {', '.join(preset_names())}; not {name[:32]!r}.")
    document = read_yaml(_FOLDER / f"{name}.yaml")
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get(_ABOUT), str):
        raise ConfigurationError(f"{document.where(())}: a preset has text under 'about'")
    asked = {key: part for key, part in value.items() if key != _ABOUT}
    if not asked:
        return Preset(name, value[_ABOUT], Configuration())
    try:
        configuration = read_configuration(asked, document.name)
        steer(configuration)
    except InputError as error:
        raise ConfigurationError(str(error).removesuffix(".")) from None
    return Preset(name, value[_ABOUT], configuration)


def name_of(configuration: Configuration) -> str | None:
    """Return the preset whose lives these are, None where it is nobody's."""
    shapes = configuration.shapes()
    return next(
        (name for name in preset_names() if preset(name).configuration.shapes() == shapes), None
    )


@dataclass(frozen=True, slots=True)
class Steering:
    """How a configuration reaches lives: what each mode is asked for, and who is made as what."""

    lives: SteeredLives
    plan: Plan | None


def steer(configuration: Configuration) -> Steering:
    """Return how the lives of a configuration come about.

    Raises:
        InputError: a target can not be had with these controls.
    """
    config, controls = configuration.config, configuration.controls
    if controls is None:
        return Steering({}, None)
    plan = plan_of(controls, float(config.avg_transactions_per_month))
    return Steering({_BANKING: Lives(plan.reshape, config.months_history)}, plan)


class _Presets(Mapping[str, Configuration]):
    """The configurations of the presets, by name; each access gives a copy of one's own."""

    def __getitem__(self, name: str) -> Configuration:
        if name not in preset_names():
            raise KeyError(name)
        return preset(name).configuration.model_copy(deep=True)

    def __iter__(self) -> Iterator[str]:
        return iter(preset_names())

    def __len__(self) -> int:
        return len(preset_names())


PRESET_CONFIGS: Final[Mapping[str, Configuration]] = _Presets()
