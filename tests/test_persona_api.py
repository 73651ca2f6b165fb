from datetime import date
from pathlib import Path

import pytest

from backend.errors import ConfigurationError, InputError
from backend.modes import all_modes
from backend.personas.api import (
    BehavioralSummary,
    PersonaMatch,
    PersonaMatcher,
    PersonaPrioritizer,
    load_persona_registry,
)
from backend.personas.library import all_rulebooks, find_rulebook
from backend.personas.registry import Overrides
from tests.persona_kit import graded, graded_rulebook, leaf

DAY = date(2026, 1, 15)
FIGURES = {
    "credit_max_utilization_pct": 68.0, "credit_total_limits": 12_000.0,
    "income_paycheck_count": 2.0, "income_variability_pct": 5.0,
    "savings_emergency_fund_months": 1.0, "subscription_share_pct": 4.0,
    "transaction_history_days": 400.0,
}  # fmt: skip
SUMMARY = BehavioralSummary(
    "demo-1", DAY, {"30d": FIGURES, "180d": FIGURES | {"credit_max_utilization_pct": None}}
)
REGISTRY = MODE_FILE = all_modes()["banking"].folder / "rulebooks" / "registry.yaml"


def test_a_customer_is_matched_and_prioritised() -> None:
    registry = load_persona_registry("registry")
    matches = PersonaMatcher(registry).match_personas(SUMMARY, DAY, "30d")
    assert [match.persona_id for match in matches] == [one.id for one in registry.personas]
    assert [match.persona_id for match in matches if match.matched] == [
        "high_utilization", "low_savings",
    ]  # fmt: skip
    assert matches[0].evidence["leaves"][0]["margin"] == 18.0
    found = PersonaPrioritizer(registry).prioritize_persona(matches)
    assert (found.primary_id, found.status) == ("high_utilization", "ASSIGNED")
    assert found.reason == "Highest priority match among 2 qualifying personas (priority 1)"


def test_the_windows_are_apart_and_taken_in_however_they_are_spelled() -> None:
    matcher = PersonaMatcher(load_persona_registry(REGISTRY))
    longer = matcher.match_personas(SUMMARY, DAY, 180)
    assert [match.persona_id for match in longer if match.matched] == ["low_savings"]
    assert longer == matcher.match_personas(SUMMARY, DAY, "180_day")


def test_by_severity_matches_carry_what_orders_them() -> None:
    rules = graded_rulebook(
        graded("use", "HIGH", "use_pct", 100, leaf("use_pct", ">=", 10)),
        graded("fund", "HIGH", "fund_months", 10, leaf("fund_months", ">=", 1)),
    )
    summary = BehavioralSummary("a", DAY, {"30d": {"use_pct": 20.0, "fund_months": 3.0}})
    matches = PersonaMatcher(rules).match_personas(summary, DAY, "30d")
    assert [(match.persona_id, match.severity) for match in matches] == [
        ("fund", 0.3), ("use", 0.2),
    ]  # fmt: skip
    found = PersonaPrioritizer(rules).prioritize_persona(matches[::-1])
    assert (found.primary_id, found.severity) == ("fund", 0.3)


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), None])
def test_what_is_no_number_is_missing(figure: float | None) -> None:
    registry = load_persona_registry("registry")
    summary = BehavioralSummary("a", DAY, {"30d": FIGURES | {"credit_max_utilization_pct": figure}})
    (first, *_) = PersonaMatcher(registry).match_personas(summary, DAY, "30d")
    assert first.evidence["leaves"][0]["outcome"] == "unknown"


def test_a_figure_is_rounded_as_its_signal_is_defined() -> None:
    registry = load_persona_registry("registry")
    summary = BehavioralSummary("a", DAY, {"30d": FIGURES | {"credit_max_utilization_pct": 49.96}})
    (first, *_) = PersonaMatcher(registry).match_personas(summary, DAY, "30d")
    assert (first.matched, first.evidence["leaves"][0]["actual"]) == (True, 50.0)


@pytest.mark.parametrize(
    ("day", "window", "says"),
    [
        (date(2026, 1, 16), "30d", "the summary is of 2026-01-15, and 2026-01-16 was asked for"),
        (DAY, "60d", "a window is 30d or 180d, and it came as '60d'"),
    ],
)
def test_a_summary_that_does_not_fit_is_refused(day: date, window: str, says: str) -> None:
    matcher = PersonaMatcher(load_persona_registry("registry"))
    with pytest.raises(InputError) as raised:
        matcher.match_personas(SUMMARY, day, window)
    assert str(raised.value) == says


def test_a_summary_without_a_window_or_a_signal_is_refused() -> None:
    matcher = PersonaMatcher(load_persona_registry("registry"))
    with pytest.raises(InputError, match="the summary of a has no window 30d"):
        matcher.match_personas(BehavioralSummary("a", DAY, {}), DAY, "30d")
    with pytest.raises(InputError, match="asks for the signal credit_max_utilization_pct"):
        matcher.match_personas(BehavioralSummary("a", DAY, {"30d": {}}), DAY, "30d")


def test_matches_of_other_rules_are_refused() -> None:
    match = PersonaMatch("somebody", matched=True, severity=None, evidence={})
    with pytest.raises(InputError, match="not matches of the rulebook registry"):
        PersonaPrioritizer(load_persona_registry("registry")).prioritize_persona((match,))


def test_a_rulebook_is_found_by_its_name_or_file_and_read_once() -> None:
    assert load_persona_registry("registry") is load_persona_registry(str(REGISTRY))
    assert load_persona_registry("cover").name == "cover"


@pytest.mark.parametrize(
    ("name", "mode", "says"),
    [
        ("nonsense", None, "there is no rulebook 'nonsense'; there are registry (banking)"),
        ("registry", "insurance", "there is no rulebook 'registry'; there are cover (insurance)"),
        ("registry", "farming", "there is no mode 'farming'; there are banking"),
        (str(REGISTRY), "farming", "there is no mode 'farming'; there are banking"),
    ],
)
def test_an_unknown_rulebook_or_mode_is_named(name: str, mode: str | None, says: str) -> None:
    with pytest.raises(InputError) as raised:
        load_persona_registry(name, mode)
    assert str(raised.value).startswith(says)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="can not be read"):
        load_persona_registry(tmp_path / "none.yaml")


def test_settings_of_a_rulebook_without_any_can_not_be_overridden() -> None:
    with pytest.raises(ConfigurationError, match="the rulebook registry has no setting 'much'"):
        load_persona_registry("registry", overrides=Overrides("c.json", (("much", 1.0),)))


def test_every_mode_lists_its_default_rulebook_first() -> None:
    for mode in all_modes().values():
        names = [name for name, _ in all_rulebooks()[mode.id]]
        assert names[0] == mode.default_rulebook
        assert names[1:] == sorted(names[1:])
        assert find_rulebook(names[0], mode.id)[1].is_file()
