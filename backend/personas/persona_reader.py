"""The personas of a rulebook from YAML, each with every error noted."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, get_args

from backend.personas.criteria_reader import NOTHING, Scope, read_criteria, read_severity
from backend.personas.faults import Section
from backend.personas.reading import Part
from backend.personas.rulebook import (
    LEVELS,
    UNCLASSIFIED,
    BehaviouralPersona,
    Level,
    Order,
    Risk,
    conditions_of,
)

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TEXTS: Final = ("name", "rationale", "guidance", "secondary_guidance")
_LISTS: Final = ("focus_areas", "content_types")
_RANKING: Final[dict[Order, tuple[str, ...]]] = {
    "priority": ("priority",),
    "severity": ("level", "severity"),
}
_NO_TEXTS: Final[tuple[str, ...]] = ()


def read_personas(part: Part, order: Order | None, scope: Scope) -> tuple[BehaviouralPersona, ...]:
    """Return the personas that stand at ``part``, best first as far as their order tells.

    Args:
        part: a list.
        order: what the rulebook is ordered by, None where that could not be read.
        scope: what they may refer to, and where their errors go.

    Raises:
        ConfigurationError: it is no list.
    """
    items = part.items()
    personas = [_read_persona(item, order, scope) for item in items]
    refuse = partial(_refuse_twins, items, personas, scope)
    refuse("id", lambda persona: persona.id)
    refuse("number", lambda persona: persona.number)
    if order == "priority":
        refuse("priority", lambda persona: persona.priority)
    return tuple(sorted(personas, key=lambda persona: (persona.priority, persona.id)))


def _read_persona(part: Part, order: Order | None, scope: Scope) -> BehaviouralPersona:
    every = [key for keys in _RANKING.values() for key in keys]
    ranking = _RANKING[order] if order else ()
    elsewhere = {
        key: f"{key} is for a rulebook ordered by {other}, and this one is ordered by {order}"
        for other, keys in _RANKING.items()
        if order not in {None, other}
        for key in keys
    }
    required = ("id", "number", *ranking, "risk", *_TEXTS, *_LISTS, "criteria")
    section = Section(part, required, () if order else every, scope.faults, elsewhere)
    name, rationale, guidance, secondary = (section.take(key, "", Part.text) for key in _TEXTS)
    focus_areas, content_types = (section.take(key, _NO_TEXTS, _read_texts) for key in _LISTS)
    risks: tuple[Risk, ...] = get_args(Risk)
    level = None if order == "priority" else _read_level(section)
    priority = section.take("priority", 0, Part.whole) if level is None else LEVELS.index(level)
    criteria = section.take("criteria", NOTHING, lambda place: read_criteria(place, scope))
    return BehaviouralPersona(
        id=section.take("id", "", _read_id),
        number=section.take("number", 0, Part.whole),
        name=name,
        priority=priority,
        level=level,
        severity=section.take("severity", None, lambda place: read_severity(place, scope)),
        risk=section.take("risk", risks[0], lambda place: place.one_of(risks)),
        rationale=rationale,
        focus_areas=focus_areas,
        content_types=content_types,
        guidance=guidance,
        secondary_guidance=secondary,
        criteria=criteria,
        conditions=tuple(conditions_of(criteria)),
    )


def _read_level(section: Section) -> Level | None:
    return section.take("level", None, lambda place: place.one_of(LEVELS))


def _read_texts(part: Part) -> tuple[str, ...]:
    return tuple(item.text() for item in part.items())


def _read_id(part: Part) -> str:
    name = part.text()
    if not _ID.fullmatch(name):
        raise part.unlike("a name in snake_case")
    if name == UNCLASSIFIED:
        raise part.error(f"the id {UNCLASSIFIED!r} is kept for customers whom no persona fits")
    return name


def _refuse_twins(
    items: Sequence[Part],
    personas: Sequence[BehaviouralPersona],
    scope: Scope,
    key: str,
    value_of: Callable[[BehaviouralPersona], str | int],
) -> None:
    first: dict[str | int, int] = {}
    for item, persona in zip(items, personas, strict=True):
        value = value_of(persona)
        if not value or key not in item.value:  # could not be read, which is noted
            continue
        place = item.at(key)
        if value in first:
            twice = f"the {key} {value!r} stands twice, first on line {first[value]}"
            scope.faults.add(place.error(twice))
        first.setdefault(value, place.line)
