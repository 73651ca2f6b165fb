"""A toy bank whose records are tables, and populations of its customers."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray

from backend import modes
from backend.domain.person import People
from backend.domain.session_persona import SessionPersona
from backend.domain.table import Field, Table
from backend.industries.shape import FlowSource, Mode
from backend.population import build as building
from backend.population.build import Population
from backend.seeds import SeededFaker, bits, integers

AS_OF: Final = date(2026, 1, 15)
FAKER: Final = SeededFaker()
_MOST: Final = 9


def toy_generate(
    people: People, as_of: date, faker: SeededFaker, _others: Sequence[FlowSource]
) -> NDArray[np.int64]:
    """Return how many movements each has, from none to nine."""
    del as_of, faker
    return integers(people.keys, "toy/movements", 0, _MOST)


def toy_tables(people: People, records: NDArray[np.int64], as_of: date) -> tuple[Table, ...]:
    row, index = (np.arange(_MOST) < records[:, None]).nonzero()
    draws = bits(people.keys, "toy/draw", np.arange(_MOST))[row, index].astype(np.int64) >> 40
    texts = [["", "plain", 'say "so"', "a, b", "Zoë"][draw] for draw in (draws % 5).tolist()]
    movements = (
        Field("movement_id", "text", [f"m{draw}" for draw in draws.tolist()]),
        Field("text", "text", texts, draws % 7 != 0),
        Field("amount", "money", draws - 2**22, draws % 3 != 0),
        Field("date", "date", as_of.toordinal() - draws % 180, draws % 11 != 0),
        Field("count", "integer", draws, draws % 13 != 0),
        Field("part", "number", draws / 7, draws % 17 != 0),
        Field("pending", "flag", draws % 2 == 0, draws % 19 != 0),
    )
    kinds = Field("archetype", "text", [f"kind {count % 3}" for count in records.tolist()])
    return (
        Table("users", np.arange(len(people)), (kinds,)),
        Table("movements", row, movements),
        Table("nothing", np.zeros(0, dtype=np.int64), (Field("x", "text", ()),)),
    )


def toy(mode_id: str, tables: Any = toy_tables) -> Mode[NDArray[np.int64]]:
    """Return a mode that has nothing but records."""

    def never(*_: Any) -> Any:
        raise AssertionError("a population shows nobody and measures nothing")

    return Mode(
        id=mode_id, folder=Path(mode_id), persona=SessionPersona, generate=toy_generate,
        present=never, signals=(), measure=never, default_rulebook="none", tables=tables,
    )  # fmt: skip


def install(monkeypatch: pytest.MonkeyPatch, *found: Mode[Any]) -> None:
    """Have these modes, and no others, be the installed ones."""
    known = {mode.id: mode for mode in found}
    for module in (modes, building):
        monkeypatch.setattr(module, "all_modes", lambda: known)


def population(seed: int = 42, **changes: Any) -> Population:
    given = {"preset": "natural", "as_of": AS_OF, "modes": ("toy",), **changes}
    return Population(seed=seed, **given)
