from pathlib import Path

import pytest

from backend.modes import all_modes
from backend.personas.library import all_rulebooks
from tests.terminal import walkin

REGISTRY = "backend/industries/banking/rulebooks/registry.yaml"
SETTINGS = """rulebook: small
version: "1"
title: Small
order: severity
nobody: {name: Nobody, guidance: Be kind.}
settings: {much: 50}
personas:
  - id: heavy_use
    level: CRITICAL
    number: 1
    severity: {signal: credit_max_utilization_pct, per: $much}
    risk: high
    name: Heavy use
    rationale: It costs interest.
    focus_areas: [cards]
    content_types: [article]
    guidance: Offer a plan.
    secondary_guidance: Mention a plan.
    criteria: {signal: credit_max_utilization_pct, operator: ">=", threshold: $much}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(text)
    return path


def test_every_rulebook_of_every_mode_is_listed() -> None:
    listed = walkin("rulebook", "list")
    assert (listed.status, listed.err) == (0, "")
    lines = listed.out.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        [mode_id, name] for mode_id in all_modes() for name, _ in all_rulebooks()[mode_id]
    ]
    assert lines[0].endswith("Banking registry, version 1, 6 personas by priority, 7 signals")


def test_a_rulebook_is_shown_with_its_rules() -> None:
    shown = walkin("rulebook", "show", "registry")
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.startswith("Banking registry (registry, version 1)\n")
    assert "1. High utilisation (high_utilization), priority 1, risk high" in shown.out
    assert "    credit_max_utilization_pct >= 50.0 (percent)" in shown.out
    assert "    any of:\n      transaction_history_days < 180.0 (days)" in shown.out
    assert "why: A card at half of its limit" in shown.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "nonsense"], "there is no rulebook 'nonsense'"),
        (["show", "cover", "--mode", "banking"], "there is no rulebook 'cover'"),
        (["show", "cover", "--mode", "farming"], "there is no mode 'farming'"),
        (["show", "registry", "--config", "none.json"], "none.json: can not be read"),
        (["check", REGISTRY, "--mode", "farming"], "--mode: banking"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(arguments: list[str], says: str) -> None:
    assert walkin("rulebook", *arguments).sentence().startswith(says)


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    checked = walkin("rulebook", "check", REGISTRY, "--mode", "banking")
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith(f"{REGISTRY}: Banking registry, version 1, 6 personas")
    path = written(tmp_path, SETTINGS)
    checked = walkin("rulebook", "check", str(path))
    assert checked.out == (
        f"{path}: Small, version 1, 1 personas by severity, 1 signals, 1 settings\n"
    )


def test_every_error_of_a_file_is_told_and_the_status_is_two(tmp_path: Path) -> None:
    wrong = SETTINGS.replace("level: CRITICAL", "level: GRAVE").replace("risk: high", "risk: huge")
    path = written(tmp_path, wrong)
    checked = walkin("rulebook", "check", str(path), "--mode", "banking")
    assert (checked.status, checked.out) == (2, "")
    assert checked.err.splitlines() == [
        f"{path}, line 9: level must be one of CRITICAL, HIGH, MEDIUM, LOW, but it is 'GRAVE'",
        f"{path}, line 12: risk must be one of low, medium, high, but it is 'huge'",
    ]


def test_the_signals_of_another_mode_are_not_known(tmp_path: Path) -> None:
    checked = walkin("rulebook", "check", str(written(tmp_path, SETTINGS)), "--mode", "insurance")
    assert checked.status == 2
    assert "there is no signal 'credit_max_utilization_pct'" in checked.err


@pytest.mark.parametrize("command", ["list", "show", "check"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    help_text = walkin("rulebook", command, "--help")
    assert help_text.status == 0
    assert f"Example: walkin rulebook {command}" in " ".join(help_text.out.split())
