from typing import Any

import pytest

from backend import strictjson
from backend.web.asyncapi import asyncapi, frames_schema
from tests.live import Server
from tests.terminal import walkin


def printed(document: str) -> Any:
    outcome = walkin("schema", document)
    assert (outcome.status, outcome.err) == (0, "")
    return strictjson.parse(outcome.out)


def test_the_socket_is_printed() -> None:
    assert printed("asyncapi") == strictjson.parse(strictjson.dumps(asyncapi()))


def test_the_frames_are_printed() -> None:
    assert printed("frames") == strictjson.parse(strictjson.dumps(frames_schema()))


def test_the_endpoints_are_printed_as_they_are_served(server: Server) -> None:
    assert printed("openapi") == strictjson.parse(server.get("/openapi.json")[2])


@pytest.mark.parametrize("document", ["", "raml", "ASYNCAPI"])
def test_another_document_is_not_known(document: str) -> None:
    outcome = walkin("schema", document)
    assert outcome.status == 2
    assert "asyncapi" in outcome.err
    assert "Traceback" not in outcome.err
