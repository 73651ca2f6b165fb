"""The opening of a socket: its query string, read strictly."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, cast, get_args
from urllib.parse import parse_qsl

from backend.clock import Clock, today
from backend.domain.identity import Identity
from backend.entropy import Entropy
from backend.errors import InputError
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF
from backend.modes import DEFAULT_MODE
from backend.population.members import IDENTITY, PREFIX, read_member_id
from backend.ports import Opening
from backend.wire import SESSION_ID_PATTERN

PARAMETERS: Final = ("session_id", "mode", "as_of", "identity", "visit", "resume")
MAX_VISIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Return:
    """The client wants its conversation back: ``session.resume`` will be its first frame."""

    session_id: str | None


def read_opening(
    query: bytes, modes: Collection[str], clock: Clock, entropy: Entropy
) -> Opening | Return:
    """Return what the query string asks for.

    Raises:
        InputError: a parameter is unknown, doubled or wrong; one sentence says which and why.
    """
    given = _parameters(query)
    session_id = given.get("session_id")
    if session_id is not None:
        check_session_id(session_id)
    if _flag(given.get("resume")):
        return Return(session_id)
    unknown = given.keys() - set(PARAMETERS)
    if unknown:
        names = ", ".join(PARAMETERS)
        raise InputError(f"Unknown parameter {min(unknown)[:32]!r}; there are {names}.")
    return Opening(
        session_id=entropy.session_id() if session_id is None else session_id,
        as_of=check_as_of(given["as_of"]).isoformat() if "as_of" in given else _now(clock),
        identity=read_identity(given.get("identity"), session_id),
        mode=_mode(given.get("mode", DEFAULT_MODE), modes),
        visit=read_visit(given.get("visit", "1")),
    )


def check_session_id(session_id: str) -> str:
    """Return the id if it can be one.

    Raises:
        InputError: it can not, or it names a member of a population that is not known here.
    """
    if not re.fullmatch(SESSION_ID_PATTERN, session_id):
        raise InputError(
            "session_id: 1 to 128 of A-Z a-z 0-9 . _ : -, the first a letter or digit; "
            f"not {session_id[:24]!r}."
        )
    if session_id.startswith(PREFIX):
        read_member_id(session_id)
    return session_id


def check_as_of(text: str) -> date:
    """Return the date that ``text`` spells.

    Raises:
        InputError: it is not YYYY-MM-DD, or lies outside the years that lives are told for.
    """
    as_of = _date(text)
    if as_of is None or not EARLIEST_AS_OF <= as_of <= LATEST_AS_OF:
        raise InputError(
            f"as_of: a date from {EARLIEST_AS_OF} to {LATEST_AS_OF}, as YYYY-MM-DD; "
            f"not {text[:24]!r}."
        )
    return as_of


def _date(text: str) -> date | None:
    # `fromisoformat` alone also takes 20260115 and 2026-W03-4
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _now(clock: Clock) -> str:
    return min(max(today(clock), EARLIEST_AS_OF), LATEST_AS_OF).isoformat()


def _parameters(query: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32
        )
    except ValueError:
        raise InputError("The query string is not URL-encoded UTF-8.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(f"The parameter {name[:32]!r} stands twice.")
        found[name] = value
    return found


def _flag(value: str | None) -> bool:
    if value not in {None, "0", "1"}:
        raise InputError(f"resume: 1, or left out; not {str(value)[:24]!r}.")
    return value == "1"


def read_identity(value: str | None, session_id: str | None) -> Identity:
    """Return the identity scope that ``value`` names, or the usual one of ``session_id``.

    A member of a population is one person in every mode.

    Raises:
        InputError: it names none, or not the one that a member has.
    """
    member = session_id is not None and session_id.startswith(PREFIX)
    if value is None:
        return IDENTITY if member else "mode"
    if member and value != IDENTITY:
        raise InputError(
            f"identity: a member of a population has {IDENTITY}, not {value[:32]!r}; leave it out."
        )
    if value not in get_args(Identity):
        raise InputError(f"identity: mode or session, not {value[:32]!r}.")
    return cast("Identity", value)


def _mode(value: str, modes: Collection[str]) -> str:
    if value not in modes:
        raise InputError(f"mode: {', '.join(modes)}; not {value[:32]!r}.")
    return value


def read_visit(value: str) -> int:
    """Return the number that ``value`` spells.

    Raises:
        InputError: it is no number of a visit.
    """
    if not re.fullmatch(r"[0-9]{1,7}", value) or not 1 <= int(value) <= MAX_VISIT:
        raise InputError(f"visit: a whole number from 1 to {MAX_VISIT}, not {value[:24]!r}.")
    return int(value)
