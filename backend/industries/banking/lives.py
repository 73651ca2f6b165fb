"""From people to customers of the bank: their work and their traits."""

from collections.abc import Callable
from typing import TypeAlias

from backend.domain.person import People
from backend.industries.banking.clients import Clients
from backend.industries.banking.draws import Life, draw
from backend.industries.banking.pay import make_work
from backend.industries.banking.traits import Traits, make_traits, pay_patterns, sectors_of

Reshape: TypeAlias = Callable[[Traits], Traits]


def clients_of(people: People, *, alone: bool, reshape: Reshape | None = None) -> Clients:
    """Return the people as customers; no date takes part.

    Args:
        people: who they are.
        alone: no other mode's records stand beside the bank's.
        reshape: natural traits to those that are to be lived instead.
    """
    draws = draw(people.keys)
    sectors = sectors_of(people.occupation)
    pattern = pay_patterns(sectors, draws.of(Life.PATTERN))
    work = make_work(people, draws, sectors, pattern)
    traits = make_traits(draws, pattern, work.net_month())
    if reshape is not None:
        traits = reshape(traits)
        work = make_work(people, draws, sectors, traits.pattern)
    return Clients(people, draws, traits, work, alone)
