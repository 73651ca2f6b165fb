"""The rulebooks that come with the modes, held to the cases of ``tests/cases/<rulebook>.yaml``."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
import pytest

from backend.chat.reception import rulebook_of
from backend.domain.assignment import Assignment
from backend.domain.signals import Column
from backend.industries.shape import Mode
from backend.modes import all_modes, card_of
from backend.personas.assigner import assign
from backend.yamlfile import read_yaml
from tests.cohort_kit import IDS, cohort

MODES: Final = [all_modes()[mode_id] for mode_id in ("insurance", "healthcare", "retail")]
ORDINARY: Final = "ordinary"


@cache
def cases_of(mode: Mode[Any]) -> dict[str, Any]:
    path = Path(__file__).parent / "cases" / f"{mode.default_rulebook}.yaml"
    found: dict[str, Any] = read_yaml(path).value
    return found


def personas_of(mode: Mode[Any]) -> list[str]:
    return [name for name in cases_of(mode) if name != ORDINARY]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(mode, persona, case, id=f"{persona}: {case['name']}")
        for mode in MODES
        for persona in personas_of(mode)
        for case in cases_of(mode)[persona][kind]
    ]


def assigned(mode: Mode[Any], case: dict[str, Any]) -> Assignment:
    ordinary = cases_of(mode)[ORDINARY]
    changed = {key: value for key, value in case.items() if key != "name"}
    assert changed.keys() <= ordinary.keys()
    figures = {definition.name: 0 for definition in mode.signals} | ordinary | changed
    table = {
        name: Column(np.array([0.0 if v is None else float(v)]), np.array([v is not None]))
        for name, v in figures.items()
    }
    return assign(rulebook_of(mode), table, "30d")[0]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_every_persona_has_cases(mode: Mode[Any]) -> None:
    assert [persona.id for persona in rulebook_of(mode).personas] == personas_of(mode)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_no_persona_fits_the_ordinary_customer(mode: Mode[Any]) -> None:
    assert assigned(mode, {}).qualifying == ()


@pytest.mark.parametrize(("mode", "persona", "case"), cases("pass"))
def test_this_customer_is_one(mode: Mode[Any], persona: str, case: dict[str, Any]) -> None:
    assert assigned(mode, case).primary == persona


@pytest.mark.parametrize(("mode", "persona", "case"), cases("fail"))
def test_this_customer_is_none(mode: Mode[Any], persona: str, case: dict[str, Any]) -> None:
    assert persona not in assigned(mode, case).qualifying


@pytest.mark.parametrize("window", [30, 180])
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_every_persona_is_reached_by_somebody(mode: Mode[Any], window: int) -> None:
    table = cohort(mode, IDS, date(2026, 11, 15)).signals(window)
    reached = {found.primary for found in assign(rulebook_of(mode), table, f"{window}d")}
    assert reached >= set(personas_of(mode))


@pytest.mark.parametrize("mode_id", list(all_modes()))
def test_the_card_shows_only_what_the_persona_has(mode_id: str) -> None:
    card, fields = card_of(mode_id), all_modes()[mode_id].persona.model_fields
    assert 4 <= len(card.starters) <= 6
    shown = [figure.field for figure in (*card.highlights, *card.facts)]
    shown += [field for bar in card.progress for field in (bar.part, bar.whole)]
    assert set(shown) <= set(fields)
    for listing in card.lists:
        item = get_args(fields[listing.field].annotation)[0].model_fields
        columns = [listing.title, *(figure.field for figure in listing.details)]
        columns += [listing.amount.field] if listing.amount else []
        columns += [listing.badge] if listing.badge else []
        assert set(columns) <= set(item)
