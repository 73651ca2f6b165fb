"""A rulebook's settings: thresholds with a name, and the values that override them."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from backend.errors import ConfigurationError
from backend.personas.faults import Faults
from backend.personas.reading import Part
from backend.strictjson import kind

LARGEST_NUMBER: Final = 1e12
MOST_DECIMALS: Final = 9
MAX_BYTES: Final = 1 << 16

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_BOUNDS: Final = f"a number up to {LARGEST_NUMBER:,.0f} with at most {MOST_DECIMALS} decimals"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values for settings, by name, and the file that they come from."""

    source: str = ""
    values: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class Settings:
    """The settings of one rulebook while it is read; ``used`` are those that it refers to."""

    values: Mapping[str, float] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def number(self, part: Part) -> tuple[float, str | None]:
        """Return the number at ``part``, and its name where ``$name`` stands there.

        Raises:
            ConfigurationError: it is neither a number nor the name of a setting.
        """
        if not isinstance(part.value, str) or not part.value.startswith("$"):
            return read_number(part), None
        name = part.value[1:]
        if name not in self.values:
            raise part.error(f"there is no setting {name!r}{hint(name, list(self.values))}")
        self.used.add(name)
        return self.values[name], name


def read_settings(part: Part, overrides: Overrides, rulebook: str, faults: Faults) -> Settings:
    """Return the settings that stand at ``part``, with what overrides them."""
    values: dict[str, float] = {}
    if not isinstance(part.value, dict):
        faults.add(part.unlike("a mapping of names to numbers"))
        return Settings()
    for name in part.value:
        place = part.at(name)
        if not _NAME.fullmatch(name):
            faults.add(place.error(f"a setting is named in snake_case, and this is {name!r}"))
        values[name] = faults.take(0.0, read_number, place)
    refuse_unknown(values, overrides, rulebook, faults)
    return Settings(values | {name: to for name, to in overrides.values if name in values})


def refuse_unknown(
    values: Mapping[str, float], overrides: Overrides, rulebook: str, faults: Faults
) -> None:
    """Note each override of a setting that the rulebook does not have."""
    for name, _ in overrides.values:
        if name not in values:
            near = hint(name, list(values)) if values else "; it has none"
            sentence = f"the rulebook {rulebook} has no setting {name!r}{near}"
            faults.add(ConfigurationError(f"{overrides.source}: {sentence}"))


def read_overrides(path: Path) -> Overrides:
    """Return the settings in a JSON file: an object of names and numbers.

    Raises:
        ConfigurationError: it is no such file; the sentence names file and key.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: can not be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(f"{path}: {len(raw)} bytes; settings may have {MAX_BYTES}")
    try:
        found = json.loads(raw, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: this is not JSON: {error}") from error
    if not isinstance(found, _Pairs):
        raise ConfigurationError(f"{path}: expected an object of settings, and it is {kind(found)}")
    return Overrides(str(path), tuple(sorted(_checked(path, found.pairs).items())))


class _Pairs:
    """An object as it is written, keys that stand twice included."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs


def _checked(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, float]:
    values: dict[str, float] = {}
    for name, value in pairs:
        where = f"{path}: {name}"
        if name in values:
            raise ConfigurationError(f"{where} stands twice")
        if isinstance(value, bool) or not isinstance(value, int | float):
            came = "an object" if isinstance(value, _Pairs) else kind(value)
            raise ConfigurationError(f"{where} must be a number, and it is {came}")
        if not _is_fit(value):
            raise ConfigurationError(f"{where} must be {_BOUNDS}, and it is {value}")
        values[name] = float(value)
    return values


def read_number(part: Part) -> float:
    """Return the number at ``part``, within bounds in which a margin is rounded without a loss.

    Raises:
        ConfigurationError: it is no number, or beyond them.
    """
    number = part.number()
    if not _is_fit(number):
        raise part.unlike(_BOUNDS)
    return number


def _is_fit(number: float) -> bool:
    return (
        math.isfinite(number)
        and abs(number) <= LARGEST_NUMBER
        and decimals_of(float(number)) <= MOST_DECIMALS
    )


def decimals_of(number: float) -> int:
    """Return the decimals that a number is written with."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def hint(name: str, known: Sequence[str]) -> str:
    """Return the end of a sentence on an unknown name: the nearest one, or all there are."""
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
