"""The documents say what is so: examples are run, tables are held against the code."""

import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel

from backend import strictjson
from backend.cli.app import build_app
from backend.domain.assignment import Assignment, Evidence, Leaf
from backend.domain.session_persona import SessionPersona
from backend.domain.transcript import AssistantEntry, FinishReason, Provenance, UserEntry
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF
from backend.main import create_app
from backend.modes import DEFAULT_MODE, all_modes
from backend.settings import Settings
from backend.web.asyncapi import CLIENT_MODELS, SERVER_MODELS
from backend.web.opening import MAX_VISIT, PARAMETERS
from backend.wire import RETRYABLE, CloseCode, ErrorCode, Limits, ModeInfo, Timing, Usage
from tests import test_protocol_table as cells
from tests.live import ROOT, Line, Server, dial
from tests.markdown_kit import (
    Block,
    all_blocks,
    anchors,
    code_spans,
    documents,
    links,
    name_of,
    rows,
    section,
    table,
    without_blocks,
)

README = ROOT / "README.md"
PROTOCOL = ROOT / "docs" / "protocol.md"
DEPLOY = ROOT / "docs" / "deploy.md"
DOCUMENTS = documents()
MAX_PICTURE_BYTES = 300 * 1024


def place(block: Block) -> str:
    return block.place


# --- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", all_blocks("python"), ids=place)
def test_a_python_example_runs_and_prints_what_stands_below_it(
    paced_server: Server, block: Block
) -> None:
    code = block.text.replace("ws://127.0.0.1:8000", paced_server.ws_url)
    ran = subprocess.run(  # noqa: S603 - our own examples
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == (block.shown or "")


@pytest.mark.parametrize("block", all_blocks("frames"), ids=place)
async def test_frames_typed_by_hand_are_answered_as_shown(
    paced_server: Server, block: Block
) -> None:
    connect, *exchange = block.text.splitlines()
    async with dial(paced_server, connect.removeprefix("> connect /ws?")) as line:
        for shown in exchange:
            frame = strictjson.parse(shown[2:].replace(",…}", "}"))
            if shown.startswith("> "):
                await line.send(**frame)
            else:
                await expect(line, frame, whole="…" not in shown)


async def expect(line: Line, shown: dict[str, Any], *, whole: bool) -> None:
    """Take in the next frame, deltas passed over; it must be as shown."""
    found = await line.next()
    while found["type"] == "reply.delta" != shown["type"]:
        found = await line.next()
    kept = {name: value for name, value in found.items() if name in shown}
    assert kept == shown
    if whole:
        assert found.keys() - {"offset"} == shown.keys() - {"offset"}


def commands() -> list[str]:
    fenced = [line for block in all_blocks("sh") for line in block.text.splitlines()]
    inline = [
        span
        for document in DOCUMENTS
        for span in code_spans(without_blocks(document))
        if re.match(r"(walkin|make|python -m) [a-z]", span)
    ]
    return list(dict.fromkeys([*fenced, *inline]))


@pytest.mark.parametrize("command", commands())
def test_a_command_and_its_options_exist(command: str) -> None:
    words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
    program, *arguments = words
    match program:
        case "walkin":
            parse(arguments)
        case "make":
            targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
            assert set(arguments) <= set(targets)
        case "python":
            assert arguments[0] == "-m"
            assert importlib.util.find_spec(arguments[1]) is not None
        case "docker":
            assert arguments[0] == "compose"
            assert (ROOT / "docker-compose.yml").is_file()
        case _:
            assert program == "pip", f"nobody has looked whether {command!r} is right"


def parse(arguments: list[str]) -> None:
    """Read a command line of ``walkin`` and run nothing; what is wrong with it raises."""
    group: Any = typer.main.get_command(build_app())
    name, *rest = arguments
    assert name in group.commands
    if rest:
        group.commands[name].make_context(name, rest)


# --- settings -----------------------------------------------------------------------------------


def variable(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    if field == "rulebook":
        return "WALKIN_RULEBOOK_<MODE>"
    return alias if isinstance(alias, str) else f"WALKIN_{field.upper()}"


def default(field: str) -> str:
    value = Settings.model_fields[field].default
    if isinstance(value, frozenset):
        value = ",".join(sorted(value))
    return (
        "none"
        if not value and not isinstance(value, int)
        else f"`{value:g}`"
        if isinstance(value, float)
        else f"`{value}`"
    )


def test_the_readme_lists_every_setting_with_its_default() -> None:
    listed = {name: row[0] for name, row in table(README, "Settings").items()}
    assert listed == {variable(field): default(field) for field in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_variable_that_a_document_names_is_a_setting(document: Path) -> None:
    known = {variable(field) for field in Settings.model_fields}
    known |= {f"WALKIN_RULEBOOK_{mode.upper()}" for mode in all_modes()}
    named = set(re.findall(r"\b(?:WALKIN|OPENAI)_[A-Z_]*[A-Z]\b", document.read_text()))
    assert named <= known


# --- the protocol -------------------------------------------------------------------------------


def longest(schema: dict[str, Any]) -> int | None:
    found = [
        part["maxLength"] for part in (schema, *schema.get("anyOf", ())) if "maxLength" in part
    ]
    return found[0] if found else None


@pytest.mark.parametrize("model", [*CLIENT_MODELS, *SERVER_MODELS], ids=lambda one: one.__name__)
def test_the_protocol_lists_every_field_of_a_frame(model: type[BaseModel]) -> None:
    fields = {name: field for name, field in model.model_fields.items() if name != "type"}
    listed = table(PROTOCOL, f"`{model.model_fields['type'].default}`")
    assert set(listed) == set(fields)
    properties = model.model_json_schema()["properties"]
    for name, field in fields.items():
        shape = listed[name][0]
        left_out = (
            not field.is_required() if model in CLIENT_MODELS else field.exclude_if is not None
        )
        assert ("optional" in shape) == left_out, name
        most = longest(properties[name])
        assert most is None or f"up to {most}" in shape, name


def test_the_protocol_describes_no_frame_that_is_not_there() -> None:
    described = re.findall(r"^### `(.+)`$", PROTOCOL.read_text(), re.MULTILINE)
    known = [model.model_fields["type"].default for model in (*CLIENT_MODELS, *SERVER_MODELS)]
    assert sorted(described) == sorted(known)


def test_the_protocol_lists_every_parameter_of_an_opening() -> None:
    listed = table(PROTOCOL, "Opening a socket")
    assert tuple(listed) == PARAMETERS
    assert f"from {EARLIEST_AS_OF} to {LATEST_AS_OF}" in listed["as_of"][0]
    assert f"from 1 to {MAX_VISIT}" in listed["visit"][0]
    assert set(code_spans(listed["mode"][0])) == set(all_modes())
    assert listed["mode"][1] == f"`{DEFAULT_MODE}`"


def test_the_protocol_lists_every_error() -> None:
    listed = table(PROTOCOL, "Errors")
    assert {code: row[1] == "yes" for code, row in listed.items()} == {
        code: code in RETRYABLE for code in literal_values(ErrorCode)
    }


def test_the_protocol_lists_every_close_code() -> None:
    listed = {int(code): row[0] for code, row in table(PROTOCOL, "Close codes").items()}
    assert listed == {code.value: code.name.lower().replace("_", " ") for code in CloseCode}


def test_the_protocol_lists_every_limit() -> None:
    listed = {name: int(row[0]) for name, row in table(PROTOCOL, "Limits").items()}
    assert listed == Limits().model_dump()


def test_the_protocol_lists_every_finish_reason() -> None:
    assert tuple(table(PROTOCOL, "Finish reasons")) == literal_values(FinishReason)


PARTS: dict[str, tuple[type[BaseModel], ...]] = {
    "History": (UserEntry, AssistantEntry),
    "Assignment": (Assignment,),
}


@pytest.mark.parametrize("title", PARTS)
def test_the_protocol_lists_every_field_of_a_part(title: str) -> None:
    wanted = {name for model in PARTS[title] for name in model.model_fields}
    assert set(table(PROTOCOL, title)) == wanted


@pytest.mark.parametrize(
    ("title", "model"),
    [("Mode", ModeInfo), ("Assignment", Leaf), ("Assignment", Evidence),
     ("Customer", SessionPersona), ("`reply.completed`", Usage), ("`reply.completed`", Timing),
     ("`reply.completed`", Provenance)],
)  # fmt: skip
def test_the_protocol_names_every_field_of_a_smaller_part(
    title: str, model: type[BaseModel]
) -> None:
    assert set(model.model_fields) <= set(code_spans(section(PROTOCOL, title)))


def literal_values(alias: Any) -> tuple[str, ...]:
    values: tuple[str, ...] = alias.__args__
    return values


SPELLED_OUT = {"feedback, known reply": "feedback.give, known reply",
               "feedback, unknown reply": "feedback.give, unknown reply"}  # fmt: skip


def state_rows() -> dict[str, list[str]]:
    found = rows(section(PROTOCOL, "States"))
    return {row[0].replace("`", ""): row[1:] for row in found}


def test_the_table_of_states_has_the_rows_that_are_tested() -> None:
    assert list(state_rows()) == [SPELLED_OUT.get(name, name) for name in cells.FRAMES]


@pytest.mark.parametrize("name", cells.FRAMES)
def test_the_table_of_states_says_what_is_tested(name: str) -> None:
    waiting, *others = state_rows()[SPELLED_OUT.get(name, name)]
    tested = (cells.IDLE, cells.REPLYING, cells.DRAINING)
    assert [code_spans(cell) for cell in others] == [state[name] for state in tested]
    for cell in others:
        ended = re.search(r"`reply.completed` \((\w+)\)", cell)
        assert ended is None or ended[1] == cells.ENDED_AS[name]
    spared = {"ping": "`pong`", "session.resume": "`session.ready`, or close 4501"}
    assert waiting == spared.get(name, "close 4500")


# --- architecture and running -------------------------------------------------------------------


def test_the_floors_are_those_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    (drawn,) = all_blocks("floors")
    assert drawn.text.splitlines() == layers


def test_every_endpoint_is_listed() -> None:
    served = set(create_app(Settings()).openapi()["paths"])
    assert set(table(DEPLOY, "Endpoints")) == served | {"/", "/ws", "/docs"}


def test_every_metric_is_listed(server: Server) -> None:
    exposed = server.get("/metrics")[2]
    told = set(re.findall(r"^# TYPE (walkin_\w+)", exposed, re.MULTILINE))
    assert set(table(DEPLOY, "Metrics")) == {name for name in told if not name.endswith("_created")}


def test_the_log_lines_that_are_explained_are_written() -> None:
    code = "".join(path.read_text() for path in (ROOT / "backend").rglob("*.py"))
    written = set(re.findall(r"_log\.\w+\(\s*\"([a-z._]+)\"", code))
    explained = {name for row in rows(section(DEPLOY, "Logs")) for name in code_spans(row[0])}
    assert explained == written


# --- all documents ------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in links(document):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_that_is_named_exists(document: Path) -> None:
    ours = r"(?:backend|tests|tools|prompts|frontend|docs|benchmarks|examples)/[^<>* ]*"
    named = [span for span in code_spans(without_blocks(document)) if re.fullmatch(ours, span)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_dash_stands_where_a_full_stop_would_do(document: Path) -> None:
    assert "\N{EM DASH}" not in document.read_text(encoding="utf-8")


def test_pictures_are_small_enough_to_be_loaded_without_a_thought() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert [one.name for one in pictures if one.stat().st_size > MAX_PICTURE_BYTES] == []
