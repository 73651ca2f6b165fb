"""What controls make of lives, by the traits that banking lives by."""

from dataclasses import fields
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from backend.domain.ledger import CHECKING
from backend.industries.banking.generate import generate
from backend.industries.banking.lives import clients_of
from backend.industries.banking.timeline import BIWEEKLY, IRREGULAR, MONTHLY, RETIRED, WEEKLY
from backend.industries.banking.traits import Traits
from backend.population.controls.lives import Plan, plan_of
from backend.population.controls.model import PersonaTarget, read_controls
from tests.cohort_kit import FAKER, people_of
from tests.population_kit import AS_OF

MANY = people_of([f"led-{number}" for number in range(4000)])


def plan(**controls: Any) -> Plan:
    return plan_of(read_controls(controls), 30.0)


def traits(asked: Plan, count: int = 4000) -> Traits:
    people = MANY if count == len(MANY) else people_of([f"led-{at}" for at in range(count)])
    return clients_of(people, alone=True, reshape=asked.reshape).traits


def about(found: np.ndarray[Any, Any], share: float) -> None:
    spread = 4 * (share * (1 - share) / len(found)) ** 0.5
    assert abs(float(found.mean()) - share) < spread + 1e-9


def test_without_targets_the_distributions_are_those_of_the_controls() -> None:
    led = traits(plan())
    carded = led.cards > 0
    about(carded, 0.75)
    about(led.cards[carded] == 2, 0.25 / 0.75)
    used = led.utilization[carded]
    for low, high, share in [(0, 0.3, 0.4), (0.3, 0.5, 0.35), (0.5, 0.8, 0.2), (0.8, 1, 0.05)]:
        about((used >= low) & (used < high), share)
    working = led.pattern[led.pattern != RETIRED]
    for pattern, share in [(WEEKLY, 0.15), (BIWEEKLY, 0.3), (MONTHLY, 0.25), (IRREGULAR, 0.3)]:
        about(working == pattern, share)
    about(led.subscription_count > 0, 0.6)
    about(led.transfer > 0, 0.4)
    about(led.overdue[(led.utilization > 0.5) & ~led.full_pay], 0.15)


def test_ranges_hold() -> None:
    led = traits(plan())
    held = led.subscription_count > 0
    assert set(led.subscription_count[held].tolist()) == {3, 4, 5, 6}
    assert led.subscription_spend[held].min() >= 3_000
    assert led.subscription_spend[held].max() <= 15_000
    saving = led.transfer > 0
    assert led.transfer[saving].min() >= 10_000
    assert led.transfer[saving].max() <= 40_000


def test_a_target_renormalises_the_buckets_that_it_takes() -> None:
    led = traits(plan(target_personas=["high_utilization"]))
    assert led.cards.min() >= 1
    assert led.utilization.min() >= 0.5
    about(led.utilization > 0.8, 0.2)
    about(led.overdue, 0.15)


def test_targets_have_their_weights() -> None:
    asked = plan(persona_weights={"general": 0.25, "variable_income": 0.75})
    found = np.array(asked.targets_of(MANY.keys))
    about(found == "variable_income", 0.75)
    irregular = traits(asked).pattern == IRREGULAR
    assert (irregular == (found == "variable_income")).all()


def test_without_targets_nobody_has_one() -> None:
    assert plan().targets_of(MANY.keys) == []


@pytest.mark.parametrize("target", PersonaTarget)
def test_a_member_alone_leads_the_life_that_it_leads_among_all(target: PersonaTarget) -> None:
    asked = plan(persona_weights={target.value: 1.0})
    some = [f"led-{at}" for at in range(12)]
    together = clients_of(people_of(some), alone=True, reshape=asked.reshape).traits
    for at in (0, 5, 11):
        one = clients_of(people_of([some[at]]), alone=True, reshape=asked.reshape).traits
        for field in fields(Traits):
            assert getattr(one, field.name)[0] == getattr(together, field.name)[at], field.name


def test_another_control_moves_no_choice_of_target() -> None:
    shares = {"general": 0.5, "variable_income": 0.5}
    one, other = (
        plan(persona_weights=shares),
        plan(persona_weights=shares, irregular_income_volatility=0.1),
    )
    assert one.targets_of(MANY.keys) == other.targets_of(MANY.keys)


def test_long_gaps_in_pay_stay_when_the_date_moves() -> None:
    asked = plan(target_personas=["variable_income"])
    people = people_of([f"led-{at}" for at in range(40)])
    pays = []
    for as_of in (AS_OF, AS_OF + timedelta(days=1)):
        ledger = generate(people, as_of, FAKER, (), reshape=asked.reshape).ledger
        which = {at for at, one in enumerate(ledger.purposes) if one.id == "contract"}
        row = np.repeat(np.arange(40), np.diff(ledger.offsets))
        pays.append(
            {
                (int(row[at]), int(ledger.day[at]), int(ledger.cents[at]))
                for at in range(len(row))
                if int(ledger.purpose[at]) in which and ledger.account[at] == CHECKING
            }
        )
    first = AS_OF.toordinal() - 150
    assert {pay for pay in pays[0] if pay[1] > first} == {
        pay for pay in pays[1] if first < pay[1] <= AS_OF.toordinal()
    }
    days = sorted(day for row, day, _ in pays[0] if row == 0)
    assert {later - day for day, later in pairwise(days)} == {46}


def test_purchases_follow_the_controls() -> None:
    few = plan_of(read_controls({}), 10.0)
    many = plan_of(read_controls({}), 60.0)
    assert np.allclose(traits(many).activity, 6 * traits(few).activity)


@pytest.mark.parametrize("target", PersonaTarget)
def test_books_balance_whatever_the_target(target: PersonaTarget) -> None:
    people = people_of([f"led-{at}" for at in range(30)])
    asked = plan(target_personas=[target.value])
    records = generate(people, AS_OF, FAKER, (), reshape=asked.reshape)
    ledger, accounts = records.ledger, records.accounts
    row = np.repeat(np.arange(30), np.diff(ledger.offsets))
    held = np.zeros((30, 5), dtype=np.int64)
    np.add.at(held, (row, ledger.account), ledger.cents)
    assert (held[:, 0] == accounts.checking).all()
    assert (held[:, 1] == accounts.savings).all()
    assert (held[:, 1] >= 0).all()
    assert (-held[:, 2:] == accounts.card_balance).all()
    assert (accounts.card_balance <= accounts.card_limit).all()
