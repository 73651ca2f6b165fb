import math
import warnings
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.seeds import (
    Curve,
    Keys,
    SeededFaker,
    bits,
    bits_at,
    bits_each,
    cents_of,
    chance,
    choice,
    choice_of,
    columns_of,
    customer_keys,
    draw_each,
    drawn_of,
    exponential_at,
    exponential_of,
    integers,
    lognormal_cents,
    normal,
    normal_at,
    normal_of,
    on_curve,
    order,
    session_to_seed,
    uniform,
    uniforms,
    words_each,
    words_of,
)

MANY = customer_keys([f"s{number}" for number in range(20_000)], "test/1")
FEW = MANY.take(slice(0, 50))


def test_the_seed_of_demo_1_is_the_published_one() -> None:
    assert session_to_seed("demo-1") == 205828392157375149428186873787077175884


def test_ten_thousand_session_ids_have_ten_thousand_seeds() -> None:
    assert len({session_to_seed(f"session-{number}") for number in range(10_000)}) == 10_000


@given(st.text(min_size=1, max_size=128))
def test_a_seed_is_blake2b_of_the_id(session_id: str) -> None:
    try:
        digest = blake2b(session_id.encode(), digest_size=16).hexdigest()
    except UnicodeEncodeError:
        with pytest.raises(UnicodeEncodeError):
            session_to_seed(session_id)
    else:
        assert session_to_seed(session_id) == int(digest, 16)


def test_scopes_set_customers_of_one_session_apart() -> None:
    scopes = ["banking/1", "banking/2", "insurance/1", "session/1", "session/2"]
    keys = [customer_keys(["demo-1"], scope) for scope in scopes]
    assert len({(int(one.high[0]), int(one.low[0])) for one in keys}) == len(scopes)


DRAWS: list[Callable[[Keys], NDArray[Any]]] = [
    lambda keys: bits(keys, "a", 7),
    lambda keys: bits(keys, "a", np.arange(9)),
    lambda keys: uniform(keys, "a", np.arange(12).reshape(1, 3, 4)),
    lambda keys: normal(keys, "a", np.arange(3)),
    lambda keys: integers(keys, "a", 3, 9, np.arange(5)),
    lambda keys: choice(keys, "a", [1, 2, 3], np.arange(5)),
    lambda keys: lognormal_cents(keys, "a", 4000, 0.8, np.arange(5)),
    lambda keys: order(keys, "a", 6),
]


@pytest.mark.parametrize("draw", DRAWS)
def test_a_customer_draws_alike_alone_in_a_block_and_in_any_order(
    draw: Callable[[Keys], NDArray[Any]],
) -> None:
    block = draw(FEW)
    assert (draw(FEW.take(np.arange(49, -1, -1))) == block[::-1]).all()
    for row in (0, 17, 49):
        assert (draw(FEW.take(slice(row, row + 1))) == block[row : row + 1]).all()


def test_shapes_are_as_stated() -> None:
    assert bits(FEW, "a", 3).shape == (50,)
    assert bits(FEW, "a", np.arange(4)).shape == (50, 4)
    assert bits(FEW, "a", np.arange(6).reshape(1, 2, 3)).shape == (50, 2, 3)
    assert order(FEW, "a", 5).shape == (50, 5)


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=20))
def test_an_index_draws_the_same_whatever_stands_beside_it(indexes: list[int]) -> None:
    block = bits(FEW, "a", np.array(indexes))
    for position, index in enumerate(indexes):
        assert (block[:, position] == bits(FEW, "a", np.array([index]))[:, 0]).all()
    each = np.resize(np.array(indexes), len(FEW))
    drawn = bits_each(FEW, "a", each)
    assert (drawn == bits(FEW, "a", each[:, None])[:, 0]).all()
    alone = [bits_at(FEW, row, "a", index) for row, index in enumerate(each.tolist())]
    assert alone == drawn.tolist()


@given(st.lists(st.tuples(st.text(max_size=9), st.integers(0, 9)), min_size=1, max_size=6))
def test_a_sheet_draws_what_its_labels_draw_alone(sheet: list[tuple[str, int]]) -> None:
    drawn = uniforms(FEW, tuple(sheet))
    assert len(drawn) == len(sheet)
    for (label, count), found in zip(sheet, drawn, strict=True):
        assert np.array_equal(found, uniform(FEW, label, np.arange(count)))
    assert np.array_equal(drawn_of(FEW, tuple(sheet)), np.concatenate(drawn, axis=1))


@given(
    st.lists(
        st.tuples(st.text(max_size=9), st.lists(st.integers(-(2**40), 2**40), max_size=9)),
        min_size=1,
        max_size=4,
    )
)
def test_columns_draw_what_their_labels_draw_alone(asked: list[tuple[str, list[int]]]) -> None:
    draws = [(label, np.array(index, dtype=np.int64)) for label, index in asked]
    columns = columns_of(draws)
    words = words_of(FEW, columns)
    for (label, index), part in zip(draws, columns.parts, strict=True):
        assert np.array_equal(words[:, part], bits(FEW, label, index))


def test_many_columns_of_many_customers_are_drawn_like_few() -> None:
    columns = columns_of([("a", np.arange(3_000))])
    words = words_of(FEW, columns)
    for row in (0, 21, 22, 49):
        assert np.array_equal(words[row], words_of(FEW.take(slice(row, row + 1)), columns)[0])


@given(
    st.lists(
        st.tuples(
            st.text(max_size=9),
            st.lists(st.tuples(st.integers(0, 49), st.integers(-(2**40), 2**40)), max_size=9),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_draws_of_rows_are_what_each_label_draws_alone(
    asked: list[tuple[str, list[tuple[int, int]]]],
) -> None:
    pairs = [(label, np.array(each, dtype=np.int64).reshape(-1, 2)) for label, each in asked]
    words = words_each(FEW, [(label, each[:, 0], each[:, 1]) for label, each in pairs])
    alone = [bits_each(FEW.take(each[:, 0]), label, each[:, 1]) for label, each in pairs]
    assert np.array_equal(words, np.concatenate(alone))


@given(st.integers(0, 2**53 - 1), st.floats(-20, 20))
def test_one_number_alone_is_the_one_among_many_to_the_bit(drawn: int, x: float) -> None:
    unit, knots, values = drawn * 2.0**-53, (0.0, 0.25, 1.0), (10.0, 20.0, -5.0)
    assert normal_at(unit) == normal_of(np.array([unit]))[0]
    assert exponential_at(x) == exponential_of(np.array([x]))[0]
    assert Curve(knots, values).at(unit) == on_curve(np.array([unit]), knots, values)[0]
    assert Curve(knots, values).at(x) == on_curve(np.array([x]), knots, values)[0]


def test_made_of_the_same_uniform_draws_are_the_same_numbers() -> None:
    drawn = uniform(FEW, "a", np.arange(5))
    assert (normal_of(drawn) == normal(FEW, "a", np.arange(5))).all()
    assert (cents_of(drawn, 4000, 0.8) == lognormal_cents(FEW, "a", 4000, 0.8, np.arange(5))).all()
    assert (choice_of(drawn, [1, 2, 3]) == choice(FEW, "a", [1, 2, 3], np.arange(5))).all()


def test_a_scalar_index_overflows_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (bits(FEW, "a", 10**15) == bits(FEW, "a", np.array([10**15]))[:, 0]).all()


def test_labels_and_indexes_draw_independently() -> None:
    columns = [uniform(MANY, label, index) for label in ("a", "b") for index in (0, 1, 2**32)]
    off_diagonal = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(off_diagonal).max() < 0.03


def test_neighbouring_indexes_of_one_customer_draw_independently() -> None:
    drawn = uniform(MANY.take(slice(0, 1)), "a", np.arange(100_000))[0]
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.015


def test_every_bit_is_one_in_half_of_the_draws() -> None:
    drawn = bits(MANY, "a", 1)
    for bit in range(64):
        share = float(((drawn >> np.uint64(bit)) & np.uint64(1)).mean())
        assert abs(share - 0.5) < 0.02


def test_one_bit_of_a_key_turns_half_of_the_drawn_bits() -> None:
    for turned in (
        Keys(MANY.high ^ np.uint64(1), MANY.low),
        Keys(MANY.high, MANY.low ^ np.uint64(1 << 63)),
    ):
        changed = bits(MANY, "a") ^ bits(turned, "a")
        ones = np.unpackbits(changed.view(np.uint8)).mean()
        assert abs(float(ones) - 0.5) < 0.01


def test_uniform_draws_fill_the_unit_evenly() -> None:
    drawn = uniform(MANY, "a")
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = np.histogram(drawn, bins=20, range=(0, 1))[0]
    expected = len(MANY) / 20
    assert float(((counts - expected) ** 2 / expected).sum()) < 50  # chi-square, 19 degrees


def test_integers_reach_both_ends_and_no_further() -> None:
    drawn = integers(MANY, "a", 3, 9)
    assert set(drawn.tolist()) == set(range(3, 10))
    each = integers(FEW, "a", np.arange(50), np.arange(50))
    assert (each == np.arange(50)).all()


def test_chance_and_choice_keep_their_shares() -> None:
    assert abs(float(chance(MANY, "a", 0.3).mean()) - 0.3) < 0.02
    shares = np.bincount(choice(MANY, "a", [1, 0, 3]), minlength=3) / len(MANY)
    assert abs(shares[0] - 0.25) < 0.02
    assert shares[1] == 0
    assert not chance(MANY, "a", 0.0).any()
    assert chance(MANY, "a", 1.0).all()


def test_normal_draws_are_normal() -> None:
    drawn = normal(MANY, "a")
    assert abs(float(drawn.mean())) < 0.03
    assert abs(float(drawn.std()) - 1) < 0.03
    assert abs(float((drawn < 1).mean()) - 0.8413) < 0.012
    assert np.abs(drawn).max() < 3.7


@given(st.floats(-8, 8))
def test_the_exponential_holds_twelve_digits(x: float) -> None:
    assert math.isclose(float(exponential_of(np.array([x]))[0]), math.exp(x), rel_tol=1e-12)


def test_lognormal_amounts_have_their_median_and_spread() -> None:
    cents = lognormal_cents(MANY, "a", 4000, 0.5)
    assert abs(float(np.median(cents)) / 4000 - 1) < 0.02
    assert abs(float(np.log(cents / 4000).std()) - 0.5) < 0.02


@given(st.floats(-1, 2))
def test_a_curve_is_the_broken_line_through_its_knots(x: float) -> None:
    knots, values = (0.0, 0.25, 1.0), (10.0, 20.0, -5.0)
    drawn = float(on_curve(np.array([x]), knots, values)[0])
    assert math.isclose(drawn, float(np.interp(x, knots, values)), rel_tol=1e-9, abs_tol=1e-9)


def test_an_order_is_a_permutation_of_every_position() -> None:
    shuffled = order(FEW, "a", 8)
    assert (np.sort(shuffled, axis=1) == np.arange(8)).all()
    assert len({tuple(row) for row in shuffled.tolist()}) > 40


def test_a_faker_field_is_the_same_whatever_was_drawn_before() -> None:
    faker, other = SeededFaker(), SeededFaker()
    first = faker.field(FEW, 3, "given name").first_name()
    other.field(FEW, 1, "street").street_address()
    other.field(FEW, 3, "family name").last_name()
    assert other.field(FEW, 3, "given name").first_name() == first
    assert other.field(FEW, 3, "given name", 1).random_int(0, 10**9) != other.field(
        FEW, 3, "given name"
    ).random_int(0, 10**9)


def test_names_are_what_the_faker_draws_for_the_same_field() -> None:
    faker, rows = SeededFaker(), range(len(FEW))
    first = [faker.field(FEW, row, "given name").first_name() for row in rows]
    last = [faker.field(FEW, row, "family name").last_name() for row in rows]
    assert faker.names(FEW.names(), "given name", faker.first_names) == first
    assert faker.names(FEW.names(), "family name", faker.last_names) == last


def test_draws_that_are_asked_for_together_are_those_of_each_alone() -> None:
    rows, index = np.array([0, 2, 2]), np.array([7, 7, 9])
    one, other = draw_each(FEW, [("x", rows, index), ("y", rows[:1], index[:1])])
    assert one.tolist() == [bits(FEW, "x", at)[row] for row, at in ((0, 7), (2, 7), (2, 9))]
    assert other.tolist() == [bits(FEW, "y", 7)[0]]
