"""Make the pictures of the page in ``docs/images``.

Run as ``.venv/bin/python tools/screenshots.py`` after ``make page``. It starts a service of its
own on a free port and asks as one customer, on a desk and on a telephone, in light and in dark.
The customer and the date are fixed, so that pictures differ only where the page does.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
IMAGES: Final = ROOT / "docs" / "images"
QUERY: Final = "session_id=demo-1&as_of=2026-01-15"
QUESTIONS: Final = (
    "How much did I spend this month?",
    "And on groceries?",
    "When do I get paid next?",
)
SIZES: Final = {"desk": (1440, 900), "phone": (390, 844)}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none")
START_SECONDS: Final = 30.0


def main() -> None:
    """Write ``<size>-<scheme>.png`` for each size and scheme."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with service() as url, sync_playwright() as playwright:
        own = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=own, args=FLAGS)
        for size in SIZES:
            for scheme in SCHEMES:
                take(browser, url, size, scheme)
        browser.close()


@contextmanager
def service() -> Generator[str, None, None]:
    """Run a service with nothing configured; yields its address.

    Raises:
        RuntimeError: it did not get ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WALKIN_", "OPENAI_"))
    }
    command = (sys.executable, "-m", "backend.cli.app", "serve", "--port", port)
    process = subprocess.Popen(command, cwd=ROOT, env=clean, stderr=subprocess.DEVNULL)
    try:
        wait_for(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    """Return when the service at ``url`` is ready.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    tries = int(START_SECONDS / 0.2)
    for _ in range(tries):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the service did not get ready: try `walkin serve`")


def take(browser: Browser, url: str, size: str, scheme: Literal["light", "dark"]) -> None:
    """Ask the questions and take one picture."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=size == "phone",
    )
    page = context.new_page()
    page.goto(f"{url}/?{QUERY}")
    for number, question in enumerate(QUESTIONS, start=1):
        ask(page, question, number)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{size}-{scheme}.png", animations="disabled", caret="hide")
    context.close()


def ask(page: Page, question: str, number: int) -> None:
    """Ask the ``number``-th question, and wait until it is answered."""
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.fill(question)
    box.press("Enter")
    replies = page.locator(".reply")
    expect(replies).to_have_count(number)
    expect(replies.last).to_have_attribute("aria-busy", "false", timeout=30_000)


if __name__ == "__main__":
    main()
