import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InputError
from backend.population.members import (
    MAX_MEMBERS,
    MAX_SEED,
    Member,
    lives_of,
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


def test_a_preset_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"called 'savers'; there are natural and 6 others"):
        read_member_id("p:savers:42:7")


def test_only_members_of_steered_populations_have_lives_of_their_own() -> None:
    assert lives_of("demo-1") is None
    assert not lives_of("p:natural:42:7")
    assert set(lives_of("p:archetypes:42:7") or {}) == {"banking"}
    with pytest.raises(InputError, match="configuration is not known here"):
        lives_of("p:0123456789abcdef:42:7")
