"""Words: a customer's text to the stems that the vocabulary and a record are compared by."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

Stems: TypeAlias = tuple[str, ...]

_CLITIC: Final = re.compile(r"(?<=[a-z])'(?:s|re|ve|m|ll|d)\b")
_NUMBER_COMMA: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?(?:st|nd|rd|th)?|[a-z]+")
_SHORTEST_TYPO: Final = 5


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, curly quotes and endings like ``'s``."""
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u02bc", "'")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in text if not unicodedata.combining(character))
    text = text.casefold()
    return _NUMBER_COMMA.sub("", _CLITIC.sub("", text).replace("'", ""))


def stems(text: str) -> Stems:
    """Return the words of ``text``, each without its plural's ending; numbers as they stand."""
    return tuple(stem(word) for word in _WORD.findall(plain(text)))


def stem(word: str) -> str:
    """Return an English noun or verb without the ``s`` of its plural or third person."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - "gas", "yes", "was"
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "dies", "lies"
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def canonical(found: Stems, same: Mapping[Stems, str], longest: int) -> Stems:
    """Return stems with each phrase of ``same`` replaced by what it stands for, longest first."""
    made: list[str] = []
    at = 0
    while at < len(found):
        for size in range(min(longest, len(found) - at), 0, -1):
            meaning = same.get(found[at : at + size])
            if meaning is not None:
                made += meaning.split()
                at += size
                break
        else:
            made.append(found[at])
            at += 1
    return tuple(made)


def mend(word: str, known: frozenset[str]) -> str:
    """Return ``word``, or the one known word that differs from it by a slip of the finger.

    A slip is one letter more, less or other, or two neighbours swapped, in a word of five letters
    or more, its first letter being right. Two known words that near: it stays as it is.
    """
    if word in known or len(word) < _SHORTEST_TYPO or not word.isalpha():
        return word
    near = {other for other in _slips(word) if other in known and len(other) >= _SHORTEST_TYPO}
    return near.pop() if len(near) == 1 else word


def _slips(word: str) -> Iterable[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
