"""Orders' numbers as customers read them.

Ten digits would have two orders of ten thousand customers share one. Letters that read as digits,
and vowels, which make words, are left out.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_ALPHABET: Final = "0123456789BCDFGHJKLMNPQRSTVWXZ"
_PLACES: Final = 10
_WORTH: Final = np.array([len(_ALPHABET) ** place for place in reversed(range(_PLACES))])
NUMBERS: Final = len(_ALPHABET) ** _PLACES
"""How many numbers there are."""


def order_ids(numbers: NDArray[np.int64]) -> list[str]:
    """Return orders' numbers as text, ``BM`` and ten letters or digits each."""
    letters = np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)
    text = letters[numbers[:, None] // _WORTH % len(_ALPHABET)].tobytes().decode()
    return [f"BM{text[start : start + _PLACES]}" for start in range(0, len(text), _PLACES)]
