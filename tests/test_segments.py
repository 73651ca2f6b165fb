import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.industries.segments import beside, largest, offsets_of, owners_of, sums

ROWS = st.lists(st.lists(st.integers(-(10**9), 10**9), max_size=5), min_size=1, max_size=8)


def joined(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    owners = [at for at, mine in enumerate(rows) for _ in mine]
    values = [value for mine in rows for value in mine]
    return np.array(values, dtype=np.int64), offsets_of(np.array(owners, dtype=np.int64), len(rows))


@given(ROWS)
def test_sums_and_largest_are_each_customers_own(rows: list[list[int]]) -> None:
    values, offsets = joined(rows)
    assert sums(values, offsets).tolist() == [sum(mine) for mine in rows]
    assert largest(values, offsets, -7).tolist() == [max(mine, default=-7) for mine in rows]


@given(ROWS)
def test_offsets_and_owners_are_each_others_inverse(rows: list[list[int]]) -> None:
    _, offsets = joined(rows)
    assert offsets_of(owners_of(offsets), len(rows)).tolist() == offsets.tolist()


def test_truths_are_counted() -> None:
    offsets = np.array([0, 2, 2, 3])
    assert sums(np.array([True, True, False]), offsets).tolist() == [2, 0, 0]


def test_several_columns_are_summed_at_once() -> None:
    offsets = np.array([0, 2, 2, 3])
    assert sums(np.array([[1, 2, 3], [4, 5, 6]]), offsets).tolist() == [[3, 0, 3], [9, 0, 6]]


@given(st.lists(st.integers(-9, 9), max_size=4))
def test_a_figure_stands_beside_the_rows_of_each_customer(figures: list[int]) -> None:
    rows = np.arange(3 * len(figures)).reshape(-1, 3)
    added = rows + beside(np.array(figures, dtype=np.int64))
    assert added.tolist() == (rows + np.array(figures, dtype=np.int64)[:, None]).tolist()
