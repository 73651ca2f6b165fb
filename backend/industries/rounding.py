"""Columns of figures to a mode's table of signals, each rounded to its stated decimals."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from backend.domain.signals import Column, SignalDefinition, SignalTable

_NOTHING: Final = np.array(0.0)


class Rounding:
    """Makes tables of the signals that it was given, rounding all columns at once."""

    def __init__(self, signals: Sequence[SignalDefinition]) -> None:
        self._names = tuple(signal.name for signal in signals)
        self._scale = np.array([[10.0**signal.decimals] for signal in signals])

    def __call__(self, columns: Mapping[str, Column]) -> SignalTable:
        """Return the columns in the order of the definitions; a value that is not known is 0."""
        known = np.array([columns[name].known for name in self._names])
        values = np.array([columns[name].values for name in self._names])
        values = np.rint(np.where(known, values, _NOTHING) * self._scale) / self._scale
        return {name: Column(values[at], known[at]) for at, name in enumerate(self._names)}
