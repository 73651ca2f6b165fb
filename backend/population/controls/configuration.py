"""A whole configuration: how many customers over how long, and what they are to be like."""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.errors import ConfigurationError, InputError
from backend.population.controls.model import OperatorControls, sentence_of
from backend.strictjson import canonical, parse, pretty
from backend.version import GENERATOR_VERSION
from backend.yamlfile import parse_yaml

MAX_BYTES: Final = 1 << 16
_HASH_BYTES: Final = 8


class DataGenerationConfig(BaseModel):
    """How much of a population there is.

    Attributes:
        seed: another seed, other customers.
        num_users: how many customers.
        months_history: how many whole months their records tell.
        avg_transactions_per_month: purchases in a month; bills and transfers come beside them.
        generation_timestamp: when this was written down; no part of what is generated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 42
    num_users: Annotated[int, Field(ge=10, le=1000)] = 100
    months_history: Annotated[int, Field(ge=1, le=24)] = 7
    avg_transactions_per_month: Annotated[int, Field(ge=1, le=200)] = 30
    generation_timestamp: str | None = None


class Configuration(BaseModel):
    """Both parts of a configuration file; without controls lives are the natural ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    config: DataGenerationConfig = DataGenerationConfig()
    controls: OperatorControls | None = None

    def shapes(self) -> dict[str, Any]:
        """Return what members' lives hang on: neither the seed nor how many they are."""
        return {
            "months_history": self.config.months_history,
            "avg_transactions_per_month": self.config.avg_transactions_per_month,
            "controls": self.controls.model_dump(mode="json") if self.controls else None,
        }

    def digest(self, as_of: date, modes: Sequence[str]) -> str:
        """Return the population's name, 16 hex digits; the time stamp takes no part.

        Modes count in any order, once each.
        """
        value = {
            **self.shapes(),
            "as_of": as_of.isoformat(),
            "modes": sorted(set(modes)),
            "generator": GENERATOR_VERSION,
        }
        return blake2b(canonical(value).encode(), digest_size=_HASH_BYTES).hexdigest()


def read_configuration(value: object, where: str) -> Configuration:
    """Return the configuration that a JSON or YAML value spells.

    It has ``config`` and ``controls``, or the fields of both side by side.

    Raises:
        InputError: it spells none; one sentence names the field.
    """
    if not isinstance(value, dict):
        raise InputError(f"{where}: expected fields with values, and none came.")
    parts = value if value.keys() & {"config", "controls"} else _sorted_out(value)
    try:
        read = Configuration.model_validate({"controls": {}, **parts})
    except ValidationError as error:
        raise InputError(f"{where}: {sentence_of(error)}.") from None
    return read


def read_configuration_file(path: Path) -> Configuration:
    """Return the configuration of a file, JSON or YAML by its ending.

    Raises:
        InputError: it can not be read, or spells none; one sentence names file and field.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can not be read: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path}: {len(raw)} bytes; a configuration may have {MAX_BYTES}.")
    return read_configuration(_value(raw, path), str(path))


def export_config(configuration: Configuration, path: Path) -> None:
    """Write a configuration as JSON; ``read_configuration_file`` reads it back.

    Raises:
        InputError: it can not be written.
    """
    text = pretty(configuration.model_dump(mode="json"))
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: can not be written: {error.strerror}.") from None


def _value(raw: bytes, path: Path) -> object:
    if path.suffix in {".yaml", ".yml"}:
        try:
            return parse_yaml(raw, str(path)).value
        except ConfigurationError as error:
            raise InputError(f"{error}.") from None
    try:
        return parse(raw)
    except ValueError as error:
        raise InputError(f"{path}: no JSON: {error}.") from None


def _sorted_out(flat: dict[str, Any]) -> dict[str, Any]:
    """Return a flat file in its two parts; what is in neither stays with the controls."""
    config = {name: flat[name] for name in flat if name in DataGenerationConfig.model_fields}
    controls = {name: flat[name] for name in flat if name not in config}
    return {"config": config, "controls": controls}
