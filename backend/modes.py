"""The one registry of modes: every folder of ``backend/industries`` that exports ``MODE``."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from pydantic import ValidationError

from backend import industries
from backend.domain.card import Card
from backend.domain.identity import Identity
from backend.domain.person import People
from backend.domain.session_persona import SessionPersona
from backend.domain.signals import SignalTable
from backend.domain.table import Table
from backend.errors import ConfigurationError, InputError
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF, make_people
from backend.industries.shape import FlowSource, Mode
from backend.seeds import SeededFaker, customer_keys
from backend.yamlfile import read_yaml

DEFAULT_MODE = "banking"

Lives: TypeAlias = Mapping[str, Any]
"""Mode to what its ``generate_led`` takes: how customers are to live there, if not naturally."""


class _Modes(Mapping[str, Mode[Any]]):
    """The installed modes by id; each is imported when it is first asked for."""

    def __init__(self) -> None:
        found = [entry.name for entry in pkgutil.iter_modules(industries.__path__) if entry.ispkg]
        self._ids = sorted(found, key=lambda mode_id: (mode_id != DEFAULT_MODE, mode_id))
        self._known: dict[str, Mode[Any]] = {}

    def __getitem__(self, mode_id: str) -> Mode[Any]:
        if mode_id not in self._known:
            if mode_id not in self._ids:
                raise KeyError(mode_id)
            self._known[mode_id] = _imported(mode_id)
        return self._known[mode_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _imported(mode_id: str) -> Mode[Any]:
    mode: Mode[Any] = importlib.import_module(f"{industries.__name__}.{mode_id}").MODE
    if mode.id != mode_id:
        raise ConfigurationError(
            f"{mode.folder}: a mode's id is its folder's name, and this MODE says {mode.id!r}"
        )
    return mode


@cache
def all_modes() -> Mapping[str, Mode[Any]]:
    """Return the installed modes by id, the default first, then by id.

    To be asked for its ids, or for one mode, imports no other mode.

    Raises:
        ConfigurationError: when a mode is first asked for, its ``MODE`` does not bear the folder's
            name.
    """
    return _Modes()


@cache
def card_of(mode_id: str) -> Card:
    """Return what the page shows of a mode.

    Raises:
        ConfigurationError: the mode's ``card.yaml`` is not a card; the sentence names the line.
    """
    document = read_yaml(all_modes()[mode_id].folder / "card.yaml")
    try:
        return Card.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(f"{document.where(first['loc'])}: {first['msg']}") from None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers of one mode with their records, one row each; a chat session is one of one."""

    mode: Mode[Any]
    as_of: date
    people: People
    records: Any

    def persona(self, row: int) -> SessionPersona:
        """Return the session persona of the customer at ``row``."""
        return self.mode.present(self.people, self.records, row, self.as_of)

    def signals(self, window_days: int) -> SignalTable:
        """Return the signals of all customers over the last ``window_days``."""
        return self.signals_over([window_days])[0]

    def signals_over(self, windows: Sequence[int]) -> list[SignalTable]:
        """Return the signals of all customers over several windows, in days."""
        return self.mode.measure(self.people, self.records, self.as_of, windows)

    def tables(self) -> tuple[Table, ...]:
        """Return the whole records of all customers."""
        if self.mode.tables is None:
            return ()
        return self.mode.tables(self.people, self.records, self.as_of)


def generate(
    mode_id: str,
    session_ids: Sequence[str],
    as_of: date,
    faker: SeededFaker,
    *,
    identity: Identity = "mode",
    visit: int = 1,
    lives: Lives | None = None,
) -> Cohort:
    """Return the customers of ``session_ids`` in a mode: a pure function of the arguments.

    With ``identity="session"`` one session id is the same person in every mode, and a mode with
    a ledger posts what the other modes hand it. ``lives`` are what a population asks for.

    Raises:
        InputError: no life is told up to ``as_of``.
    """
    if not EARLIEST_AS_OF <= as_of <= LATEST_AS_OF:
        raise InputError(
            f"as_of is to be a date from {EARLIEST_AS_OF} to {LATEST_AS_OF}, and it came as {as_of}"
        )
    mode = all_modes()[mode_id]
    scope = f"{mode_id if identity == 'mode' else 'session'}/{visit}"
    people = make_people(customer_keys(session_ids, scope), faker)
    others = _flows_beside(mode) if identity == "session" else ()
    led, wanted = mode.generate_led, lives.get(mode_id) if lives else None
    if led is None or wanted is None:
        return Cohort(mode, as_of, people, mode.generate(people, as_of, faker, others))
    return Cohort(mode, as_of, people, led(people, as_of, faker, others, wanted))


def _flows_beside(mode: Mode[Any]) -> list[FlowSource]:
    others = (other for other in all_modes().values() if other is not mode)
    return [other.flows for other in others if other.flows is not None]
