"""What a rulebook decides for a table of customers, as columns: no work a customer."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import SignalTable
from backend.personas.comparison import Numbers
from backend.personas.figures import Figures, usable
from backend.personas.matcher import Verdicts, match
from backend.personas.prioritizer import (
    GROUNDS,
    NO_REASON,
    Places,
    Ranking,
    rank,
    reason,
    winners,
    without,
)
from backend.personas.rulebook import Rulebook
from backend.personas.severity import scales_of, severities

_ONLY, _LEVEL, _SEVERITY, _ID = range(len(GROUNDS))
_KINDS: Final = len(GROUNDS)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The choices for *n* customers.

    ``primary``, ``(n,)``, are places in the rulebook's ``personas``, -1 for none. ``severity``,
    ``(p, n)``, is every persona's, or None in a rulebook ordered by priority.
    ``verdicts.matched``, ``(p, n)``, says who qualifies for what.
    """

    rulebook: Rulebook
    figures: Figures
    verdicts: Verdicts
    severity: Numbers | None
    primary: Places

    def __len__(self) -> int:
        return len(self.primary)

    def every(self, step: int) -> "Outcomes":
        """Return the choices for the first customer of every ``step``."""
        some = slice(None, None, step)
        return Outcomes(
            self.rulebook,
            self.figures.take(some),
            self.verdicts.every(step),
            None if self.severity is None else self.severity[:, some],
            self.primary[some],
        )

    def secondary(self) -> Places:
        """Return the place of the persona that came second, -1 for none: ``(n,)``."""
        rest = without(self.verdicts.matched, self.primary)
        return winners(scales_of(self.rulebook), rest, self.severity)

    def order(self) -> Places:
        """Return the places of all personas, those that qualify first and best first: ``(p, n)``.

        The first ``counts`` of each customer qualify.
        """
        out = ~self.verdicts.matched
        if self.severity is None:
            return np.argsort(out, axis=0, kind="stable")
        rank = np.array([[persona.priority] for persona in self.rulebook.personas])
        return np.lexsort((-self.severity, np.broadcast_to(rank, out.shape), out), axis=0)

    def rankings(self) -> list[Ranking]:
        """Return the choice for each customer, with all that qualify."""
        return rank(self.rulebook, self.verdicts.matched, self.severity)

    def statuses(self) -> NDArray[Any]:
        """Return each customer's status, objects of text ``(n,)``."""
        texts = np.array(["ASSIGNED", self.rulebook.nobody_status], dtype=object)
        return np.asarray(texts[(self.primary < 0).astype(np.int64)])

    def persona_ids(self, places: Places) -> NDArray[Any]:
        """Return the ids of personas by place, objects ``(n,)``; nobody's where it is -1."""
        ids = [*(persona.id for persona in self.rulebook.personas), self.rulebook.nobody_id]
        return np.asarray(np.array(ids, dtype=object)[places])

    def priorities(self) -> Numbers:
        """Return the primary persona's priority, ``(n,)``, NaN for nobody."""
        values = [*(float(persona.priority) for persona in self.rulebook.personas), np.nan]
        return np.asarray(np.array(values)[self.primary])

    def primary_severities(self) -> Numbers:
        """Return the primary persona's severity, ``(n,)``, NaN where there is none."""
        if self.severity is None:
            return np.full(len(self), np.nan)
        own = np.take_along_axis(self.severity, np.maximum(self.primary, 0)[None, :], axis=0)[0]
        return np.where(self.primary < 0, np.nan, own)

    def counts(self) -> Places:
        """Return how many personas qualify, ``(n,)``."""
        return np.asarray(self.verdicts.matched.sum(axis=0, dtype=np.int64))

    def reasons(self) -> NDArray[Any]:
        """Return why each customer's primary persona is that one, objects of text ``(n,)``."""
        many = len(self.rulebook.personas) + 1
        second = self.secondary()
        code = (self.primary + 1) * many + second + 1
        code = (code * many + self.counts()) * _KINDS + self._grounds(second)
        found, which = np.unique(code, return_inverse=True)
        texts = np.array([self._reason(int(one), many) for one in found], dtype=object)
        return np.asarray(texts[which])

    def _grounds(self, second: Places) -> Places:
        if self.severity is None:
            return np.full(len(self), _ONLY)
        rank = np.array([persona.priority for persona in self.rulebook.personas])
        columns = np.arange(len(self))
        first = self.primary
        differ = self.severity[first, columns] != self.severity[second, columns]
        ground = np.where(differ, _SEVERITY, _ID)
        ground = np.where(rank[first] != rank[second], _LEVEL, ground)
        return np.where(second < 0, _ONLY, ground)

    def _reason(self, code: int, many: int) -> str:
        code, ground = divmod(code, _KINDS)
        code, count = divmod(code, many)
        first, second = (place - 1 for place in divmod(code, many))
        if first < 0:
            return NO_REASON
        personas = self.rulebook.personas
        return reason(
            personas[first], personas[second] if second >= 0 else None, count, GROUNDS[ground]
        )


def evaluate(rulebook: Rulebook, table: SignalTable) -> Outcomes:
    """Return what a rulebook decides for a table of signals, one row a customer.

    Raises:
        InputError: the table lacks a signal.
    """
    return evaluate_figures(rulebook, usable(rulebook, table))


def evaluate_figures(rulebook: Rulebook, figures: Figures) -> Outcomes:
    """Return what a rulebook decides for the figures that it asks for."""
    verdicts = match(rulebook, figures)
    scales = scales_of(rulebook)
    severity = severities(scales, figures) if scales else None
    primary = winners(scales, verdicts.matched, severity)
    return Outcomes(rulebook, figures, verdicts, severity, primary)
