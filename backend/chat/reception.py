"""Reception: who walked in, what is known of them, and what the model is told."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from backend.domain.assignment import Assignment
from backend.domain.signals import SignalTable
from backend.domain.visitor import Briefing, CustomerFacts, Visitor
from backend.errors import ConfigurationError, InputError
from backend.industries.shape import Mode
from backend.modes import Cohort, Lives, all_modes, card_of, generate
from backend.personas.assigner import assign, guidance, rankings
from backend.personas.library import rulebook_named
from backend.personas.registry import Rulebook, load_rulebook
from backend.ports import Opening
from backend.prompting import PromptLibrary, PromptNames
from backend.seeds import SeededFaker

LONG_WINDOW: Final = "180d"


def days_of(time_window: str) -> int:
    """Return the days of a window: 30 for ``30d``."""
    return int(time_window.removesuffix("d"))


@cache
def rulebook_of(mode: Mode[Any], chosen: str | None = None) -> Rulebook:
    """Return a mode's rulebook.

    Args:
        mode: the mode.
        chosen: the name of one of its rulebooks, or a path to somebody's own, with its ending;
            the mode's default if left out.

    Raises:
        InputError: the mode has no rulebook of that name.
        ConfigurationError: it is not a rulebook; the sentence names file and line.
    """
    if chosen is not None and chosen.endswith((".yaml", ".yml")):
        return load_rulebook(Path(chosen), mode.signals)
    return rulebook_named(chosen or mode.default_rulebook, mode.id)


def assign_all(cohort: Cohort, time_window: str, chosen: str | None = None) -> list[Assignment]:
    """Return the assignment of each customer of a cohort; ``chosen`` as in ``rulebook_of``."""
    table = cohort.signals(days_of(time_window))
    return assign(rulebook_of(cohort.mode, chosen), table, time_window)


class Reception:
    """Introduces customers.

    Args:
        prompts: the templates.
        time_window: the window whose persona guides the assistant, ``30d`` or ``180d``.
        rulebooks: the rulebook of a mode, by its id, where it is not the default.
        lives_of: what a session id asks of lives; none of them does if left out.
    """

    def __init__(
        self,
        prompts: PromptLibrary,
        time_window: str,
        rulebooks: Mapping[str, str] | None = None,
        lives_of: Callable[[str], Lives | None] = lambda _: None,
    ) -> None:
        self._prompts = prompts
        self._time_window = time_window
        self._rulebooks = rulebooks or {}
        self._lives_of = lives_of
        self._faker = SeededFaker()

    def check(self) -> None:
        """Try every mode with one customer, as the service starts.

        Raises:
            ConfigurationError: a card, rulebook or template is wrong.
        """
        unknown = self._rulebooks.keys() - all_modes().keys()
        if unknown:
            raise ConfigurationError(
                f"a rulebook is chosen for the mode {min(unknown)!r:.40}, and there is none; "
                f"the modes are {', '.join(all_modes())}"
            )
        trial: dict[str, Mapping[str, Any]] = {}
        for mode_id in all_modes():
            card_of(mode_id)
            cohort = generate(mode_id, ["trial"], date(2026, 1, 15), self._faker)
            self._try_rulebook(cohort)
            trial[mode_id] = CustomerFacts(cohort.persona(0))
        self._prompts.check(all_modes(), trial)

    def _try_rulebook(self, cohort: Cohort) -> None:
        chosen = self._rulebooks.get(cohort.mode.id)
        try:
            assign_all(cohort, self._time_window, chosen)
        except InputError as error:
            raise ConfigurationError(f"the rulebook chosen for {cohort.mode.id}: {error}") from None

    def introduce(self, opening: Opening, mode_id: str, visit: int) -> Visitor:
        """Return who walked in: a pure function of the arguments."""
        cohort = generate(
            mode_id,
            [opening.session_id],
            date.fromisoformat(opening.as_of),
            self._faker,
            identity=opening.identity,
            visit=visit,
            lives=self._lives_of(opening.session_id),
        )
        customer = CustomerFacts(cohort.persona(0))
        rulebook = rulebook_of(cohort.mode, self._rulebooks.get(mode_id))
        windows = (self._time_window, LONG_WINDOW)
        table, long_table = cohort.signals_over([days_of(window) for window in windows])
        (assignment,) = assign(rulebook, table, self._time_window)
        brief = partial(
            self._brief, rulebook, opening.as_of, mode_id, customer, assignment, long_table
        )
        return Visitor(customer, assignment, brief)

    def _brief(
        self,
        rulebook: Rulebook,
        as_of: str,
        mode_id: str,
        customer: Mapping[str, Any],
        assignment: Assignment,
        long_table: SignalTable,
    ) -> Briefing:
        told = guidance(rulebook, assignment)
        names = PromptNames(
            mode_title=card_of(mode_id).title,
            as_of=as_of,
            customer=customer,
            guidance=told.primary,
            secondary_guidance=told.secondary,
            long_view=_long_view(rulebook, long_table, assignment),
        )
        prompt = self._prompts.render(mode_id, names)
        return Briefing(prompt.prompt_id, prompt.text, assignment.primary, assignment.rulebook)


def _long_view(rulebook: Rulebook, table: SignalTable, assignment: Assignment) -> str | None:
    (longer,) = rankings(rulebook, table)
    return longer.title(rulebook) if longer.primary_id != assignment.primary else None
