"""``walkin population`` as a user runs it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from backend import strictjson
from backend.cli.app import build_app
from backend.errors import InputError
from tests.live import ROOT
from tests.terminal import COMMAND, Outcome, clean_environment, walkin


def generate(out: Path, *options: str) -> Outcome:
    return walkin("population", "generate", "--as-of", "2026-01-15", "--out", str(out), *options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("population") / "out"
    done = generate(out, "--users", "30")
    assert done.status == 0, done.err
    assert "users.parquet: 30 rows" in done.out
    return out


def test_without_a_command_help_is_shown() -> None:
    shown = walkin("population")
    assert "generate" in shown.out + shown.err


@pytest.mark.parametrize("command", ["generate", "score", "verify"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    shown = walkin("population", command, "--help")
    assert f"Example: walkin population {command}" in " ".join(shown.out.split())


def test_a_run_says_nothing_but_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    again = generate(tmp_path / "again", "--users", "30")
    assert again.err == ""
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (
        folder / "manifest.json"
    ).read_bytes()


def test_modes_choose_tables_and_change_no_row(folder: Path, tmp_path: Path) -> None:
    done = generate(tmp_path / "one", "--users", "30", "--mode", "insurance", "--format", "csv")
    assert done.status == 0, done.err
    one = strictjson.parse((tmp_path / "one" / "manifest.json").read_bytes())
    whole = strictjson.parse((folder / "manifest.json").read_bytes())
    assert one["modes"] == ["insurance"]
    records = {name: table for name, table in one["tables"].items() if name != "users"}
    assert records == {name: whole["tables"][name] for name in records}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--users", "0"], "users: a whole number from 1 to 100000000, not 0."),
        (["--seed", "-1"], "seed: a whole number from 0 to 9223372036854775807, not -1."),
        (["--preset", "savers"], "preset: archetypes, high_utilization_focus, natural, "),
        (["--format", "xml"], "--format: parquet or csv; not 'xml'."),
        (["--mode", "pets"], "not 'pets'."),
        (["--as-of", "2026-02-30"], "as_of: a date from"),
    ],
)
def test_what_can_not_be_generated_is_one_sentence(
    tmp_path: Path, options: list[str], sentence: str
) -> None:
    out = ["--out", str(tmp_path / "out"), "--as-of", "2026-01-15"]
    done = CliRunner().invoke(build_app(), ["population", "generate", *out, *options])
    assert isinstance(done.exception, InputError)
    assert sentence in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_ones_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = generate(tmp_path, "--users", "3")
    assert done.status == 2
    assert "holds 'thesis.txt'" in done.sentence()


def begun(out: Path) -> "subprocess.Popen[str]":
    """Start a long run in a session of its own, and wait until it has made something."""
    command = [*COMMAND, "population", "generate", "--users", "5000000", "--mode", "insurance"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--processes", "2", "--out", str(out)],
        cwd=ROOT,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60  # noqa: TID251 - how long a test waits
    while not any(path.stat().st_size for path in out.parent.glob(".out.*/whole/*")):
        assert time.monotonic() < deadline  # noqa: TID251 - the same
        os.sched_yield()
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_leaves_nothing_and_says_so(
    tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    with begun(out) as process:
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == f"walkin: interrupted; {out} is as it was.\n"
    assert list(tmp_path.iterdir()) == []


def test_no_process_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    with begun(tmp_path / "out") as process:
        process.kill()
        # a process that went on would hold the pipe open
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL


def test_a_score_is_a_table_for_people(folder: Path) -> None:
    shown = walkin("population", "score", str(folder))
    assert shown.status == 0, shown.err
    assert "quantity" in shown.out
    assert "not in this data" in shown.out.splitlines()[-1]


def test_a_score_is_canonical_json_for_programs(folder: Path) -> None:
    text = walkin("population", "score", str(folder), "--json").out.strip()
    scored = strictjson.parse(text)
    assert strictjson.canonical(scored) == text
    assert sum(scored["counts"].values()) == len(scored["rows"])


def test_a_score_is_a_page(folder: Path) -> None:
    page = walkin("population", "score", str(folder), "--markdown").out
    assert page.startswith("# ")
    assert "30 customers, preset `natural`, seed 42, as of 2026-01-15" in page


def test_two_shapes_at_once_are_refused(folder: Path) -> None:
    done = walkin("population", "score", str(folder), "--json", "--markdown")
    assert done.status == 2
    assert done.sentence() == "--json or --markdown, not both."


def test_a_folder_without_a_population_is_one_sentence(tmp_path: Path) -> None:
    done = walkin("population", "score", str(tmp_path))
    assert done.status == 2
    assert "manifest.json: can not be read: No such file" in done.sentence()


@pytest.mark.parametrize("module", ["backend.main", "backend.cli.app"])
def test_the_chat_does_without_polars(module: str) -> None:
    code = f"import {module}, sys; print('polars' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


CONTROLS = {"num_users": 10, "seed": 3, "target_personas": ["general"]}


def test_a_configuration_is_a_population_by_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(strictjson.dumps(CONTROLS))
    done = generate(tmp_path / "out", "--config", str(file), "--mode", "banking")
    assert done.status == 0, done.err
    assert done.out.startswith("users.parquet: 10 rows")
    manifest = strictjson.parse((tmp_path / "out" / "manifest.json").read_bytes())
    assert re.fullmatch("[0-9a-f]{16}", manifest["preset"])
    assert manifest["configuration"]["controls"]["target_personas"] == ["general"]
    users = pl.read_parquet(tmp_path / "out" / "users.parquet")
    assert users["user_id"][0] == f"p:{manifest['preset']}:3:0"
    assert set(users["target_archetype"]) == {"general"}
    refused = walkin("customer", users["user_id"][0])
    assert refused.status == 2
    assert "configuration is not known here" in refused.err


def test_the_time_stamp_of_a_configuration_is_no_part_of_what_it_makes(tmp_path: Path) -> None:
    manifests = []
    for stamp in ("then", "now"):
        file = tmp_path / f"{stamp}.json"
        file.write_text(strictjson.dumps({**CONTROLS, "generation_timestamp": stamp}))
        done = generate(tmp_path / stamp, "--config", str(file), "--mode", "banking")
        assert done.status == 0, done.err
        manifests.append((tmp_path / stamp / "manifest.json").read_bytes())
    assert manifests[0] == manifests[1]


def test_the_operators_file_is_used_where_nothing_is_asked_for_and_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    Path("data/operator_config.json").write_text(strictjson.dumps(CONTROLS))
    options = ["--as-of", "2026-01-15", "--mode", "banking"]

    def lines(*more: str) -> list[str]:
        command = ["population", "generate", *options, *more]
        done = CliRunner().invoke(build_app(), command)
        assert done.exit_code == 0, done.output
        return done.output.splitlines()

    first, second, *_ = lines("--out", "own")
    assert first.startswith("data/operator_config.json: used")
    assert second == "users.parquet: 10 rows"
    asked = ("--out", "asked", "--preset", "natural", "--users", "10")
    assert lines(*asked)[0] == "users.parquet: 10 rows"


def test_a_preset_says_how_many_and_who(tmp_path: Path) -> None:
    done = generate(tmp_path / "out", "--preset", "archetypes", "--mode", "banking")
    assert done.status == 0, done.err
    users = pl.read_parquet(tmp_path / "out" / "users.parquet")
    assert len(users) == 75
    assert users["user_id"][0] == "p:archetypes:141:0"
    assert users["target_archetype"].n_unique() == 9


def test_a_preset_and_a_configuration_exclude_each_other(tmp_path: Path) -> None:
    command = ["population", "generate", "--out", str(tmp_path / "out"), "--preset", "natural"]
    done = CliRunner().invoke(build_app(), [*command, "--config", "mine.json"])
    assert isinstance(done.exception, InputError)
    assert "--preset or --config, not both" in str(done.exception)


def verified(*options: str) -> str:
    command = ["population", "verify", "--as-of", "2026-01-31", *options]
    done = CliRunner().invoke(build_app(), command)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_loop_is_told_as_json_and_as_a_page() -> None:
    options = ("--preset", "general_focus")
    done = CliRunner().invoke(build_app(), ["population", "verify", *options])
    assert isinstance(done.exception, InputError)
    one = ("--preset", "high_utilization_focus", "--users", "20")
    (document,) = strictjson.parse(verified(*one, "--json"))
    assert document["users"] == 20
    assert len(document["rows"]) == 4
    assert "| high_utilization | 30d | high_utilizer | 20 | 100.0% |" in verified(
        *one, "--markdown"
    )
    assert "high_utilization_focus: 20 users, seed 42" in verified(*one)
