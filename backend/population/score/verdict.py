"""From a sample and a target to a verdict: effect sizes decide, p-values stand beside.

With twenty thousand customers a p-value rejects differences that nobody would see. So a row is
green where the difference lies within the row's stated tolerance.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from backend.population.score.rows import Row, Target
from backend.population.score.samples import Figure, Fit, Mean, Sample, Share, Split
from backend.population.score.significance import (
    chi_square_p,
    kolmogorov_p,
    mean_band,
    normal_p,
    wilson_band,
)

Verdict: TypeAlias = Literal["green", "red", "not in this data"]
_PERCENT: Final = 100.0
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured for a row, beside one of its targets.

    ``value`` is in the row's unit, or the distance where the sample is a split or a fit;
    ``parts`` holds a split's shares in percent. ``off`` is how far it lies from the target, in
    what the row's tolerance is in; ``p`` is None where chance is no question.
    """

    target: Target
    value: float
    band: tuple[float, float] | None
    parts: Mapping[str, float] | None
    off: float
    p: float | None
    n: int | None


def compare(row: Row, sample: Sample) -> Finding:
    """Return the finding beside the nearest of the row's targets.

    Raises:
        TypeError: the row's target is no target for such a sample.
    """
    findings = [_beside(row, target, sample) for target in row.targets]
    return min(findings, key=lambda finding: finding.off)


def is_green(row: Row, finding: Finding) -> bool:
    """Return whether the finding lies within the row's tolerance."""
    return finding.off <= row.tolerance


def _beside(row: Row, target: Target, sample: Sample) -> Finding:
    match sample:
        case Share():
            return _share(row, target, sample)
        case Mean():
            return _mean(row, target, sample)
        case Figure():
            off = _off(row, target, sample.value)
            return Finding(target, sample.value, None, None, off, None, sample.n)
        case Split():
            return _split(row, target, sample)
        case Fit():
            p = kolmogorov_p(sample.distance, sample.n)
            return Finding(target, sample.distance, None, None, sample.distance, p, sample.n)


def _share(row: Row, target: Target, sample: Share) -> Finding:
    value = _PERCENT * sample.hits / sample.n
    low, high = wilson_band(sample.hits, sample.n)
    expected = target.nearest(value) / _PERCENT
    error = math.sqrt(expected * (1 - expected) / sample.n)
    p = normal_p((value / _PERCENT - expected) / error) if error else None
    band = (_PERCENT * low, _PERCENT * high)
    return Finding(target, value, band, None, _off(row, target, value), p, sample.n)


def _mean(row: Row, target: Target, sample: Mean) -> Finding:
    error = sample.deviation / math.sqrt(sample.n)
    p = normal_p((sample.value - target.nearest(sample.value)) / error) if error else None
    band = mean_band(sample.value, sample.deviation, sample.n)
    off = _off(row, target, sample.value)
    return Finding(target, sample.value, band, None, off, p, sample.n)


def _off(row: Row, target: Target, value: float) -> float:
    expected = target.nearest(value)
    off = abs(value - expected)
    return _PERCENT * off / abs(expected) if row.relative else off


def _split(row: Row, target: Target, sample: Split) -> Finding:
    if not target.shares:
        raise TypeError(f"{row.id}: a split is compared with shares, and the target has none")
    expected = _in_percent(target.shares)  # published shares are rounded: 100 is what they come to
    parts = _classed(_in_percent(sample.parts), expected)
    gaps = [abs(share - expected.get(name, 0.0)) for name, share in parts.items()]
    mad = row.test == "mean absolute deviation"
    off = sum(gaps) / len(gaps) if mad else sum(gaps) / 2
    p = None if sample.n is None else _chi_square(sample.n, parts, expected)
    return Finding(target, off, None, parts, off, p, sample.n)


def _in_percent(parts: Mapping[str, float]) -> dict[str, float]:
    whole = sum(parts.values())
    return {name: _PERCENT * part / whole for name, part in parts.items()}


def _classed(found: Mapping[str, float], expected: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of the expected classes; what is of none of them goes to ``other``."""
    parts = {name: found.get(name, 0.0) for name in expected}
    rest = sum(share for name, share in found.items() if name not in expected)
    return {**parts, _OTHER: parts.get(_OTHER, 0.0) + rest} if rest else parts


def _chi_square(n: int, parts: Mapping[str, float], expected: Mapping[str, float]) -> float:
    gaps = ((parts[name] - share) ** 2 / share for name, share in expected.items())
    return chi_square_p(n / _PERCENT * sum(gaps), len(expected) - 1)
