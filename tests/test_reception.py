from datetime import date
from functools import partial
from pathlib import Path

import pytest

from backend.bundle import prompts_dir
from backend.chat.reception import Reception, assign_all, days_of, rulebook_of
from backend.chat.session import Rules, Session
from backend.errors import ConfigurationError
from backend.framing import write_frame
from backend.modes import all_modes, generate
from backend.prompting import PromptLibrary, record
from backend.seeds import SeededFaker
from backend.wire import ModeSwitched
from tests.fakes import opening

MODES = list(all_modes())


@pytest.fixture(scope="module")
def reception() -> Reception:
    return Reception(PromptLibrary(prompts_dir()), "30d")


@pytest.mark.parametrize("mode_id", MODES)
def test_a_visitor_is_the_customer_that_a_population_holds(
    reception: Reception, mode_id: str
) -> None:
    visitor = reception.introduce(opening(), mode_id, 3)
    cohort = generate(mode_id, ["other", "demo-1"], date(2026, 1, 15), SeededFaker(), visit=3)
    assert visitor.customer == cohort.persona(1).model_dump(mode="json")
    assert visitor.assignment == assign_all(cohort, "30d")[1]


@pytest.mark.parametrize("mode_id", MODES)
def test_frame_and_prompt_say_what_the_facts_say_to_the_letter(
    reception: Reception, mode_id: str
) -> None:
    for number in range(30):
        visitor = reception.introduce(opening(session_id=f"guest-{number}"), mode_id, 1)
        written = ModeSwitched(
            offset=1,
            mode=mode_id,
            visit=1,
            customer=visitor.customer,
            assignment=visitor.assignment,
            history=(),
        )
        of_values = written.model_copy(update={"customer": dict(visitor.customer)})
        assert write_frame(written) == write_frame(of_values)
        line = record(dict(visitor.customer), mode_id, "2026-01-15")
        assert line == record(visitor.customer, mode_id, "2026-01-15")
        assert line in visitor.brief().prompt


@pytest.mark.parametrize("mode_id", MODES)
def test_the_model_is_told_of_the_customer_and_how_to_treat_them_but_not_their_label(
    reception: Reception, mode_id: str
) -> None:
    rulebook = rulebook_of(all_modes()[mode_id])
    personas = {persona.id: persona for persona in rulebook.personas}
    for number in range(20):
        visitor = reception.introduce(opening(session_id=f"guest-{number}"), mode_id, 1)
        told = visitor.brief()
        assert visitor.customer["name"] in told.prompt
        assert "2026-01-15" in told.prompt
        assert told.persona_id == visitor.assignment.primary
        primary = personas.get(visitor.assignment.primary or "")
        guidance = primary.guidance if primary else rulebook.nobody.guidance
        assert guidance.strip() in told.prompt


def test_the_half_year_is_a_note_only_where_it_differs(reception: Reception) -> None:
    notes = {True: 0, False: 0}
    for number in range(60):
        given = opening(session_id=f"guest-{number}")
        cohort = generate("banking", [given.session_id], date(2026, 1, 15), SeededFaker())
        (short,), (long,) = assign_all(cohort, "30d"), assign_all(cohort, "180d")
        prompt = reception.introduce(given, "banking", 1).brief().prompt
        differs = short.primary != long.primary
        assert ("half year" in prompt) == differs
        notes[differs] += 1
    assert all(notes.values())


def test_the_prompt_is_made_once_a_visit_and_never_for_a_message(reception: Reception) -> None:
    met: list[tuple[str, int]] = []

    def introduce(mode: str, visit: int) -> object:
        met.append((mode, visit))
        return reception.introduce(opening(), mode, visit)

    rules = Rules(tuple(MODES), "model", 60)
    session = Session(opening(), partial(introduce), rules)  # type: ignore[arg-type]  # a spy
    assert session.visitor.customer
    first = session.briefing
    assert all(session.briefing is first for _ in range(3))
    assert session.model_messages(100)[0].content == first.prompt
    assert met == [("banking", 1)]


def test_a_setting_chooses_another_rulebook() -> None:
    library = PromptLibrary(prompts_dir())
    chosen = Reception(library, "30d", {"banking": "severity"})
    chosen.check()
    assert chosen.introduce(opening(), "banking", 1).assignment.rulebook == "severity"
    assert chosen.introduce(opening(), "insurance", 1).assignment.rulebook == "cover"


def test_a_rulebook_of_ones_own_is_chosen_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    shipped = all_modes()["banking"].folder / "rulebooks" / "registry.yaml"
    own.write_text(shipped.read_text().replace("rulebook: registry", "rulebook: mine"))
    reception = Reception(PromptLibrary(prompts_dir()), "30d", {"banking": str(own)})
    assert reception.introduce(opening(), "banking", 1).assignment.rulebook == "mine"


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"bank": "severity"}, "the mode 'bank', and there is none; the modes are banking"),
        ({"banking": "severe"}, "the rulebook chosen for banking: there is no rulebook 'severe'"),
        ({"banking": "none.yaml"}, "none.yaml"),
    ],
)
def test_a_rulebook_that_is_not_there_stops_the_start(
    chosen: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        Reception(PromptLibrary(prompts_dir()), "30d", chosen).check()


def test_windows_are_days() -> None:
    assert (days_of("30d"), days_of("180d")) == (30, 180)
