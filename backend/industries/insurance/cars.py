"""The cars of a household: of which type and model year they are, and what they are worth."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.industries.insurance.draws import MOST_VEHICLES
from backend.industries.insurance.rates import rates
from backend.seeds import Keys, Sheet, choice_of, on_curve, uniforms

_BOUGHT: Final[Sheet] = (("insurance/vehicle-bought", 2 * MOST_VEHICLES),)
_KEPT_YEARS, _MODEL_YEARS_WHEN_BOUGHT = np.array(12), np.array(10)
_OLDEST: Final = 21
_FIRST_ELECTRIC: Final = 2012
_CENTS: Final = 100


def types_of(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return each car's type, as a position in the book's, ``(n, MOST_VEHICLES)``."""
    return choice_of(drawn, rates().vehicle_weights)


def model_years(keys: Keys, types: NDArray[np.int64], year: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the model year of the car that stands at each place in a year.

    A household replaces a car every twelve years by one of its type, new or used.

    Args:
        keys: the customers, ``(m,)``.
        types: as ``types_of`` has them, ``(m, MOST_VEHICLES)``.
        year: the calendar year that is looked at, ``(m,)``.
    """
    (bought,) = uniforms(keys, _BOUGHT)
    turned = (bought[:, :MOST_VEHICLES] * _KEPT_YEARS).astype(np.int64)
    used = (bought[:, MOST_VEHICLES:] * _MODEL_YEARS_WHEN_BOUGHT).astype(np.int64)
    year = year[:, None]
    model = year - (year - turned) % _KEPT_YEARS - used
    models: NDArray[np.int64] = np.maximum(model, _is_electric()[types] * _FIRST_ELECTRIC)
    return models


def worth(age: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what cars in a usual condition are worth in whole cents, by age in model years."""
    return _worth_by_age()[np.minimum(age, _OLDEST)]


@cache
def _is_electric() -> NDArray[np.bool_]:
    return np.array([vehicle.type == "electric car" for vehicle in rates().book.vehicles])


@cache
def _worth_by_age() -> NDArray[np.int64]:
    told = rates().book.worth
    years = np.arange(_OLDEST + 1).astype(np.float64)
    dollars = on_curve(years, tuple(map(float, told)), tuple(map(float, told.values())))
    return np.rint(dollars).astype(np.int64) * _CENTS
