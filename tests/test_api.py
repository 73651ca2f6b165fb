import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families

from backend import strictjson
from backend.modes import all_modes, card_of
from tests.live import Server, session

PATHS = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/modes",
    "/api/prompts/{prompt_id}",
    "/api/profile/{user_id}",
    "/api/assignments",
    "/api/rulebooks",
}


def body(server: Server, path: str, status: int = 200) -> Any:
    found, headers, text = server.get(path)
    assert found == status
    assert headers["content-type"] == "application/json"
    return strictjson.parse(text)


@pytest.mark.parametrize(("path", "status"), [("/healthz", "ok"), ("/readyz", "ready")])
def test_a_server_that_runs_says_so(server: Server, path: str, status: str) -> None:
    assert body(server, path) == {"status": status}


def test_the_modes_are_told_with_their_cards_the_default_first(server: Server) -> None:
    pages = body(server, "/api/modes")
    assert [page["id"] for page in pages] == list(all_modes())
    for page in pages:
        card = card_of(page["id"])
        assert (page["title"], page["greeting"]) == (card.title, card.greeting)
        assert page["card"] == card.model_dump(mode="json")
        assert page["starters"] == list(card.starters)


async def test_the_prompt_that_a_reply_names_can_be_read(server: Server) -> None:
    async with session(server, "session_id=demo-1&mode=insurance") as (line, ready):
        await line.send(type="user.message", id="m1", text="hello")
        started = await line.until("reply.started")
        completed = await line.until("reply.completed")
    prompt_id = started["prompt_id"]
    assert completed["provenance"]["prompt_id"] == prompt_id
    told = body(server, f"/api/prompts/{prompt_id}")
    assert told["prompt_id"] == prompt_id
    assert ready["customer"]["name"] in told["text"]


def test_a_prompt_that_no_reply_names_is_told_as_missing(server: Server) -> None:
    prompt_id = "0" * 64
    assert body(server, f"/api/prompts/{prompt_id}", 404) == {
        "detail": f"No reply that is stored here names the prompt {prompt_id}."
    }


@pytest.mark.parametrize("prompt_id", ["x", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "%0a"])
def test_what_is_no_prompt_id_is_refused(server: Server, prompt_id: str) -> None:
    detail = body(server, f"/api/prompts/{prompt_id}", 422)["detail"]
    assert "prompt_id" in detail[0]["loc"]


async def test_the_metrics_count_what_happens(server: Server) -> None:
    before = server.metric('walkin_replies_total{finish_reason="stop"}') if _replied(server) else 0
    async with session(server) as (line, _):
        assert server.metric("walkin_sockets") >= 1
        assert server.metric("walkin_conversations") >= 1
        await line.send(type="user.message", id="m1", text="hello")
        await line.until("reply.completed")
        await line.send(type="reply.retry", id="m1")
        await line.until("message.accepted")
        await line.send(type="user.massage")
        await line.until("error")
    assert server.metric('walkin_replies_total{finish_reason="stop"}') == before + 1
    assert server.metric("walkin_replies_running") == 0


def _replied(server: Server) -> bool:
    return 'walkin_replies_total{finish_reason="stop"}' in server.get("/metrics")[2]


def test_the_metrics_are_in_the_text_format(server: Server) -> None:
    status, headers, text = server.get("/metrics")
    assert status == 200
    assert headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    names = {family.name for family in text_string_to_metric_families(text)}
    assert names >= {"walkin_replies", "walkin_sockets", "walkin_conversations", "walkin_errors"}


@pytest.fixture(scope="module")
def openapi(server: Server) -> dict[str, Any]:
    document: dict[str, Any] = body(server, "/openapi.json")
    return document


def test_the_document_names_every_endpoint_and_nothing_else(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1.")
    assert openapi["info"].keys() >= {"title", "version", "description"}
    assert set(openapi["paths"]) == PATHS


def test_every_endpoint_is_described(openapi: dict[str, Any]) -> None:
    operations = [one for path in openapi["paths"].values() for one in path.values()]
    for operation in operations:
        assert operation["description"].endswith(".")
        assert operation["tags"]
        assert all(answer["description"] for answer in operation["responses"].values())
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_every_schema_of_the_document_is_one_and_every_reference_resolves(
    openapi: dict[str, Any],
) -> None:
    schemas = openapi["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref":"([^"]+)"', strictjson.dumps(openapi)))
    assert references
    assert references <= {f"#/components/schemas/{name}" for name in schemas}


def test_what_is_served_is_what_is_documented(server: Server, openapi: dict[str, Any]) -> None:
    for path in ("/healthz", "/readyz", "/api/modes"):
        answer = openapi["paths"][path]["get"]["responses"]["200"]
        schema = {**answer["content"]["application/json"]["schema"],
                  "components": openapi["components"]}  # fmt: skip
        Draft202012Validator(schema).validate(body(server, path))


class Links(HTMLParser):
    """The addresses that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [value for name in ("src", "href") if (value := given.get(name))]
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self._in_script = False


def test_the_docs_ask_no_other_host_and_run_nothing_inline(server: Server) -> None:
    status, headers, html = server.get("/docs")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    links = Links()
    links.feed(html)
    assert len(links.found) == 3
    assert all(re.fullmatch(r"/[^/].*", link) for link in links.found)
    assert links.inline == []
    assert "//" not in html.replace("<!doctype html>", "")


@pytest.mark.parametrize("path", ["/redoc", "/api/nothing", "/api", "/docs/oauth2-redirect"])
def test_what_is_not_there_is_not_made_up(server: Server, path: str) -> None:
    status, _, text = server.get(path)
    assert status in {404, 503} or "swagger" not in text
