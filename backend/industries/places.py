"""Where customers live: US cities, each with a ZIP code and an area code that belong to it.

``places.csv`` was made on 2026-11-21 from the package ``zipcodes`` 3.0.0: active ZIP codes of the
kind STANDARD in the 50 states and the District of Columbia. A state has a row for every 1.5
million people and at least two (the District one), its cities with the most ZIP codes first;
Hilo, Bangor and Rutland stand in by hand for a naval base and two villages. A city's row is the
ZIP code in the middle of those that its most common area code of the state serves; 41 that belong
to a single building or firm gave way by hand to one where people live. ``weight`` is a state's
population in the 2020 census, in thousands, parted among its rows by their number of ZIP codes to
the power of 0.7.
"""

import csv
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from backend.domain.person import Place

_TABLE = Path(__file__).with_name("places.csv")


@dataclass(frozen=True, slots=True)
class Places:
    """All places of the table, with how often each is drawn."""

    places: tuple[Place, ...]
    weights: tuple[float, ...]


@cache
def all_places() -> Places:
    """Return the table of places, read once."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    places = tuple(
        Place(row["city"], row["state"], row["zip_code"], row["area_code"]) for row in rows
    )
    return Places(places, tuple(float(row["weight"]) for row in rows))


def places_of(drawn: Sequence[float]) -> tuple[Place, ...]:
    """Return the homes that uniform draws stand for, ``(n,)``."""
    places, edges = all_places().places, _edges()
    return tuple([places[bisect_right(edges, one * edges[-1])] for one in drawn])


@cache
def _edges() -> list[float]:
    return list(accumulate(all_places().weights))
