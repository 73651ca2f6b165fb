"""Plain HTTP to the peers whose sessions begin with it."""

import http.client
import json
from typing import Final

PATIENCE: Final = 30.0


class PageLoad:
    """One kept connection to a server on 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str) -> bytes:
        """Return the body of a page.

        Raises:
            ValueError: the status is not 200.
        """
        self._connection.request("GET", path)
        return self._body(path)

    def join(self, session: str) -> None:
        """Run Gradio's first event, as its page does when it is loaded, to its end.

        Raises:
            ValueError: it did not succeed.
        """
        asked = {"data": [], "fn_index": 0, "session_hash": session, "trigger_id": None}
        self._post("/gradio_api/queue/join", json.dumps(asked), "application/json")
        self._connection.request("GET", f"/gradio_api/queue/data?session_hash={session}")
        with self._connection.getresponse() as events:
            for line in events:
                if b'"process_completed"' in line:
                    if b'"success":true' not in line:
                        raise ValueError(f"Gradio's event failed: {line[:200]!r}")
                    return
        raise ValueError("Gradio's events ended before the event was over")

    def poll(self, session_id: str, auth: str) -> None:
        """Open a session of Chainlit as its page does, up to the first event.

        The page asks for a cookie first, and socket.io begins by polling where the page is told
        no transports; the upgrade to a WebSocket comes later and is not counted.

        Raises:
            ValueError: the server said something else.
        """
        cookie = json.dumps({"session_id": session_id})
        self._post("/set-session-cookie", cookie, "application/json")
        path = "/ws/socket.io/"
        opened = self.get(f"{path}?EIO=4&transport=polling")
        session = json.loads(opened.removeprefix(b"0"))["sid"]
        own = f"{path}?EIO=4&transport=polling&sid={session}"
        self._post(own, "40" + auth, "text/plain")
        self._expect(own, b"40{")
        self._post(own, '42["connection_successful"]', "text/plain")
        self._expect(own, b"42[")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _post(self, path: str, body: str, content_type: str) -> None:
        self._connection.request("POST", path, body, {"content-type": content_type})
        self._body(path)

    def _expect(self, path: str, packet: bytes) -> None:
        came = self.get(path)
        if not came.startswith(packet):
            raise ValueError(f"{path}: {came[:200]!r} where {packet!r} was expected")

    def _body(self, path: str) -> bytes:
        with self._connection.getresponse() as answer:
            body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{path}: {answer.status} {body[:200]!r}")
        return body
