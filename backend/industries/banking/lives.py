"""From people to customers of the bank: their work and their traits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from backend.domain.person import People
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Draws, Life, draw
from backend.industries.banking.timeline import MONTHS_HISTORY
from backend.industries.banking.traits import Traits, make_traits
from backend.industries.banking.work import make_work, pay_patterns, sectors_of

Reshape: TypeAlias = Callable[[Clients], Traits]
"""Natural customers to the traits that they are to have instead: a function of each one's keys."""


@dataclass(frozen=True, slots=True)
class Lives:
    """What a population asks of its customers' lives at the bank.

    Attributes:
        reshape: natural traits to those that are to be lived instead; none lives the natural.
        months_history: how many whole months the ledger tells, 1 to 24.
    """

    reshape: Reshape | None = None
    months_history: int = MONTHS_HISTORY


def clients_of(
    people: People,
    *,
    alone: bool,
    reshape: Reshape | None = None,
    draws: Draws | None = None,
) -> Clients:
    """Return the people as customers; no date takes part.

    Args:
        people: who they are.
        alone: no other mode's records stand beside the bank's.
        reshape: natural customers to the traits that they are to have instead.
        draws: the people's draws, from who has them already.
    """
    draws = draws or draw(people.keys)
    sectors = sectors_of(people.occupation)
    pattern = pay_patterns(sectors, [life[Life.PATTERN] for life in draws.lives])
    work = make_work(people, draws, sectors, pattern)
    traits = make_traits(draws, pattern, work.net_month.tolist())
    natural = Clients(people, draws, traits, work, alone)
    if reshape is None:
        return natural
    traits = reshape(natural)
    work = make_work(people, draws, sectors, traits.pattern.tolist())
    return replace(natural, traits=traits, work=work)
