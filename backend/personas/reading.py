"""One part of a YAML document, read with errors that say file, line, what was expected and came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from backend.errors import ConfigurationError
from backend.yamlfile import KeyPath, YamlDocument

_SHOWN: Final = 60

Option = TypeVar("Option", bound=str)


@dataclass(frozen=True, slots=True)
class Part:
    """The ``value`` that stands at ``path`` of a document."""

    document: YamlDocument
    path: KeyPath
    value: Any

    @property
    def line(self) -> int:
        """Return the line on which the part begins."""
        return self.document.lines.get(self.path, 1)

    def error(self, sentence: str) -> ConfigurationError:
        """Return an error that names this part's file and line."""
        return ConfigurationError(f"{self.document.where(self.path)}: {sentence}")

    def unlike(self, expected: str) -> ConfigurationError:
        """Return the error for a value that is not what was expected."""
        return self.error(f"{self._label()} must be {expected}, but it is {_shown(self.value)}")

    def entries(self, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, "Part"]:
        """Return the parts of a mapping by key.

        Raises:
            ConfigurationError: it is no mapping, a required key is missing, or a key is neither
                required nor optional.
        """
        for error in self.key_errors(required, optional, {}):
            raise error
        return {key: self.at(key) for key in self.value}

    def key_errors(
        self, required: Sequence[str], optional: Sequence[str], elsewhere: Mapping[str, str]
    ) -> Iterator[ConfigurationError]:
        """Yield what is wrong with a mapping's keys.

        Args:
            required: keys that it must have.
            optional: keys that it may have.
            elsewhere: keys that belong to another place, with the sentence for them.
        """
        if not isinstance(self.value, dict):
            yield self.unlike("a mapping")
            return
        known = (*required, *optional)
        for key in self.value:
            if key not in known:
                unknown = f"the key {key!r} is not known here; expected {_listed(known)}"
                yield self.at(key).error(elsewhere.get(key, unknown))
        for key in required:
            if key not in self.value:
                yield self.error(f"{self._label()} lacks the key {key!r}")

    def items(self) -> list["Part"]:
        """Return the parts of a list.

        Raises:
            ConfigurationError: it is no list, or empty.
        """
        if not isinstance(self.value, list) or not self.value:
            raise self.unlike("a list with at least one entry")
        return [self.at(position) for position in range(len(self.value))]

    def text(self) -> str:
        """Return a text without the blanks around it.

        Raises:
            ConfigurationError: it is no text, or empty.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.unlike("text")
        return self.value.strip()

    def whole(self) -> int:
        """Return a whole number from 1.

        Raises:
            ConfigurationError: it is anything else.
        """
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 1:
            raise self.unlike("a whole number from 1")
        return self.value

    def number(self) -> float:
        """Return a finite number; YAML's reader has let no other through.

        Raises:
            ConfigurationError: it is no number.
        """
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.unlike("a finite number")
        return float(self.value)

    def one_of(self, options: Sequence[Option]) -> Option:
        """Return the option that stands here.

        Raises:
            ConfigurationError: none of them does.
        """
        for option in options:
            if option == self.value:
                return option
        raise self.unlike(f"one of {', '.join(options)}")

    def at(self, key: str | int) -> "Part":
        """Return the part under a key or position that is there."""
        return Part(self.document, (*self.path, key), self.value[key])

    def _label(self) -> str:
        named = [key for key in self.path if isinstance(key, str)]
        if not named:
            return "the file"
        return named[-1] if isinstance(self.path[-1], str) else f"an entry of {named[-1]}"


def _listed(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
