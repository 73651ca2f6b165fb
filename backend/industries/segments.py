"""Rows that belong to customers: customer *i* owns rows ``offsets[i]`` to ``offsets[i + 1]``."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


def beside(values: NDArray[Kind]) -> NDArray[Kind]:
    """Return a figure of each customer, ``(n,)``, to stand beside rows of theirs, ``(n, k)``.

    It is ``(n, 1)``, but of one customer an array without dimensions: NumPy repeats neither along
    a row as fast as that one.
    """
    return values.reshape(() if len(values) == 1 else (-1, 1))


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
    upto = running.take(offsets, axis=-1)
    return np.asarray(upto[..., 1:] - upto[..., :-1])


def largest(values: NDArray[np.int64], offsets: NDArray[np.int64], empty: int) -> NDArray[np.int64]:
    """Return each customer's largest value, or ``empty`` without rows."""
    begins, held = offsets[:-1], offsets[1:] > offsets[:-1]
    if held.all():
        return np.maximum.reduceat(values, begins)
    found = np.full(len(begins), empty, dtype=np.int64)
    if len(values):
        found[held] = np.maximum.reduceat(values, begins[held])
    return found
