import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.industries.retail.numbering import NUMBERS, order_ids


@given(st.lists(st.integers(0, NUMBERS - 1), unique=True))
def test_every_number_is_another_text_in_the_same_order(numbers: list[int]) -> None:
    found = order_ids(np.array(sorted(numbers), dtype=np.int64))
    assert found == sorted(set(found))
    assert all(len(one) == 12 and one.startswith("BM") for one in found)


def test_first_and_last_number() -> None:
    assert order_ids(np.array([0, NUMBERS - 1])) == ["BM0000000000", "BMZZZZZZZZZZ"]
