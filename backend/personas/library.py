"""The rulebooks that come with the modes, by name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from backend.errors import InputError
from backend.modes import all_modes
from backend.personas.registry import Overrides, Rulebook, load_rulebook


@cache
def all_rulebooks() -> Mapping[str, tuple[tuple[str, Path], ...]]:
    """Return (name, file) of each mode's rulebooks by mode id, the default first."""
    return MappingProxyType(
        {
            mode.id: tuple(
                sorted(
                    ((path.stem, path) for path in (mode.folder / "rulebooks").glob("*.yaml")),
                    key=lambda entry: (entry[0] != mode.default_rulebook, entry[0]),
                )
            )
            for mode in all_modes().values()
        }
    )


def find_rulebook(name: str, mode: str | None = None) -> tuple[str, Path]:
    """Return the mode and the file of the rulebook that is called so.

    Args:
        name: a rulebook's name.
        mode: the mode to look in; all if left out.

    Raises:
        InputError: there is no such mode or rulebook, or there are several.
    """
    if mode is not None and mode not in all_rulebooks():
        raise InputError(f"there is no mode {mode!r:.40}; there are {', '.join(all_rulebooks())}.")
    searched = {mode: all_rulebooks()[mode]} if mode is not None else all_rulebooks()
    found = [
        (mode_id, path)
        for mode_id, entries in searched.items()
        for stem, path in entries
        if stem == name
    ]
    if not found:
        names = [f"{stem} ({mode_id})" for mode_id, rows in searched.items() for stem, _ in rows]
        raise InputError(f"there is no rulebook {name!r:.40}; there are {', '.join(names)}.")
    if len(found) > 1:
        modes = ", ".join(mode_id for mode_id, _ in found)
        raise InputError(f"several modes have a rulebook {name}: {modes}; name the mode.")
    return found[0]


def rulebook_named(
    name: str, mode: str | None = None, overrides: Overrides | None = None
) -> Rulebook:
    """Return the rulebook that is called so, read once.

    Raises:
        InputError: as ``find_rulebook``.
        ConfigurationError: the file is not a rulebook, or lacks a setting that is overridden.
    """
    mode_id, path = find_rulebook(name, mode)
    return load_rulebook(path, all_modes()[mode_id].signals, overrides or Overrides())
