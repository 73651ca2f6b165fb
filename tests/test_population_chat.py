"""A member of a population and the customer who walks in under its id are one."""

import polars as pl
import pytest

from backend.modes import all_modes, generate
from backend.population.build import Block, build
from backend.population.members import IDENTITY, lives_of, member_ids
from backend.ports import Opening
from backend.records import rows_of
from backend.settings import Settings
from backend.wiring import build_reception
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


@pytest.mark.parametrize("member", [0, 3, 8])
def test_a_member_made_to_measure_walks_in_as_in_the_files(member: int) -> None:
    asked = population(preset="archetypes", seed=141, modes=("banking",))
    (whole,) = build(asked, range(10), FAKER)
    (session_id,) = member_ids("archetypes", 141, [member])
    one = generate(
        "banking", [session_id], AS_OF, FAKER, identity=IDENTITY, lives=lives_of(session_id)
    )
    who = pl.col("user_id") == session_id
    for table in one.tables():
        told = whole[table.name].frame.filter(who).select(field.name for field in table.fields)
        assert told.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts() == rows_of(table)


def test_the_chat_introduces_a_member_as_made() -> None:
    session_id = next(
        name
        for name, target in zip(*targets("archetypes", 141), strict=True)
        if target == "high_utilization"
    )
    reception = build_reception(Settings(rulebook={"banking": "severity"}))
    opening = Opening(session_id, AS_OF.isoformat(), IDENTITY, "banking", 1)
    visitor = reception.introduce(opening, "banking", 1)
    assert visitor.assignment.primary == "high_utilizer"
    natural = generate("banking", [session_id], AS_OF, FAKER, identity=IDENTITY)
    assert visitor.customer != natural.persona(0).model_dump(mode="json")
    assert visitor.customer["name"] == natural.persona(0).model_dump(mode="json")["name"]


def targets(preset: str, seed: int) -> tuple[list[str], list[str]]:
    (block,) = build(population(preset=preset, seed=seed, modes=("banking",)), range(40), FAKER)
    users = block["users"].frame
    return users["user_id"].to_list(), users["target_archetype"].to_list()
