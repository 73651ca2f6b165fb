"""What is drawn for each movement by itself, for all kinds of movements at once."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.seeds import Keys, Words, exponential_of, normal_of, unit, words_each

_HALF: Final = np.array(0.5)


class Varying(NamedTuple):
    """*m* amounts that vary: whose, drawn by which label and index, and how far, ``(m,)`` each.

    ``place`` is the index, ``sigma`` is that of the amount's logarithm.
    """

    label: str
    row: NDArray[np.int64]
    place: NDArray[np.int64]
    sigma: NDArray[np.float64]


class Luck(NamedTuple):
    """By what factors amounts differ from their medians, and the words that purchases draw.

    ``cushions`` is by customer and month; ``pay`` differs from the mean instead.
    """

    words: Words
    purchases: NDArray[np.float64]
    bills: NDArray[np.float64]
    pay: NDArray[np.float64]
    cushions: NDArray[np.float64]


def luck_of(
    keys: Keys,
    words: tuple[str, NDArray[np.int64], NDArray[np.int64]],
    amounts: tuple[Varying, Varying, Varying],
    cushions: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Luck:
    """Return what is drawn for the movements of all customers.

    Args:
        keys: the customers'.
        words: label, rows and indices of the words that purchases draw.
        amounts: of purchases, of bills, and of pay.
        cushions: a uniform draw of each customer and month, and a sigma of each customer.
    """
    bought, bills, pay = amounts
    drawn = words_each(keys, [words, *(one[:3] for one in amounts)])
    chosen = len(words[1])
    months, spread = cushions
    every = np.concatenate([unit(drawn[chosen:]), months.ravel()])
    sigma = [one.sigma for one in amounts]
    power = normal_of(every) * np.concatenate([*sigma, spread.repeat(months.shape[1])])
    first, second = len(bought.row), len(bought.row) + len(bills.row)
    third = second + len(pay.row)
    if third > second:
        # the mean of e to the power of a normal number lies above its median by as much
        power[second:third] -= pay.sigma * pay.sigma * _HALF
    factor = exponential_of(power)
    return Luck(
        drawn[:chosen],
        factor[:first],
        factor[first:second],
        factor[second:third],
        factor[third:].reshape(months.shape),
    )
