"""From members to their records, signals and personas: what one block of a population takes."""

from datetime import date
from typing import Final

from backend.chat.reception import rulebook_of
from backend.modes import generate
from backend.personas.assigner import rankings
from backend.population.build import Made
from backend.population.frames import users_of
from backend.population.members import member_ids
from backend.seeds import SeededFaker

WINDOWS: Final = (30, 180)


class Chain:
    """Makes a bank's customers, measures both windows and applies the rules."""

    def __init__(self, seed: int, as_of: date) -> None:
        self._seed, self._as_of = seed, as_of
        self._faker = SeededFaker()

    def __reduce__(self) -> tuple[type["Chain"], tuple[int, date]]:
        return Chain, (self._seed, self._as_of)

    def __call__(self, members: range) -> Made:
        """Return the records of the members at these indices."""
        ids = member_ids("natural", self._seed, members)
        cohort = generate("banking", ids, self._as_of, self._faker)
        for signals in cohort.signals_over(WINDOWS):
            rankings(rulebook_of(cohort.mode), signals)
        tables = [users_of(cohort.people), *(t for t in cohort.tables() if t.name != "users")]
        return Made(ids, tables)
