"""Savings: a closed form that holds to the cent."""

import numpy as np

from backend.industries.banking.lives import clients_of
from backend.industries.banking.saving import saved
from backend.industries.banking.timeline import timeline
from tests.banking_kit import AS_OF, lines, records, with_traits
from tests.cohort_kit import people_of

CLIENTS = clients_of(people_of([f"saver-{number}" for number in range(3000)]), alone=True)
TOLD = timeline(AS_OF, 24)
ESSENTIAL = CLIENTS.work.net_month // 2
SAVED = saved(CLIENTS, ESSENTIAL, TOLD)


def test_a_month_begins_with_what_the_one_before_left() -> None:
    moved = CLIENTS.traits.transfer[:, None] + SAVED.interest - SAVED.spent
    assert (SAVED.before[:, :-1] + moved[:, :-1] == SAVED.before[:, 1:]).all()


def test_interest_is_never_negative_and_savings_are_never_overdrawn() -> None:
    assert (SAVED.interest >= 0).all()
    assert (SAVED.before >= 0).all()
    assert (SAVED.before + CLIENTS.traits.transfer[:, None] - SAVED.spent >= 0).all()


def test_savings_are_spent_once_a_cycle_on_something() -> None:
    spends = (SAVED.spent > 0).sum(axis=1)
    assert (spends <= 5).all()
    assert 0.3 < (spends > 0).mean() < 0.95


def test_savings_are_about_as_many_months_of_essentials_as_the_trait_says() -> None:
    wished = CLIENTS.traits.savings_months
    held = SAVED.before.mean(axis=1) / ESSENTIAL
    plain = (wished > 1) & (CLIENTS.traits.transfer == 0)
    ratio = held[plain] / wished[plain]
    assert ratio.min() > 0.7
    assert ratio.max() < 1.5


def test_a_standing_transfer_comes_once_a_month() -> None:
    told = with_traits(50, transfer=20_000, newcomer=False)
    for row in range(50):
        days = [one.day for one in lines(told.ledger, row, "saved")]
        assert 6 <= len(days) <= 8
        assert {one.cents for one in lines(told.ledger, row, "saved")} == {20_000}


def test_what_savings_buy_is_bought_from_savings() -> None:
    told = records()
    large = {"new_phone", "new_tires", "trip", "home_repair", "new_furniture", "used_car"}
    found = [one for row in range(400) for one in lines(told.ledger, row) if one.purpose in large]
    assert found
    assert {one.account for one in found} <= {1, 2, 3, 4}
    assert np.mean([one.cents < 0 for one in found]) == 1
