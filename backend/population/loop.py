"""The closed loop: customers made as a target, and the persona that they come out as.

Members are generated as ever; signals and rulebooks see their records and know of no target.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from backend.errors import InputError
from backend.modes import DEFAULT_MODE, generate
from backend.personas.library import rulebook_named
from backend.personas.outcomes import Outcomes, evaluate
from backend.personas.targets import expected, nobody_of
from backend.population.build import BLOCK, Population, check, check_users
from backend.population.members import IDENTITY, member_ids
from backend.population.presets import preset, preset_names, steer
from backend.seeds import SeededFaker

RULEBOOKS: Final = ("severity", "registry")
WINDOWS: Final = (30, 180)


@dataclass(slots=True)
class Row:
    """How the members of one target came out, in one rulebook over one window.

    ``expected`` are the personas that they are to have, more than one for targets that hold at
    once, none where the rulebook knows none; ``hits`` counts who has them all, the first
    as primary or, of several, any. ``came`` counts primary personas, ``second`` the next.
    """

    rulebook: str
    window: int
    target: str
    expected: tuple[str, ...]
    users: int = 0
    hits: int = 0
    came: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float | None:
        """Which part of the members came out as expected, None where nothing is."""
        return self.hits / self.users if self.expected and self.users else None


@dataclass(frozen=True, slots=True)
class Loop:
    """A run: its rows by rulebook, window and target, and whose windows differ."""

    preset: str
    seed: int
    as_of: date
    users: int
    rows: tuple[Row, ...]
    differ: Mapping[str, int]


def looped_presets() -> tuple[str, ...]:
    """Return the presets that make customers as targets."""
    return tuple(name for name in preset_names() if _weights(name))


def run_loop(
    name: str,
    users: int,
    as_of: date,
    faker: SeededFaker,
    seed: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Loop:
    """Return how the first members of a preset came out; the seed is its own if left out.

    Raises:
        InputError: the preset is unknown or has no targets, or users or date are out of range.
    """
    own = preset(name).configuration
    seed = own.config.seed if seed is None else seed
    check(Population(name, seed, as_of, (DEFAULT_MODE,)))
    check_users(users)
    steering = steer(own)
    if steering.plan is None or not _weights(name):
        raise InputError(f"preset: {', '.join(looped_presets())}; {name} makes nobody to measure.")
    rows = {
        (rulebook, window, target): Row(rulebook, window, target, expected(rulebook, target))
        for rulebook in RULEBOOKS
        for window in WINDOWS
        for target in _weights(name)
    }
    differ: Counter[str] = Counter(dict.fromkeys(RULEBOOKS, 0))
    for start in range(0, users, BLOCK):
        members = range(start, min(start + BLOCK, users))
        ids = member_ids(name, seed, members)
        cohort = generate(DEFAULT_MODE, ids, as_of, faker, identity=IDENTITY, lives=steering.lives)
        tables = cohort.signals_over(WINDOWS)
        targets = steering.plan.targets_of(cohort.people.keys)
        for rulebook in RULEBOOKS:
            rules = rulebook_named(rulebook, DEFAULT_MODE)
            choices = [evaluate(rules, table) for table in tables]
            for window, outcomes in zip(WINDOWS, choices, strict=True):
                _count(rows, rulebook, window, targets, outcomes)
            differ[rulebook] += int((choices[0].primary != choices[1].primary).sum())
        progress(members.stop)
    return Loop(name, seed, as_of, users, tuple(rows.values()), differ)


def _count(
    rows: Mapping[tuple[str, int, str], Row],
    rulebook: str,
    window: int,
    targets: list[str],
    outcomes: Outcomes,
) -> None:
    ids = [persona.id for persona in outcomes.rulebook.personas]
    names = [*ids, nobody_of(outcomes.rulebook)]  # -1, for nobody, is the last
    matched = outcomes.verdicts.matched.T.tolist()
    first, second = outcomes.primary.tolist(), outcomes.secondary().tolist()
    for target, who, one, two in zip(targets, matched, first, second, strict=True):
        row = rows[rulebook, window, target]
        row.users += 1
        row.came[names[one]] += 1
        row.second[names[two]] += 1
        held = {name for name, holds in zip(ids, who, strict=True) if holds}
        row.hits += _is_hit(row.expected, names[one], held)


def _is_hit(wanted: tuple[str, ...], primary: str, held: set[str]) -> bool:
    return primary in wanted and (len(wanted) == 1 or held >= set(wanted))


def targets_in(name: str) -> tuple[str, ...]:
    """Return the targets of a preset.

    Raises:
        InputError: there is no such preset.
    """
    return tuple(_weights(name))


def _weights(name: str) -> dict[str, float]:
    controls = preset(name).configuration.controls
    return controls.weights() if controls else {}
