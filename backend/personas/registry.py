"""Rulebooks from their files, checked whole before anything runs, and read once."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final, get_args

from backend.domain.signals import SignalDefinition
from backend.errors import ConfigurationError
from backend.personas.criteria_reader import Scope
from backend.personas.faults import Faults, RulebookError, Section
from backend.personas.persona_reader import read_personas
from backend.personas.reading import Part
from backend.personas.rulebook import BehaviouralPersona, Nobody, Order, Rulebook
from backend.personas.settings import (
    Overrides,
    Settings,
    read_overrides,
    read_settings,
    refuse_unknown,
)
from backend.yamlfile import YamlDocument, read_yaml

__all__ = [
    "BehaviouralPersona",
    "Overrides",
    "Rulebook",
    "RulebookError",
    "check_rulebook",
    "load_rulebook",
    "read_overrides",
    "read_rulebook",
]

_KEYS: Final = ("rulebook", "version", "title", "order", "nobody", "personas")
_NONE: Final = Overrides()
_NOBODY: Final[tuple[BehaviouralPersona, ...]] = ()


def load_rulebook(
    path: Path, signals: Sequence[SignalDefinition], overrides: Overrides = _NONE
) -> Rulebook:
    """Return the rulebook in the file at ``path``; the file is read once in a process.

    Args:
        path: a YAML file as ``docs/rulebooks.md`` describes it.
        signals: every signal that its criteria may ask for.
        overrides: other values for some of its settings.

    Raises:
        ConfigurationError: the file is not a rulebook; the sentence names file and line, what
            was expected and what came. A ``RulebookError`` knows every such sentence.
    """
    return _loaded(path, tuple(signals), overrides)


@cache
def _loaded(path: Path, signals: tuple[SignalDefinition, ...], overrides: Overrides) -> Rulebook:
    return read_rulebook(read_yaml(path), path.stem, signals, overrides)


def check_rulebook(path: Path, signals: Sequence[SignalDefinition]) -> tuple[str, ...]:
    """Return a sentence for each error of the file at ``path``, none where it is a rulebook."""
    try:
        read_rulebook(read_yaml(path), path.stem, signals)
    except RulebookError as error:
        return error.sentences
    except ConfigurationError as error:
        return (str(error),)
    return ()


def read_rulebook(
    document: YamlDocument,
    stem: str,
    signals: Sequence[SignalDefinition],
    overrides: Overrides = _NONE,
) -> Rulebook:
    """Return the rulebook that a document spells; ``stem`` is what it must call itself.

    Raises:
        RulebookError: as ``load_rulebook``.
    """
    faults = Faults()
    part = Part(document, (), document.value)
    section = Section(part, _KEYS, ("settings",), faults)
    orders: tuple[Order, ...] = get_args(Order)
    order: Order | None = section.take("order", None, lambda place: place.one_of(orders))
    # plain mappings: a rulebook is handed to other processes
    known = {signal.name: signal for signal in signals}
    scope = Scope(known, _settings(section, overrides, stem, faults), faults)
    personas = section.take("personas", _NOBODY, partial(read_personas, order=order, scope=scope))
    section.take("rulebook", "", partial(_read_name, stem=stem))
    rulebook = Rulebook(
        name=stem,
        version=_version(section.take("version", "", Part.text), overrides),
        title=section.take("title", "", Part.text),
        order=order or "priority",
        nobody=section.take("nobody", Nobody("", ""), partial(_read_nobody, faults=faults)),
        personas=personas,
        signals=known,
        settings=dict(scope.settings.values),
        asked=_asked(personas),
    )
    if not faults:
        _refuse_unused(part, scope.settings, faults)
    faults.raise_them()
    return rulebook


def _settings(section: Section, overrides: Overrides, stem: str, faults: Faults) -> Settings:
    if "settings" not in section:
        refuse_unknown({}, overrides, stem, faults)
    return section.take(
        "settings", Settings(), lambda place: read_settings(place, overrides, stem, faults)
    )


def _refuse_unused(part: Part, settings: Settings, faults: Faults) -> None:
    for name in settings.values:
        if name not in settings.used:
            place = part.at("settings").at(name)
            faults.add(place.error(f"the setting {name!r} is used nowhere; write ${name}"))


def _version(version: str, overrides: Overrides) -> str:
    # an assignment by other thresholds does not pass as one by the file's
    changed = ",".join(f"{name}={value:.12g}" for name, value in overrides.values)
    return f"{version}+{changed}" if changed else version


def _read_name(part: Part, stem: str) -> str:
    if part.text() != stem:
        raise part.unlike(f"{stem!r}, as the file is called")
    return stem


def _read_nobody(part: Part, faults: Faults) -> Nobody:
    section = Section(part, ("name", "guidance"), (), faults)
    return Nobody(section.take("name", "", Part.text), section.take("guidance", "", Part.text))


def _asked(personas: Sequence[BehaviouralPersona]) -> tuple[str, ...]:
    conditions = [c.signal for persona in personas for c in persona.conditions]
    figures = [persona.severity.signal for persona in personas if persona.severity]
    found: Mapping[str, None] = dict.fromkeys([*conditions, *figures])
    return tuple(found)
