"""Presets: the named ways to populate a bank, an insurer, a clinic and a shop; a file each."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from backend.errors import ConfigurationError, InputError
from backend.yamlfile import read_yaml

NATURAL: Final = "natural"
_FOLDER: Final = Path(__file__).with_name("presets")
_KEYS: Final = {"about"}


@dataclass(frozen=True, slots=True)
class Preset:
    """What a population is asked to be like; ``natural`` asks for nothing."""

    name: str
    about: str


def preset_names() -> tuple[str, ...]:
    """Return the names that ``preset`` knows, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def preset(name: str) -> Preset:
    """Return the preset of that name.

    Raises:
        InputError: there is none.
        ConfigurationError: its file holds anything but text under ``about``.
    """
    if name not in preset_names():
        raise InputError(f"preset: {', '.join(preset_names())}; not {name[:32]!r}.")
    document = read_yaml(_FOLDER / f"{name}.yaml")
    value = document.value
    if not isinstance(value, dict) or value.keys() != _KEYS or not isinstance(value["about"], str):
        raise ConfigurationError(f"{document.where(())}: a preset is text under 'about', no more")
    return Preset(name, value["about"])
