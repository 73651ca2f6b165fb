from collections.abc import Iterable
from itertools import pairwise

import polars as pl
import pytest

from backend.errors import ConfigurationError, InputError
from backend.population.build import Block, Cut, Population, build, check_users
from backend.population.content import ContentHash
from backend.population.members import member_ids
from tests.population_kit import AS_OF, FAKER, install, population, toy, toy_tables


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, toy("toy"), toy("silent", None))


def hashes(blocks: Iterable[Block]) -> dict[str, str]:
    running: dict[str, ContentHash] = {}
    for block in blocks:
        for name, sheet in block.items():
            running.setdefault(name, ContentHash(sheet.kinds)).update(sheet)
    return {name: one.hexdigest() for name, one in running.items()}


def rows(of: Population, members: range, table: str, block: int = 2000) -> pl.DataFrame:
    return pl.concat([one[table].frame for one in build(of, members, FAKER, Cut(block))])


@pytest.mark.parametrize("cuts", [(0, 40), (0, 1, 40), (0, 13, 13, 29, 40)])
@pytest.mark.parametrize("block", [1, 7, 2000])
def test_shards_put_together_are_the_whole(cuts: tuple[int, ...], block: int) -> None:
    shards = [
        part
        for start, end in pairwise(cuts)
        for part in build(population(), range(start, end), FAKER, Cut(block))
    ]
    assert hashes(shards) == hashes(build(population(), range(40), FAKER))


def test_a_table_is_the_same_whatever_stands_beside_it() -> None:
    both = population(modes=("silent", "toy"))
    assert hashes(build(both, range(20), FAKER)) == hashes(build(population(), range(20), FAKER))


def test_another_seed_gives_other_customers() -> None:
    names = rows(population(1), range(20), "users")["name"]
    assert names.to_list() != rows(population(2), range(20), "users")["name"].to_list()


def test_members_lie_where_their_index_says() -> None:
    whole = rows(population(), range(30), "users")
    assert rows(population(), range(10, 20), "users").equals(whole[10:20])
    assert whole["user_id"].to_list() == member_ids("natural", 42, range(30))


def test_a_mode_may_tell_more_of_its_users() -> None:
    users = rows(population(), range(20), "users")
    assert users["archetype"].str.starts_with("kind ").all()


def test_a_mode_without_tables_adds_none() -> None:
    (block,) = build(population(modes=("silent",)), range(3), FAKER)
    assert list(block) == ["users"]


def test_two_modes_with_a_table_of_one_name_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, toy("one"), toy("two", lambda *given: toy_tables(*given)[1:]))
    with pytest.raises(ConfigurationError, match="tables of one name: movements, nothing"):
        next(build(population(modes=("one", "two")), range(2), FAKER))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"preset": "savers"}, "preset: archetypes, high_utilization_focus, natural"),
        ({"seed": -1}, "seed: a whole number from 0 to 9223372036854775807, not -1"),
        ({"seed": 2**63}, "seed: a whole number from 0"),
        ({"as_of": AS_OF.replace(year=2019)}, "as_of: a date from 2020-01-01 to 2045-12-31"),
        ({"modes": ()}, "mode: toy, silent; not none"),
        ({"modes": ("toy", "pets")}, "mode: toy, silent; not 'pets'"),
    ],
)
def test_a_population_that_can_not_be_built_is_told(
    wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        next(build(population(**wrong), range(2), FAKER))  # type: ignore[arg-type]


@pytest.mark.parametrize("users", [0, -1, 100_000_001])
def test_a_number_of_users_that_can_not_be_is_told(users: int) -> None:
    with pytest.raises(InputError, match="users: a whole number from 1 to 100000000"):
        check_users(users)
