"""People as columns: one entry a customer, in the order of their keys."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.seeds import Keys


@dataclass(frozen=True, slots=True)
class Place:
    """A US city with one of its ZIP codes and the area code of its telephones."""

    city: str
    state: str
    zip_code: str
    area_code: str


@dataclass(frozen=True, slots=True)
class People:
    """*n* people. Nothing here depends on the date that a life is told up to.

    ``birth`` holds proleptic Gregorian ordinals, ``income`` whole cents a year before tax.
    """

    keys: Keys
    given_name: tuple[str, ...]
    family_name: tuple[str, ...]
    birth: NDArray[np.int64]
    occupation: tuple[str, ...]
    income: NDArray[np.int64]
    street: tuple[str, ...]
    place: tuple[Place, ...]
    phone: tuple[str, ...]
    email: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)
