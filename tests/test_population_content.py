from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.table import Coded, Field, Table
from backend.population.content import ContentHash
from backend.population.frames import DTYPES, Sheet, sheet_of

KINDS = {
    "t": "text",
    "c": "category",
    "r": "reference",
    "m": "money",
    "d": "date",
    "i": "integer",
    "n": "number",
    "f": "flag",
}
SCHEMA = {name: DTYPES[kind] for name, kind in KINDS.items()}  # type: ignore[index]
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=4),
        st.none() | st.sampled_from(["", "a", "b", "Zoë"]),
        st.none() | st.sampled_from(["1", "2", "3"]),
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


def digest(*frames: pl.DataFrame, words: int = 2) -> str:
    running = ContentHash(KINDS, words)  # type: ignore[arg-type]
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
    empty = frame([(None,) * 8])
    zero = frame([("", "", "", 0.0, None, 0, 0.0, False)])
    assert digest(empty) != digest(zero)


def test_text_does_not_flow_from_one_row_into_the_next() -> None:
    def two(first: str, second: str) -> pl.DataFrame:
        return frame([(first, *[None] * 7), (second, *[None] * 7)])

    assert digest(two("ab", "c")) != digest(two("a", "bc"))


def categories(words: Sequence[str], codes: list[int], known: list[bool] | None = None) -> Sheet:
    text = Coded(words, np.array(codes))
    field = Field("x", "text", text, None if known is None else np.array(known))
    return sheet_of(Table("things", np.zeros(len(codes), dtype=np.int64), (field,)), ["one"])


def digest_of(sheet: Sheet, words: int) -> str:
    running = ContentHash(sheet.kinds, words)
    running.update(sheet)
    return running.hexdigest()


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 6))
def test_a_category_is_the_same_however_its_words_are_numbered(
    codes: list[int], words: int
) -> None:
    sheet = categories(["a", "b", "", "Zoë"], codes)
    others = categories(["Zoë", "c", "", "b", "a", "b"], [[4, 5, 2, 0][code] for code in codes])
    assert digest_of(others, words) == digest_of(sheet, words)
    assert digest_of(replace(sheet, coded={}), words) == digest_of(sheet, words)


def test_what_stands_where_a_category_is_unknown_does_not_count() -> None:
    known = [True, False, True]
    some, others = (
        categories(list("abc"), [0, 1, 2], known),
        categories(list("abc"), [0, 2, 2], known),
    )
    assert digest_of(some, 9) == digest_of(others, 9)
    assert digest_of(some, 9) == digest_of(replace(some, coded={}), 9)
    assert digest_of(some, 9) != digest_of(categories(list("abc"), [0, 0, 2], [True] * 3), 9)


def test_rows_of_another_table_are_refused() -> None:
    with pytest.raises(ValueError, match="expected the columns"):
        ContentHash({"t": "text"}).update(Sheet(frame([]), KINDS))  # type: ignore[arg-type]
