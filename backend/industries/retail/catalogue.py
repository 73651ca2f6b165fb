"""Departments, classes and shopper personas as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.fact import Fact
from backend.domain.ledger import Purpose
from backend.industries.retail.assignment import persona_edges
from backend.industries.retail.reading import (
    FOLDER,
    Hierarchy,
    ShopperPersona,
    parsed,
    read_hierarchy,
    read_personas,
)
from backend.industries.retail.season import chain, month_shares
from backend.seeds import exponential_of, normal_of
from backend.yamlfile import read_yaml

LANE: Final = 1 << 16
MONTHS: Final = 12
STRIDE: Final = 256
FROM_LIST: Final = 52_429
"""Of 65,536: the 80% of lines whose class comes from the persona's own list."""

MEAN_QUANTITY: Final = 1.24
_VALUE_SIGMA: Final = 0.36
_PRICE_SIGMA: Final = 0.22
_MOST_IN_SEASON: Final = 0.9


class Prices(Fact):
    """``prices.yaml``."""

    otherwise: int
    departments: dict[str, int]
    words: dict[str, float]
    no_returns: tuple[str, ...]
    months: dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Departments and classes in the hierarchy's order; the classes of a department together.

    ``price`` is a class's usual price in cents, ``(c,)``; ``department``, ``(c,)``, is where it
    stands; ``start`` and ``count`` are a department's first class and how many it has.
    """

    departments: tuple[str, ...]
    classes: tuple[str, ...]
    department: NDArray[np.int64]
    price: NDArray[np.int64]
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    returnable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tastes:
    """What shoppers of each of *p* personas buy.

    ``department_edges`` holds, flat, the running sums of department shares for persona and
    month in parts of ``LANE``, raised by ``LANE`` from one to the next, so that one search finds
    a persona's department in a month; ``departments_at`` holds what the search finds for each
    ``STRIDE`` numbers in a row, -1 where they are not all of one department. For each of these
    departments, ``(p * 12 * d,)``, ``own_start`` and ``own_count`` say where the persona's classes
    are in ``own``, ``start`` and ``count`` which are all the department's. ``line_cost`` is a
    line's usual amount in cents.
    """

    department_edges: NDArray[np.int64]
    departments_at: NDArray[np.int64]
    own: NDArray[np.int64]
    own_start: NDArray[np.int64]
    own_count: NDArray[np.int64]
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    line_cost: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables of the mode.

    ``edges`` are the running sums of the personas' shares for each cell of age and work, and
    ``edge_rows`` the same as lists. ``ranges``, ``(p, 6, 2)``, holds for each persona the least
    and the most of order value (in cents), orders a month, items an order, return rate, and
    shares bought online and by card; ``widths`` what lies between them.
    ``value_steps`` and ``price_steps`` are log-normal factors with the mean 1, a quantile each.
    """

    personas: tuple[str, ...]
    shelves: Shelves
    tastes: Tastes
    edges: NDArray[np.float64]
    edge_rows: list[list[float]]
    ranges: NDArray[np.float64]
    widths: NDArray[np.float64]
    lapse_share: NDArray[np.float64]
    value_steps: NDArray[np.float64]
    price_steps: NDArray[np.float64]
    purposes: tuple[Purpose, ...]


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the mode's own files.

    Raises:
        ConfigurationError: a file is not what it should be; the sentence names file and line.
    """
    hierarchy = read_hierarchy()
    return make_catalogue(hierarchy, read_personas(hierarchy))


def make_catalogue(hierarchy: Hierarchy, personas: Mapping[str, ShopperPersona]) -> Catalogue:
    """Return the catalogue of a hierarchy and of personas that were checked against it."""
    prices = parsed(read_yaml(FOLDER / "prices.yaml"), Prices)
    edges = persona_edges(personas)
    ranges = np.array([_ranges(persona) for persona in personas.values()], dtype=np.float64)
    shelves = _shelves(hierarchy, prices)
    return Catalogue(
        personas=tuple(personas),
        shelves=shelves,
        tastes=_tastes(personas, shelves, prices),
        edges=edges,
        edge_rows=edges.tolist(),
        ranges=ranges,
        widths=ranges[:, :, 1] - ranges[:, :, 0],
        lapse_share=np.array([p.spending_profile.lapse_share for p in personas.values()]),
        value_steps=_factors(4096, _VALUE_SIGMA),
        price_steps=_factors(256, _PRICE_SIGMA),
        purposes=tuple(Purpose(**line.model_dump()) for line in chain().purposes),
    )


def _shelves(hierarchy: Hierarchy, prices: Prices) -> Shelves:
    departments = tuple(hierarchy.departments)
    held = list(hierarchy.departments.values())
    count = np.array([len(classes) for classes in held])
    price = [
        _price(prices, department, name)
        for department, classes in hierarchy.departments.items()
        for name in classes
    ]
    return Shelves(
        departments=departments,
        classes=tuple(name for classes in held for name in classes),
        department=np.arange(len(departments)).repeat(count),
        price=np.array(price),
        start=count.cumsum() - count,
        count=count,
        returnable=np.array([name not in prices.no_returns for name in departments]),
    )


def _price(prices: Prices, department: str, name: str) -> int:
    cents = float(prices.departments.get(department, prices.otherwise))
    for word in name.split():
        cents *= prices.words.get(word, 1.0)
    return round(cents)


def _ranges(persona: ShopperPersona) -> list[tuple[float, float]]:
    profile, (least, most) = persona.spending_profile, persona.order_value
    return [
        (least * 100, most * 100), persona.orders_per_month, profile.items_per_order,
        profile.return_rate, profile.online_share, profile.card_share,
    ]  # fmt: skip


def _tastes(personas: Mapping[str, ShopperPersona], shelves: Shelves, prices: Prices) -> Tastes:
    own: list[int] = []
    places: list[list[tuple[int, int]]] = []
    costs: list[float] = []
    for persona in personas.values():
        lists = [_own_classes(persona, shelves, code) for code in range(len(shelves.departments))]
        starts = np.cumsum([len(own), *map(len, lists)]).tolist()
        places.append([(start, len(held)) for start, held in zip(starts, lists, strict=False)])
        costs.append(_line_cost(persona, shelves, lists))
        own += [product for held in lists for product in held]
    table, edges = np.array(places), _department_edges(personas, shelves, prices)
    strides = np.arange(0, len(personas) * MONTHS * LANE, STRIDE)
    first, last = (edges.searchsorted(strides + at, side="right") for at in (0, STRIDE - 1))
    return Tastes(
        department_edges=edges,
        departments_at=np.where(first == last, first, -1),
        own=np.array(own),
        own_start=table[:, :, 0].repeat(MONTHS, axis=0).ravel(),
        own_count=table[:, :, 1].repeat(MONTHS, axis=0).ravel(),
        start=np.tile(shelves.start, len(personas) * MONTHS),
        count=np.tile(shelves.count, len(personas) * MONTHS),
        line_cost=np.array(costs),
    )


def _own_classes(persona: ShopperPersona, shelves: Shelves, department: int) -> list[int]:
    start, count = int(shelves.start[department]), int(shelves.count[department])
    names = persona.class_preferences.get(shelves.departments[department])
    every = range(start, start + count)
    return [at for at in every if names is None or shelves.classes[at] in names]


def _line_cost(persona: ShopperPersona, shelves: Shelves, lists: list[list[int]]) -> float:
    price = shelves.price.tolist()
    parts = []
    for name, share in persona.department_preferences.items():
        at = shelves.departments.index(name)
        every = range(int(shelves.start[at]), int(shelves.start[at] + shelves.count[at]))
        listed, whole = (fsum(price[c] for c in held) / len(held) for held in (lists[at], every))
        parts.append(share * (0.8 * listed + 0.2 * whole))
    return fsum(parts) * MEAN_QUANTITY


def _department_edges(
    personas: Mapping[str, ShopperPersona], shelves: Shelves, prices: Prices
) -> NDArray[np.int64]:
    edges: list[int] = []
    for persona in personas.values():
        shares = [persona.department_preferences.get(name, 0.0) for name in shelves.departments]
        for month in range(MONTHS):
            floor = len(edges) // len(shares) * LANE
            now = _in_season(shares, shelves, prices, month)
            upto = [round(fsum(now[: at + 1]) / fsum(now) * LANE) for at in range(len(now))]
            edges += [floor + edge for edge in upto]
    return np.array(edges)


def _in_season(shares: list[float], shelves: Shelves, prices: Prices, month: int) -> list[float]:
    """Return department shares in a month; over a year of orders they come to ``shares``."""
    factors = {name: months[month] / _mean(months) for name, months in prices.months.items()}
    pairs = list(zip(shelves.departments, shares, strict=True))
    steady = fsum(share for name, share in pairs if name not in factors)
    seasonal = fsum(share * factors.get(name, 0.0) for name, share in pairs)
    if steady == 0 or steady == fsum(shares):
        return shares
    damped = min(1.0, _MOST_IN_SEASON / seasonal) if seasonal else 1.0
    rest = (1 - seasonal * damped) / steady
    return [share * (factors[name] * damped if name in factors else rest) for name, share in pairs]


def _mean(months: tuple[float, ...]) -> float:
    return fsum(m * share for m, share in zip(months, month_shares(), strict=True))


def _factors(steps: int, sigma: float) -> NDArray[np.float64]:
    quantiles = (np.arange(steps) + 0.5) / steps
    return exponential_of(sigma * normal_of(quantiles) - sigma * sigma / 2)
