"""``rates.yaml``, read once: what policies consist of, and what a premium depends on."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from backend.domain.cover import POLICY_KINDS, PolicyKind
from backend.domain.fact import Fact
from backend.domain.person import Place
from backend.industries.insurance.catalogue import read_sheet


class Coverage(Fact):
    """One coverage of a kind of policy, by ACORD's code; dollars, or a part of the limit."""

    code: str
    name: str
    limit_pct: int | None = None
    limit: int | None = None
    deductible: bool = False
    rate: int = Field(gt=0)


class Vehicle(Fact):
    """A type of car: how common, and its premium against an average car's."""

    type: str
    weight: float = Field(gt=0)
    factor: float = Field(gt=0)


class RateBook(Fact):
    """``rates.yaml`` as it stands."""

    coverages: dict[PolicyKind, tuple[Coverage, ...]]
    vehicles: tuple[Vehicle, ...]
    worth: dict[int, int]
    territories: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates as arrays and numbers.

    Coverages stand in one line, by kind: ``first`` is each kind's first, ``(kinds + 1,)``.
    ``limit`` is in cents, -1 where it is what a car is worth, and ``limit_pct`` 0 where it is
    an amount; ``rate`` is in whole dollars, or parts. Of a car's, ``collision_rate`` and
    ``comprehensive_rate`` are what the optional covers cost in dollars a year, and
    ``liability_rate`` those that nobody can leave out.
    """

    book: RateBook
    coverages: tuple[Coverage, ...]
    first: NDArray[np.int64]
    limit_pct: NDArray[np.int64]
    limit: NDArray[np.int64]
    deductible: NDArray[np.bool_]
    rate: NDArray[np.int64]
    collision: int
    comprehensive: int
    liability_rate: int
    collision_rate: int
    comprehensive_rate: int
    vehicle_weights: tuple[float, ...]
    vehicle_factor: NDArray[np.float64]


@cache
def rates() -> Rates:
    """Return the rates.

    Raises:
        ConfigurationError: the file is not what it should be; the sentence names file and line.
    """
    book = read_sheet("rates.yaml", RateBook)
    listed = [book.coverages[kind] for kind in POLICY_KINDS]
    every = tuple(coverage for of_kind in listed for coverage in of_kind)
    codes = [coverage.code for coverage in every]
    cars = {coverage.code: coverage.rate for coverage in book.coverages["auto"]}
    return Rates(
        book=book,
        coverages=every,
        first=np.cumsum([0, *(len(of_kind) for of_kind in listed)]),
        limit_pct=np.array([coverage.limit_pct or 0 for coverage in every]),
        limit=np.array([-1 if c.limit is None else c.limit * 100 for c in every]),
        deductible=np.array([coverage.deductible for coverage in every]),
        rate=np.array([coverage.rate for coverage in every]),
        collision=codes.index("COLL"),
        comprehensive=codes.index("COMP"),
        liability_rate=sum(cars.values()) - cars["COLL"] - cars["COMP"],
        collision_rate=cars["COLL"],
        comprehensive_rate=cars["COMP"],
        vehicle_weights=tuple(vehicle.weight for vehicle in book.vehicles),
        vehicle_factor=np.array([vehicle.factor for vehicle in book.vehicles]),
    )


def territory(places: tuple[Place, ...]) -> NDArray[np.float64]:
    """Return what homes' states make of auto, home and other premiums, ``(n, 3)``.

    1 is the country, which others do not depend on.
    """
    known, plain = rates().book.territories, (1.0, 1.0)
    return np.array([(*known.get(place.state, plain), 1.0) for place in places])
