"""The behavioural profile of a customer over HTTP, lists of assignments, and the rulebooks."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, Field
from pydantic_core import from_json

from backend.assigning.customer import (
    Asked,
    Customers,
    UnknownMemberError,
    check_generated,
)
from backend.assigning.listing import MAX_PAGE, Filter, Listed
from backend.clock import SystemClock, timestamp, today
from backend.domain.assignment import Evidence, PersonaAssignmentRecord
from backend.errors import InputError, StorageUnavailableError
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF
from backend.modes import DEFAULT_MODE, all_modes
from backend.personas.library import all_rulebooks, rulebook_named
from backend.personas.rulebook import Rulebook
from backend.personas.windows import TIME_WINDOWS, read_window
from backend.web.opening import check_as_of
from backend.wiring import MEMORY_URL

if TYPE_CHECKING:
    from backend.assigning.stored import StoredAssignments

_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "No such user, or no such member of a population"},
    422: {"description": "A parameter is not what is expected"},
    503: {"description": "The store can not be used just now"},
}


class ProfileDesk:
    """What the endpoints stand on: customers by their ids, and the store where there is one.

    Args:
        database_url: the store's address; ``memory:`` for none.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._stored: StoredAssignments | None = None
        self.customers = Customers()

    def stored(self) -> "StoredAssignments | None":
        """Return the store, opened when first asked for; None where nothing is stored."""
        if self._stored is None and self._url != MEMORY_URL:
            # SQLAlchemy takes long to import, and only a service with a store needs it
            from backend.assigning.stored import StoredAssignments  # noqa: PLC0415 - see above

            self._stored = StoredAssignments(self._url)
        return self._stored

    def close(self) -> None:
        """Let go of the store."""
        if self._stored is not None:
            self._stored.close()


@asynccontextmanager
async def _desk(app: FastAPI) -> AsyncGenerator[None, None]:
    app.state.desk = ProfileDesk(app.state.settings.database_url)
    yield
    app.state.desk.close()


router = APIRouter(lifespan=_desk)


@dataclass(frozen=True, slots=True)
class Asks:
    """What a profile is asked for; ``as_of`` is None for the latest."""

    mode: str
    rules: Rulebook
    windows: Sequence[str]
    as_of: date | None


class WindowProfile(BaseModel):
    """One window's assignment, with the evidence on every persona of the rulebook."""

    assignment_id: int | None = Field(description="null where it was made for this request")
    assigned_persona_id: str | None
    priority: int | None
    assigned_at: str
    as_of_date: str
    rulebook: str
    rulebook_version: str
    status: str
    severity: float | None
    all_qualifying_personas: tuple[str, ...] = Field(description="ids, best first")
    prioritization_reason: str
    match_evidence: dict[str, Evidence]


class Profile(BaseModel):
    """A customer's assignments, by window."""

    user_id: str
    assignments: dict[str, WindowProfile]


class AssignmentItem(BaseModel):
    """One of the latest stored assignments."""

    assignment_id: int
    user_id: str
    name: str | None
    archetype: str | None
    time_window: str
    as_of_date: str
    rulebook: str
    status: str
    assigned_persona_id: str | None
    primary_persona_name: str | None
    secondary_persona_name: str | None
    priority: int | None
    severity: float | None
    prioritization_reason: str
    assigned_at: str


class AssignmentPage(BaseModel):
    """Some of the stored assignments, by user, window and rulebook."""

    total: int
    offset: int
    items: tuple[AssignmentItem, ...]


class RulebookPersona(BaseModel):
    """A persona of a rulebook."""

    id: str
    number: int
    name: str
    priority: int
    level: str | None
    risk: str
    rationale: str


class RulebookInfo(BaseModel):
    """A rulebook of a mode, with its personas, best first."""

    mode: str
    name: str
    default: bool
    title: str
    version: str
    order: str
    nobody: str | None
    nobody_status: str
    personas: tuple[RulebookPersona, ...]


@router.get("/api/profile/{user_id:path}", tags=["personas"], responses=_REFUSALS)
def profile(
    user_id: str,
    request: Request,
    time_window: Annotated[str | None, Query(description="30d or 180d; both if left out")] = None,
    rulebook: Annotated[str | None, Query(description="the mode's own if left out")] = None,
    mode: Annotated[str, Query(description="industry")] = DEFAULT_MODE,
    as_of: Annotated[str | None, Query(description="the latest stored, or today")] = None,
) -> Profile:
    """Return which persona a customer is given over each window, and why.

    A stored user's latest assignments are returned. Any session id is assigned on demand, up to
    today, which stores nothing.
    """
    try:
        rules, until = _rules(mode, rulebook), None if as_of is None else check_as_of(as_of)
        windows = TIME_WINDOWS if time_window is None else (read_window(time_window),)
        rows = _assignments(request.app.state.desk, user_id, Asks(mode, rules, windows, until))
    except UnknownMemberError as error:
        raise HTTPException(404, str(error)) from None
    except InputError as error:
        raise HTTPException(422, str(error)) from None
    except StorageUnavailableError as error:
        raise HTTPException(503, str(error)) from None
    return Profile(
        user_id=user_id, assignments={window: _shown(row) for window, row in rows.items()}
    )


@router.get(
    "/api/assignments", tags=["personas"], responses={422: _REFUSALS[422], 503: _REFUSALS[503]}
)
def assignments(  # noqa: PLR0913, PLR0917 - one parameter a parameter
    request: Request,
    persona: Annotated[str | None, Query(description="a persona's id")] = None,
    status: Annotated[str | None, Query(description="ASSIGNED, STABLE or UNCLASSIFIED")] = None,
    window: Annotated[str | None, Query(description="30d or 180d")] = None,
    rulebook: str | None = None,
    mode: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> AssignmentPage:
    """Return the latest stored assignments, some at a time."""
    try:
        wanted = Filter(
            persona, status, None if window is None else read_window(window), rulebook, mode
        )
        stored = request.app.state.desk.stored()
        total, found = stored.page(wanted, limit, offset) if stored else (0, [])
    except InputError as error:
        raise HTTPException(422, str(error)) from None
    except StorageUnavailableError as error:
        raise HTTPException(503, str(error)) from None
    return AssignmentPage(total=total, offset=offset, items=tuple(map(_item, found)))


@router.get("/api/rulebooks", tags=["personas"])
def rulebooks() -> list[RulebookInfo]:
    """Return the rulebooks of every mode, its default first."""
    return [
        _rulebook_info(mode_id, rulebook_named(name, mode_id))
        for mode_id, entries in all_rulebooks().items()
        for name, _ in entries
    ]


def _rules(mode: str, rulebook: str | None) -> Rulebook:
    if mode not in all_modes():
        raise InputError(f"mode: {', '.join(all_modes())}; not {mode!r:.40}.")
    return rulebook_named(rulebook or all_modes()[mode].default_rulebook, mode)


def _assignments(desk: ProfileDesk, user_id: str, asks: Asks) -> dict[str, PersonaAssignmentRecord]:
    """Return a row for each window: what is stored, and otherwise what is assigned now."""
    stored = desk.stored()
    if stored is None or not (latest := stored.latest(user_id)):
        return _made(desk, user_id, asks, asks.windows, asks.as_of)
    found = {
        row.time_window: row
        for row in latest
        if row.rulebook == asks.rules.name
        and row.time_window in asks.windows
        and (asks.as_of is None or row.as_of_date == asks.as_of.isoformat())
    }
    missing = [window for window in asks.windows if window not in found]
    if missing:
        # a stored user's other windows are looked at on the date of those that are stored
        known = next(iter(found.values()), latest[-1]).as_of_date
        until = asks.as_of or date.fromisoformat(known)
        _refuse_strangers(desk, stored, user_id, asks)
        found |= _made(desk, user_id, asks, missing, until)
    return {window: found[window] for window in asks.windows}


def _refuse_strangers(
    desk: ProfileDesk, stored: "StoredAssignments", user_id: str, asks: Asks
) -> None:
    """Refuse to make up what a store does not hold of somebody who is not generated."""
    signals = stored.signals(user_id, asks.mode)
    if signals and not desk.customers.made(signals[0]):
        raise UnknownMemberError(
            f"{user_id} is stored, and not with what was asked for: rulebook {asks.rules.name}, "
            f"{' and '.join(asks.windows)}, {asks.as_of or 'any date'}."
        )


def _made(
    desk: ProfileDesk, user_id: str, asks: Asks, windows: Sequence[str], until: date | None
) -> dict[str, PersonaAssignmentRecord]:
    check_generated(user_id)
    clock = SystemClock()
    now = min(max(today(clock), EARLIEST_AS_OF), LATEST_AS_OF)
    asked = Asked(user_id, asks.mode, now if until is None else until)
    at = timestamp(clock.read().at)
    made = desk.customers.assigned(asked, asks.rules, windows, at)
    return {row.time_window: row for row, _ in made}


def _shown(row: PersonaAssignmentRecord) -> WindowProfile:
    return WindowProfile(
        **{name: getattr(row, name) for name in WindowProfile.model_fields if name in row._fields
           and name != "match_evidence"},
        all_qualifying_personas=from_json(row.qualifying_personas),
        match_evidence=from_json(row.match_evidence),
    )  # fmt: skip


def _item(listed: Listed) -> AssignmentItem:
    told = {name: getattr(listed.row, name) for name in AssignmentItem.model_fields
            if name in listed.row._fields}  # fmt: skip
    return AssignmentItem(name=listed.name, archetype=listed.archetype, **told)


def _rulebook_info(mode_id: str, rules: Rulebook) -> RulebookInfo:
    return RulebookInfo(
        mode=mode_id,
        name=rules.name,
        default=rules.name == all_modes()[mode_id].default_rulebook,
        title=rules.title,
        version=rules.version,
        order=rules.order,
        nobody=rules.nobody_id,
        nobody_status=rules.nobody_status,
        personas=tuple(
            RulebookPersona(
                id=one.id,
                number=one.number,
                name=one.name,
                priority=one.priority,
                level=one.level,
                risk=one.risk,
                rationale=one.rationale,
            )
            for one in rules.personas
        ),
    )
