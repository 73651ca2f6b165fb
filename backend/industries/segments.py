"""Rows that belong to customers: customer *i* owns rows ``offsets[i]`` to ``offsets[i + 1]``."""

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import Column


def offsets_of(owners: NDArray[np.int64], customers: int) -> NDArray[np.int64]:
    """Return the offsets ``(customers + 1,)`` of rows with ascending ``owners``."""
    return owners.searchsorted(np.arange(customers + 1))


def owners_of(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each row's customer."""
    return np.arange(len(offsets) - 1).repeat(offsets[1:] - offsets[:-1])


def sums(
    values: NDArray[np.int64] | NDArray[np.bool_], offsets: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return each customer's sum of integers, or count of truths: 0 without rows.

    Several columns at once, ``(k, rows)``, give ``(k, customers)``.
    """
    running = np.zeros((*values.shape[:-1], values.shape[-1] + 1), dtype=np.int64)
    values.cumsum(axis=-1, out=running[..., 1:])
    return running[..., offsets[1:]] - running[..., offsets[:-1]]


def largest(values: NDArray[np.int64], offsets: NDArray[np.int64], empty: int) -> NDArray[np.int64]:
    """Return each customer's largest value, or ``empty`` without rows."""
    found = np.full(len(offsets) - 1, empty, dtype=np.int64)
    held = offsets[1:] > offsets[:-1]
    if len(values):
        found[held] = np.maximum.reduceat(values, offsets[:-1][held])
    return found


def count_column(values: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> Column:
    """Return whole numbers as a signal; without ``known`` none is missing."""
    every = np.ones(len(values), dtype=np.bool_) if known is None else known
    return Column(values.astype(np.float64), every)


def ratio_column(part: NDArray[np.int64], whole: NDArray[np.int64], scale: int = 1) -> Column:
    """Return ``part * scale / whole`` as a signal, missing where ``whole`` is not above 0."""
    known = whole > 0
    return Column((part * scale) / np.where(known, whole, 1), known)
