import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.strictjson import canonical, dumps, kind, parse, pretty, well_formed

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)

NOT_JSON: dict[str, str | bytes] = {
    "nothing": "",
    "NaN": "NaN",
    "infinity": '{"a": Infinity}',
    "minus infinity": "[-Infinity]",
    "a number beyond a double": '{"a": [1e999]}',
    "the same, negative": "-1e999",
    "a lone surrogate, escaped": '"\\ud800"',
    "a lone surrogate, raw": '"\ud800"',
    "bytes that are not UTF-8": b'"\xff"',
    "a comma too many": "[1,]",
    "something after the value": "1 2",
    "single quotes": "{'a': 1}",
    "a comment": "[1] // one",
    "a control character in text": '"\x01"',
    "nesting without end": "[" * 100_000,
    "closed nesting that is too deep": "[" * 500 + "]" * 500,
    "a number of 5,000 digits": "9" * 5000,
    "a leading zero": "01",
    "a byte order mark": "\ufeff1",
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_not_json_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse(NOT_JSON[name])


@given(st.text() | st.binary())
def test_whatever_comes_is_read_or_is_a_value_error(data: str | bytes) -> None:
    try:
        value = parse(data)
    except ValueError:
        return
    assert parse(dumps(value)) == value


@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    for write in (dumps, canonical, pretty):
        assert parse(write(value)) == value
        assert json.loads(write(value)) == value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), scalars))
def test_canonical_text_does_not_depend_on_the_order_of_keys(value: dict[str, Any]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical(value) == canonical(backwards)
    assert list(parse(canonical(value))) == sorted(value)


def test_canonical_text_has_no_spaces_and_keeps_letters_as_they_are() -> None:
    assert canonical({"b": [1, 2.5], "a": "né"}) == '{"a":"né","b":[1,2.5]}'


def test_compact_text_keeps_the_order_of_keys() -> None:
    assert dumps({"b": 1, "a": [True, None]}) == '{"b":1,"a":[true,null]}'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "\ud800", {"\udc00": 1}])
def test_what_json_can_not_carry_is_not_written(value: Any) -> None:
    for write in (dumps, canonical, pretty):
        with pytest.raises(ValueError, match=r"\S"):
            write([value])


@pytest.mark.parametrize(
    ("value", "name"),
    [({}, "an object"), ([], "an array"), ("", "a string"), (True, "a boolean"), (1, "a number"),
     (1.5, "a number"), (None, "null"), (b"", "bytes")],
)  # fmt: skip
def test_kinds_have_names_for_people(value: Any, name: str) -> None:
    assert kind(value) == name


@given(st.text(st.characters()))
def test_well_formed_text_can_be_stored_and_sent(text: str) -> None:
    clean = well_formed(text)
    assert "\x00" not in clean
    assert parse(dumps(clean)) == clean
    assert well_formed(clean) == clean


def test_well_formed_text_stays_as_it_is() -> None:
    assert well_formed("né 😀\u2028\t") == "né 😀\u2028\t"


def test_halves_of_a_pair_are_joined_and_single_halves_replaced() -> None:
    assert well_formed("\ud83d\ude00") == "😀"
    assert well_formed("a\ud83d b\udc00c\x00") == "a\ufffd b\ufffdc\ufffd"
