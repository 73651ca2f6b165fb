"""From people to their insurance: policies, claims, premiums, insurer and agent."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Cover
from backend.domain.person import People
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import make_claims
from backend.industries.insurance.payments import due_days, make_payments, next_due
from backend.industries.insurance.policies import Household, households, make_policies
from backend.industries.insurance.risk import risk_scores
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker, uniforms

_CHILD_DAYS = 6939  # 19 years
_SHEET: Final = (("insurance/children", 4), ("insurance/due-day", 1), ("insurance/insurer", 1))


def generate(
    people: People,
    as_of: date,
    faker: SeededFaker,
    _others: Sequence[FlowSource] = (),
) -> Cover:
    """Return the insurance records of ``people`` up to ``as_of``."""
    family, due, insurer = uniforms(people.keys, _SHEET)
    home = households(people, family)
    policies = make_policies(people, home, as_of)
    due_day = due_days(due[:, 0])
    claims = make_claims(people, policies, as_of)
    insurers = catalogue().book.insurers
    chosen = (insurer[:, 0] * len(insurers)).astype(np.int64)
    return Cover(
        policies=policies,
        claims=claims,
        payments=make_payments(people, policies, due_day, as_of),
        due_day=due_day,
        next_due=next_due(due_day, as_of),
        dependants=_dependants(home, as_of),
        risk=risk_scores(people, policies, claims, as_of),
        insurer=tuple(insurers[at] for at in chosen.tolist()),
        agent=_agents(people, faker),
    )


def _dependants(home: Household, as_of: date) -> NDArray[np.int64]:
    age = as_of.toordinal() - home.child_births
    return np.asarray(((age >= 0) & (age < _CHILD_DAYS) & (home.child_births > 0)).sum(axis=1))


def _agents(people: People, faker: SeededFaker) -> tuple[str, ...]:
    return tuple(_agent(people, faker, row) for row in range(len(people)))


def _agent(people: People, faker: SeededFaker, row: int) -> str:
    given = faker.field(people.keys, row, "insurance/agent-given-name").first_name()
    family = faker.field(people.keys, row, "insurance/agent-family-name").last_name()
    return f"{given} {family}"
