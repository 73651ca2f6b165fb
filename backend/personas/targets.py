"""What a customer made as a target is to come out as: ``targets.yaml``, by rulebook."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from backend.personas.registry import Rulebook
from backend.yamlfile import read_yaml

_BOTH: Final = "+"


def expected(rulebook: str, target: str) -> tuple[str, ...]:
    """Return the personas that a target's members are to have, more than one where several hold.

    There are none where the rulebook knows none for a part of the target.
    """
    known = _targets().get(rulebook, {})
    return tuple(known[part] for part in target.split(_BOTH) if part in known)


def nobody_of(rulebook: Rulebook) -> str:
    """Return what nobody's persona is counted as: its id, or the status in small letters."""
    return rulebook.nobody_id or rulebook.nobody_status.lower()


@cache
def _targets() -> Mapping[str, Mapping[str, str]]:
    value: Mapping[str, Mapping[str, str]] = read_yaml(
        Path(__file__).with_name("targets.yaml")
    ).value
    return value
