import pytest

from backend.personas.library import rulebook_named
from backend.personas.targets import expected, nobody_of
from backend.population.controls.model import PersonaTarget


@pytest.mark.parametrize("rulebook", ["registry", "severity"])
@pytest.mark.parametrize("target", PersonaTarget)
def test_every_expected_persona_is_one_of_its_rulebook(
    rulebook: str, target: PersonaTarget
) -> None:
    rules = rulebook_named(rulebook)
    known = {persona.id for persona in rules.personas} | {nobody_of(rules)}
    assert set(expected(rulebook, target)) <= known


def test_a_target_of_two_parts_expects_both_personas() -> None:
    both = expected("severity", "subscription_heavy+savings_builder")
    assert both == ("subscription_heavy", "savings_builder")


def test_a_part_that_a_rulebook_knows_nothing_of_is_left_out() -> None:
    assert expected("severity", "young_professional+savings_builder") == ("savings_builder",)
    assert expected("registry", "cash_flow_stressed") == ()
    assert expected("shoppers", "general") == ()


def test_the_general_target_is_to_be_nobody() -> None:
    for name in ("registry", "severity"):
        assert expected(name, "general") == (nobody_of(rulebook_named(name)),)
