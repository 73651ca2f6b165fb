import pytest
from playwright.sync_api import Page, expect

from tests.e2e.chart import change_frames
from tests.e2e.conftest import NewVisit
from tests.e2e.visit import PHONE

pytestmark = pytest.mark.browser

FOUR_MODES = ("Banking", "Healthcare", "Insurance", "Retail")
COVERED = """() => {
  const shown = ['.home', '[role=tablist]', '.connection', '.actions button'].flatMap((names) =>
    [...document.querySelectorAll(names)].map((one) => one.getBoundingClientRect()));
  const over = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return shown.flatMap((one, at) => shown.slice(at + 1).filter((other) => over(one, other)));
}"""


def with_four_modes(page: Page) -> None:
    def four(frame: dict[str, object]) -> None:
        if frame["type"] == "session.ready":
            frame["modes"] = [
                {"id": title.lower(), "title": title, "greeting": "Hello.", "starters": ["What?"]}
                for title in FOUR_MODES
            ]

    change_frames(page, four)


@pytest.mark.parametrize("width", [360, 390, 430])
def test_four_modes_stand_side_by_side_on_a_phone(new_visit: NewVisit, width: int) -> None:
    visit = new_visit(viewport={**PHONE, "width": width}, has_touch=True, is_mobile=True)
    with_four_modes(visit.page)
    visit.open("?session_id=demo-1")
    tabs = visit.page.get_by_role("tablist")
    expect(tabs.get_by_role("tab")).to_have_text(list(FOUR_MODES))
    assert tabs.evaluate("tabs => tabs.scrollWidth <= tabs.clientWidth")
    for title in FOUR_MODES:
        expect(visit.tab(title)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 768, 897, 960, 1055, 1057, 1152, 1440])
def test_nothing_in_the_head_of_the_page_covers_anything(new_visit: NewVisit, width: int) -> None:
    visit = new_visit(viewport={"width": width, "height": 800})
    with_four_modes(visit.page)
    visit.open("?session_id=demo-1")
    expect(visit.page.get_by_role("tablist").get_by_role("tab")).to_have_count(len(FOUR_MODES))
    assert visit.page.evaluate(COVERED) == []
