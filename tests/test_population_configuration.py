from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend import strictjson
from backend.errors import InputError
from backend.population.controls.configuration import (
    Configuration,
    DataGenerationConfig,
    export_config,
    read_configuration,
    read_configuration_file,
)
from backend.population.controls.model import OperatorControls
from backend.population.presets import PRESET_CONFIGS, preset_names

AS_OF = date(2026, 1, 15)
BOTH: dict[str, Any] = {
    "config": {"seed": 7, "num_users": 20, "generation_timestamp": "2026-01-15T10:00:00Z"},
    "controls": {"target_personas": ["general"], "overdue_probability": 0.5},
}
FLAT: dict[str, Any] = {**BOTH["config"], **BOTH["controls"]}
YAML = """
config: {seed: 7, num_users: 20, generation_timestamp: "2026-01-15T10:00:00Z"}
controls: {target_personas: [general], overdue_probability: 0.5}
"""


def test_the_defaults_are_those_that_are_documented() -> None:
    config = DataGenerationConfig()
    assert (config.seed, config.num_users, config.months_history) == (42, 100, 7)
    assert config.avg_transactions_per_month == 30


def test_json_yaml_and_a_flat_file_are_the_same(tmp_path: Path) -> None:
    files = {
        "a.json": strictjson.dumps(BOTH), "b.json": strictjson.dumps(FLAT), "c.yaml": YAML,
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    read = [read_configuration_file(tmp_path / name) for name in files]
    assert read[0] == read[1] == read[2]
    assert read[0].config.seed == 7
    assert read[0].controls is not None
    assert read[0].controls.overdue_probability == 0.5


@pytest.mark.parametrize("name", preset_names())
def test_what_is_exported_is_read_back(name: str, tmp_path: Path) -> None:
    export_config(PRESET_CONFIGS[name], tmp_path / "it.json")
    assert read_configuration_file(tmp_path / "it.json") == PRESET_CONFIGS[name]


def test_the_hash_is_of_what_lives_hang_on() -> None:
    own = read_configuration(BOTH, "it")
    digest = own.digest(AS_OF, ["banking", "retail"])
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")
    later = {**FLAT, "generation_timestamp": "later", "seed": 8, "num_users": 500}
    assert read_configuration(later, "it").digest(AS_OF, ["retail", "banking"]) == digest
    others = [
        read_configuration({**FLAT, "overdue_probability": 0.6}, "it").digest(AS_OF, ["banking"]),
        read_configuration({**FLAT, "months_history": 8}, "it").digest(AS_OF, ["banking"]),
        own.digest(date(2026, 1, 16), ["banking", "retail"]),
        own.digest(AS_OF, ["banking"]),
    ]
    assert len({digest, *others}) == 5


def test_equal_controls_have_one_hash_however_they_are_spelt() -> None:
    spelt = Configuration(controls=OperatorControls())
    short = read_configuration({"controls": {}}, "it")
    assert short.digest(AS_OF, ["banking"]) == spelt.digest(AS_OF, ["banking"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"num_users": 9}, "config.num_users: input should be greater than or equal to 10; not 9"),
        ({"num_users": 1001}, "config.num_users: input should be less than or equal to 1000"),
        ({"months_history": 0}, "config.months_history"),
        ({"months_history": 25}, "config.months_history"),
        ({"seed": -1}, "config.seed"),
        ({"seed": "42"}, "config.seed"),
        ({"avg_transactions_per_month": 0}, "config.avg_transactions_per_month"),
        ({"config": {}, "controls": {}, "more": 1}, "more: there is no such field"),
        ({"colour": 1}, "controls.colour: there is no such field"),
        ([], "expected fields with values"),
    ],
)
def test_an_error_names_file_and_field(value: object, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_configuration(value, "it.json")
    assert str(refused.value).startswith(f"it.json: {said}")


def test_shares_that_miss_one_are_named_once_and_for_all() -> None:
    with pytest.raises(InputError) as refused:
        read_configuration({"credit_utilization_distribution": {"low": 0.5}}, "it.json")
    assert str(refused.value) == (
        "it.json: controls: credit_utilization_distribution: "
        "shares that sum to 1 within 0.01; not to 0.5."
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("it.json", "{", "no JSON"),
        ("it.yaml", "a: [", "line"),
        ("it.json", " " * 70_000, "70000 bytes; a configuration may have 65536"),
    ],
)
def test_a_file_that_can_not_be_read_is_one_sentence(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        read_configuration_file(tmp_path / name)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: can not be read"):
        read_configuration_file(tmp_path / "none.json")
    with pytest.raises(InputError, match="can not be written"):
        export_config(Configuration(), tmp_path / "none" / "it.json")
