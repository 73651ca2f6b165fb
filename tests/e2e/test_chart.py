import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.e2e.accessibility import faults
from tests.e2e.chart import LABEL, course, draw
from tests.e2e.conftest import NewVisit
from tests.e2e.visit import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

SLIDER = f"{LABEL}, day by day"
OVERDRAWN = course()


def dollars(amount: float) -> str:
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def opened(visit: Visit, values: list[float] | None) -> Locator:
    """Open the page with that course, and return where its chart is or would be."""
    draw(visit.page, values)
    visit.open("?session_id=demo-1&as_of=2026-01-15")
    expect(visit.card).to_contain_text("Checking")
    return visit.card.get_by_role("figure", name=LABEL)


def slider(chart: Locator) -> Locator:
    return chart.get_by_role("slider", name=SLIDER)


def test_the_course_is_drawn_with_its_peaks_and_its_last_value(visit: Visit) -> None:
    chart = opened(visit, OVERDRAWN)
    for told in (
        f"High {dollars(max(OVERDRAWN))}",
        f"Low {dollars(min(OVERDRAWN))}",
        dollars(OVERDRAWN[-1]),
        "Jul 20, 2025",
        "Jan 15, 2026",
        "$0.00",
    ):
        expect(chart.get_by_text(told, exact=True)).to_be_visible()


def test_a_course_above_zero_has_no_zero_line_to_name(visit: Visit) -> None:
    chart = opened(visit, course(negative=False))
    expect(chart).to_be_visible()
    expect(chart.get_by_text("$0.00", exact=True)).to_have_count(0)


def test_who_does_not_see_it_is_told_the_course(visit: Visit) -> None:
    chart = opened(visit, OVERDRAWN)
    days = sum(value < 0 for value in OVERDRAWN)
    expect(slider(chart)).to_have_accessible_description(
        re.compile(
            rf"^From .* on Jul 20, 2025 to {re.escape(dollars(OVERDRAWN[-1]))} on Jan 15, 2026\. "
            rf"Highest .*; lowest {re.escape(dollars(min(OVERDRAWN)))} on .* zero on {days} days\.$"
        )
    )


def test_the_keyboard_walks_from_day_to_day(visit: Visit) -> None:
    chart = opened(visit, OVERDRAWN)
    days = slider(chart)
    days.focus()
    days.press("Home")
    tip = chart.locator(".tip")
    for day, date in ((0, "Jul 20, 2025"), (1, "Jul 21, 2025")):
        expect(days).to_have_attribute("aria-valuetext", f"{dollars(OVERDRAWN[day])} on {date}")
        expect(tip).to_contain_text(dollars(OVERDRAWN[day]))
        expect(tip).to_contain_text(date)
        days.press("ArrowRight")
    days.press("End")
    expect(tip).to_contain_text("Jan 15, 2026")
    visit.composer.focus()
    expect(tip).to_have_count(0)


def test_a_pointer_is_told_the_day_it_is_at(visit: Visit) -> None:
    chart = opened(visit, OVERDRAWN)
    slider(chart).scroll_into_view_if_needed()
    box = bounds(slider(chart))
    tip = chart.locator(".tip")
    for day in (0, 60, 103, 179):
        across = min(box["width"] * day / 179, box["width"] - 0.5)
        visit.page.mouse.move(box["x"] + across, box["y"] + 20)
        expect(tip).to_contain_text(dollars(OVERDRAWN[day]))
        inside = bounds(tip)
        assert inside["x"] >= box["x"] - 1
        assert inside["x"] + inside["width"] <= box["x"] + box["width"] + 1
    visit.composer.hover()
    expect(tip).to_have_count(0)
    expect(chart.get_by_text(f"High {dollars(max(OVERDRAWN))}")).to_be_visible()


def bounds(what: Locator) -> FloatRect:
    found = what.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("values", [None, [], [12.5]])
def test_without_a_course_there_is_no_chart(visit: Visit, values: list[float] | None) -> None:
    expect(opened(visit, values)).to_have_count(0)


@pytest.mark.parametrize("values", [[0.0] * 180, [5.0] * 180, [-5.0] * 180])
def test_a_level_course_has_no_peaks(visit: Visit, values: list[float]) -> None:
    chart = opened(visit, values)
    expect(chart.get_by_text(dollars(values[0]), exact=True).first).to_be_visible()
    expect(chart.get_by_text(re.compile("High|Low"))).to_have_count(0)
    expect(slider(chart)).to_have_accessible_description(re.compile("The same on every day.$"))


def test_on_a_phone_a_finger_finds_the_day_and_nothing_runs_over(new_visit: NewVisit) -> None:
    visit = new_visit(viewport=PHONE, has_touch=True, is_mobile=True)
    draw(visit.page, OVERDRAWN)
    visit.open("?session_id=demo-1&as_of=2026-01-15")
    visit.page.locator(".strip").get_by_role("button").click()
    sheet = visit.page.get_by_role("dialog", name="Customer")
    chart = sheet.get_by_role("figure", name=LABEL)
    slider(chart).scroll_into_view_if_needed()
    box = bounds(slider(chart))
    slider(chart).tap(position={"x": box["width"] * 60 / 179, "y": 40})
    expect(chart.locator(".tip")).to_contain_text(dollars(OVERDRAWN[60]))
    assert box["x"] + box["width"] <= PHONE["width"]
    assert sheet.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_chart_has_no_known_fault_of_accessibility(
    new_visit: NewVisit, scheme: str, viewport: dict[str, int]
) -> None:
    visit = new_visit(color_scheme=scheme, viewport=viewport)
    draw(visit.page, OVERDRAWN)
    visit.open("?session_id=demo-1")
    place = visit.card
    if viewport is PHONE:
        visit.page.locator(".strip").get_by_role("button").click()
        place = visit.page.get_by_role("dialog", name="Customer")
    days = slider(place)
    expect(days).to_be_visible()
    assert faults(visit.page) == []
    days.press("Home")
    expect(place.locator(".tip")).to_be_visible()
    assert faults(visit.page) == []
