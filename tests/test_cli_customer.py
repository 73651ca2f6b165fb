import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from backend import strictjson
from backend.cli.app import main
from backend.domain.session_persona import DailySeries, SessionPersona
from backend.domain.table import Field, Table
from backend.modes import Cohort, all_modes, generate
from backend.records import rows_of
from backend.seeds import SeededFaker, session_to_seed
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


@pytest.mark.parametrize("mode", all_modes())
def test_with_full_the_records_of_the_mode_come_along(mode: str) -> None:
    document = described("demo-1", "--mode", mode, "--as-of", AS_OF, "--full")
    tables = generate(mode, ["demo-1"], date.fromisoformat(AS_OF), SeededFaker()).tables()
    assert document.pop("records") == {table.name: rows_of(table) for table in tables}
    assert document == described("demo-1", "--mode", mode, "--as-of", AS_OF)


LOANS = Table(
    "open_loans",
    np.zeros(2, np.int64),
    (
        Field("lender", "text", ["Aster [Home] Loans", "Larkfield Lending"]),
        Field("opened", "date", np.array([date(2021, 3, 4).toordinal(), 1])),
        Field("left", "money", np.array([123_450, 7]), known=np.array([True, False])),
    ),
)
LOANS_AS_JSON = (
    '"records":{"no_loans":[],"open_loans":['
    '{"left":1234.5,"lender":"Aster [Home] Loans","opened":"2021-03-04"},'
    '{"left":null,"lender":"Larkfield Lending","opened":"0001-01-01"}]}'
)


def in_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> Outcome:
    monkeypatch.setattr("sys.argv", ["walkin", "customer", *arguments])
    try:
        main()
    except SystemExit as end:
        return Outcome(int(end.code or 0), *capsys.readouterr())
    return Outcome(0, *capsys.readouterr())


@pytest.fixture
def with_loans(monkeypatch: pytest.MonkeyPatch) -> None:
    none = Table("no_loans", np.zeros(0, np.int64), (Field("lender", "text", []),))
    monkeypatch.setattr(Cohort, "tables", lambda _: (LOANS, none))


@pytest.mark.usefixtures("with_loans")
def test_records_are_numbers_iso_days_and_null_where_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = in_this_process(monkeypatch, capsys, "demo-1", "--full", "--json")
    assert (outcome.status, outcome.err) == (0, "")
    assert LOANS_AS_JSON in outcome.out


@pytest.mark.usefixtures("with_loans")
def test_people_are_shown_the_records_as_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = in_this_process(monkeypatch, capsys, "demo-1", "--full").out
    assert re.search(r"open loans\s*\n\s*lender\s+opened\s+left", shown)
    assert re.search(r"Aster \[Home\] Loans\s+2021-03-04\s+1234\.5", shown)
    assert re.search(r"Larkfield Lending\s+0001-01-01\s*\n", shown)
    assert "no loans" in shown
    assert "open loans" not in in_this_process(monkeypatch, capsys, "demo-1").out


def test_a_file_or_a_pager_is_given_a_line_a_record_however_long() -> None:
    shown = walkin("customer", "demo-1", "--as-of", AS_OF, "--full").out
    ledger = described("demo-1", "--as-of", AS_OF, "--full")["records"]["transactions"]
    head, _, rest = shown.partition("\ntransactions\n")[2].partition("\n")
    assert head.split()[:2] == ["transaction", "id"]
    ids = [line.split()[0] for line in rest.partition("\n\n")[0].splitlines()]
    assert ids == [row["transaction_id"] for row in ledger]


def test_a_narrow_terminal_is_given_a_line_a_field(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    outcome = in_this_process(monkeypatch, capsys, "demo-1", "--as-of", AS_OF)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", outcome.out)
    recent = shown.partition("recent transactions")[2]
    assert re.search(r"\n *date +\d{4}-\d\d-\d\d *\n *description +\S", recent)
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80


class Charted(SessionPersona):
    balance_history: DailySeries


def test_a_series_is_one_line_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    someone = generate("banking", ["demo-1"], date.fromisoformat(AS_OF), SeededFaker()).persona(0)
    known = {name: getattr(someone, name) for name in SessionPersona.model_fields}
    series = DailySeries(start=date(2025, 7, 20), values=(100, 250) * 90)
    charted = Charted(**known, balance_history=series)
    monkeypatch.setattr(Cohort, "persona", lambda _, __: charted)
    monkeypatch.setenv("COLUMNS", "200")
    shown = in_this_process(monkeypatch, capsys, "demo-1", "--as-of", AS_OF).out
    assert "balance history  2025-07-20, 180 values, last 2.5" in re.sub(" {2,}", "  ", shown)


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
        (["demo-1", "--mode", "aviation"], f"--mode: {', '.join(all_modes())}; not 'aviation'"),
        (["demo 1"], "session_id: 1 to 128 of"),
        (["--", "-x"], "session_id: 1 to 128 of"),
        ([""], "session_id: 1 to 128 of"),
        (["x" * 129], "session_id: 1 to 128 of"),
        (["p:nature:42:7"], "session_id: no preset is called 'nature'"),
        (["p:natural:42:7", "--identity", "mode"], "identity: a member of a population"),
    ],
)
def test_a_wrong_value_is_one_sentence(
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcome = in_this_process(monkeypatch, capsys, *arguments)
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
