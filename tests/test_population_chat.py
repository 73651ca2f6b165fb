"""A member of a population and the customer who walks in under its id are one."""

import polars as pl
import pytest

from backend.modes import all_modes, generate
from backend.population.build import Block, build
from backend.population.members import IDENTITY, member_ids
from backend.records import rows_of
from tests.population_kit import AS_OF, FAKER, population

MEMBERS = range(4)
IDS = member_ids("natural", 42, MEMBERS)


@pytest.fixture(scope="module")
def block() -> Block:
    (block,) = build(population(modes=tuple(all_modes())), MEMBERS, FAKER)
    return block


@pytest.mark.parametrize("mode", all_modes())
@pytest.mark.parametrize("session_id", IDS)
def test_a_member_is_the_customer_who_walks_in_under_its_id(
    block: Block, mode: str, session_id: str
) -> None:
    one = generate(mode, [session_id], AS_OF, FAKER, identity=IDENTITY)
    who = pl.col("user_id") == session_id
    assert block["users"].frame.filter(who)["email"].to_list() == list(one.people.email)
    for table in one.tables():
        mine = block[table.name].frame.filter(who)
        told = mine.select(field.name for field in table.fields)
        assert told.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts() == rows_of(table)


def test_one_mode_alone_gives_the_rows_that_all_modes_give(block: Block) -> None:
    for mode in all_modes():
        (alone,) = build(population(modes=(mode,)), MEMBERS, FAKER)
        for name, sheet in alone.items():
            assert name == "users" or sheet.frame.equals(block[name].frame)
