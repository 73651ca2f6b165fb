"""Who may open a socket: Host and Origin, checked before anything else.

A page of any site can open a WebSocket to any host, and CORS does not cover the handshake. So an
Origin must be allowed, or be the very scheme, host and port that the request itself names, and
that host must be allowed too: otherwise a name that resolves here (DNS rebinding) would do.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

Headers = Iterable[tuple[bytes, bytes]]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"([^][/?#@:\\\s]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """The rules of one service: host names and origins that are let in."""

    hosts: Collection[str]
    origins: Collection[str]

    def host_allowed(self, headers: Headers) -> bool:
        """Return whether the request names exactly one Host, and that an allowed one."""
        host = _only(headers, b"host")
        found = None if host is None else _HOST.fullmatch(host)
        return found is not None and found[1].lower() in self.hosts

    def refusal(self, scheme: str, headers: Headers) -> str | None:
        """Return why a handshake is refused, or None when it is let in.

        Args:
            scheme: the connection's scheme: ws, wss, http or https.
            headers: the request's headers, names in lower case.
        """
        headers = tuple(headers)
        if not self.host_allowed(headers):
            return "This host name is not served here (WALKIN_ALLOWED_HOSTS)."
        if not any(name == b"origin" for name, _ in headers):
            return None
        origin, host = _only(headers, b"origin"), _only(headers, b"host")
        if origin in self.origins:
            return None
        secure = scheme in {"wss", "https"}
        own = _normalised(f"{'https' if secure else 'http'}://{host}")
        if origin is not None and own is not None and _normalised(origin) == own:
            return None
        return "Pages of this origin may not connect (WALKIN_ALLOWED_ORIGINS)."


def _only(headers: Headers, name: bytes) -> str | None:
    values = [value for key, value in headers if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else None


def _normalised(origin: str) -> tuple[str, str, int] | None:
    scheme, _, rest = origin.partition("://")
    found = _HOST.fullmatch(rest)
    default = _DEFAULT_PORTS.get(scheme)
    if found is None or default is None:
        return None
    return scheme, found[1].lower(), int(found[2] or default)
