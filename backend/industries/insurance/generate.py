"""From people to their insurance: policies, claims, premiums, insurer and agent."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Cover
from backend.domain.person import People
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import make_claims, make_losses
from backend.industries.insurance.draws import draw_dated
from backend.industries.insurance.payments import due_days, make_payments, next_due
from backend.industries.insurance.period import Period, period
from backend.industries.insurance.policies import Household, households, make_policies
from backend.industries.insurance.premiums import rate_terms
from backend.industries.insurance.risk import risk_scores
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker

_CHILD_DAYS: Final = np.array(6939)  # 19 years


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    _others: Sequence[FlowSource] = (),
) -> Cover:
    """Return the insurance records of ``people`` up to ``as_of``."""
    told = period(as_of)
    draws, paid_late = draw_dated(people, told)
    home = households(people, draws)
    policies = make_policies(people, home, draws, as_of)
    losses = make_losses(people, home, policies, draws, as_of)
    premium = rate_terms(people, policies, losses, home, draws)
    claims = make_claims(losses, policies, as_of)
    due_day = due_days(draws)
    insurers = catalogue().book.insurers
    chosen = (draws.insurer[:, 0] * len(insurers)).astype(np.int64)
    return Cover(
        policies=policies,
        premium=premium,
        claims=claims,
        payments=make_payments(policies, premium, due_day, (draws.late, paid_late), told),
        due_day=due_day,
        next_due=next_due(due_day, told),
        dependants=_dependants(home, told),
        risk=risk_scores(people, policies, claims, told),
        insurer=tuple([insurers[at] for at in chosen.tolist()]),
        agent=_agents(people, faker),
    )


def _dependants(home: Household, told: Period) -> NDArray[np.int64]:
    born = home.child_births
    young = (born <= told.today) & (born > told.today - _CHILD_DAYS)
    return np.asarray(np.add.reduce(young, axis=1, dtype=np.int64))


def _agents(people: People, faker: SeededFaker) -> tuple[str, ...]:
    return tuple([_agent(people, faker, row) for row in range(len(people))])


def _agent(people: People, faker: SeededFaker, row: int) -> str:
    name = faker.field(people.keys, row, "insurance/agent")
    return f"{name.first_name()} {name.last_name()}"
