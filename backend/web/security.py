"""What every HTTP answer carries, and which hosts are answered at all."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.origin import Doorkeeper

PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by orchestrators under whatever address they know."""

_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """ASGI middleware: refuses foreign hosts, and adds headers to every HTTP answer."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, policy: str = POLICY) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._headers = {**_HEADERS, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        served = scope["path"] in PROBES or self._doorkeeper.host_allowed(scope["headers"])
        sentence = "This host name is not served here (WALKIN_ALLOWED_HOSTS)."
        app = self._app if served else JSONResponse({"detail": sentence}, status_code=403)
        await app(scope, receive, send_with_headers)
