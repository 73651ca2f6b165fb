"""A customer's message as questions: its words, its manner of asking, its span of days."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend.llm.builtin.period import Period, find_period
from backend.llm.builtin.speech import NUMBER_WORDS, Kind
from backend.llm.builtin.vocabulary import Vocabulary, WordSet
from backend.llm.builtin.words import Stems, mend, plain, stems

MANNERS: Final = frozenset(
    {
        "@howmuch",
        "@howmany",
        "@when",
        "@where",
        "@who",
        "@time",
        "@list",
        "@have",
        "@recent",
        "@upcoming",
    }
)
"""Manners of asking: left over, they change no figure. Every other operation must be answered."""

_SENTENCE_END: Final = re.compile(r"[?!;\n]+|\.(?=\s|$)")
_WORDS: Final = 200
_MENDED_WORDS: Final = 40
"""Beyond these a sentence is no question of a customer: it is cut, or read as it stands."""
_YES_OR_NO: Final = re.compile(r"(?:do|does|did|have|has|is|are|am|was|were|any)\b")
_WHAT_FOR: Final = re.compile(r"what(?:s| is| are| was| were)\b")
"""How a question opens that asks for a reason by its last word: "what was my last visit for"."""
_ORDINALS: Final = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4}


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        content: words that an answer must account for, one by one.
        weak: words that may belong to a name ("number" in "account number") or say nothing.
        ops: operations and manners of asking.
        wanted: kinds of value that would answer it; empty when nothing was said.
        number: a number that was named, such as 3 in "last three".
    """

    text: str
    tokens: Stems
    content: WordSet
    weak: WordSet
    ops: WordSet
    wanted: frozenset[Kind]
    number: float | None
    rank: int | None
    period: Period | None

    @property
    def is_yes_or_no(self) -> bool:
        """Return whether the question wants a yes or a no first."""
        return _YES_OR_NO.match(plain(self.text)) is not None

    @property
    def hard(self) -> WordSet:
        """Return the operations that an answer may not leave out."""
        return self.ops - MANNERS


def sentences(message: str) -> list[str]:
    """Return the sentences of a message, without those that hold no word."""
    parts = (part.strip() for part in _SENTENCE_END.split(message))
    return [part for part in parts if any(character.isalnum() for character in part)]


def read_question(
    text: str, as_of: date, vocabulary: Vocabulary, known: WordSet, values: WordSet
) -> Question:
    """Return what ``text`` asks.

    ``known`` are the words that name something in the record, ``values`` those that stand in it:
    a word that is in neither, nor in the vocabulary, may be a slip of the finger.
    """
    found = stems(text)[:_WORDS]
    if len(found) <= _MENDED_WORDS:
        every = vocabulary.stems | known | values
        found = tuple(mend(word, every) for word in found)
    found, period = find_period(found, as_of)
    tokens = vocabulary.meaning(found)
    if tokens[-1:] == ("for",) and _WHAT_FOR.match(plain(text)):
        tokens = (*tokens[:-1], "@why")
    number, rank, tokens = _numbers(tokens, values)
    ops = frozenset(token for token in tokens if token.startswith("@"))
    if "@when" in ops:
        ops -= {
            "@will"
        }  # "when will I be paid" asks for a day on record, "will I be paid" does not
    words = [token for token in tokens if not token.startswith("@")]
    filler = vocabulary.filler
    if period is not None:
        ops |= {period.token}
    wanted: frozenset[Kind] = frozenset()
    for op in ops:
        wanted |= vocabulary.wants.get(op, frozenset())
    return Question(
        text=text,
        tokens=tokens,
        content=frozenset(word for word in words if word not in filler),
        weak=frozenset(word for word in words if word in filler) - vocabulary.stop,
        ops=ops,
        wanted=wanted,
        number=number,
        rank=rank,
        period=period,
    )


def _numbers(tokens: Stems, values: WordSet) -> tuple[float | None, int | None, Stems]:
    number: float | None = None
    rank: int | None = None
    rest = []
    for token in tokens:
        if token in values and not token.isalpha():
            rest.append(token)
        elif token in _ORDINALS:
            rank = _ORDINALS[token]
        elif token in NUMBER_WORDS[2:]:
            number = NUMBER_WORDS.index(token)
        elif token.replace(".", "", 1).isdigit() and len(token) < 10:  # noqa: PLR2004 - no figure of a question is longer
            number = float(token)
        else:
            rest.append(token)
    return number, rank, tuple(rest)
