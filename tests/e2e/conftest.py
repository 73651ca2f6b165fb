from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.cable import Cable
from tests.e2e.visit import DESK, Visit
from tests.live import ROOT, Server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NewVisit = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Generator[Browser, None, None]:
    """Debian's Chromium where it is installed, otherwise Playwright's own.

    A module long and no longer: its event loop would stand in the way of asyncio tests.
    """
    own = CHROMIUM if CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=own, args=FLAGS)


@pytest.fixture(scope="module")
def site(paced_server: Server) -> str:
    """The address of a server that has the page and takes its time to answer."""
    built = ROOT / "frontend" / "build" / "index.html"
    assert built.is_file(), "the page is not built: run `make page` first"
    return paced_server.url


@pytest.fixture
def cable(paced_server: Server) -> Generator[Cable, None, None]:
    with Cable(paced_server.port) as one:
        yield one


@pytest.fixture
def new_visit(browser: Browser, site: str) -> Generator[NewVisit, None, None]:
    """Open visits, each in a browser profile of its own; none may have complained at the end."""
    visits: list[Visit] = []

    def make(url: str = site, **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(15_000)
        visits.append(Visit(context.new_page(), url))
        return visits[-1]

    yield make
    complaints = [line for visit in visits for line in visit.complaints]
    for visit in visits:
        visit.page.context.close()
    assert complaints == []


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    return new_visit()
