"""The document of the socket: right by itself, and the whole truth about a live server."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from backend import strictjson
from backend.errors import FrameError
from backend.framing import read_frame
from backend.modes import all_modes
from backend.web.asyncapi import asyncapi, frames_schema
from backend.wire import SESSION_ID_PATTERN
from tests.live import Line, Server, dial, running, session

LONG: Final = "what do you know about me"
ONLY_2020: Final = {"prefixItems", "$defs", "dependentSchemas", "unevaluatedProperties",
                    "$dynamicRef", "minContains", "nullable"}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi()


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def follow(document: dict[str, Any], reference: str) -> Any:
    assert reference.startswith("#/")
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


# --- the document by itself -------------------------------------------------------------------


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    references = [part["$ref"] for part in parts(document) if isinstance(part.get("$ref"), str)]
    assert len(references) > 50
    for reference in references:
        assert isinstance(follow(document, reference), dict)


def test_the_frame_is_that_of_asyncapi_3(document: dict[str, Any]) -> None:
    allowed = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels",
               "operations", "components"}  # fmt: skip
    assert document["asyncapi"] == "3.0.0"
    assert set(document) <= allowed
    assert document["info"]["title"]
    assert document["info"]["version"]
    assert document["servers"]["local"].keys() >= {"host", "protocol"}
    assert "://" not in document["servers"]["local"]["host"]
    assert set(document["components"]) == {"messages", "schemas"}
    for names in document["components"].values():
        assert all(re.fullmatch(r"[\w.-]+", name, re.ASCII) for name in names)


def test_operations_name_messages_of_their_own_channel(document: dict[str, Any]) -> None:
    named: list[str] = []
    assert {one["action"] for one in document["operations"].values()} == {"send", "receive"}
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/")
            named.append(message["$ref"].rpartition("/")[2])
    assert sorted(named) == sorted(document["channels"]["socket"]["messages"])
    assert sorted(named) == sorted(document["components"]["messages"])


def test_every_message_has_a_payload_that_names_its_type(document: dict[str, Any]) -> None:
    for name, message in document["components"]["messages"].items():
        payload = follow(document, message["payload"]["$ref"])
        assert message["name"] == name
        assert message["summary"].endswith(".")
        assert payload["type"] == "object"
        assert payload["properties"]["type"]["const"] == name
        assert "type" in payload["required"]


def test_every_payload_is_a_schema_of_both_drafts(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)
        Draft202012Validator.check_schema(schema)
    keywords = {key for part in parts(document["components"]["schemas"]) for key in part}
    assert not keywords & ONLY_2020


def test_the_query_says_what_an_opening_may_hold(document: dict[str, Any]) -> None:
    query = document["channels"]["socket"]["bindings"]["ws"]["query"]
    Draft202012Validator.check_schema(query)
    properties = query["properties"]
    assert properties["session_id"]["pattern"] == f"^{SESSION_ID_PATTERN}$"
    assert properties["mode"]["enum"] == list(all_modes())
    check = Draft202012Validator(query, format_checker=FormatChecker())
    assert check.is_valid({"session_id": "demo-1", "as_of": "2026-01-15", "visit": 1})
    for bad in ({"session_id": "-"}, {"mode": "x"}, {"as_of": "today"}, {"visit": 0},
                {"visit": 1_000_001}, {"identity": "both"}, {"resume": "2"}):  # fmt: skip
        assert not check.is_valid(bad)


def test_the_frames_schema_holds_the_same_models(document: dict[str, Any]) -> None:
    frames = frames_schema()
    assert frames["$defs"] == document["components"]["schemas"]
    types = {
        frames["$defs"][name]["properties"]["type"]["const"]
        for name in (*frames["client"], *frames["server"])
    }
    assert types == set(document["components"]["messages"])


def test_every_mode_has_the_schema_of_its_persona(document: dict[str, Any]) -> None:
    for mode in all_modes().values():
        assert mode.persona.__name__ in document["components"]["schemas"]


# --- the document and a live server -------------------------------------------------------------


class Contract:
    """The document as a judge of frames; of the server's, no field may be undeclared."""

    def __init__(self) -> None:
        self._document = asyncapi()
        closed = copy.deepcopy(self._document)
        for part in parts(closed["components"]["schemas"]):
            if isinstance(part.get("properties"), dict):
                part["additionalProperties"] = False
        self._registry: Registry[Any] = Registry().with_resources(
            [("urn:open", DRAFT202012.create_resource(self._document)),
             ("urn:closed", DRAFT202012.create_resource(closed))]
        )  # fmt: skip
        self.seen: set[str] = set()
        self.errors: set[str] = set()

    def check(self, urn: str, pointer: str, value: Any) -> None:
        schema = {"$ref": f"{urn}#{pointer}"}
        Draft202012Validator(
            schema, registry=self._registry, format_checker=FormatChecker()
        ).validate(value)

    def server_frame(self, frame: dict[str, Any]) -> None:
        declared = self._document["operations"]["send"]["messages"]
        names = {one["$ref"].rpartition("/")[2] for one in declared}
        assert frame["type"] in names, f"{frame['type']} is not declared"
        message = self._document["components"]["messages"][frame["type"]]
        self.check("urn:closed", message["payload"]["$ref"].removeprefix("#"), frame)
        if "customer" in frame:
            persona = all_modes()[frame["mode"]].persona.__name__
            self.check("urn:closed", f"/components/schemas/{persona}", frame["customer"])
        self.seen.add(frame["type"])
        self.errors.add(frame.get("code", ""))

    def client_frame(self, frame: dict[str, Any]) -> None:
        message = self._document["components"]["messages"][frame["type"]]
        self.check("urn:open", message["payload"]["$ref"].removeprefix("#"), frame)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def test_the_judge_finds_what_is_not_declared(contract: Contract) -> None:
    pong = {"type": "pong", "t": 1}
    contract.server_frame(pong)
    with pytest.raises(AssertionError, match="not declared"):
        contract.server_frame({"type": "ping"})
    for wrong in ({**pong, "extra": 1}, {"type": "error", "code": "nonsense", "message": "x"}):
        with pytest.raises(ValidationError):
            contract.server_frame(wrong)


async def tour(line: Line, contract: Contract) -> None:
    """Have every frame said once, and many refused."""

    async def send(**frame: Any) -> None:
        contract.client_frame(frame)
        await line.send(**frame)

    await send(type="reply.retry")
    await line.until("error", code="nothing_to_retry")
    await send(type="user.message", id="m1", text="hello")
    first = await line.until("reply.completed", finish_reason="stop")
    await send(type="user.message", id="m2", text=LONG)
    await line.until("reply.delta")
    await send(type="user.message", id="m3", text=LONG)
    await line.until("error", code="busy")
    await send(type="reply.stop")
    await line.until("reply.completed", finish_reason="stopped")
    await send(type="reply.retry", id="again")
    await line.until("reply.completed", finish_reason="stop")
    await send(type="message.edit", of="m2", id="m4", text=LONG)
    await line.until("reply.delta")
    await send(type="user.message", id="m1", text="hello")
    await line.until("message.accepted", duplicate=True)
    await send(type="mode.switch", mode="insurance", id="s1")
    await line.until("reply.completed", finish_reason="interrupted")
    await send(type="mode.switch", mode="healthcare", fresh=True)
    await line.until("mode.switched", mode="healthcare")
    await send(type="mode.switch", mode="banking", id="s1")
    await line.until("mode.switched", duplicate=True)
    await send(type="mode.switch", mode="banking")
    await line.until("mode.switched", mode="banking")
    await send(type="customer.next", id="n1")
    await line.until("mode.switched", visit=2)
    await send(type="feedback.give", reply_id=first["reply_id"], value="up", note="kind")
    await line.until("feedback.stored")
    await send(type="ack", offset=5)
    await send(type="ping", t={"sent": [1, None]})
    await line.until("pong")


REFUSED: Final = {
    "bad_json": "{",
    "bad_frame": '{"type":"user.massage","id":"m9"}',
    "text_too_long": '{"type":"user.message","id":"m9","text":"' + "x" * 8001 + '"}',
    "unknown_mode": '{"type":"mode.switch","mode":"aviation","id":"m9"}',
    "unknown_message": '{"type":"message.edit","of":"m99","id":"m9","text":"x"}',
    "unknown_reply": '{"type":"feedback.give","reply_id":"r99","value":"down"}',
}


async def test_a_live_server_says_nothing_that_is_not_declared(
    paced_server: Server, contract: Contract
) -> None:
    async with session(paced_server, "session_id=demo-1&as_of=2026-01-15") as (line, ready):
        await tour(line, contract)
        for code, text in REFUSED.items():
            await line.raw(text)
            await line.until("error", code=code)
        last = max(frame.get("offset", 0) for frame in line.seen)
    frames = list(line.seen)
    for offset, epoch, recovered in ((3, ready["epoch"], True), (last, "", False)):
        async with dial(paced_server, "session_id=demo-1&resume=1") as line:
            frame = {"type": "session.resume", "token": ready["resume_token"], "epoch": epoch,
                     "offset": offset}  # fmt: skip
            contract.client_frame(frame)
            await line.send(**frame)
            again = await line.until("session.ready", recovered=recovered)
            await line.send(type="ping")
            await line.until("pong")
            assert bool(again["history"]) is not recovered or again["visit"] == 2
        frames += line.seen
    for frame in frames:
        contract.server_frame(frame)
    assert contract.errors >= {"busy", "nothing_to_retry", *REFUSED}
    assert contract.seen == {
        "session.ready", "message.accepted", "reply.started", "reply.delta", "reply.completed",
        "mode.switched", "feedback.stored", "pong", "error",
    }  # fmt: skip


@pytest.mark.slow
async def test_what_is_said_while_draining_is_declared_too(
    tmp_path: Path, contract: Contract
) -> None:
    with running(tmp_path, WALKIN_BUILTIN_PACE_MS="50", WALKIN_MESSAGES_PER_MINUTE="1") as server:
        async with session(server) as (line, _):
            await line.send(type="user.message", id="m1", text=LONG)
            await line.until("reply.delta")
            server.terminate()
            await line.until("server.draining")
            await line.send(type="message.edit", of="m1", id="m2", text="x")
            await line.until("error", code="draining", retryable=True)
            assert (await line.closed())[0] == 1012
    for frame in line.seen:
        contract.server_frame(frame)


async def test_too_many_messages_are_declared_too(tmp_path: Path, contract: Contract) -> None:
    with running(tmp_path, WALKIN_MESSAGES_PER_MINUTE="1") as server:
        async with session(server) as (line, ready):
            assert ready["limits"]["messages_per_minute"] == 1
            for name in ("m1", "m2"):
                await line.send(type="user.message", id=name, text="hello")
                await line.until("reply.completed" if name == "m1" else "error")
    contract.server_frame(line.seen[-1])
    assert line.seen[-1]["code"] == "rate_limited"


@pytest.mark.parametrize(
    "frame",
    [{"type": "user.message", "id": "", "text": "x"}, {"type": "user.message", "id": "m"},
     {"type": "ack", "offset": -1}, {"type": "feedback.give", "reply_id": "r", "value": "x"},
     {"type": "session.resume", "token": "x" * 257, "epoch": "", "offset": 0}, {"id": "m"}],
)  # fmt: skip
def test_what_the_server_refuses_the_document_refuses(
    contract: Contract, frame: dict[str, Any]
) -> None:
    with pytest.raises(FrameError):
        read_frame(strictjson.dumps(frame), 8000)
    with pytest.raises(ValidationError):
        contract.client_frame({"type": "user.message", **frame})
