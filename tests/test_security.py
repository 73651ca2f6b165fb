import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from backend.web.origin import Doorkeeper
from backend.web.security import POLICY, PROBES, SecurityHeaders
from tests.live import Server, dial

DOOR = Doorkeeper(frozenset({"localhost"}), frozenset())
EXPECTED = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


async def ask(path: str, host: str | None, kind: str = "http") -> tuple[int, dict[str, str]]:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("yes", headers={"x-frame-options": "SAMEORIGIN"})(
            scope, receive, send
        )

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [] if host is None else [(b"host", host.encode())]
    scope = {"type": kind, "path": path, "method": "GET", "headers": headers}
    await SecurityHeaders(inner, DOOR)(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", None])
async def test_foreign_hosts_are_refused_but_for_probes(host: str | None) -> None:
    assert (await ask("/", host))[0] == 403
    assert (await ask("/api/prompts/x", host))[0] == 403
    assert (await ask("/healthz/x", host))[0] == 403
    for probe in PROBES:
        assert (await ask(probe, host))[0] == 200


async def test_our_host_is_served_on_any_port() -> None:
    assert (await ask("/", "localhost:8000"))[0] == 200
    assert (await ask("/", "LOCALHOST"))[0] == 200


async def test_a_header_of_the_answer_itself_is_kept() -> None:
    _, headers = await ask("/", "localhost")
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["content-security-policy"] == POLICY


async def test_a_refusal_carries_the_headers_too() -> None:
    _, headers = await ask("/", "evil.example")
    assert headers.items() >= EXPECTED.items()


def test_the_policy_runs_no_script_but_ours() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/api/modes", "/api/nothing",
                                  "/metrics", "/healthz"])  # fmt: skip
def test_every_answer_of_a_live_server_carries_the_headers(server: Server, path: str) -> None:
    _, headers, _ = server.get(path)
    lowered = {name.lower(): value for name, value in headers.items()}
    assert lowered.items() >= EXPECTED.items()
    assert "server" not in lowered
    assert "access-control-allow-origin" not in lowered


def test_a_live_server_answers_no_foreign_host(server: Server) -> None:
    status, _, text = server.get("/api/modes", Host="evil.example")
    assert status == 403
    assert "WALKIN_ALLOWED_HOSTS" in text
    assert server.get("/readyz", Host="10.0.0.7:8000")[0] == 200


async def test_the_page_itself_may_open_a_socket(server: Server) -> None:
    async with dial(server, additional_headers={"Origin": server.url}) as line:
        assert (await line.next())["type"] == "session.ready"
