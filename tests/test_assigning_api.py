"""Assignments for programs, over a store of one's own."""

from collections.abc import Generator
from datetime import date
from pathlib import Path

import pytest
from pydantic_core import from_json

from backend.assigning.api import BehavioralSummaryGenerator, PersonaAssigner
from backend.assigning.listing import Filter
from backend.assigning.run import Wanted, assign_dataset
from backend.assigning.stored import StoredAssignments
from backend.chat.reception import assign_all
from backend.datasets.opening import open_dataset
from backend.domain.assignment import PersonaAssignmentRecord
from backend.errors import InputError
from backend.modes import generate
from backend.personas.library import rulebook_named
from tests.cohort_kit import FAKER
from tests.contracts.database_kit import database
from tests.fakes import FakeClock
from tests.ledger_kit import LAST, write

AS_OF = date(2026, 1, 15)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def foreign(tmp_path: Path, url: str) -> str:
    """Return a store of three people whom nobody generates."""
    dataset = open_dataset(write(tmp_path / "ledger"), "banking")
    wanted = Wanted(store=url)
    assign_dataset(dataset, rulebook_named("registry"), wanted, "2026-01-15T09:30:00.000Z")
    return url


@pytest.fixture
def assigner(url: str) -> Generator[PersonaAssigner, None, None]:
    with PersonaAssigner(url, clock=FakeClock()) as one:
        yield one


def test_a_session_id_is_assigned_as_in_chat_and_kept(assigner: PersonaAssigner) -> None:
    record = assigner.assign_persona("demo-1", AS_OF, "30d")
    assert isinstance(record, PersonaAssignmentRecord)
    (chat,) = assign_all(generate("banking", ["demo-1"], AS_OF, FAKER), "30d")
    assert record.assigned_persona_id == chat.primary
    assert record.prioritization_reason == chat.reason
    assert record.assignment_id is not None
    assert assigner.get_assignment("demo-1", 30) == record
    assert assigner.get_assignments_both_windows("demo-1") == {"30d": record, "180d": None}


def test_both_windows_are_returned_and_the_latest_counts(assigner: PersonaAssigner) -> None:
    assigner.assign_persona("demo-1", date(2025, 1, 1), "30_day")
    later = assigner.assign_persona("demo-1", AS_OF, "30")
    longer = assigner.assign_persona("demo-1", AS_OF, 180)
    both = assigner.get_assignments_both_windows("demo-1")
    assert both == {"30d": later, "180d": longer}
    assert assigner.get_assignment("demo-2", "30d") is None


def test_a_stored_users_own_signals_are_summarised(foreign: str) -> None:
    with BehavioralSummaryGenerator(foreign) as generator:
        summary = generator.generate_summary("ann", LAST)
    assert summary.windows["30d"]["credit_max_utilization_pct"] == 90.0
    assert summary.windows["180d"].keys() == summary.windows["30d"].keys()
    with PersonaAssigner(foreign, "severity") as assigner:
        record = assigner.assign_persona("ann", LAST, "30d")
    assert record.assigned_persona_id == "high_utilizer"


def test_nobody_is_made_up_in_a_stored_users_place(foreign: str) -> None:
    with BehavioralSummaryGenerator(foreign) as generator:
        with pytest.raises(InputError, match="ann is stored with signals as of 2026-01-14"):
            generator.generate_summary("ann", AS_OF)
        assert generator.generate_summary("demo-1", AS_OF).as_of_date == AS_OF


def test_a_generated_customer_who_is_stored_can_be_asked_for_on_any_date(
    assigner: PersonaAssigner, url: str
) -> None:
    assigner.assign_persona("demo-1", AS_OF, "30d")
    with BehavioralSummaryGenerator(url) as generator:
        summary = generator.generate_summary("demo-1", date(2025, 5, 5))
    (table,) = generate("banking", ["demo-1"], date(2025, 5, 5), FAKER).signals_over([180])
    for name, value in summary.windows["180d"].items():
        assert value == (table[name].values[0] if table[name].known[0] else None)


@pytest.mark.parametrize(
    ("user_id", "window", "sentence"),
    [
        ("demo 1", "30d", "user_id: a stored user, or a session id"),
        ("p:nope:1:1", "30d", "no preset is called"),
        ("p:natural:1:x", "30d", "a member of a population is"),
        ("demo-1", "7d", "a window is 30d or 180d"),
    ],
)
def test_what_can_not_be_assigned_is_refused(
    assigner: PersonaAssigner, user_id: str, window: str, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        assigner.assign_persona(user_id, AS_OF, window)


def test_unknown_rulebooks_and_modes_are_refused(url: str) -> None:
    with pytest.raises(InputError, match="there is no rulebook 'nope'"):
        PersonaAssigner(url, "nope")
    with pytest.raises(InputError, match="mode: banking"):
        PersonaAssigner(url, mode="sorcery")


def test_stored_assignments_are_listed_in_pages_of_a_stable_order(foreign: str) -> None:
    with StoredAssignments(foreign) as stored:
        total, whole = stored.page(Filter(), 100, 0)
        pages = [stored.page(Filter(), 2, offset)[1] for offset in range(0, total, 2)]
    assert total == 6
    assert [one for page in pages for one in page] == whole
    assert [(one.row.user_id, one.row.time_window) for one in whole] == [
        (user, window) for user in ("ann", "bob", "cyd") for window in ("30d", "180d")
    ]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(window="30d"), 3),
        (Filter(persona="high_utilization"), 2),
        (Filter(persona="high_utilization", window="180d"), 1),
        (Filter(status="ASSIGNED", mode="banking"), 6),
        (Filter(mode="retail"), 0),
        (Filter(rulebook="severity"), 0),
        (Filter(status="STABLE"), 0),
    ],
)
def test_stored_assignments_are_filtered(foreign: str, wanted: Filter, count: int) -> None:
    with StoredAssignments(foreign) as stored:
        total, found = stored.page(wanted, 100, 0)
    assert total == len(found) == count


def test_the_evidence_of_a_stored_assignment_is_that_of_every_persona(
    assigner: PersonaAssigner,
) -> None:
    record = assigner.assign_persona("demo-1", AS_OF, "180d")
    evidence = from_json(record.match_evidence)
    assert evidence.keys() == {persona.id for persona in rulebook_named("registry").personas}


def test_postgresql_does_as_well(tmp_path: Path) -> None:
    dataset = open_dataset(write(tmp_path / "ledger"), "banking")
    rules = rulebook_named("registry")
    with database("postgresql", tmp_path) as url:
        assign_dataset(dataset, rules, Wanted(store=url), "2026-01-15T09:30:00.000Z")
        with PersonaAssigner(url) as assigner:
            record = assigner.assign_persona("ann", LAST, "30d")
            assert record.assigned_persona_id == "high_utilization"
            assert record == assigner.get_assignment("ann", "30d")
        with StoredAssignments(url) as stored:
            total, found = stored.page(Filter(mode="banking", window="30d"), 2, 1)
    assert (total, [one.row.user_id for one in found]) == (3, ["bob", "cyd"])
