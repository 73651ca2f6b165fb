import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.population.content import ContentHash
from backend.population.frames import DTYPES, Sheet

KINDS = {"t": "text", "m": "money", "d": "date", "i": "integer", "n": "number", "f": "flag"}
SCHEMA = {name: DTYPES[kind] for name, kind in KINDS.items()}  # type: ignore[index]
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=4),
        st.none() | st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
        st.none() | st.dates(),
        st.none() | st.integers(-(2**60), 2**60),
        st.none() | st.floats(allow_nan=False).map(lambda number: number + 0.0),
        st.none() | st.booleans(),
    ),
    max_size=12,
)


def frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def digest(*frames: pl.DataFrame) -> str:
    running = ContentHash(KINDS)  # type: ignore[arg-type]
    for one in frames:
        running.update(Sheet(one, KINDS))  # type: ignore[arg-type]
    return running.hexdigest()


@given(ROWS, st.integers(0, 12))
def test_pieces_of_any_size_give_the_hash_of_the_whole(
    rows: list[tuple[object, ...]], cut: int
) -> None:
    whole = frame(rows)
    assert digest(whole[:cut], whole[cut:]) == digest(whole)


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(
    some: list[tuple[object, ...]], others: list[tuple[object, ...]]
) -> None:
    assert (digest(frame(some)) == digest(frame(others))) == frame(some).equals(frame(others))


def test_an_unknown_value_is_none_of_the_values() -> None:
    empty = frame([(None,) * 6])
    zero = frame([("", 0.0, None, 0, 0.0, False)])
    assert digest(empty) != digest(zero)


def test_text_does_not_flow_from_one_row_into_the_next() -> None:
    def two(first: str, second: str) -> pl.DataFrame:
        return frame(
            [(first, None, None, None, None, None), (second, None, None, None, None, None)]
        )

    assert digest(two("ab", "c")) != digest(two("a", "bc"))


def test_rows_of_another_table_are_refused() -> None:
    with pytest.raises(ValueError, match="expected the columns"):
        ContentHash({"t": "text"}).update(Sheet(frame([]), KINDS))  # type: ignore[arg-type]
