"""What chance decides of a customer once and for all, drawn at one go."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS
from backend.domain.person import People
from backend.industries.insurance.period import Period
from backend.industries.life import PERSON_DRAWS
from backend.seeds import Columns, Sheet, columns_of, uniforms, unit, words_of

MOST_VEHICLES: Final = 3
_KINDS: Final = len(POLICY_KINDS)


class Draws(NamedTuple):
    """Uniform draws of *n* customers, in the order of the sheet; a new one goes to the end.

    By kind of policy: whether it is ``held``, its ``start``, ``coverage``, ``premium``,
    ``deductible`` and ``number``. ``person`` are the person's own draws.
    """

    children: NDArray[np.float64]
    due_day: NDArray[np.float64]
    insurer: NDArray[np.float64]
    held: NDArray[np.float64]
    start: NDArray[np.float64]
    coverage: NDArray[np.float64]
    premium: NDArray[np.float64]
    deductible: NDArray[np.float64]
    options: NDArray[np.float64]
    home_value: NDArray[np.float64]
    prone: NDArray[np.float64]
    late: NDArray[np.float64]
    number: NDArray[np.float64]
    vehicle: NDArray[np.float64]
    person: NDArray[np.float64]


_SHEET: Final[Sheet] = (
    ("insurance/children", 4),
    ("insurance/due-day", 1),
    ("insurance/insurer", 1),
    ("insurance/held", _KINDS),
    ("insurance/start", _KINDS),
    ("insurance/coverage", _KINDS),
    ("insurance/premium", _KINDS),
    ("insurance/deductible", _KINDS),
    ("insurance/options", 2),
    ("insurance/home-value", 1),
    ("insurance/prone", 1),
    ("insurance/late", 1),
    ("insurance/number", _KINDS),
    ("insurance/vehicle", MOST_VEHICLES),
    PERSON_DRAWS,
)


def draw(people: People) -> Draws:
    """Return the draws of ``people`` that no date takes part in."""
    return Draws(*uniforms(people.keys, _SHEET))


def draw_dated(people: People, told: Period) -> tuple[Draws, NDArray[np.float64]]:
    """Return what ``draw`` does, and two draws for each month of premiums, ``(n, 2, months)``."""
    columns = _columns(told)
    drawn = unit(words_of(people.keys, columns))
    *undated, payments = [drawn[:, part] for part in columns.parts]
    return Draws(*undated), payments.reshape(len(people), 2, len(told.due_months))


@lru_cache(maxsize=64)
def _columns(told: Period) -> Columns:
    undated = [(label, np.arange(count)) for label, count in _SHEET]
    doubled = told.due_months * 2
    return columns_of([*undated, ("insurance/payment", np.concatenate([doubled, doubled + 1]))])
