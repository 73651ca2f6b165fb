"""Values that stand in a list, and the words by which customers ask for them."""

import re
from typing import Final

from backend.llm.builtin.question import Question
from backend.llm.builtin.record import Table
from backend.llm.builtin.vocabulary import Vocabulary, WordSet

_PREFIX: Final = 6
_NAME: Final = frozenset({"name"})
_JOINED: Final = re.compile(r"\b(?:and|or|plus)\b|[,&]")


def values_asked(
    question: Question, table: Table, explained: WordSet, vocabulary: Vocabulary
) -> tuple[dict[str, WordSet], WordSet] | None:
    """Return the values asked for; None where a word is neither one nor explained."""
    chosen: dict[str, WordSet] = {}
    words: set[str] = set()
    present = table.held_words
    for word in sorted(question.content):
        known = known_value(word, table)
        near = None if word in vocabulary.elsewhere - present else _near(word, present)
        if known is not None:
            column, value = known
            chosen[column] = chosen.get(column, frozenset()) | {value}
        elif word in explained | _NAME:
            continue
        elif near is not None:
            words.add(near)
        elif question.period is not None and any(word in kind for kind in table.kinds_known):
            words.add(word)
        else:
            return None
    joined = _JOINED.search(question.text.casefold()) is not None
    if joined and table.sayings.summed is not None:
        _join(chosen, words, table)
    mixed = len(sorts_named(frozenset(words), table)) > 1
    if mixed and not joined:
        return None  # "pet insurance" is neither all of pets nor all of insurance
    return chosen, frozenset(words)


def _join(chosen: dict[str, WordSet], words: set[str], table: Table) -> None:
    """Take words as further values beside those of a column: "groceries and gas"."""
    for column, values in list(chosen.items()):
        for word in sorted(words):
            pairs = zip(table.rows, table.row_words, strict=True)
            found = frozenset(str(row.get(column)) for row, held in pairs if word in held)
            if found - values:
                chosen[column] |= found
                words.discard(word)


def sorts_named(words: WordSet, table: Table) -> tuple[WordSet, ...]:
    """Return the words that name sorts of rows: all together if they may name one, else each."""
    named = frozenset(word for word in words if any(word in kind for kind in table.kinds_known))
    if not named:
        return ()
    if any(named <= kind for kind in table.kinds_known):
        return (named,)
    return tuple(frozenset({word}) for word in sorted(named))


def known_value(word: str, table: Table) -> tuple[str, str] | None:
    """Return the column and the value that a word of the vocabulary asks for in this list."""
    for column, values in table.sayings.values.items():
        for value, said in values.items():
            if word in said:
                return column, value
    return None


def _near(word: str, present: WordSet) -> str | None:
    if word in present:
        return word
    if len(word) <= _PREFIX:
        return None
    # "cardiologist" asks for "cardiology"
    alike = sorted(other for other in present if _same_root(word, other))
    return alike[0] if alike else None


def _same_root(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    same = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return same >= _PREFIX and same >= shorter - 2
