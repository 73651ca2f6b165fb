"""Which shopper persona whose account is: by age and work, with the personas' weights kept.

Each customer's persona is drawn from a row of a table, P(persona | age band, work). The table is
fitted (iterative proportional fitting, Deming and Stephan 1940) so that its mixture over the
shares of ``ages.yaml`` gives the personas' weights exactly: who fits a persona gets it more often,
and the shares of the whole are the stated ones. Nobody's draw depends on another customer.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.fact import Fact
from backend.domain.person import People
from backend.industries.life import ages_at_anchor, sector_of
from backend.industries.retail.reading import FOLDER, WORK, ShopperPersona, Work, parsed
from backend.yamlfile import read_yaml

_OLDEST: Final = 81
_MISFIT: Final = 0.004
_ROUNDS: Final = 200


class AgeTable(Fact):
    """``ages.yaml``: parts of 10,000 by work and age band; incomes in dollars a year."""

    from_age: tuple[int, ...]
    income_edges: tuple[int, int]
    manual_sectors: tuple[str, ...]
    shares: dict[Work, tuple[int, ...]]


@cache
def age_table() -> AgeTable:
    """Return the table of ages, read once."""
    return parsed(read_yaml(FOLDER / "ages.yaml"), AgeTable)


def cells_of(people: People) -> list[int]:
    """Return each customer's cell: age band times the number of works, plus work."""
    table = age_table()
    edges, (low, high) = table.from_age[1:], (edge * 100 for edge in table.income_edges)
    each = zip(ages_at_anchor(people), people.occupation, people.income.tolist(), strict=True)
    return [
        bisect_right(edges, age) * len(WORK) + _work(sector_of(title), income, low, high)
        for age, title, income in each
    ]


@cache
def _manual() -> frozenset[str]:
    return frozenset(age_table().manual_sectors)


def _work(sector: str, income: int, low: int, high: int) -> int:
    if sector == "retired":
        return 0
    if income < low:
        return 1
    return 2 if sector in _manual() else 3 + (income >= high)


def persona_edges(personas: Mapping[str, ShopperPersona]) -> NDArray[np.float64]:
    """Return the running sums of P(persona | cell), ``(cells, personas)``."""
    shares = _cell_shares(age_table())
    weights = [persona.weight for persona in personas.values()]
    # cells that hold next to nobody are filled all the same, for the few who might be there
    rows = [[_fit(persona, cell) for persona in personas.values()] for cell in range(len(shares))]
    for _ in range(_ROUNDS):
        for at, weight in enumerate(weights):
            total = fsum(row[at] for row in rows)
            for row in rows:
                row[at] *= weight / total
        for row, share in zip(rows, shares, strict=True):
            total = fsum(row)
            row[:] = [part * share / total for part in row]
    return np.array([_running(row) for row in rows])


def _cell_shares(table: AgeTable) -> Sequence[float]:
    counts = [max(table.shares[w][band], 1e-3) for band in range(len(table.from_age)) for w in WORK]
    return [count / fsum(counts) for count in counts]


def _fit(persona: ShopperPersona, cell: int) -> float:
    band, work = divmod(cell, len(WORK))
    ages = (*age_table().from_age, _OLDEST)
    least, most = persona.demographics.account_holder_age or persona.demographics.age_range
    inside = min(most, ages[band + 1]) - max(least, ages[band])
    overlap = max(inside, 0.0) / (ages[band + 1] - ages[band])
    return max(overlap, _MISFIT) * (1.0 if WORK[work] in persona.demographics.work else _MISFIT)


def _running(row: Sequence[float]) -> list[float]:
    total = fsum(row)
    edges = [fsum(row[: at + 1]) / total for at in range(len(row))]
    return [*edges[:-1], 1.0]
