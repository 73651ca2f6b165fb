from pathlib import Path
from typing import Any

import pytest

from backend.errors import ConfigurationError
from backend.personas.registry import (
    Overrides,
    RulebookError,
    check_rulebook,
    load_rulebook,
    read_overrides,
)
from backend.yamlfile import MAX_BYTES, read_yaml
from tests.persona_kit import SIGNALS

CASES = read_yaml(Path(__file__).parent / "cases" / "severity_errors.yaml").value
GOOD = CASES["good"]


def written(folder: Path, text: str, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def config(folder: Path, text: str) -> Overrides:
    return read_overrides(written(folder, text, "config.json"))


def test_a_rulebook_by_severity_with_settings_is_read(tmp_path: Path) -> None:
    rules = load_rulebook(written(tmp_path, GOOD), SIGNALS)
    assert [(one.id, one.level, one.priority) for one in rules.personas] == [
        ("heavy_use", "CRITICAL", 0), ("thin_fund", "LOW", 3),
    ]  # fmt: skip
    assert dict(rules.settings) == {"much": 50.0, "few_months": 3.0}
    first, second = rules.personas
    assert (first.conditions[0].threshold, first.conditions[0].setting) == (50.0, "much")
    assert first.severity is not None
    assert second.severity is not None
    assert (first.severity.signal, first.severity.per) == ("use_pct", 50.0)
    assert (second.severity.signal, second.severity.per) == ("visit_count", 1.0)
    assert rules.asked == ("use_pct", "fund_months", "visit_count")


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_an_error_names_file_and_line(case: dict[str, str], tmp_path: Path) -> None:
    assert case["text"] in GOOD
    path = written(tmp_path, GOOD.replace(case["text"], case["with"], 1))
    with pytest.raises(ConfigurationError) as raised:
        load_rulebook(path, SIGNALS)
    assert str(raised.value) == f"{path}{case['says']}"


def test_every_error_of_a_file_is_found_at_once(tmp_path: Path) -> None:
    text = GOOD
    for change, to in (("level: LOW", "level: MILD"), ("risk: low", "risk: none"),
                       ("signal: fund_months", "signal: fund_month"), ("number: 2", "number: 1"),
                       ("title: Small", "titel: Small")):  # fmt: skip
        text = text.replace(change, to, 1)
    path = written(tmp_path, text)
    assert [fault.removeprefix(f"{path}, ") for fault in check_rulebook(path, SIGNALS)] == [
        (
            "line 3: the key 'titel' is not known here; expected rulebook, version, title, order,"
            " nobody, personas or settings"
        ),
        "line 1: the file lacks the key 'title'",
        "line 27: level must be one of CRITICAL, HIGH, MEDIUM, LOW, but it is 'MILD'",
        "line 35: there is no signal 'fund_month'; did you mean 'fund_months'?",
        "line 29: risk must be one of low, medium, high, but it is 'none'",
        "line 25: the number 1 stands twice, first on line 12",
    ]
    with pytest.raises(RulebookError) as raised:
        load_rulebook(path, SIGNALS)
    assert raised.value.sentences == check_rulebook(path, SIGNALS)
    assert str(raised.value) == raised.value.sentences[0]


def test_a_good_file_has_no_error(tmp_path: Path) -> None:
    assert check_rulebook(written(tmp_path, GOOD), SIGNALS) == ()


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB + GOOD, ", line 2: aliases (*name) are not taken"),
        (GOOD.replace("much: 50", "much: 50\n  much: 60"), ", line 8: the key 'much' stands twice"),
        (GOOD.replace("much: 50", "much: 1e999"), ", line 7: 1e999 is not a finite number"),
        (GOOD.replace("50", "[" * 40 + "]" * 40), ", line 7: nested deeper than 32"),
        (GOOD.replace("much: 50", "much: !!float 50"), ", line 7: tags (!name) are not taken"),
        ("#" * (MAX_BYTES + 1), f": {MAX_BYTES + 1} bytes; a YAML file may have {MAX_BYTES}"),
    ],
    ids=["an alias bomb", "a key twice", "an infinity", "deep brackets", "a tag", "a huge file"],
)  # fmt: skip
def test_what_yaml_would_swallow_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    assert check_rulebook(path, SIGNALS) == (f"{path}{says}",)


# --- overrides ----------------------------------------------------------------------------------


def test_an_override_replaces_a_setting_wherever_it_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    rules = load_rulebook(path, SIGNALS, config(tmp_path, '{"much": 62.5}'))
    (condition,) = rules.personas[0].conditions
    assert rules.personas[0].severity is not None
    assert (condition.threshold, rules.personas[0].severity.per) == (62.5, 62.5)
    assert (dict(rules.settings), rules.version) == (
        {"much": 62.5, "few_months": 3.0}, "1+much=62.5",
    )  # fmt: skip
    assert load_rulebook(path, SIGNALS).version == "1"


def test_an_empty_config_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert load_rulebook(path, SIGNALS, config(tmp_path, "{}")).version == "1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"mutch": 3}', ": the rulebook small has no setting 'mutch'; did you mean 'much'?"),
        ('{"zzz": 3}', ": the rulebook small has no setting 'zzz'; there are much, few_months"),
        ('{"much": "3"}', ": much must be a number, and it is a string"),
        ('{"much": true}', ": much must be a number, and it is a boolean"),
        ('{"much": null}', ": much must be a number, and it is null"),
        ('{"much": {"a": 1}}', ": much must be a number, and it is an object"),
        ('{"much": [1]}', ": much must be a number, and it is an array"),
        ('{"much": NaN}', (": much must be a number up to 1,000,000,000,000 with at most 9 "
         "decimals, and it is nan")),
        ('{"much": -Infinity}', (": much must be a number up to 1,000,000,000,000 with at most"
         " 9 decimals, and it is -inf")),
        ('{"much": 1e999}', (": much must be a number up to 1,000,000,000,000 with at most 9"
         " decimals, and it is inf")),
        ('{"much": 1, "much": 2}', ": much stands twice"),
        ("[1]", ": expected an object of settings, and it is an array"),
        ("3", ": expected an object of settings, and it is a number"),
        ("{", (": this is not JSON: Expecting property name enclosed in double quotes: line 1"
         " column 2 (char 1)")),
    ],
)  # fmt: skip
def test_a_wrong_config_is_told_by_file_and_key(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_rulebook(written(tmp_path, GOOD), SIGNALS, config(tmp_path, text))
    assert str(raised.value) == f"{tmp_path / 'config.json'}{says}"


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 60_000, "\x80", " " * 70_000])
def test_a_hostile_config_is_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"config\.json: "):
        read_overrides(tmp_path / "config.json")


def test_a_config_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.json: can not be read"):
        read_overrides(tmp_path / "none.json")


def test_a_rulebook_without_settings_has_none_to_override(tmp_path: Path) -> None:
    bare = GOOD.replace("$much", "50").replace("$few_months", "3")
    bare = bare.replace("settings:\n  much: 50\n  few_months: 3\n", "")
    with pytest.raises(ConfigurationError, match="small has no setting 'much'; it has none"):
        load_rulebook(written(tmp_path, bare), SIGNALS, Overrides("here", (("much", 1.0),)))


def thresholds(rules: Any) -> list[Any]:
    return [condition.threshold for one in rules.personas for condition in one.conditions]


def test_a_list_of_thresholds_may_name_settings(tmp_path: Path) -> None:
    text = GOOD.replace(
        'operator: "<", threshold: $few_months', "operator: in, threshold: [1, $few_months]"
    )
    rules = load_rulebook(written(tmp_path, text), SIGNALS)
    assert thresholds(rules) == [50.0, (1.0, 3.0)]
