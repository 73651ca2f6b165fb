"""Member ids: the name of one customer of a population, which is a session id as well.

``p:<preset>:<seed>:<index>`` says all that a life of a preset is made of, so a member is known
wherever its preset is. One id is one life: a member is the same person in every mode
(``identity=session``), whichever of the modes' tables were asked for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from backend.domain.identity import Identity
from backend.errors import InputError
from backend.modes import Lives
from backend.population.presets import NATURAL, preset, preset_names, steer

PREFIX: Final = "p:"
MAX_SEED: Final = 2**63 - 1
MAX_MEMBERS: Final = 100_000_000
IDENTITY: Final[Identity] = "session"
"""The identity scope that a member id implies."""

_PARTS: Final = re.compile(r"p:([^:]*):(0|[1-9][0-9]{0,18}):(0|[1-9][0-9]{0,8})")
_HASH: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Member:
    """One customer of a population: the ``index``-th, from 0."""

    preset: str
    seed: int
    index: int

    def __str__(self) -> str:
        return f"{PREFIX}{self.preset}:{self.seed}:{self.index}"


def member_ids(preset: str, seed: int, members: Iterable[int]) -> list[str]:
    """Return the ids of the members at these indices, in their order."""
    return [f"{PREFIX}{preset}:{seed}:{index}" for index in members]


def read_member_id(text: str) -> Member:
    """Return the member that ``text`` names.

    Each member has one spelling: numbers have no sign and no leading zero.

    Raises:
        InputError: it is not such an id, or names a population that is not known here.
    """
    found = _PARTS.fullmatch(text)
    if found is None or int(found[2]) > MAX_SEED or int(found[3]) >= MAX_MEMBERS:
        raise InputError(
            "session_id: a member of a population is p:<preset>:<seed>:<index> with whole numbers, "
            f"such as p:natural:42:7; not {text[:64]!r}."
        )
    if _HASH.fullmatch(found[1]):
        raise InputError(
            f"session_id: {text} belongs to a population whose configuration is not known here."
        )
    if found[1] not in preset_names():
        raise InputError(
            # short enough for the close of a socket, which says why in 123 bytes
            f"session_id: no preset is called {found[1][:32]!r}; there are {NATURAL} and "
            f"{len(preset_names()) - 1} others."
        )
    return Member(found[1], int(found[2]), int(found[3]))


def lives_of(session_id: str) -> Lives | None:
    """Return what the population of a member asks of lives, None for whoever is no member.

    Raises:
        InputError: the id names a member of a population that is not known here.
    """
    return _lives_of(read_member_id(session_id).preset) if session_id.startswith(PREFIX) else None


@cache
def _lives_of(name: str) -> Lives:
    return steer(preset(name).configuration).lives
