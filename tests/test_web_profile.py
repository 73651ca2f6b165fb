"""Profiles, lists and rulebooks over HTTP: the stored first, and anybody on demand."""

from collections.abc import Generator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from backend.assigning.run import Wanted, assign_dataset
from backend.chat.reception import assign_all
from backend.datasets.opening import open_dataset
from backend.main import create_app
from backend.modes import generate
from backend.personas.library import all_rulebooks, rulebook_named
from backend.population.build import Population
from backend.population.export import export
from backend.settings import Settings
from tests.cohort_kit import FAKER
from tests.ledger_kit import LAST, write

AS_OF = date(2026, 1, 15)
AT = "2026-01-15T09:30:00.000Z"
FIELDS = {
    "assignment_id", "assigned_persona_id", "priority", "assigned_at", "all_qualifying_personas",
    "prioritization_reason", "match_evidence",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a store of three foreign people and four members."""
    folder = tmp_path_factory.mktemp("profile")
    where = f"sqlite+aiosqlite:///{folder}/store.db"
    write(folder / "ledger")
    members = Population("natural", 5, AS_OF, ("banking",))
    export(members, 4, folder / "members", "parquet", FAKER)
    for name in ("ledger", "members"):
        dataset = open_dataset(folder / name, "banking")
        assign_dataset(dataset, rulebook_named("registry"), Wanted(store=where), AT)
    return where


def _client(url: str) -> Generator[TestClient, None, None]:
    app = create_app(Settings(database_url=url, _env_file=None))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture(scope="module")
def client(url: str) -> Generator[TestClient, None, None]:
    yield from _client(url)


@pytest.fixture(scope="module")
def forgetful() -> Generator[TestClient, None, None]:
    yield from _client("memory:")


def body(client: TestClient, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("mode", ["banking", "insurance", "healthcare", "retail"])
def test_any_session_id_is_assigned_on_demand_as_in_chat(forgetful: TestClient, mode: str) -> None:
    told = body(forgetful, f"profile/demo-1?mode={mode}&as_of=2026-01-15")
    assert told.keys() == {"user_id", "assignments"}
    assert list(told["assignments"]) == ["30d", "180d"]
    cohort = generate(mode, ["demo-1"], AS_OF, FAKER)
    for window, found in told["assignments"].items():
        (chat,) = assign_all(cohort, window)
        assert found.keys() >= FIELDS
        assert found["assignment_id"] is None
        assert found["assigned_persona_id"] == chat.primary
        assert found["all_qualifying_personas"] == list(chat.qualifying)
        assert found["prioritization_reason"] == chat.reason
        evidence = {name: one.model_dump(mode="json") for name, one in chat.evidence.items()}
        assert found["match_evidence"] == evidence


def test_a_member_is_one_person_in_every_mode(forgetful: TestClient) -> None:
    told = body(forgetful, "profile/p:natural:5:2?mode=retail&as_of=2026-01-15&time_window=30d")
    cohort = generate("retail", ["p:natural:5:2"], AS_OF, FAKER, identity="session")
    (chat,) = assign_all(cohort, "30d")
    assert told["assignments"]["30d"]["assigned_persona_id"] == chat.primary


@pytest.mark.parametrize("window", ["30d", "30", "30_day"])
def test_one_window_is_returned_when_one_is_asked_for(client: TestClient, window: str) -> None:
    assert list(body(client, f"profile/ann?time_window={window}")["assignments"]) == ["30d"]


def test_a_stored_user_is_told_as_stored(client: TestClient) -> None:
    told = body(client, "profile/ann")["assignments"]["30d"]
    assert (told["assigned_at"], told["as_of_date"]) == (AT, LAST.isoformat())
    assert told["assigned_persona_id"] == "high_utilization"
    assert told["assignment_id"] is not None
    used = told["match_evidence"]["high_utilization"]
    assert used["evidence"] == {"credit_max_utilization_pct": 90.0}
    assert used["leaves"][0]["margin"] == 40.0


@pytest.mark.parametrize("query", ["rulebook=severity", "as_of=2026-01-01"])
def test_nothing_is_made_up_about_a_stored_user(client: TestClient, query: str) -> None:
    assert body(client, f"profile/ann?{query}", 404)["detail"].startswith("ann is stored, and not")


def test_a_stored_member_is_made_again_for_what_is_not_stored(client: TestClient) -> None:
    told = body(client, "profile/p:natural:5:1?rulebook=severity")["assignments"]["180d"]
    assert (told["assignment_id"], told["as_of_date"]) == (None, "2026-01-15")
    cohort = generate("banking", ["p:natural:5:1"], AS_OF, FAKER, identity="session")
    (chat,) = assign_all(cohort, "180d", "severity")
    assert told["assigned_persona_id"] == chat.primary


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("profile/p:nope:5:1", 404, "no preset is called"),
        ("profile/p:0123456789abcdef:5:1", 404, "whose configuration is not known here"),
        ("profile/p:natural:5:x", 404, "a member of a population is"),
        (f"profile/{quote('not an id')}", 422, "user_id: a stored user, or a session id"),
        ("profile/demo-1?time_window=7d", 422, "a window is 30d or 180d"),
        ("profile/demo-1?mode=sorcery", 422, "mode: banking"),
        ("profile/demo-1?rulebook=nope", 422, "there is no rulebook 'nope'"),
        ("profile/demo-1?mode=retail&rulebook=severity", 422, "there is no rulebook 'severity'"),
        ("profile/demo-1?as_of=tomorrow", 422, "as_of: a date from"),
        ("assignments?window=7d", 422, "a window is 30d or 180d"),
    ],
)
def test_what_can_not_be_answered_is_told_in_a_sentence(
    client: TestClient, path: str, status: int, sentence: str
) -> None:
    assert sentence in body(client, path, status)["detail"]


def test_stored_assignments_are_listed_page_by_page(client: TestClient) -> None:
    whole = body(client, "assignments?limit=500")
    assert whole["total"] == len(whole["items"]) == 14
    pages = [body(client, f"assignments?limit=4&offset={at}")["items"] for at in range(0, 14, 4)]
    assert [one for page in pages for one in page] == whole["items"]
    named = {one["user_id"]: one["name"] for one in whole["items"]}
    assert named["ann"] is None
    assert named["p:natural:5:0"]


def test_the_list_is_filtered(client: TestClient) -> None:
    query = "persona=high_utilization&status=ASSIGNED&window=180&rulebook=registry&mode=banking"
    items = body(client, f"assignments?{query}")["items"]
    assert "ann" in {one["user_id"] for one in items}
    assert {one["time_window"] for one in items} == {"180d"}
    assert {one["assigned_persona_id"] for one in items} == {"high_utilization"}


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "limit=x"])
def test_a_page_that_can_not_be_is_refused(client: TestClient, query: str) -> None:
    body(client, f"assignments?{query}", 422)


def test_without_a_store_the_list_is_empty(forgetful: TestClient) -> None:
    assert body(forgetful, "assignments") == {"total": 0, "offset": 0, "items": []}


def test_every_rulebook_is_told_with_its_personas(forgetful: TestClient) -> None:
    told = {(one["mode"], one["name"]): one for one in body(forgetful, "rulebooks")}
    assert set(told) == {
        (mode, name) for mode, entries in all_rulebooks().items() for name, _ in entries
    }
    for (mode, name), one in told.items():
        rules = rulebook_named(name, mode)
        assert [each["id"] for each in one["personas"]] == [each.id for each in rules.personas]
    assert [
        one["name"] for one in told.values() if one["default"] and one["mode"] == "banking"
    ] == ["registry"]
