"""Rulebooks from their files, checked whole before anything runs, and read once."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args

from backend.domain.signals import SignalDefinition
from backend.personas.criteria_reader import read_criteria
from backend.personas.reading import Part
from backend.personas.rulebook import (
    UNCLASSIFIED,
    BehaviouralPersona,
    Nobody,
    Order,
    Risk,
    Rulebook,
    conditions_of,
)
from backend.yamlfile import YamlDocument, read_yaml

__all__ = ["BehaviouralPersona", "Rulebook", "load_rulebook", "read_rulebook"]

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def load_rulebook(path: Path, signals: Sequence[SignalDefinition]) -> Rulebook:
    """Return the rulebook in the file at ``path``; the file is read once in a process.

    Args:
        path: a YAML file as ``docs/rulebooks.md`` describes it.
        signals: every signal that its criteria may ask for.

    Raises:
        ConfigurationError: the file is not a rulebook; the sentence names file and line, what
            was expected and what came.
    """
    return _loaded(path, tuple(signals))


@cache
def _loaded(path: Path, signals: tuple[SignalDefinition, ...]) -> Rulebook:
    return read_rulebook(read_yaml(path), path.stem, signals)


def read_rulebook(
    document: YamlDocument, stem: str, signals: Sequence[SignalDefinition]
) -> Rulebook:
    """Return the rulebook that a document spells; ``stem`` is what it must call itself.

    Raises:
        ConfigurationError: as ``load_rulebook``.
    """
    keys = ("rulebook", "version", "title", "order", "nobody", "personas")
    entries = Part(document, (), document.value).entries(keys)
    if entries["rulebook"].text() != stem:
        raise entries["rulebook"].unlike(f"{stem!r}, as the file is called")
    orders: tuple[Order, ...] = get_args(Order)
    known = MappingProxyType({signal.name: signal for signal in signals})
    personas = _read_personas(entries["personas"], known)
    asked = dict.fromkeys(c.signal for persona in personas for c in persona.conditions)
    return Rulebook(
        name=stem,
        version=entries["version"].text(),
        title=entries["title"].text(),
        order=entries["order"].one_of(orders),
        nobody=_read_nobody(entries["nobody"]),
        personas=personas,
        signals=known,
        asked=tuple(asked),
    )


def _read_nobody(part: Part) -> Nobody:
    entries = part.entries(("name", "guidance"))
    return Nobody(entries["name"].text(), entries["guidance"].text())


def _read_personas(
    part: Part, signals: Mapping[str, SignalDefinition]
) -> tuple[BehaviouralPersona, ...]:
    items = part.items()
    personas = [_read_persona(item, signals) for item in items]
    _refuse_twins("id", items, personas, lambda persona: persona.id)
    _refuse_twins("number", items, personas, lambda persona: persona.number)
    _refuse_twins("priority", items, personas, lambda persona: persona.priority)
    return tuple(sorted(personas, key=lambda persona: persona.priority))


def _read_persona(part: Part, signals: Mapping[str, SignalDefinition]) -> BehaviouralPersona:
    texts = ("name", "rationale", "guidance", "secondary_guidance")
    lists = ("focus_areas", "content_types")
    entries = part.entries(("id", "number", "priority", "risk", *texts, *lists, "criteria"))
    risks: tuple[Risk, ...] = get_args(Risk)
    criteria = read_criteria(entries["criteria"], signals)
    name, rationale, guidance, secondary_guidance = (entries[key].text() for key in texts)
    focus_areas, content_types = (
        tuple(item.text() for item in entries[key].items()) for key in lists
    )
    return BehaviouralPersona(
        id=_read_id(entries["id"]),
        number=entries["number"].whole(),
        name=name,
        priority=entries["priority"].whole(),
        risk=entries["risk"].one_of(risks),
        rationale=rationale,
        focus_areas=focus_areas,
        content_types=content_types,
        guidance=guidance,
        secondary_guidance=secondary_guidance,
        criteria=criteria,
        conditions=tuple(conditions_of(criteria)),
    )


def _read_id(part: Part) -> str:
    name = part.text()
    if not _ID.fullmatch(name):
        raise part.unlike("a name in snake_case")
    if name == UNCLASSIFIED:
        raise part.error(f"the id {UNCLASSIFIED!r} is kept for customers whom no persona fits")
    return name


def _refuse_twins(
    key: str,
    items: Sequence[Part],
    personas: Sequence[BehaviouralPersona],
    value_of: Callable[[BehaviouralPersona], str | int],
) -> None:
    first: dict[str | int, int] = {}
    for item, persona in zip(items, personas, strict=True):
        value = value_of(persona)
        place = item.at(key)
        if value in first:
            raise place.error(f"the {key} {value!r} stands twice, first on line {first[value]}")
        first[value] = place.line
