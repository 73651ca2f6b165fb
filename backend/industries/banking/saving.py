"""Savings month by month, in closed form: a saw-tooth in the months since they were last spent.

With ``p`` months since then, ``g`` a month's growth and ``s`` the standing transfer, a month begins
with base * g**p + s * (1 + g + ... + g**(p-1)), rounded to the cent. Interest is what is missing
between two months, and in the last month of the cycle all that was gained is spent.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.timeline import Timeline

# yields a year, in hundredths of a percent, own round figures; most accounts pay next to nothing
_YIELDS: Final = (5, 40, 175, 325, 410)
_YIELD_EDGES: Final = np.array([0.3, 0.55, 0.7, 0.88])
_LONGEST: Final = 240
_SHORTEST: Final = 6
_LEFT: Final = 0.08  # of the middle stays when the rest is spent
_MOST_SAVED: Final = 1.84  # of the middle, in a whole cycle


@dataclass(frozen=True, slots=True)
class Saved:
    """Savings by month, ``(n, months)``; cents."""

    before: NDArray[np.int64]
    interest: NDArray[np.int64]
    spent: NDArray[np.int64]


def saved(clients: Clients, essential: NDArray[np.int64], told: Timeline) -> Saved:
    """Return the savings of customers whose essential spending is so many cents a month."""
    traits = clients.traits
    middle = np.maximum(traits.savings_months * essential, 100.0)
    added = traits.transfer.astype(np.float64)
    most = np.floor(_MOST_SAVED * middle / np.maximum(added, 1.0))
    cycle = np.maximum(np.minimum(np.minimum(traits.savings_cycle, most), _LONGEST), _SHORTEST)
    base = np.rint(np.maximum(middle - added * cycle / 2, middle * _LEFT))
    months = told.month + traits.savings_phase[:, None] + np.arange(told.months)
    place = months % cycle.astype(np.int64)[:, None]
    kind = _YIELD_EDGES.searchsorted(clients.draws.of(Life.YIELD), side="right")
    # at the month's beginning and, by the next place, at its end
    both = np.array([place, place + 1])
    grown, filled = _growth()[:, kind[:, None], both]
    before, after = np.rint(base[:, None] * grown + added[:, None] * filled).astype(np.int64)
    last = both[1] == cycle[:, None]
    return Saved(
        before=before,
        interest=after - before - traits.transfer[:, None],
        spent=(after - base.astype(np.int64)[:, None]) * last,
    )


@cache
def _growth() -> NDArray[np.float64]:
    """Return g**p and 1 + g + ... + g**(p-1) for each yield and p, ``(2, yields, 241)``."""
    month = 1 + np.array(_YIELDS) / 120_000
    powers = [np.ones(len(_YIELDS))]
    sums = [np.zeros(len(_YIELDS))]
    for _ in range(_LONGEST):
        sums.append(sums[-1] + powers[-1])
        powers.append(powers[-1] * month)
    return np.array([np.array(powers).T, np.array(sums).T])
