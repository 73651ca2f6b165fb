from backend.personas.outcomes import evaluate
from tests.persona_kit import choices, leaf, rulebook, table

RULES = rulebook(
    best=leaf("use_pct", ">=", 50), middle=leaf("use_pct", ">=", 30), last=leaf("use_pct", ">=", 10)
)


def test_the_lowest_priority_number_wins_and_the_next_one_is_secondary() -> None:
    (found,) = choices(RULES, use_pct=[50.0])
    assert (found.status, found.primary_id) == ("ASSIGNED", "best")
    assert found.secondary
    assert found.secondary.id == "middle"
    assert [persona.id for persona in found.qualifying] == ["best", "middle", "last"]


def test_one_qualifying_persona_has_no_secondary_beside_it() -> None:
    (found,) = choices(RULES, use_pct=[10.0])
    assert (found.primary_id, found.secondary) == ("last", None)


def test_nobody_s_customer_is_unclassified() -> None:
    (found,) = choices(RULES, use_pct=[0.0])
    assert (found.status, found.primary, found.qualifying) == ("UNCLASSIFIED", None, ())
    assert found.primary_id == "unclassified"


def test_a_persona_that_could_not_be_decided_does_not_qualify() -> None:
    (found,) = choices(RULES, use_pct=[None])
    assert found.status == "UNCLASSIFIED"


def test_the_reason_says_how_many_qualified_and_with_what_priority_one_won() -> None:
    reasons = [found.reason for found in choices(RULES, use_pct=[50.0, 30.0, 10.0, 0.0])]
    assert reasons == [
        "Highest priority match among 3 qualifying personas (priority 1)",
        "Highest priority match among 2 qualifying personas (priority 2)",
        "Highest priority match among 1 qualifying personas (priority 3)",
        "No qualifying personas found",
    ]


def test_winners_are_the_positions_of_the_primary_personas() -> None:
    found = evaluate(RULES, table(use_pct=[50.0, 30.0, 10.0, 0.0, None]))
    assert found.primary.tolist() == [0, 1, 2, -1, -1]
