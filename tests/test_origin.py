import http.client

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.web.origin import Doorkeeper
from tests.live import Server

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "chat.example.com"})
ALLOWED = frozenset({"https://shop.example.com", "http://shop.example.com:8080"})
DOOR = Doorkeeper(HOSTS, ALLOWED)

Case = tuple[str, str | None, str | None]

LET_IN: dict[str, Case] = {
    "a program": ("ws", "localhost:8000", None),
    "a program, without a port": ("ws", "127.0.0.1", None),
    "a program, IPv6": ("ws", "[::1]:8000", None),
    "a program, upper case": ("ws", "LOCALHOST:8000", None),
    "the page itself": ("ws", "localhost:8000", "http://localhost:8000"),
    "the page itself, as http": ("http", "localhost:8000", "http://localhost:8000"),
    "the page itself, IPv6": ("ws", "[::1]:8000", "http://[::1]:8000"),
    "the page itself, upper case": ("ws", "LocalHost:8000", "http://localhost:8000"),
    "the default port, unnamed": ("ws", "localhost", "http://localhost"),
    "the default port, named by one": ("ws", "localhost:80", "http://localhost"),
    "the page behind TLS": ("wss", "chat.example.com", "https://chat.example.com"),
    "the page behind TLS, named port": ("wss", "chat.example.com:443", "https://chat.example.com"),
    "an allowed origin": ("ws", "localhost:8000", "https://shop.example.com"),
    "an allowed origin with a port": ("ws", "localhost:8000", "http://shop.example.com:8080"),
}
OWN = "localhost:8000"
REFUSED: dict[str, Case] = {
    "no Host": ("ws", None, None),
    "an empty Host": ("ws", "", None),
    "a foreign Host": ("ws", "evil.example", None),
    "a foreign Host and its own page (rebinding)": (
        "ws", "evil.example:8000", "http://evil.example:8000"
    ),
    "a Host that begins like ours": ("ws", "localhost.evil.example", None),
    "a Host that ends like ours": ("ws", "evil-localhost", None),
    "a Host with a path": ("ws", "localhost/evil", None),
    "a Host with a user": ("ws", "localhost@evil.example", None),
    "a Host with a wrong port": ("ws", "localhost:http", None),
    "a Host of two": ("ws", "localhost, evil.example", None),
    "a bracket with a tail": ("ws", "[::1].evil.example", None),
    "an open bracket": ("ws", "[::1", None),
    "the null origin": ("ws", OWN, "null"),
    "an empty origin": ("ws", OWN, ""),
    "a foreign origin": ("ws", OWN, "http://evil.example"),
    "another port": ("ws", OWN, "http://localhost:8001"),
    "no port": ("ws", OWN, "http://localhost"),
    "another of our names": ("ws", OWN, "http://127.0.0.1:8000"),
    "https to ws": ("ws", OWN, "https://localhost:8000"),
    "http to wss": ("wss", OWN, "http://localhost:8000"),
    "a suffix": ("ws", OWN, "http://localhost:8000.evil.example"),
    "a longer name": ("ws", OWN, "http://localhost.evil.example:8000"),
    "a user": ("ws", OWN, "http://localhost:8000@evil.example"),
    "our host behind a user": ("ws", OWN, "http://evil@localhost:8000"),
    "our host behind an empty user": ("ws", OWN, "http://@localhost:8000"),
    "a path": ("ws", OWN, "http://localhost:8000/"),
    "a query": ("ws", OWN, "http://localhost:8000?"),
    "a fragment": ("ws", OWN, "http://localhost:8000#a"),
    "a backslash": ("ws", OWN, "http://localhost:8000\\"),
    "a port that is none": ("ws", OWN, "http://localhost:port"),
    "a port beyond all": ("ws", OWN, "http://localhost:99999999"),
    "an empty port": ("ws", OWN, "http://localhost:"),
    "no scheme": ("ws", OWN, "localhost:8000"),
    "ws as a scheme": ("ws", OWN, "ws://localhost:8000"),
    "a file": ("ws", OWN, "file://"),
    "a space": ("ws", OWN, "http://localhost:8000 "),
    "two in one": ("ws", OWN, "http://localhost:8000 http://evil.example"),
    "an allowed origin by http": ("ws", OWN, "http://shop.example.com"),
    "an allowed origin with another port": ("ws", OWN, "https://shop.example.com:8443"),
    "below an allowed origin": ("ws", OWN, "https://evil.shop.example.com"),
    "beside an allowed origin": ("ws", OWN, "https://shop.example.com.evil.example"),
}  # fmt: skip


def refusal(scheme: str, host: str | None, *origins: str | None) -> str | None:
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    headers += [(b"origin", one.encode("latin-1")) for one in origins if one is not None]
    return DOOR.refusal(scheme, iter(headers))


@pytest.mark.parametrize("name", LET_IN)
def test_let_in(name: str) -> None:
    assert refusal(*LET_IN[name]) is None


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence_that_names_the_setting(name: str) -> None:
    scheme, host, origin = REFUSED[name]
    sentence = refusal(scheme, host, origin)
    assert sentence is not None
    assert ("WALKIN_ALLOWED_ORIGINS" in sentence) == (origin is not None and host == OWN)


def test_two_of_one_header_are_refused() -> None:
    own = "http://localhost:8000"
    assert refusal("ws", OWN, own) is None
    assert refusal("ws", OWN, own, own)
    assert DOOR.refusal("ws", [(b"host", b"localhost"), (b"host", b"localhost")])


def test_nothing_is_allowed_where_nothing_is_listed() -> None:
    closed = Doorkeeper(frozenset(), frozenset())
    assert closed.refusal("ws", [(b"host", b"localhost")])
    assert not closed.host_allowed([(b"host", b"")])


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_an_origin_that_is_let_in_is_the_page_itself_or_listed(origin: str) -> None:
    if refusal("ws", OWN, origin) is None:
        assert origin.lower() in ALLOWED | {"http://localhost:8000"}


def upgrade(server: Server, *headers: tuple[str, str]) -> int:
    """Return the status of a handshake with exactly these headers beside its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
    try:
        connection.putrequest("GET", "/ws", skip_host=True, skip_accept_encoding=True)
        fixed = [("Connection", "Upgrade"), ("Upgrade", "websocket"),
                 ("Sec-WebSocket-Version", "13"),
                 ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]  # fmt: skip
        for name, value in (*fixed, *headers):
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_live_server_upgrades_programs_and_its_own_page(server: Server) -> None:
    host = f"127.0.0.1:{server.port}"
    assert upgrade(server, ("Host", host)) == 101
    assert upgrade(server, ("Host", host), ("Origin", f"http://{host}")) == 101
    assert upgrade(server, ("Host", "localhost"), ("Origin", "http://localhost")) == 101


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://localhost.evil.example", ""],
)
def test_a_live_server_refuses_others_before_the_upgrade(server: Server, origin: str) -> None:
    assert upgrade(server, ("Host", "127.0.0.1"), ("Origin", origin)) == 403


def test_a_live_server_refuses_two_origins(server: Server) -> None:
    twice = ("Origin", "http://127.0.0.1"), ("Origin", "http://127.0.0.1")
    assert upgrade(server, ("Host", "127.0.0.1"), *twice) in {400, 403}


def test_a_live_server_refuses_foreign_hosts(server: Server) -> None:
    assert upgrade(server, ("Host", "evil.example")) == 403
    assert upgrade(server) == 403


def test_a_live_server_believes_a_proxy_of_its_own_machine_about_tls(server: Server) -> None:
    secure = ("Host", "localhost"), ("X-Forwarded-Proto", "https")
    assert upgrade(server, *secure, ("Origin", "https://localhost")) == 101
    assert upgrade(server, *secure, ("Origin", "http://localhost")) == 403
