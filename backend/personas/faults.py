"""What is wrong with a file, all of it: a reader goes on after an error, and the end raises."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from backend.errors import ConfigurationError
from backend.personas.reading import Part

T = TypeVar("T")


class RulebookError(ConfigurationError):
    """A file is no rulebook; the message is the first of its ``sentences``.

    Args:
        sentences: what is wrong, one place each, with file and line; at least one.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(sentences[0])
        self.sentences = tuple(sentences)


class Faults:
    """Collects the errors of one file."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, error: ConfigurationError) -> None:
        """Note an error."""
        self._found += error.sentences if isinstance(error, RulebookError) else (str(error),)

    def take(self, otherwise: T, read: Callable[[Part], T], part: Part) -> T:
        """Return what ``read`` makes of a part; ``otherwise``, with a note, where it raises."""
        try:
            return read(part)
        except ConfigurationError as error:
            self.add(error)
            return otherwise

    def raise_them(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            RulebookError: something was found.
        """
        if self._found:
            raise RulebookError(tuple(dict.fromkeys(self._found)))


class Section:
    """A mapping of a file, read key by key, with every error noted.

    Args:
        part: where it stands.
        required: keys that it must have.
        optional: keys that it may have.
        faults: where its errors go.
        elsewhere: keys that belong to another place, with the sentence for them.
    """

    def __init__(
        self,
        part: Part,
        required: Sequence[str],
        optional: Sequence[str],
        faults: Faults,
        elsewhere: Mapping[str, str] | None = None,
    ) -> None:
        self._part, self._faults = part, faults
        for error in part.key_errors(required, optional, elsewhere or {}):
            faults.add(error)

    def __contains__(self, key: str) -> bool:
        return isinstance(self._part.value, dict) and key in self._part.value

    def take(self, key: str, otherwise: T, read: Callable[[Part], T]) -> T:
        """Return what ``read`` makes of the part at ``key``, ``otherwise`` where it can not be."""
        if key not in self:
            return otherwise
        return self._faults.take(otherwise, read, self._part.at(key))
