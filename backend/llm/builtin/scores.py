"""How well a question's words and a name fit each other."""

from collections.abc import Sequence
from typing import Final

from backend.llm.builtin.vocabulary import WordSet

CONTENT: Final = 1.0
OPERATION: Final = 0.6
KIND_FITS: Final = 0.45
"""Added where the manner of asking ("when") and the kind of value (a date) agree."""
_MISSING: Final = 0.35
_OVER: Final = 0.1
_OVER_MOST: Final = 0.3


def name_score(name: WordSet, said: WordSet) -> float:
    """Return how well one name explains what was said; 0 where it shares no plain word."""
    hit = name & said
    if not any(not word.startswith("@") for word in hit) and hit != name:
        return 0.0
    return names_score((name,), said)


def names_score(names: Sequence[WordSet], said: WordSet) -> float:
    """Return the weight of the words that the names explain, each counted once."""
    union = frozenset[str]().union(*names)
    over = sum(CONTENT for word in said - union if not word.startswith("@"))
    missing = sum(weight(word) for name in names for word in name - said)
    return sum(map(weight, union & said)) - _MISSING * missing - min(_OVER * over, _OVER_MOST)


def weight(word: str) -> float:
    """Return what a word counts: an operation less than a word with a meaning of its own."""
    return OPERATION if word.startswith("@") else CONTENT
