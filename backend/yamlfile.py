"""YAML files from people: read safely, and with errors that name file and line.

``yaml.safe_load`` only promises to build no objects. It still expands a 300-byte file to a
billion leaves, lets the last of two equal keys win, reads ``.nan`` as a number, ``no`` as False
and ``1:30`` as 90, overflows the stack on deep brackets, and stumbles over ``!!int x``. This
loader refuses aliases, tags, duplicate keys, non-finite numbers, depth and size beyond its
limits, and reads scalars by YAML 1.2's core rules.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar, cast

import yaml
from yaml.constructor import SafeConstructor

from backend.errors import ConfigurationError

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A parsed file: its ``value``, and the line on which each part of it begins."""

    name: str
    value: Any
    lines: dict[KeyPath, int]

    def where(self, path: KeyPath) -> str:
        """Return ``file, line N`` for the part at ``path``, or for its nearest parent."""
        while path not in self.lines and path:
            path = path[:-1]
        return f"{self.name}, line {self.lines.get(path, 1)}"


def read_yaml(path: Path) -> YamlDocument:
    """Return what is in the file at ``path``.

    Raises:
        ConfigurationError: the file is missing, too large, too deep, not YAML, or uses an
            alias, a tag, a duplicate key or a non-finite number; the sentence names file and line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: can not be read: {error.strerror}") from error
    return parse_yaml(raw, str(path))


def parse_yaml(raw: bytes, name: str) -> YamlDocument:
    """Return what ``raw`` spells; ``name`` stands for the file in the errors.

    Raises:
        ConfigurationError: as ``read_yaml``.
    """
    if len(raw) > MAX_BYTES:
        raise ConfigurationError(f"{name}: {len(raw)} bytes; a YAML file may have {MAX_BYTES}")
    try:
        return _parsed(raw, name, _FastLoader)
    except yaml.YAMLError:
        # libyaml is ten times as fast, and PyYAML's own parser says better what is wrong
        return _told(raw, name)


def _told(raw: bytes, name: str) -> YamlDocument:
    try:
        return _parsed(raw, name, _StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(f"{name}, line {line}: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = raw[: error.position].count(b"\n") + 1
        raise ConfigurationError(f"{name}, line {line}: {error.reason}") from error


def _parsed(
    raw: bytes, name: str, loader_class: type["_FastLoader"] | type["_StrictLoader"]
) -> YamlDocument:
    _refuse_what_expands(raw, loader_class)
    loader = loader_class(raw)
    node = loader.get_single_node()
    if node is None:
        return YamlDocument(name, None, {})
    return YamlDocument(name, loader.construct_document(node), _lines(node))


def _refuse_what_expands(
    raw: bytes, loader_class: type["_FastLoader"] | type["_StrictLoader"]
) -> None:
    # event by event, before anything recursive sees the document
    depth = 0
    for event in yaml.parse(raw, Loader=loader_class):
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (*name) are not taken", event.start_mark)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            raise yaml.MarkedYAMLError(
                problem="tags (!name) are not taken",
                problem_mark=cast("yaml.Mark", event.start_mark),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _refused(f"nested deeper than {MAX_DEPTH}", event.start_mark)


def _refused(problem: str, mark: Any) -> yaml.MarkedYAMLError:  # noqa: ANN401 - PyYAML has two kinds of marks
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _lines(node: yaml.Node, path: KeyPath = ()) -> dict[KeyPath, int]:
    found = {path: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found |= _lines(value, (*path, key.value))
            found[(*path, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            found |= _lines(item, (*path, position))
    return found


_CORE_SCALARS: Final = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
)


_Loader = TypeVar("_Loader", type["_StrictLoader"], type["_FastLoader"])


def _with_core_scalars(loader: _Loader) -> _Loader:
    for name, pattern, first in _CORE_SCALARS:
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(pattern), list(first))
    # the stubs take constructors of PyYAML's own loaders alone
    loader.add_constructor("tag:yaml.org,2002:int", loader.construct_decimal)  # type: ignore[type-var]
    loader.add_constructor("tag:yaml.org,2002:float", loader.construct_finite)  # type: ignore[type-var]
    return loader


class _Strict(SafeConstructor):
    """YAML 1.2's scalars, safely constructed; duplicate keys are refused."""

    def construct_decimal(self, node: yaml.ScalarNode) -> int:
        if len(node.value) > len(str(1 << 63)):
            raise yaml.MarkedYAMLError(
                problem="a whole number may have 19 digits", problem_mark=node.start_mark
            )
        return int(node.value)

    def construct_finite(self, node: yaml.ScalarNode) -> float:
        value = float(node.value)
        if not math.isfinite(value):
            raise yaml.MarkedYAMLError(
                problem=f"{node.value} is not a finite number", problem_mark=node.start_mark
            )
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int):
                raise yaml.MarkedYAMLError(
                    problem="a key must be text", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


@_with_core_scalars
class _StrictLoader(_Strict, yaml.SafeLoader):
    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


@_with_core_scalars
class _FastLoader(_Strict, yaml.CSafeLoader):
    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute
