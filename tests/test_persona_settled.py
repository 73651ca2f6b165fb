"""By priority, what turns a choice is told by how the conditions came out, as trying all tells."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.chat.reception import rulebook_of
from backend.modes import all_modes, generate
from backend.personas.figures import usable
from backend.personas.leaves import Decided, decide, leaves_of
from backend.personas.nearest import explore, nearest_changes
from backend.personas.outcomes import evaluate
from backend.personas.rulebook import Rulebook
from backend.personas.settled import Settled, settled_of
from tests.cohort_kit import FAKER
from tests.persona_kit import leaf, rulebook, table
from tests.test_persona_nearest import NAMES, Row, rows, trees

AS_OF = date(2026, 1, 15)
RULES = rulebook(
    {"all": [leaf("use_pct", ">=", 50), leaf("fund_months", "<", 3)]},
    leaf("visit_count", ">=", 8, missing="fail"),
)


def decided(rules: Rulebook, **figures: float | None) -> Decided:
    columns = table(**{name: [value] for name, value in figures.items()})
    return decide(leaves_of(rules), usable(rules, columns))


def settled(rules: Rulebook, **figures: float | None) -> Settled:
    (pattern,) = decided(rules, **figures).patterns()
    return settled_of(rules, *pattern)


def test_customers_whose_conditions_came_out_alike_share_what_is_settled() -> None:
    one = settled(RULES, use_pct=60.0, fund_months=1.0, visit_count=2.0)
    other = settled(RULES, use_pct=99.0, fund_months=2.5, visit_count=7.0)
    assert one is other
    assert one.ranking.primary_id == "p1"


def test_what_is_missing_is_another_pattern_than_what_fails() -> None:
    known = settled(RULES, use_pct=60.0, fund_months=9.0, visit_count=2.0)
    missing = settled(RULES, use_pct=60.0, fund_months=9.0, visit_count=None)
    assert known is not missing
    assert known.turns is not None
    assert missing.turns is not None
    # visits could be set to 8 as well, were they known
    assert (len(known.turns.winners), len(missing.turns.winners)) == (2, 1)


def test_trials_of_the_fewest_figures_alone_are_kept() -> None:
    turns = settled(RULES, use_pct=10.0, fund_months=9.0, visit_count=None).turns
    assert turns is not None
    assert turns.to.tolist() == [[50.0], [2.9]]
    assert turns.winners == (0,)


def test_nothing_turns_a_choice_where_nothing_is_known() -> None:
    found = settled(RULES, use_pct=None, fund_months=None, visit_count=None)
    assert found.turns is None
    assert found.ranking.primary_id == "unclassified"


@given(st.lists(trees(), min_size=1, max_size=3), st.lists(rows, min_size=1, max_size=4))
def test_the_nearest_change_is_the_one_found_by_trying_all(
    criteria: list[dict[str, Any]], some: list[Row]
) -> None:
    rules = rulebook(*criteria)
    columns = table(**{name: [row[name] for row in some] for name in NAMES})
    outcomes = evaluate(rules, columns)
    tried = [change for _, changes in explore(rules, outcomes.figures) for change in changes]
    assert nearest_changes(outcomes) == tried


@pytest.mark.parametrize("mode", all_modes())
def test_a_mode_s_customers_have_the_ranking_and_the_change_found_by_trying_all(mode: str) -> None:
    cohort = generate(mode, [f"settled-{row}" for row in range(60)], AS_OF, FAKER)
    rules = rulebook_of(cohort.mode)
    outcomes = evaluate(rules, cohort.signals(30))
    tried = [change for _, changes in explore(rules, outcomes.figures) for change in changes]
    assert nearest_changes(outcomes) == tried
    patterns = outcomes.verdicts.decided.patterns()
    found = [settled_of(rules, *pattern).ranking for pattern in patterns]
    assert found == outcomes.rankings()
