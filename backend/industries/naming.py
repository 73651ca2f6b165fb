"""What ids of records are made of, so that a customer's records are told from everybody else's."""

from typing import Final

from backend.seeds import Keys

# hexadecimal digits would do, but 16 of them can all be decimal, and then read as a card's number
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def key_names(keys: Keys) -> list[str]:
    """Return 16 letters for each customer: half of the key, which no other customer shares."""
    return [f"{high:016x}".translate(_LETTERS) for high in keys.high.tolist()]
