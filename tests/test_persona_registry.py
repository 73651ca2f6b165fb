from pathlib import Path
from typing import Any

import pytest

from backend.domain.signals import SignalDefinition
from backend.errors import ConfigurationError
from backend.personas.registry import load_rulebook
from backend.personas.rulebook import AllOf, AnyOf, Condition, Negation
from backend.yamlfile import read_yaml
from tests.persona_kit import SIGNALS, leaf, persona, rulebook, rulebook_of

ERRORS = read_yaml(Path(__file__).parent / "cases" / "rulebook_errors.yaml").value


def written(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(text)
    return path


def test_the_rulebook_that_the_errors_start_from_is_good(tmp_path: Path) -> None:
    rules = load_rulebook(written(tmp_path, ERRORS["good"]), SIGNALS)
    assert [found.id for found in rules.personas] == ["heavy_use", "thin_fund"]
    assert rules.asked == ("use_pct", "fund_months")


@pytest.mark.parametrize("case", ERRORS["cases"], ids=lambda case: case["name"])
def test_an_error_names_file_and_line_and_what_was_expected(
    case: dict[str, str], tmp_path: Path
) -> None:
    good = ERRORS["good"]
    assert "whole" in case or case["text"] in good
    text = case["whole"] if "whole" in case else good.replace(case["text"], case["with"], 1)
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as raised:
        load_rulebook(path, SIGNALS)
    assert str(raised.value) == f"{path}{case['says']}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml: can not be read"):
        load_rulebook(tmp_path / "none.yaml", SIGNALS)


def test_a_rulebook_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, ERRORS["good"])
    first = load_rulebook(path, SIGNALS)
    path.unlink()
    assert load_rulebook(path, list(SIGNALS)) is first


def test_a_persona_carries_all_that_its_author_wrote(tmp_path: Path) -> None:
    found = load_rulebook(written(tmp_path, ERRORS["good"]), SIGNALS).personas[0]
    assert (found.number, found.name, found.priority, found.risk) == (1, "Heavy use", 1, "high")
    assert (found.focus_areas, found.content_types) == (("cards",), ("article",))
    assert found.rationale == "It costs interest."
    assert (found.guidance, found.secondary_guidance) == ("Offer a plan.", "Mention a plan.")


def test_personas_stand_in_the_order_of_their_priorities_whatever_the_file_s() -> None:
    low, high = leaf("use_pct", "<", 1), leaf("use_pct", ">", 1)
    rules = rulebook_of([persona("second", 2, low), persona("first", 1, high)])
    assert [found.id for found in rules.personas] == ["first", "second"]


def test_criteria_are_read_as_the_tree_they_spell() -> None:
    criteria = {
        "all": [
            {"not": leaf("use_pct", ">=", 50, missing="pass")},
            {"any": [leaf("visit_count", "in", [1, 2]), leaf("limit_total", "is_missing")]},
        ]
    }
    use = Condition("use_pct", ">=", 50.0, "pass", 1)
    visits = Condition("visit_count", "in", (1.0, 2.0), "unknown", 0)
    limit = Condition("limit_total", "is_missing", None, "unknown", 2)
    (found,) = rulebook(criteria).personas
    assert found.criteria == AllOf((Negation(use), AnyOf((visits, limit))))
    assert found.conditions == (use, visits, limit)


@pytest.mark.parametrize(
    ("threshold", "decimals"), [(50, 1), (50.5, 1), (0.125, 3), (1e-7, 7), (1e12, 1)]
)
def test_a_condition_has_the_decimals_of_signal_or_threshold_whichever_are_more(
    threshold: float, decimals: int
) -> None:
    (found,) = rulebook(leaf("use_pct", ">=", threshold)).personas
    assert found.conditions[0].decimals == decimals


@pytest.mark.parametrize(
    ("criteria", "text"),
    [
        (leaf("use_pct", ">=", 50), "use_pct >= 50.0"),
        (leaf("visit_count", "in", [1, 2]), "visit_count in [1.0, 2.0]"),
        (leaf("use_pct", "is_missing"), "use_pct is missing"),
    ],
)
def test_a_condition_is_spelled_for_people(criteria: dict[str, Any], text: str) -> None:
    (found,) = rulebook(criteria).personas
    assert str(found.conditions[0]) == text


def test_a_tree_may_have_eight_levels() -> None:
    criteria: dict[str, Any] = leaf("use_pct", ">=", 50)
    for _ in range(7):
        criteria = {"not": criteria}
    assert len(rulebook(criteria).personas) == 1


def test_the_example_of_the_documentation_is_a_rulebook(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "rulebooks.md").read_text()
    path = tmp_path / "example.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0])
    names = ("credit_max_utilization_pct", "savings_emergency_fund_months")
    signals = [SignalDefinition(name, "figure", "%", 1, "made up", "never") for name in names]
    rules = load_rulebook(path, signals)
    assert [found.id for found in rules.personas] == ["high_utilization", "cash_flow_optimizer"]
