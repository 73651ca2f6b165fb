"""What a real server sends, changed on its way: every customer with a course of our own to draw.

What the page shows of a chart is then known to the cent, whoever walks in.
"""

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page, Route, WebSocketRoute

from backend import strictjson

START: Final = "2025-07-20"
LABEL: Final = "Checking, last 180 days"
FIELD: Final = "balance_history"
DAYS: Final = 180


def course(*, negative: bool = True) -> list[float]:
    """Return 180 balances: pay twice a month, spending every day, and perhaps two bad weeks."""
    cents, values = 182_050, []
    for day in range(DAYS):
        cents += 148_000 if day % 15 == 4 else -(6_500 + (day * 7919) % 6_300)
        cents += {100: -460_000, 112: 420_000}.get(day, 0) if negative else 0
        values.append(cents / 100)
    return values


def draw(page: Page, values: list[float] | None) -> None:
    """Let every customer on ``page`` have ``values`` as the course of a balance, or none."""

    def with_course(frame: dict[str, Any]) -> None:
        if "customer" in frame:
            frame["customer"][FIELD] = values and {"start": START, "values": values}

    page.route("**/api/modes", _with_chart)
    change_frames(page, with_course)


def change_frames(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what the server sends in place before ``page`` gets it."""

    def between(socket: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            frame = strictjson.parse(message)
            change(frame)
            socket.send(strictjson.dumps(frame))

        socket.connect_to_server().on_message(pass_on)

    page.route_web_socket("**/ws*", between)


def _with_chart(route: Route) -> None:
    answer = route.fetch()
    modes = answer.json()
    for mode in modes:
        mode["card"]["charts"] = [{"field": FIELD, "label": LABEL, "format": "money"}]
    route.fulfill(response=answer, json=modes)
