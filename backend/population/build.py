"""From a population to its tables, block by block: memory holds a few blocks."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from backend.domain.identity import Identity
from backend.domain.person import People
from backend.domain.table import Field, Table
from backend.errors import ConfigurationError, InputError
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF
from backend.modes import all_modes, generate
from backend.population.controls.configuration import Configuration
from backend.population.frames import USERS, Sheet, sheet_of, users_of
from backend.population.members import IDENTITY, MAX_MEMBERS, MAX_SEED, member_ids
from backend.population.presets import Steering, name_of, preset, steer
from backend.seeds import SeededFaker
from backend.workers import shared

BLOCK: Final = 250
"""Customers made at once: enough for arrays to pay, few enough for memory to stay small."""

TARGET_ARCHETYPE: Final = "target_archetype"
"""The column of ``users`` that says what a member is made to come out as."""

Block: TypeAlias = Mapping[str, Sheet]
"""Table name to the rows of a block's members."""


@dataclass(frozen=True, slots=True)
class Population:
    """Which customers there are, and which of their tables are asked for.

    ``modes`` chooses tables and nothing else: a member's rows in a table are the same whatever
    other tables stand beside it. ``identity`` is what member ids imply; with ``mode`` each mode
    has its own people, whom no member id names. ``configuration`` is what is asked for where that
    is no preset's, and ``preset`` is its hash then.
    """

    preset: str
    seed: int
    as_of: date
    modes: tuple[str, ...]
    identity: Identity = IDENTITY
    configuration: Configuration | None = None

    def steering(self) -> Steering:
        """Return how the members' lives come about.

        Raises:
            InputError: there is no such preset, or a target can not be had.
        """
        return steer(self.configuration or preset(self.preset).configuration)


def configured(
    configuration: Configuration, seed: int, as_of: date, modes: tuple[str, ...]
) -> Population:
    """Return the population of a configuration.

    It has the name of the preset whose lives these are, or of the configuration's hash.
    """
    known = name_of(configuration)
    if known is not None:
        return Population(known, seed, as_of, modes)
    return Population(
        configuration.digest(as_of, modes), seed, as_of, modes, configuration=configuration
    )


def check(population: Population) -> Population:
    """Return the population if it can be built.

    Raises:
        InputError: it can not; one sentence says why.
    """
    if population.steering().plan is not None and population.identity != IDENTITY:
        raise InputError(f"identity: {IDENTITY} where customers are made to measure.")
    if population.configuration is not None:
        digest = population.configuration.digest(population.as_of, population.modes)
        if digest != population.preset:
            raise InputError(
                f"preset: {digest}, the configuration's hash; not {population.preset}."
            )
    if not 0 <= population.seed <= MAX_SEED:
        raise InputError(f"seed: a whole number from 0 to {MAX_SEED}, not {population.seed}.")
    if not EARLIEST_AS_OF <= population.as_of <= LATEST_AS_OF:
        raise InputError(
            f"as_of: a date from {EARLIEST_AS_OF} to {LATEST_AS_OF}, not {population.as_of}."
        )
    unknown = [mode for mode in population.modes if mode not in all_modes()]
    if unknown or not population.modes:
        came = repr(unknown[0][:32]) if unknown else "none"
        raise InputError(f"mode: {', '.join(all_modes())}; not {came}.")
    return population


def check_users(users: int) -> int:
    """Return the number of members if there can be so many.

    Raises:
        InputError: there can not.
    """
    if not 1 <= users <= MAX_MEMBERS:
        raise InputError(f"users: a whole number from 1 to {MAX_MEMBERS}, not {users}.")
    return users


class Cut(NamedTuple):
    """How the work is cut: customers at a time, and how many processes make them."""

    block: int = BLOCK
    processes: int = 1


_ALONE: Final = Cut()


def build(
    population: Population,
    members: range,
    faker: SeededFaker,
    cut: Cut = _ALONE,
) -> Generator[Block, None, None]:
    """Yield the tables of the members at these indices, a block of them at a time.

    The tables of any split of a range, put together in order, are those of the whole range. Each
    begins with ``user_id``; ``users`` has one row a member, the others are by member and in their
    mode's own order.

    Raises:
        InputError: the population can not be built.
        ConfigurationError: two modes have a table of one name.
        WalkinError: one of several processes was ended from outside.
    """
    check(population)
    pieces = (members[at : at + cut.block] for at in range(0, len(members), cut.block))
    for made in shared(Maker(population, faker), pieces, cut.processes):
        yield {table.name: sheet_of(table, made.ids) for table in made.tables}


class Made(NamedTuple):
    """The records of some members, and their ids."""

    ids: Sequence[str]
    tables: Sequence[Table]


class Maker:
    """Makes the records of a population's members, here or wherever it is sent.

    Args:
        population: whose members they are.
        faker: what is re-seeded for names; it is not sent along, and made where it is missing.
    """

    def __init__(self, population: Population, faker: SeededFaker | None = None) -> None:
        self._population = population
        self._faker = faker or SeededFaker()
        self._steering = population.steering()

    def __reduce__(self) -> tuple[type["Maker"], tuple[Population]]:
        return Maker, (self._population,)

    def __call__(self, members: range) -> Made:
        """Return the records of the members at these indices.

        Raises:
            ConfigurationError: two modes have a table of one name.
        """
        population, steering = self._population, self._steering
        ids = member_ids(population.preset, population.seed, members)
        users: list[Table] = []
        others: list[Table] = []
        for mode in population.modes:
            cohort = generate(
                mode, ids, population.as_of, self._faker,
                identity=population.identity, lives=steering.lives,
            )  # fmt: skip
            users = users or [users_of(cohort.people), *_targets(steering, cohort.people)]
            for table in cohort.tables():
                (users if table.name == USERS else others).append(table)
        _refuse_doubles("tables", [USERS, *(table.name for table in others)])
        return Made(ids, [_side_by_side(users), *others])


def _targets(steering: Steering, people: People) -> list[Table]:
    """Return what the members are made to come out as, where that is asked for."""
    targets = steering.plan.targets_of(people.keys) if steering.plan else []
    if not targets:
        return []
    return [Table(USERS, np.arange(len(people)), (Field(TARGET_ARCHETYPE, "text", targets),))]


def _side_by_side(users: Sequence[Table]) -> Table:
    """Return who the members are, and what their modes' own tables of users tell of them."""
    fields = tuple(field for table in users for field in table.fields)
    _refuse_doubles("columns of users", [field.name for field in fields])
    return replace(users[0], fields=fields)


def _refuse_doubles(what: str, names: Sequence[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigurationError(f"two modes have {what} of one name: {', '.join(doubled)}")
