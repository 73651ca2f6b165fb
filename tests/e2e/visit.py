"""A visit to the page: what a person sees and does there, by the names that are read aloud."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class Visit:
    """One tab; remembers everything that the browser complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.url}/{query}")
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("complementary", name="Customer")

    @property
    def name(self) -> str:
        return self.card.get_by_role("heading", level=2).inner_text()

    @property
    def starters(self) -> Locator:
        return self.page.get_by_role("list", name="Questions to start with").get_by_role("button")

    @property
    def said(self) -> Locator:
        return self.page.locator(".message .text")

    @property
    def replies(self) -> Locator:
        return self.page.locator(".reply .markdown")

    @property
    def address(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.page.url).query)
        return {name: values[0] for name, values in found.items()}

    def forgive_the_network(self) -> None:
        """Drop the complaints that a cut cable is bound to raise."""
        cable = (
            "WebSocket connection",
            "Failed to load resource: net::",
            # the error page, which is fetched ahead of need
            "Failed to fetch dynamically imported module",
        )
        self.complaints = [line for line in self.complaints if not line.startswith(cable)]

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def tab(self, title: str) -> Locator:
        return self.page.get_by_role("tab", name=title)

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def ask(self, text: str) -> str:
        """Say something and return the whole answer."""
        answers = self.page.locator(".reply").count()
        self.say(text)
        expect(self.page.locator(".reply")).to_have_count(answers + 1)
        return self.answer()

    def answer(self) -> str:
        """Return the last answer once it is whole."""
        last = self.page.locator(".reply").last
        expect(last).to_have_attribute("aria-busy", "false", timeout=30_000)
        return last.locator(".markdown").inner_text()

    def is_answering(self) -> None:
        """Wait until a reply has begun to show, and is still running."""
        last = self.page.locator(".reply").last
        expect(last.locator(".markdown")).to_contain_text(" ")
        expect(last).to_have_attribute("aria-busy", "true")

    def is_idle(self) -> None:
        """Wait until nothing runs."""
        expect(self.button("Stop the reply")).to_have_count(0, timeout=30_000)
