"""What movements draw together is what each would draw alone."""

import numpy as np

from backend.industries.banking.luck import Varying, luck_of
from backend.seeds import bits_each, customer_keys, exponential_of, normal, normal_of, uniform

KEYS = customer_keys([f"lucky-{number}" for number in range(9)], "test/1")
ROWS = np.array([0, 0, 3, 8])
PLACES = np.array([5, 6, 700_000, 2])
SIGMA = np.array([0.1, 0.5, 0.3, 0.0])
MONTHS = uniform(KEYS, "months", np.arange(4))
SPREAD = np.linspace(0.1, 0.9, len(KEYS))


def alone(label: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return normal(KEYS.take(ROWS), label, PLACES[:, None])[:, 0]


def test_every_amount_has_the_factor_that_it_draws_alone() -> None:
    first, none = Varying("a", ROWS, PLACES, SIGMA), Varying("b", ROWS[:0], PLACES[:0], SIGMA[:0])
    last = Varying("c", ROWS, PLACES, SIGMA)
    luck = luck_of(KEYS, ("words", ROWS, PLACES), (first, none, last), (MONTHS, SPREAD))
    assert np.array_equal(luck.words, bits_each(KEYS.take(ROWS), "words", PLACES))
    assert np.array_equal(luck.purchases, exponential_of(SIGMA * alone("a")))
    assert luck.bills.shape == (0,)
    assert np.array_equal(luck.pay, exponential_of(SIGMA * alone("c") - SIGMA * SIGMA / 2))
    cushions = exponential_of(SPREAD[:, None] * normal_of(MONTHS))
    assert np.array_equal(luck.cushions, cushions)
