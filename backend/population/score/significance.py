"""How likely a difference is by chance alone: the few distributions that the scorecard asks.

All are closed forms of textbooks: the chi-square distribution for whole degrees of freedom
(Abramowitz and Stegun, 26.4.4 and 26.4.5), Kolmogorov's limit of 1933 with Stephens' correction
of 1970, and Wilson's interval of 1927.
"""

import math
from statistics import NormalDist
from typing import Final

_Z_95: Final = NormalDist().inv_cdf(0.975)
_TERMS: Final = 100
_LAMBDA_OF_CERTAINTY: Final = 0.2  # below it the series loses its digits and the answer is 1


def chi_square_p(statistic: float, freedom: int) -> float:
    """Return how likely a chi-square of ``freedom`` degrees is to be ``statistic`` or more."""
    half = statistic / 2
    if freedom % 2:
        tail, term = math.erfc(math.sqrt(half)), math.sqrt(half) * math.exp(-half)
        term *= 2 / math.sqrt(math.pi)
        step = 1.5
    else:
        tail, term = math.exp(-half), math.exp(-half) * half
        step = 2.0
    for _ in range((freedom - 1) // 2):
        tail += term
        term *= half / step
        step += 1
    return min(tail, 1.0)


def normal_p(z: float) -> float:
    """Return how likely a standard normal number is to be ``z`` or more away from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def kolmogorov_p(distance: float, n: int) -> float:
    """Return how likely ``n`` draws of a distribution are to lie ``distance`` or more off it."""
    root = math.sqrt(n)
    lam = (root + 0.12 + 0.11 / root) * distance
    if lam < _LAMBDA_OF_CERTAINTY:
        return 1.0
    series: float = sum(
        (-1.0) ** (term - 1) * math.exp(-2 * (term * lam) ** 2) for term in range(1, _TERMS)
    )
    return min(max(2 * series, 0.0), 1.0)


def wilson_band(hits: float, n: int) -> tuple[float, float]:
    """Return the 95% confidence band of a share, as parts of 1."""
    share, square = hits / n, _Z_95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    spread = math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    half = _Z_95 / (1 + square / n) * spread
    return centre - half, centre + half


def mean_band(mean: float, deviation: float, n: int) -> tuple[float, float]:
    """Return the 95% confidence band of a mean."""
    half = _Z_95 * deviation / math.sqrt(n)
    return mean - half, mean + half
