"""Assignments are added in batches; the latest of a user, window and rulebook counts."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from backend import strictjson
from backend.domain.assignment import PersonaAssignmentRecord
from backend.errors import ConfigurationError, InputError, StorageUnavailableError
from backend.store.assignments import AssignmentStore, drop_indexes, make_indexes
from backend.store.portal import Portal
from backend.store.records import SignalRow, UserRow
from backend.store.schema import ASSIGNMENT_INDEXES
from tests.contracts.database_kit import database, execute

COLUMNS = (
    "assignment_id", "user_id", "time_window", "window_days", "as_of_date", "rulebook",
    "rulebook_version", "status", "assigned_persona_id", "primary_persona_id",
    "primary_persona_name", "secondary_persona_id", "secondary_persona_name", "priority",
    "severity", "qualifying_personas", "match_evidence", "assignment_trace",
    "prioritization_reason", "signal_id", "assigned_at",
)  # fmt: skip
AT = "2026-01-15T09:30:00.000Z"
LATER = "2026-01-16T09:30:00.000Z"
JSON = ("qualifying_personas", "match_evidence", "assignment_trace")


def record(user_id: str = "user-1", **changes: Any) -> PersonaAssignmentRecord:
    given = PersonaAssignmentRecord(
        assignment_id=None, user_id=user_id, time_window="30d", window_days=30,
        as_of_date="2026-01-15", rulebook="registry", rulebook_version="1", status="ASSIGNED",
        assigned_persona_id="high_utilization", primary_persona_id=1,
        primary_persona_name="High utilization", secondary_persona_id=None,
        secondary_persona_name=None, priority=1, severity=0.57,
        qualifying_personas=strictjson.dumps(["high_utilization"]),
        match_evidence=strictjson.dumps({"né": {"x": None, "y": 1.5}}),
        assignment_trace=strictjson.dumps({"evaluations": {}}),
        prioritization_reason="Highest priority match",
        signal_id=None, assigned_at=AT,
    )  # fmt: skip
    return given._replace(**changes)


def signals(user_id: str = "user-1", time_window: str = "30d") -> SignalRow:
    told = strictjson.dumps({"a": 1.5, "b": None})
    return SignalRow(user_id, "banking", time_window, "2026-01-15", told, AT)


def plain(row: PersonaAssignmentRecord) -> dict[str, Any]:
    """Return a row with its JSON read: PostgreSQL keeps the value, not the spelling."""
    found = row._asdict()
    return found | {name: strictjson.parse(found[name]) for name in JSON}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str, None, None]:
    with database(request.param, tmp_path_factory.mktemp("store")) as one:
        yield one


@pytest.fixture
def store(address: str) -> Generator[AssignmentStore, None, None]:
    with AssignmentStore(address) as one:
        portal = Portal(address)
        for table in ("persona_assignments", "behavioral_signals", "users"):
            portal.run(lambda link, table=table: link.exec_driver_sql(f"DELETE FROM {table}"))  # type: ignore[misc]  # noqa: S608 - a name of ours
        portal.close()
        yield one


def test_the_record_has_the_columns_of_the_table() -> None:
    assert PersonaAssignmentRecord._fields == COLUMNS


def test_what_was_written_is_read(store: AssignmentStore) -> None:
    given = record(signal_id=1, time_window="180d", window_days=0)
    store.write([UserRow("user-1", "Née Doe", "general")], [signals("user-2"), signals()], [given])
    (found,) = store.latest("user-1")
    assert found.assignment_id is not None
    assert found.signal_id is not None
    expected = given._replace(
        assignment_id=found.assignment_id, window_days=180, signal_id=found.signal_id
    )
    assert plain(found) == plain(expected)
    assert store.assignment(found.assignment_id) == found
    behind = store.signals(found.signal_id)
    assert behind is not None
    assert strictjson.parse(behind.signals) == {"a": 1.5, "b": None}
    assert behind[:4] == signals()[:4]


def test_nothing_is_found_where_nothing_is(store: AssignmentStore) -> None:
    assert store.latest("nobody") == []
    assert store.assignment(0) is None
    assert store.signals(0) is None


def test_the_latest_of_a_user_window_and_rulebook_counts(store: AssignmentStore) -> None:
    store.write(assignments=[record(assigned_at=LATER, priority=2), record(priority=3)])
    store.write(assignments=[record(priority=4), record(time_window="180d", priority=5)])
    store.write(assignments=[record(rulebook="severity", priority=6), record("user-2", priority=7)])
    found = [(one.time_window, one.rulebook, one.priority) for one in store.latest("user-1")]
    assert found == [("30d", "registry", 2), ("30d", "severity", 6), ("180d", "registry", 5)]
    assert [one.priority for one in store.latest("user-1", "30d")] == [2, 6]
    assert [one.priority for one in store.latest("user-1", "30d", "registry")] == [2]
    assert [one.priority for one in store.latest("user-1", rulebook="severity")] == [6]


def test_of_two_made_at_the_same_moment_the_one_written_later_counts(
    store: AssignmentStore,
) -> None:
    store.write(assignments=[record(priority=1), record(priority=2)])
    assert [one.priority for one in store.latest("user-1")] == [2]


async def test_users_are_merged_and_those_only_named_are_added(
    store: AssignmentStore, address: str
) -> None:
    store.write([UserRow("user-1", "Ann Lee", "general")])
    store.write([UserRow("user-1", archetype="low_savings")], [signals("user-2")])
    store.write(assignments=[record("user-3"), record("user-1")])
    rows = await execute(address, "SELECT user_id, name, archetype FROM users ORDER BY user_id")
    assert [tuple(row) for row in rows] == [
        ("user-1", "Ann Lee", "low_savings"), ("user-2", None, None), ("user-3", None, None),
    ]  # fmt: skip


async def test_a_bulk_load_ends_with_all_indexes(store: AssignmentStore, address: str) -> None:
    with store.bulk():
        assert await index_names(address) == set()
        store.write(assignments=[record(f"user-{number}") for number in range(2000)])
    assert await index_names(address) == set(ASSIGNMENT_INDEXES)
    assert len(store.latest("user-1999")) == 1


async def test_a_bulk_load_that_breaks_off_has_its_indexes_all_the_same(
    store: AssignmentStore, address: str
) -> None:
    with pytest.raises(InputError), store.bulk():
        store.write(assignments=[record(time_window="90d")])
    assert await index_names(address) == set(ASSIGNMENT_INDEXES)


async def index_names(address: str) -> set[str]:
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx%persona%'"
        " OR name LIKE 'idx_assign%'"
        if address.startswith("sqlite")
        else "SELECT indexname FROM pg_indexes WHERE tablename = 'persona_assignments'"
        " AND indexname LIKE 'idx%'"
    )
    return {row[0] for row in await execute(address, catalogue)}


def test_indexes_can_be_made_and_dropped_twice(address: str) -> None:
    portal = Portal(address)
    for step in (drop_indexes, drop_indexes, make_indexes, make_indexes):
        portal.run(step)
    portal.close()


def test_pruning_leaves_the_latest(store: AssignmentStore) -> None:
    store.write(assignments=[record(priority=1), record(priority=2), record("user-2")])
    store.write(assignments=[record(assigned_at=LATER, priority=3)])
    assert store.prune(AT) == 0
    assert store.prune(LATER) == 2
    assert [one.priority for one in store.latest("user-1")] == [3]
    assert len(store.latest("user-2")) == 1


async def test_signals_go_with_the_last_assignment_made_from_them(
    store: AssignmentStore, address: str
) -> None:
    store.write([], [signals("user-1"), signals("user-2")],
                [record(signal_id=0), record("user-2", signal_id=1)])  # fmt: skip
    store.write(assignments=[record(assigned_at=LATER)])
    assert store.prune(LATER) == 1
    assert await execute(address, "SELECT user_id FROM behavioral_signals") == [("user-2",)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time_window": "90d"}, "30d or 180d was expected, not '90d'"),
        ({"severity": float("nan")}, "severity: a finite number"),
        ({"severity": float("inf")}, "severity: a finite number"),
        ({"priority": 2**63}, "priority: an integer of 64 bits"),
        ({"status": "A\x00"}, r"status: text without U\+0000"),
        ({"prioritization_reason": "\ud800"}, r"U\+D800 is half a surrogate pair"),
        ({"match_evidence": '{"a":"\\u0000"}'}, r"match_evidence of user-1\.a: .*U\+0000"),
        ({"signal_id": 1}, "a position among the batch's 1 rows"),
    ],
)
def test_what_no_database_takes_is_refused_and_nothing_of_its_batch_is_written(
    store: AssignmentStore, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        store.write([], [signals()], [record(), record(**changes)])
    assert store.latest("user-1") == []


def test_a_backslash_before_u0000_is_text_like_any_other(store: AssignmentStore) -> None:
    evidence = strictjson.dumps({"a": "\\u0000"})
    store.write(assignments=[record(match_evidence=evidence)])
    (found,) = store.latest("user-1")
    assert strictjson.parse(found.match_evidence) == {"a": "\\u0000"}


def test_a_batch_that_the_database_refuses_leaves_nothing(store: AssignmentStore) -> None:
    with pytest.raises(StorageUnavailableError, match="can not be used just now"):
        store.write(assignments=[record(), record(status=None)])
    assert store.latest("user-1") == []


def test_reading_does_not_wait_for_somebody_who_writes(tmp_path: Path) -> None:
    with AssignmentStore(tmp_path / "a.db") as store, AssignmentStore(tmp_path / "a.db") as other:
        store.write(assignments=[record()])
        writing = Portal(tmp_path / "a.db")
        assert len(writing.run(lambda _: other.latest("user-1"))) == 1
        writing.close()


async def test_it_can_be_used_where_an_event_loop_runs(address: str) -> None:
    with AssignmentStore(address) as store:
        store.write(assignments=[record("user-loop")])
        assert len(store.latest("user-loop")) == 1


def test_a_path_is_as_good_as_a_url(tmp_path: Path) -> None:
    for where in (tmp_path / "new" / "a.db", str(tmp_path / "b.db")):
        with AssignmentStore(where) as store:
            store.write(assignments=[record()])
        with AssignmentStore(f"sqlite:///{where}") as store:
            assert len(store.latest("user-1")) == 1


def test_a_store_that_can_not_be_opened_is_refused_with_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match=r"^store: the file /proc can not be used: "):
        AssignmentStore("/proc")
