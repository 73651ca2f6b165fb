import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import faults
from tests.e2e.cable import Cable
from tests.e2e.conftest import NewVisit
from tests.e2e.visit import PHONE, Visit
from tests.live import running

pytestmark = pytest.mark.browser

LONG = "What do you know about me?"


def test_who_opens_the_page_meets_a_customer_by_name(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(f"{visit.name} just walked in.")
    expect(visit.card).to_contain_text("Checking")
    expect(visit.tab("Banking")).to_have_attribute("aria-selected", "true")
    expect(visit.page).to_have_title(f"{visit.name} · Walk-in")


def test_a_starter_is_asked_and_answered_from_the_card(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    starter = visit.starters.first
    question = starter.inner_text()
    starter.click()
    expect(visit.said).to_have_text(question)
    assert len(visit.answer()) > 10
    expect(visit.composer).to_be_focused()


def test_the_address_brings_the_same_customer_to_somebody_else(new_visit: NewVisit) -> None:
    one, other = new_visit(), new_visit()
    one.open()
    one.tab("Insurance").click()
    expect(one.tab("Insurance")).to_have_attribute("aria-selected", "true")
    assert set(one.address) == {"session_id", "mode", "as_of", "identity", "visit"}
    one.ask("hello")
    other.page.goto(one.page.url)
    expect(other.composer).to_be_visible()
    assert other.name == one.name
    expect(other.tab("Insurance")).to_have_attribute("aria-selected", "true")
    expect(other.said).to_have_count(0)


def test_share_copies_the_address(new_visit: NewVisit) -> None:
    visit = new_visit(permissions=["clipboard-read", "clipboard-write"])
    visit.open("?session_id=demo-1")
    visit.button("Share a link").click()
    expect(visit.page.get_by_role("button", name="Link copied")).to_be_attached()
    assert visit.page.evaluate("navigator.clipboard.readText()") == visit.page.url


def test_stop_keeps_what_was_said_and_the_next_message_is_taken(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.say(LONG)
    visit.is_answering()
    visit.button("Stop the reply").click()
    expect(visit.page.get_by_text("You stopped this reply.")).to_be_visible()
    stopped = visit.answer()
    assert stopped
    assert visit.ask("thanks")
    assert visit.replies.first.inner_text() == stopped


def test_a_reply_is_given_again_in_its_place(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    first = visit.ask("what is my checking balance")
    visit.button("Answer again").click()
    visit.is_idle()
    expect(visit.replies).to_have_count(1)
    assert visit.answer() == first


def test_an_edited_message_takes_the_place_of_itself_and_all_after_it(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("what is my checking balance")
    visit.ask("thanks")
    visit.page.locator(".message").first.hover()
    visit.button("Edit and send again").first.click()
    box = visit.page.get_by_role("textbox", name=re.compile("Edit the message"))
    box.fill("what is my savings balance")
    box.press("Enter")
    expect(visit.said).to_have_text(["what is my savings balance"])
    assert "savings" in visit.answer().lower()
    expect(visit.replies).to_have_count(1)


def test_a_switch_mid_reply_and_back_finds_the_conversation(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    banker = visit.name
    visit.say(LONG)
    visit.is_answering()
    visit.tab("Insurance").click()
    expect(visit.tab("Insurance")).to_have_attribute("aria-selected", "true")
    expect(visit.said).to_have_count(0)
    expect(visit.card.get_by_role("heading", level=2)).not_to_have_text(banker)
    visit.ask("when is my next premium due")
    visit.tab("Banking").click()
    expect(visit.card.get_by_role("heading", level=2)).to_have_text(banker)
    expect(visit.said).to_have_text(LONG)
    expect(visit.page.get_by_text("This reply was interrupted.")).to_be_visible()


def test_every_mode_shows_its_card(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    for title, figure in (("Insurance", "Monthly premium"), ("Healthcare", "Deductible")):
        visit.tab(title).click()
        expect(visit.card).to_contain_text(figure)


def test_a_new_customer_brings_an_empty_conversation(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    before = visit.name
    visit.ask("hello")
    visit.button("Bring in a new customer").click()
    expect(visit.card.get_by_role("heading", level=2)).not_to_have_text(before)
    expect(visit.said).to_have_count(0)
    assert visit.address["visit"] == "2"


def test_a_reload_keeps_the_conversation(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    answer = visit.ask("what is my checking balance")
    visit.page.reload()
    expect(visit.said).to_have_text(["hello", "what is my checking balance"])
    assert visit.answer() == answer


def test_a_reload_keeps_what_belongs_to_each_reply(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    visit.ask("thanks")
    first, last = visit.page.locator(".reply").first, visit.page.locator(".reply").last
    first.hover()
    first.get_by_role("button", name="Bad answer").click()
    thumb = first.get_by_role("button", name="Bad answer")
    expect(thumb).to_have_attribute("aria-pressed", "true")
    visit.page.reload()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    unjudged = last.get_by_role("button", name="Bad answer")
    expect(unjudged).to_have_attribute("aria-pressed", "false")
    first.hover()
    first.get_by_role("button", name="What the model was told").click()
    dialog = visit.page.get_by_role("dialog", name="What the model was told")
    expect(dialog).to_contain_text(visit.name)


def test_a_reload_mid_reply_goes_on_with_it(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    whole = visit.ask(LONG)
    visit.button("Answer again").click()
    visit.is_answering()
    visit.page.reload()
    expect(visit.said).to_have_text(LONG)
    assert visit.answer() == whole


def test_a_dropped_socket_loses_nothing(new_visit: NewVisit, cable: Cable) -> None:
    visit = new_visit(cable.url)
    visit.open("?session_id=demo-1")
    whole = visit.ask(LONG)
    visit.button("Answer again").click()
    visit.is_answering()
    cable.cut()
    expect(visit.page.get_by_text("Connection lost")).to_be_visible()
    visit.composer.fill("thanks")
    cable.mend()
    expect(visit.page.get_by_text("Connected", exact=True)).to_be_visible()
    assert visit.answer() == whole
    expect(visit.composer).to_have_value("thanks")
    expect(visit.said).to_have_count(1)
    visit.forgive_the_network()


def test_what_is_said_while_the_line_is_down_is_sent_later(
    new_visit: NewVisit, cable: Cable
) -> None:
    visit = new_visit(cable.url)
    visit.open("?session_id=demo-1")
    cable.cut()
    expect(visit.page.get_by_text("Connection lost")).to_be_visible()
    visit.say("hello")
    expect(visit.page.get_by_text("Waiting for the connection")).to_be_visible()
    cable.mend()
    assert visit.answer()
    expect(visit.said).to_have_count(1)
    visit.forgive_the_network()


def test_a_restarted_server_brings_the_same_customer_and_says_so(
    new_visit: NewVisit, cable: Cable, tmp_path: Path
) -> None:
    visit = new_visit(cable.url)
    visit.open("?session_id=demo-1")
    before = visit.name, visit.address
    visit.ask("hello")
    with running(tmp_path) as another:
        cable.cut()
        cable.mend(another.port)
        expect(visit.page.get_by_text("no longer has the earlier conversation")).to_be_visible()
        expect(visit.starters.first).to_be_visible()
        assert (visit.name, visit.address) == before
        expect(visit.said).to_have_count(0)
        visit.forgive_the_network()


def test_a_second_tab_with_the_token_leaves_the_first_alone(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    kept = visit.page.evaluate("JSON.stringify(sessionStorage)")
    copy = visit.page.context.new_page()
    copy.add_init_script(f"Object.assign(sessionStorage, {kept})")
    copy.goto(visit.page.url)
    expect(copy.get_by_text("open in another tab")).to_be_visible()
    expect(copy.locator(".message")).to_have_count(0)
    assert visit.ask("thanks")


def test_a_wrong_address_says_what_is_wrong_and_offers_a_way_on(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}/?mode=submarine")
    expect(visit.page.get_by_role("alert")).to_contain_text("asks for something that is not here")
    visit.button("Start with someone new").click()
    expect(visit.starters.first).to_be_visible()


def test_the_page_tells_what_the_model_was_told(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    visit.button("What the model was told").click()
    dialog = visit.page.get_by_role("dialog", name="What the model was told")
    expect(dialog).to_contain_text("<customer_record>")
    expect(dialog).to_contain_text(visit.name)
    visit.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_persona_shows_its_evidence(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.button("Why?").click()
    dialog = visit.page.get_by_role("dialog", name=re.compile("^Why"))
    expect(dialog).to_contain_text("Rulebook registry")
    assert dialog.get_by_role("listitem").count() >= 6


def test_the_evidence_calls_personas_and_signals_what_the_mode_calls_them(visit: Visit) -> None:
    visit.open("?session_id=demo-1&as_of=2026-01-15&mode=insurance")
    visit.button("Why?").click()
    dialog = visit.page.get_by_role("dialog", name=re.compile("^Why"))
    expect(dialog.get_by_role("heading", name="Loyal and low-risk")).to_be_visible()
    row = dialog.get_by_role("listitem").filter(has_text="Five-year loss ratio")
    expect(row).to_contain_text(re.compile(r"\d%\s*at least 100%"))
    meaning = dialog.get_by_text("Claims paid out over the last five years")
    expect(meaning).to_be_hidden()
    row.get_by_role("button", name="Five-year loss ratio").click()
    expect(meaning).to_be_visible()


def test_feedback_is_kept_at_its_reply(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    visit.button("Good answer").click()
    expect(visit.button("Good answer")).to_have_attribute("aria-pressed", "true")


def test_the_theme_follows_the_system_until_it_is_chosen(new_visit: NewVisit) -> None:
    visit = new_visit(color_scheme="dark")
    visit.open("?session_id=demo-1")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = visit.page.evaluate(ground)
    visit.button("Light colours").click()
    light = visit.page.evaluate(ground)
    assert light != dark
    visit.page.reload()
    expect(visit.button("Dark colours")).to_be_visible()
    assert visit.page.evaluate(ground) == light


def test_everything_goes_by_keyboard(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.composer.focus()
    visit.page.keyboard.type("one line")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type(LONG)
    visit.page.keyboard.press("Enter")
    expect(visit.said).to_have_text(f"one line\n{LONG}")
    expect(visit.button("Stop the reply")).to_be_visible()
    visit.page.keyboard.press("Escape")
    visit.is_idle()
    visit.tab("Banking").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Enter")
    expect(visit.tab("Healthcare")).to_be_focused()
    expect(visit.tab("Healthcare")).to_have_attribute("aria-selected", "true")


def test_an_answer_is_announced_at_its_beginning_and_its_end(visit: Visit) -> None:
    visit.open("?session_id=demo-1")
    visit.page.evaluate(
        """() => {
          window.announced = [];
          const live = document.querySelector('[aria-live="polite"]');
          new MutationObserver(() => window.announced.push(live.textContent)).observe(
            live, { childList: true, characterData: true, subtree: true });
        }"""
    )
    answer = visit.ask("what is my checking balance")
    announced = visit.page.evaluate("window.announced")
    assert announced[0] == "The assistant is answering."
    assert announced[-1].startswith("Answer: ")
    assert len(announced) == 2
    assert answer[:10] in announced[-1]


def test_growing_text_does_not_drag_a_reader_along(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1000, "height": 420})
    visit.open("?session_id=demo-1")
    for _ in range(2):
        visit.ask(LONG)
    visit.say(LONG)
    visit.is_answering()
    box = visit.page.get_by_role("region", name="Conversation")
    box.hover()
    visit.page.mouse.wheel(0, -5000)
    expect(visit.button("Latest")).to_be_visible()
    visit.answer()
    assert box.evaluate("box => box.scrollTop") == 0
    visit.button("Latest").click()
    expect(visit.button("Latest")).to_have_count(0)
    assert box.evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight") < 2


def test_on_a_phone_the_card_is_a_sheet_and_nothing_runs_over(new_visit: NewVisit) -> None:
    visit = new_visit(viewport=PHONE, has_touch=True, is_mobile=True)
    visit.open("?session_id=demo-1")
    visit.ask("what are my last three transactions")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    expect(visit.composer).to_be_in_viewport()
    visit.page.locator(".strip").get_by_role("button").click()
    sheet = visit.page.get_by_role("dialog", name="Customer")
    expect(sheet).to_contain_text("Checking")
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_have_count(0)


def test_the_page_asks_nobody_but_its_own_server(visit: Visit) -> None:
    asked: set[str] = set()
    visit.page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    visit.open("?session_id=demo-1")
    visit.ask("hello")
    assert asked == {visit.url.removeprefix("http://")}


def test_the_endpoints_are_documented_without_another_host(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}/docs")
    expect(visit.page.get_by_text("/api/modes")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_known_fault_of_accessibility(new_visit: NewVisit, scheme: str) -> None:
    visit = new_visit(color_scheme=scheme)
    visit.open("?session_id=demo-1")
    assert faults(visit.page) == []
    visit.ask("what are my last three transactions")
    assert faults(visit.page) == []
    visit.button("Why?").click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    assert faults(visit.page) == []
