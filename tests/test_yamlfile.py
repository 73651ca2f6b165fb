import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ConfigurationError
from backend.yamlfile import MAX_BYTES, MAX_DEPTH, parse_yaml, read_yaml

REFUSED: dict[str, tuple[bytes, int, str]] = {
    "an alias": (b"a: &x 1\nb: *x\n", 2, "aliases"),
    "an alias to itself": (b"a: 1\nb: &x [*x]\n", 2, "aliases"),
    "a key twice": (b"a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
    "a key twice, spelt in two ways": (b'a: 1\n"a": 2\n', 2, "'a' stands twice"),
    "a key twice, deep down": (b"- a:\n    b: 1\n    b: 2\n", 3, "'b' stands twice"),
    "a list as a key": (b"a: 1\n? [b]\n: 2\n", 2, "a key must be text"),
    "a mapping as a key": (b"{a: 1}: 2\n", 1, "a key must be text"),
    "a fraction as a key": (b"1.5: 2\n", 1, "a key must be text"),
    "null as a key": (b"~: 2\n", 1, "a key must be text"),
    "a float without end": (b"a: 1e999\n", 1, "not a finite number"),
    "an integer without end": (b"\na: 12345678901234567890\n", 2, "19 digits"),
    "a tag of Python": (b"a: !!python/name:os.system\n", 1, "tags"),
    "a tag that does not fit": (b"a: 1\nb: !!int x\n", 2, "tags"),
    "a tag that makes a set": (b"!!set {a}\n", 1, "tags"),
    "a tag on a list": (b"a: !mine [1]\n", 1, "tags"),
    "two documents": (b"a: 1\n---\nb: 1\n", 2, "another document"),
    "not YAML": (b"a: 1\nb: [1\nc: 2\n", 3, ""),
    "a tab as indentation": (b"a:\n\tb: 1\n", 2, ""),
    "a NUL": (b"a: 1\nb: \x00\n", 2, "special characters"),
    "not UTF-8": (b"a: 1\nb: 2\nc: \xff\n", 3, "invalid start byte"),
    "nested too deep": (b"\n" + b"[" * 5000, 2, "nested deeper"),
    "closed and nested too deep": (b"[" * 33 + b"]" * 33, 1, "nested deeper"),
    "an alias bomb": (
        b"a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n", 2, "aliases"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_names_file_and_line(name: str) -> None:
    raw, line, reason = REFUSED[name]
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml(raw, "book.yaml")
    sentence = str(caught.value)
    assert sentence.startswith(f"book.yaml, line {line}: ")
    assert reason in sentence
    assert "\n" not in sentence


def test_the_largest_depth_is_taken() -> None:
    value = parse_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "x").value
    for _ in range(MAX_DEPTH - 1):
        (value,) = value
    assert value == []


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(ConfigurationError, match=f"{MAX_BYTES + 1} bytes"):
        parse_yaml(b"#" * (MAX_BYTES + 1), "x")
    assert parse_yaml(b"#" * MAX_BYTES, "x").value is None


@pytest.mark.parametrize(
    ("spelt", "value"),
    [("no", "no"), ("yes", "yes"), ("on", "on"), ("1:30", "1:30"), ("0x1f", "0x1f"),
     ("1_000", "1_000"), (".nan", ".nan"), (".inf", ".inf"), ("2026-01-15", "2026-01-15"),
     ("<<", "<<"), ("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
     ("007", 7), ("-5", -5), ("+5", 5), ("1.50", 1.5), (".5", 0.5), ("1e3", 1000.0),
     ("'1'", "1"), ('"true"', "true"), ("1.2.3", "1.2.3"), ("a: b", {"a": "b"})],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(spelt: str, value: Any) -> None:
    found = parse_yaml(f"x:\n  {spelt}\n".encode(), "x").value["x"]
    assert found == value
    assert type(found) is type(value)


TEXT = b"""# a comment
title: One
personas:
  - id: first
    rules:
      - {signal: a, threshold: 1}
  - id: second
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [((), 2), (("title",), 2), (("personas",), 3), (("personas", 0), 4),
     (("personas", 0, "rules"), 5), (("personas", 0, "rules", 0, "threshold"), 6),
     (("personas", 1, "id"), 7), (("personas", 1, "missing"), 7), (("nowhere", 5), 2)],
)  # fmt: skip
def test_every_part_has_a_line(path: tuple[str | int, ...], line: int) -> None:
    assert parse_yaml(TEXT, "book.yaml").where(path) == f"book.yaml, line {line}"


def test_an_empty_file_is_null_on_line_one() -> None:
    document = parse_yaml(b"# nothing\n", "empty.yaml")
    assert document.value is None
    assert document.where(("a",)) == "empty.yaml, line 1"


def test_a_file_is_read_and_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("name: é\n".encode())
    document = read_yaml(path)
    assert (document.name, document.value) == (str(path), {"name": "é"})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ConfigurationError, match=f"^{path}: can not be read: "):
            read_yaml(path)


@given(st.binary(max_size=60) | st.text("{}[]:-?!&*'\"#|>%@ \n\tab1.~<", max_size=40))
def test_whatever_stands_in_a_file_only_one_error_comes_of_it(raw: bytes | str) -> None:
    data = raw.encode() if isinstance(raw, str) else raw
    with suppress(ConfigurationError):
        _check_plain(parse_yaml(data, "x.yaml").value)


def _check_plain(value: Any) -> None:
    if isinstance(value, dict):
        assert all(isinstance(key, str | int) for key in value)
        for item in value.values():
            _check_plain(item)
    elif isinstance(value, list):
        for item in value:
            _check_plain(item)
    elif isinstance(value, float):
        assert math.isfinite(value)
    else:
        assert value is None or isinstance(value, str | int)
