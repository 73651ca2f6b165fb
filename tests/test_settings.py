import os
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.errors import ConfigurationError
from backend.llm.endpoint import check_endpoint
from backend.settings import Settings, read_settings, unknown_variables

Set = Callable[..., Settings]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Set:
    for name in list(os.environ):
        if name.startswith(("WALKIN_", "OPENAI_")):
            monkeypatch.delenv(name)

    def reader(**environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return reader


GIVEN = {
    "OPENAI_API_KEY": ("sk-1", "openai_api_key", "sk-1"),
    "OPENAI_BASE_URL": (
        "http://127.0.0.1:11434/v1",
        "openai_base_url",
        "http://127.0.0.1:11434/v1",
    ),
    "OPENAI_MODEL": ("llama", "openai_model", "llama"),
    "WALKIN_ALLOWED_ORIGINS": (
        " https://Shop.example.com:443, http://a.example:80 ,http://[::1]:5173,,app://shell ",
        "allowed_origins",
        {"https://shop.example.com", "http://a.example", "http://[::1]:5173", "app://shell"},
    ),
    "WALKIN_ALLOWED_HOSTS": (
        "Chat.example.com, [::1],10.0.0.7",
        "allowed_hosts",
        {"chat.example.com", "[::1]", "10.0.0.7"},
    ),
    "WALKIN_PROMPTS_DIR": ("/tmp", "prompts_dir", Path("/tmp")),  # noqa: S108 - only has to exist
    "WALKIN_MERGE_MS": ("20", "merge_ms", 20),
    "WALKIN_BUILTIN_PACE_MS": ("20", "builtin_pace_ms", 20),
    "WALKIN_TIME_WINDOW": ("180d", "time_window", "180d"),
    "WALKIN_RULEBOOK_BANKING": ("severity", "rulebook", {"banking": "severity"}),
    "WALKIN_LOG_FORMAT": ("console", "log_format", "console"),
    "WALKIN_DATABASE_URL": ("memory:", "database_url", "memory:"),
    "WALKIN_RETENTION_DAYS": ("7", "retention_days", 7),
    "WALKIN_MAX_TEXT": ("1", "max_text", 1),
    "WALKIN_MAX_FRAME_BYTES": ("1024", "max_frame_bytes", 1024),
    "WALKIN_MESSAGES_PER_MINUTE": ("7", "messages_per_minute", 7),
    "WALKIN_PING_SECONDS": ("7", "ping_seconds", 7),
    "WALKIN_RESUME_SECONDS": ("7", "resume_seconds", 7),
    "WALKIN_MAX_CONNECTIONS": ("7", "max_connections", 7),
    "WALKIN_MAX_BACKLOG_BYTES": ("1", "max_backlog_bytes", 1),
    "WALKIN_MAX_STORED_CONVERSATIONS": ("7", "max_stored_conversations", 7),
    "WALKIN_SEND_SECONDS": ("0.5", "send_seconds", 0.5),
    "WALKIN_OPENING_SECONDS": ("0.5", "opening_seconds", 0.5),
    "WALKIN_IDLE_SECONDS": ("0.5", "idle_seconds", 0.5),
    "WALKIN_DRAIN_SECONDS": ("0.5", "drain_seconds", 0.5),
    "WALKIN_REPLY_SECONDS": ("0.5", "reply_seconds", 0.5),
    "WALKIN_FIRST_TOKEN_SECONDS": ("0.5", "first_token_seconds", 0.5),
    "WALKIN_SILENCE_SECONDS": ("0.5", "silence_seconds", 0.5),
    "WALKIN_MAX_REPLY_CHARS": ("7", "max_reply_chars", 7),
    "WALKIN_HISTORY_CHARS": ("7", "history_chars", 7),
}
WHOLE = [name for name, (_, _, value) in GIVEN.items() if isinstance(value, int)]
SECONDS = [name for name, (_, _, value) in GIVEN.items() if isinstance(value, float)]


def test_the_table_below_names_every_setting() -> None:
    assert {field for _, field, _ in GIVEN.values()} == set(Settings.model_fields)


@pytest.mark.parametrize("variable", GIVEN)
def test_a_variable_is_read(read: Set, variable: str) -> None:
    text, field, value = GIVEN[variable]
    default = getattr(read(), field)
    found = getattr(read(**{variable: text}), field)
    assert found == value
    assert found != default


@pytest.mark.parametrize("variable", GIVEN)
def test_an_empty_variable_is_as_good_as_none(read: Set, variable: str) -> None:
    assert read(**{variable: ""}) == read()


def test_the_limits_that_clients_are_told_are_the_protocols(read: Set) -> None:
    default = read()
    assert default.max_text == 8000
    assert default.max_frame_bytes == 131_072
    assert default.messages_per_minute == 60
    assert default.ping_seconds == 25
    assert default.resume_seconds == 600
    assert default.idle_seconds == 3600
    assert default.opening_seconds == 10


def refused(read: Set, variable: str, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(**{variable: text})
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable}: ")
    assert sentence.endswith(f"but it is {text!r}")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("text", ["ten", "1.5", "-1", "1e3", "0x10", "nan", " "])
@pytest.mark.parametrize("variable", WHOLE)
def test_a_whole_number_is_asked_for(read: Set, variable: str, text: str) -> None:
    refused(read, variable, text)


@pytest.mark.parametrize(
    "variable",
    [name for name in WHOLE if name not in {"WALKIN_BUILTIN_PACE_MS", "WALKIN_MERGE_MS"}],
)
def test_zero_is_no_limit_that_can_be_served(read: Set, variable: str) -> None:
    refused(read, variable, "0")


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "1e999", " "])
@pytest.mark.parametrize("variable", SECONDS)
def test_seconds_are_positive_and_finite(read: Set, variable: str, text: str) -> None:
    refused(read, variable, text)


@pytest.mark.parametrize(
    ("variable", "text"),
    [("WALKIN_TIME_WINDOW", "30"), ("WALKIN_TIME_WINDOW", "90d"), ("WALKIN_LOG_FORMAT", "xml"),
     ("WALKIN_BUILTIN_PACE_MS", "10001"), ("WALKIN_MAX_FRAME_BYTES", "1023")],
)  # fmt: skip
def test_a_value_outside_its_choice_is_refused(read: Set, variable: str, text: str) -> None:
    refused(read, variable, text)


@pytest.mark.parametrize(
    "text",
    ["*", "null", "example.com", "//example.com", "https://", "https://example.com/",
     "https://example.com/page", "https://*.example.com", "https://me@example.com",
     "https://example.com:port", "https://example.com:123456", "https://exämple.com",
     "https://example.com?x", "https://a.example https://b.example", "https://[::1",
     "https://good.example,*"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(read: Set, text: str) -> None:
    assert "https://example.com:8443" in refused(read, "WALKIN_ALLOWED_ORIGINS", text)


@pytest.mark.parametrize(
    "text", ["*", "https://example.com", "example.com:8000", "::1", "a b", "a/b", "localhost,*"]
)
def test_what_is_no_host_name_is_refused(read: Set, text: str) -> None:
    assert "host names" in refused(read, "WALKIN_ALLOWED_HOSTS", text)


def test_prompts_stand_in_a_folder(read: Set, tmp_path: Path) -> None:
    refused(read, "WALKIN_PROMPTS_DIR", str(tmp_path / "nowhere"))
    (tmp_path / "file").touch()
    refused(read, "WALKIN_PROMPTS_DIR", str(tmp_path / "file"))


def test_the_key_is_not_shown(read: Set) -> None:
    assert "sk-very-secret" not in repr(read(OPENAI_API_KEY="sk-very-secret"))


@pytest.mark.parametrize(
    "address",
    ["foo", "localhost:11434/v1", "http://", "ftp://example.com", "http://me:pw@example.com",
     "http://exa mple.com", "http://[::1", "http://example.com:port"],
)  # fmt: skip
def test_a_model_address_that_can_not_be_used_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^OPENAI_BASE_URL: ") as caught:
        check_endpoint("sk-1", address)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "schlüssel", "line\nbreak", " "])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^OPENAI_API_KEY: ") as caught:
        check_endpoint(key, None)
    assert key.strip() == "" or key not in str(caught.value)


def test_a_model_address_that_can_be_used_gives_the_key_to_send() -> None:
    assert check_endpoint(" sk-1\n", "https://example.com/v1") == "sk-1"
    assert check_endpoint(None, "http://[::1]:11434/v1")


def test_unknown_variables_are_those_with_our_prefix_and_no_field() -> None:
    names = ["PATH", "OPENAI_ORG", "WALKIN_MAX_TEXT", "walkin_max_text", "WALKIN_MAX_TEXTS",
             "WALKIN_OPENAI_MODEL", "WALKIN_", "walkin_nonsense", "XWALKIN_A"]  # fmt: skip
    assert unknown_variables(names) == [
        "WALKIN_", "WALKIN_MAX_TEXTS", "WALKIN_OPENAI_MODEL", "walkin_nonsense"
    ]  # fmt: skip
    assert unknown_variables(GIVEN) == []
