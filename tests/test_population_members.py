import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InputError
from backend.population.members import (
    MAX_MEMBERS,
    MAX_SEED,
    Member,
    member_ids,
    read_member_id,
)
from backend.wire import SESSION_ID_PATTERN


@given(st.integers(0, MAX_SEED), st.integers(0, MAX_MEMBERS - 1))
def test_an_id_is_read_as_the_member_that_it_was_made_of(seed: int, index: int) -> None:
    (text,) = member_ids("natural", seed, [index])
    assert read_member_id(text) == Member("natural", seed, index)
    assert str(read_member_id(text)) == text


def test_an_id_is_a_session_id() -> None:
    (text,) = member_ids("natural", MAX_SEED, [MAX_MEMBERS - 1])
    assert re.fullmatch(SESSION_ID_PATTERN, text)


@pytest.mark.parametrize(
    "text",
    [
        "natural:42:7", "p:natural:42", "p:natural:42:7:1", "p:natural:042:7", "p:natural:42:07",
        "p:natural:-1:7", "p:natural:42:+7", "p:natural:42:7 ", "p:natural:٤٢:7", "p:", "",
        f"p:natural:{MAX_SEED + 1}:7", f"p:natural:42:{MAX_MEMBERS}", "p:natural:4.2:7",
    ],
)  # fmt: skip
def test_what_is_spelt_otherwise_is_no_member(text: str) -> None:
    with pytest.raises(InputError, match="p:<preset>:<seed>:<index>"):
        read_member_id(text)


def test_a_population_by_its_hash_is_not_known_here() -> None:
    with pytest.raises(InputError, match="configuration is not known here"):
        read_member_id("p:0123456789abcdef:42:7")


def test_a_preset_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InputError, match="the presets are natural; not 'savers'"):
        read_member_id("p:savers:42:7")
