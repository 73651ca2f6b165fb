from collections.abc import Mapping
from typing import Any

import pytest

from backend import strictjson
from backend.cli.app import main
from backend.modes import all_modes
from backend.seeds import session_to_seed
from backend.version import GENERATOR_VERSION
from tests.live import Server, session
from tests.terminal import NOTHING, Outcome, walkin

AS_OF = "2026-01-15"


def described(*arguments: str, environment: Mapping[str, str] = NOTHING) -> dict[str, Any]:
    outcome = walkin("customer", *arguments, "--json", environment=environment)
    assert (outcome.status, outcome.err) == (0, "")
    document: dict[str, Any] = strictjson.parse(outcome.out)
    assert outcome.out == strictjson.canonical(document) + "\n"
    return document


@pytest.mark.parametrize("mode", all_modes())
async def test_the_customer_is_the_one_who_walks_in(server: Server, mode: str) -> None:
    document = described("demo-1", "--mode", mode, "--as-of", AS_OF)
    async with session(server, f"session_id=demo-1&mode={mode}&as_of={AS_OF}") as (_, ready):
        assert document == {
            name: ready[name] for name in ("customer", "assignment", "seed", "generator")
        }


async def test_the_same_with_every_parameter(server: Server) -> None:
    document = described(
        "x:1", "--mode", "insurance", "--as-of", "2024-02-29", "--identity", "session",
        "--visit", "3",
    )  # fmt: skip
    query = "session_id=x:1&mode=insurance&as_of=2024-02-29&identity=session&visit=3"
    async with session(server, query) as (_, ready):
        assert document["customer"] == ready["customer"]
        assert document["assignment"] == ready["assignment"]


async def test_without_a_date_it_is_today(server: Server) -> None:
    async with session(server, "session_id=demo-1") as (_, ready):
        assert described("demo-1", "--as-of", ready["as_of"]) == described("demo-1")


def test_the_document_has_four_keys_and_names_its_seed() -> None:
    document = described("demo-1", "--as-of", AS_OF)
    assert set(document) == {"customer", "assignment", "seed", "generator"}
    assert document["seed"] == str(session_to_seed("demo-1"))
    assert document["generator"] == GENERATOR_VERSION


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    arguments = ("customer", "demo-1", "--as-of", AS_OF, "--json")
    one, other = (
        walkin(*arguments, environment={"PYTHONHASHSEED": seed}).out for seed in ("1", "2")
    )
    assert one == other != ""


def test_the_window_of_the_settings_counts() -> None:
    document = described("demo-1", "--as-of", AS_OF, environment={"WALKIN_TIME_WINDOW": "180d"})
    assert document["assignment"]["time_window"] == "180d"


def test_people_are_shown_tables() -> None:
    shown = walkin("customer", "demo-1", "--as-of", AS_OF, environment={"COLUMNS": "200"})
    document = described("demo-1", "--as-of", AS_OF)
    assert shown.status == 0
    assert document["customer"]["name"] in shown.out
    assert str(document["customer"]["checking_balance"]) in shown.out
    assert document["customer"]["recent_transactions"][0]["date"] in shown.out
    assert document["assignment"]["title"] in shown.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo-1", "--as-of", "2026-02-30"], "as_of: a date from"),
        (["demo-1", "--as-of", "20260115"], "as_of: a date from"),
        (["demo-1", "--as-of", "1999-01-01"], "as_of: a date from"),
        (["demo-1", "--as-of", ""], "as_of: a date from"),
        (["demo-1", "--visit", "0"], "visit: a whole number from 1"),
        (["demo-1", "--visit=-1"], "visit: a whole number from 1"),
        (["demo-1", "--visit", "1e3"], "visit: a whole number from 1"),
        (["demo-1", "--identity", "both"], "identity: mode or session, not 'both'"),
        (["demo-1", "--mode", "aviation"], "--mode: banking, healthcare, insurance; not"),
        (["demo 1"], "session_id: 1 to 128 of"),
        (["--", "-x"], "session_id: 1 to 128 of"),
        ([""], "session_id: 1 to 128 of"),
        (["x" * 129], "session_id: 1 to 128 of"),
        (["p:natural:42:7"], "session_id: p:"),
    ],
)
def test_a_wrong_value_is_one_sentence(
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["walkin", "customer", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    outcome = Outcome(int(caught.value.code or 0), *capsys.readouterr())
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.sentence().startswith(sentence)


def test_a_wrong_value_has_no_traceback_in_a_process_of_its_own() -> None:
    outcome = walkin("customer", "demo-1", "--as-of", "2026-02-30")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.sentence().startswith("as_of: a date from")


def test_a_wrong_setting_is_one_sentence() -> None:
    outcome = walkin("customer", "demo-1", environment={"WALKIN_TIME_WINDOW": "90d"})
    assert outcome.status == 2
    assert outcome.sentence().startswith("WALKIN_TIME_WINDOW: ")
