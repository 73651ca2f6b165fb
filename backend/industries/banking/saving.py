"""Savings month by month, in closed form: a saw-tooth in the months since they were last spent.

With ``p`` months since then, ``g`` a month's growth and ``s`` the standing transfer, a month begins
with base * g**p + s * (1 + g + ... + g**(p-1)), rounded to the cent. Interest is what is missing
between two months, and in the last month of the cycle all that was gained is spent.
"""

import math
from bisect import bisect_right
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life
from backend.industries.banking.timeline import Timeline
from backend.industries.segments import beside

# yields a year, in hundredths of a percent, own round figures; most accounts pay next to nothing
_YIELDS: Final = (5, 40, 175, 325, 410, 0)
_NO_YIELD: Final = len(_YIELDS) - 1
_LEAST_SPENT: Final = 500  # cents; interest that would come to less is not paid
_YIELD_EDGES: Final = (0.3, 0.55, 0.7, 0.88)
_A_YEAR: Final = 120_000  # hundredths of a percent, and months
_LONGEST: Final = 240
_SHORTEST: Final = 6
_LEFT: Final = 0.08  # of the middle stays when the rest is spent
_MOST_SAVED: Final = 1.84  # of the middle, in a whole cycle
_AT_BOTH_ENDS: Final = np.array([[[0]], [[1]]])  # of a month, whose end is the next one's place
_ONE: Final = np.array(1)


class Saved(NamedTuple):
    """Savings by month, ``(n, months)``; cents."""

    before: NDArray[np.int64]
    interest: NDArray[np.int64]
    spent: NDArray[np.int64]


def saved(clients: Clients, essential: NDArray[np.int64], told: Timeline) -> Saved:
    """Return the savings of customers whose essential spending is so many cents a month."""
    traits = clients.traits
    each = zip(
        traits.savings_months.tolist(),
        essential.tolist(),
        traits.transfer.tolist(),
        traits.savings_cycle.tolist(),
        clients.draws.of(Life.YIELD).tolist(),
        strict=True,
    )
    plans = np.array([_plan(*one) for one in each], dtype=np.int64)
    base, added, period, growth = [beside(one) for one in plans.reshape(-1, 4).T]
    place = (told.numbers[None, :-1] + beside(traits.savings_phase)) % period
    grown, filled = _growth().take(place + growth + _AT_BOTH_ENDS, axis=1)
    before, after = np.rint(grown * base + filled * added).astype(np.int64)
    return Saved(
        before=before,
        interest=after - before - added,
        spent=(after - base) * (place == period - _ONE),
    )


def _plan(
    months: float, essential: int, added: int, cycle: int, drawn: float
) -> tuple[int, int, int, int]:
    """Return what a cycle begins with, what is added and for how many months, and the growth.

    The last is where the columns of ``_growth`` begin.
    """
    middle = max(months * essential, 100.0)
    most = math.floor(_MOST_SAVED * middle / max(added, 1))
    period = max(min(cycle, most, _LONGEST), _SHORTEST)
    base = round(max(middle - added * period / 2, middle * _LEFT))
    yields = bisect_right(_YIELD_EDGES, drawn)
    if not added and base * _YIELDS[yields] * period < _LEAST_SPENT * _A_YEAR:
        yields = _NO_YIELD
    return base, added, period, yields * (_LONGEST + 1)


@cache
def _growth() -> NDArray[np.float64]:
    """Return g**p and 1 + g + ... + g**(p-1) for each yield and p, ``(2, yields * 241)``."""
    month = 1 + np.array(_YIELDS) / _A_YEAR
    powers = [np.ones(len(_YIELDS))]
    sums = [np.zeros(len(_YIELDS))]
    for _ in range(_LONGEST):
        sums.append(sums[-1] + powers[-1])
        powers.append(powers[-1] * month)
    return np.array([np.array(powers).T.ravel(), np.array(sums).T.ravel()])
