"""Rulebooks for programs: one customer at a time, synchronously, over the engine of the chat.

A summary is what is known of one customer on one date: for each window, every signal's value by
name, or None where it is missing. Values are taken as they are and rounded as the signals are
defined.

    registry = load_persona_registry("registry")
    matches = PersonaMatcher(registry).match_personas(summary, date(2026, 1, 15), "30d")
    choice = PersonaPrioritizer(registry).prioritize_persona(matches)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from backend.domain.signals import Column, SignalTable
from backend.errors import InputError
from backend.modes import DEFAULT_MODE, all_modes
from backend.personas.library import rulebook_named
from backend.personas.outcomes import evaluate
from backend.personas.prioritizer import Ranking, rank
from backend.personas.registry import Overrides, Rulebook, load_rulebook
from backend.personas.severity import scales_of
from backend.personas.trace import Traced, trace
from backend.personas.windows import read_window

__all__ = [
    "BehavioralSummary",
    "PersonaMatch",
    "PersonaMatcher",
    "PersonaPrioritizer",
    "Ranking",
    "Traced",
    "load_persona_registry",
]


@dataclass(frozen=True, slots=True)
class BehavioralSummary:
    """What is known of a customer on a date: window, ``30d`` or ``180d``, to signals by name."""

    user_id: str
    as_of_date: date
    windows: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class PersonaMatch:
    """How one persona came out for one customer.

    ``evidence`` has the fields of ``Evidence``; ``severity`` is None in a rulebook ordered by
    priority.
    """

    persona_id: str
    matched: bool
    severity: float | None
    evidence: Mapping[str, Any]


def load_persona_registry(
    path_or_name: str | Path,
    mode: str | None = None,
    overrides: Overrides | None = None,
) -> Rulebook:
    """Return a rulebook by its name, or from a file, read once in a process.

    Args:
        path_or_name: a path that ends in ``.yaml``, or the name of one that is there.
        mode: whose signals a file may ask for, banking's if left out; the mode of a name.
        overrides: other values for some of its settings.

    Raises:
        InputError: there is no such rulebook or mode.
        ConfigurationError: the file is not a rulebook; the sentence names file and line.
    """
    path = Path(path_or_name)
    if path.suffix != ".yaml":
        return rulebook_named(str(path_or_name), mode, overrides)
    mode_id = DEFAULT_MODE if mode is None else mode
    if mode_id not in all_modes():
        raise InputError(f"there is no mode {mode_id!r:.40}; there are {', '.join(all_modes())}.")
    return load_rulebook(path, all_modes()[mode_id].signals, overrides or Overrides())


class PersonaMatcher:
    """Puts a customer to every persona of a rulebook.

    Args:
        rulebook: the rules.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def match_personas(
        self, summary: BehavioralSummary, reference_date: date, time_window: str | int
    ) -> tuple[PersonaMatch, ...]:
        """Return how every persona came out, matched or not, in the rulebook's order.

        Raises:
            InputError: the summary is of another date, has no such window, or lacks a signal.
        """
        traced = self.trace(summary, reference_date, time_window)
        return tuple(
            PersonaMatch(name, found["matched"], found["severity"], traced.evidence[name])
            for name, found in traced.trace["evaluations"].items()
        )

    def trace(
        self, summary: BehavioralSummary, reference_date: date, time_window: str | int
    ) -> Traced:
        """Return the choice with all that it was made of.

        Raises:
            InputError: as ``match_personas``.
        """
        window = read_window(time_window)
        if summary.as_of_date != reference_date:
            raise InputError(
                f"the summary is of {summary.as_of_date}, and {reference_date} was asked for"
            )
        if window not in summary.windows:
            raise InputError(f"the summary of {summary.user_id} has no window {window}")
        outcomes = evaluate(self._rulebook, _table(self._rulebook, summary.windows[window]))
        (traced,) = trace(outcomes, [summary.user_id], reference_date, window)
        return traced


class PersonaPrioritizer:
    """Chooses among the personas that match.

    Args:
        rulebook: the rules that they were matched with.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def prioritize_persona(self, matches: tuple[PersonaMatch, ...]) -> Ranking:
        """Return the choice, with all that qualify, best first.

        Raises:
            InputError: the matches are not those of the rulebook's personas.
        """
        found = {match.persona_id: match for match in matches}
        if found.keys() != {persona.id for persona in self._rulebook.personas}:
            raise InputError(f"these are not matches of the rulebook {self._rulebook.name}")
        in_order = [found[persona.id] for persona in self._rulebook.personas]
        matched = np.array([[match.matched] for match in in_order])
        severity = np.array([[match.severity or 0.0] for match in in_order])
        ordered = scales_of(self._rulebook) is not None
        (ranking,) = rank(self._rulebook, matched, severity if ordered else None)
        return ranking


def _table(rulebook: Rulebook, signals: Mapping[str, float | None]) -> SignalTable:
    return {name: _column(signals[name], rulebook.signals[name].decimals) for name in signals
            if name in rulebook.signals}  # fmt: skip


def _column(value: float | None, decimals: int) -> Column:
    known = value is not None and math.isfinite(value)
    # as written, where it has no more decimals than the signal
    figure = round(value, decimals) if known and value is not None else 0.0
    return Column(np.array([figure], dtype=np.float64), np.array([known]))
