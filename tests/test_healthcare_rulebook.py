from collections import Counter
from datetime import date

import pytest

from backend.chat.reception import rulebook_of
from backend.industries.healthcare import MODE
from backend.personas.assigner import assign
from tests.cohort_kit import cohort

IDS = tuple(f"natural-{number}" for number in range(3000))


@pytest.mark.parametrize("as_of", [date(2026, 1, 15), date(2026, 7, 15), date(2026, 11, 15)])
def test_every_persona_is_held_by_some_and_most_customers_have_one(as_of: date) -> None:
    found = assign(rulebook_of(MODE), cohort(MODE, IDS, as_of).signals(30), "30d")
    held = Counter(persona for each in found for persona in each.qualifying)
    for persona in rulebook_of(MODE).personas:
        assert 0.02 < held[persona.id] / len(IDS) < 0.40, persona.id
    assert sum(each.primary is None for each in found) < 0.5 * len(IDS)
