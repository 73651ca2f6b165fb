from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
import pytest

from backend.domain.assignment import Assignment
from backend.domain.signals import Column
from backend.industries.healthcare import MODE
from backend.modes import card_of
from backend.personas.assigner import assign
from backend.personas.registry import Rulebook, load_rulebook
from backend.yamlfile import read_yaml
from tests.cohort_kit import IDS, cohort

CASES: Final[dict[str, Any]] = read_yaml(Path(__file__).parent / "cases" / "care.yaml").value
ORDINARY: Final = CASES["ordinary"]
PERSONAS: Final = [name for name in CASES if name != "ordinary"]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(persona, case, id=f"{persona}: {case['name']}")
        for persona in PERSONAS
        for case in CASES[persona][kind]
    ]


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load_rulebook(MODE.folder / "rulebooks" / "care.yaml", MODE.signals)


def assigned(rules: Rulebook, case: dict[str, Any]) -> Assignment:
    changed = {key: value for key, value in case.items() if key != "name"}
    assert changed.keys() <= ORDINARY.keys()
    figures = {definition.name: 0 for definition in MODE.signals} | ORDINARY | changed
    table = {
        name: Column(np.array([0.0 if v is None else float(v)]), np.array([v is not None]))
        for name, v in figures.items()
    }
    return assign(rules, table, "30d")[0]


def test_every_persona_has_cases(rules: Rulebook) -> None:
    assert [persona.id for persona in rules.personas] == PERSONAS


def test_no_persona_fits_the_ordinary_customer(rules: Rulebook) -> None:
    assert assigned(rules, {}).qualifying == ()


@pytest.mark.parametrize(("persona", "case"), cases("pass"))
def test_this_customer_is_one(rules: Rulebook, persona: str, case: dict[str, Any]) -> None:
    assert assigned(rules, case).primary == persona


@pytest.mark.parametrize(("persona", "case"), cases("fail"))
def test_this_customer_is_none(rules: Rulebook, persona: str, case: dict[str, Any]) -> None:
    assert persona not in assigned(rules, case).qualifying


@pytest.mark.parametrize("window", [30, 180])
def test_every_persona_is_reached_by_somebody(rules: Rulebook, window: int) -> None:
    table = cohort(MODE, IDS, date(2026, 11, 15)).signals(window)
    reached = {found.primary for found in assign(rules, table, f"{window}d")}
    assert reached >= set(PERSONAS)


def test_the_card_shows_only_what_the_persona_has() -> None:
    card, fields = card_of(MODE.id), MODE.persona.model_fields
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
