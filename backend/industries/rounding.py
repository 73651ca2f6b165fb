"""Figures to a mode's tables of signals, each rounded to its stated decimals, all at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backend.domain.signals import SignalDefinition, SignalMatrix, SignalTable

_NOTHING: Final = np.array(0.0)


class Sheet:
    """What *s* signals of *n* customers in *w* windows are made of, each ``(s, w, n)``.

    A signal is its ``part`` over its ``whole``, which is 1 before, and missing where that is not
    above 0.
    """

    __slots__ = ("_places", "part", "whole")

    def __init__(self, places: dict[str, int], windows: int, customers: int) -> None:
        shape = (len(places), windows, customers)
        self.part, self.whole = np.zeros((2, *shape))
        self.whole.fill(1.0)
        self._places = places

    def put(self, signal: str, part: ArrayLike, whole: ArrayLike | None = None) -> None:
        """Write a signal, ``(n,)`` where it is the same in all windows and else ``(w, n)``."""
        at = self._places[signal]
        self.part[at] = part
        if whole is not None:
            self.whole[at] = whole


class Rounding:
    """Makes tables of the signals that it was given, in their order."""

    def __init__(self, signals: Sequence[SignalDefinition]) -> None:
        self.places: Final = {signal.name: at for at, signal in enumerate(signals)}
        self._scale = np.array([[[10.0**signal.decimals]] for signal in signals])

    def sheet(self, windows: int, customers: int) -> Sheet:
        """Return an empty sheet."""
        return Sheet(self.places, windows, customers)

    def tables(self, sheet: Sheet, known: NDArray[np.bool_] | None = None) -> list[SignalTable]:
        """Return a table for each window of a sheet; a value that is not known is 0.

        Args:
            sheet: what the signals are made of.
            known: where they are not missing for another reason, ``(s, w, n)``.
        """
        whole = sheet.whole > _NOTHING
        known = whole if known is None else known & whole
        values = np.divide(sheet.part, sheet.whole, out=np.zeros(known.shape), where=known)
        values *= self._scale
        np.rint(values, out=values)
        values /= self._scale
        return [
            SignalMatrix(self.places, values[:, window], known[:, window])
            for window in range(values.shape[1])
        ]
