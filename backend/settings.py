"""Settings: environment variables, read once and validated, each named in the README."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import DirectoryPath, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.errors import ConfigurationError

_PREFIX: Final = "WALKIN_"
_ORIGIN: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?"
)
_HOST: Final = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}

Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Everything that an operator may set; the defaults serve one machine with nothing else."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter="_",  # WALKIN_RULEBOOK_BANKING is the entry `banking` of `rulebook`
        env_nested_max_split=1,
    )

    openai_api_key: str | None = Field(default=None, validation_alias="OPENAI_API_KEY", repr=False)
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    openai_model: str = Field(default="gpt-4o-mini", validation_alias="OPENAI_MODEL")

    allowed_origins: Annotated[frozenset[str], NoDecode] = frozenset()
    allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset(
        {"localhost", "127.0.0.1", "[::1]"}
    )
    prompts_dir: DirectoryPath | None = None
    merge_ms: Annotated[int, Field(ge=0, le=1000)] = 25
    builtin_pace_ms: Annotated[int, Field(ge=0, le=10_000)] = 0
    time_window: Literal["30d", "180d"] = "30d"
    rulebook: dict[str, str] = {}
    log_format: Literal["json", "console"] = "json"
    database_url: str = Field(default="sqlite+aiosqlite:///data/walkin.db", repr=False)
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 30

    max_text: Positive = 8000
    max_frame_bytes: Annotated[int, Field(ge=1024)] = 131_072
    messages_per_minute: Positive = 60
    ping_seconds: Positive = 25
    resume_seconds: Positive = 600
    max_connections: Positive = 5000
    max_backlog_bytes: Annotated[int, Field(ge=1)] = 512 * 1024
    max_stored_conversations: Positive = 10_000

    send_seconds: Seconds = 8.0
    opening_seconds: Seconds = 10.0
    idle_seconds: Seconds = 3600.0
    # with two seconds to flush and uvicorn's five of grace, the process is gone within 25
    drain_seconds: Annotated[Seconds, Field(le=18)] = 15.0
    reply_seconds: Seconds = 120.0
    first_token_seconds: Seconds = 30.0
    silence_seconds: Seconds = 20.0
    max_reply_chars: Positive = 32_000
    history_chars: Positive = 24_000

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the environment holds
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, origins: frozenset[str]) -> frozenset[str]:
        return frozenset(_origin(one) for one in origins)

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, hosts: frozenset[str]) -> frozenset[str]:
        for host in hosts:
            if not _HOST.fullmatch(host.lower()):
                raise ValueError("input should be host names without scheme or port")
        return frozenset(host.lower() for host in hosts)


def _origin(text: str) -> str:
    # as browsers send it: lower case, and no port where it is the scheme's own
    found = _ORIGIN.fullmatch(text.lower())
    if found is None:
        raise ValueError("input should be origins such as https://example.com:8443")
    scheme, host, port = found["scheme"], found["host"], found["port"] or ""
    return f"{scheme}://{host}{'' if port == _DEFAULT_PORTS.get(scheme) else port}"


def unknown_variables(names: Iterable[str]) -> list[str]:
    """Return those of the environment's ``names`` that look like settings and are none."""
    known = {f"{_PREFIX}{field}".upper() for field in Settings.model_fields}
    known -= {f"{_PREFIX}OPENAI_{rest}" for rest in ("API_KEY", "BASE_URL", "MODEL")}
    return [
        name
        for name in sorted(names)
        if name.upper().startswith(_PREFIX)
        and name.upper() not in known
        and not name.upper().startswith(f"{_PREFIX}RULEBOOK_")
    ]


def read_settings() -> Settings:
    """Return the settings that the environment spells.

    Raises:
        ConfigurationError: a value is not what its variable takes; the sentence names both.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        variable = name if name.startswith("OPENAI_") else f"{_PREFIX}{name}"
        came = first["input"]
        shown = came if isinstance(came, str) else ", ".join(sorted(came))
        reason = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(
            f"{variable}: {reason[0].lower()}{reason[1:]}, but it is {shown!r}"
        ) from None
