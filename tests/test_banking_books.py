"""The books balance: to the cent, every day, every account, whatever is asked for."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.ledger import ACCOUNT_KINDS, CARD, CHECKING, MAX_CARDS, SAVINGS, BankingRecords
from backend.industries.banking import counting
from backend.industries.banking.balances import daily_balances
from backend.industries.banking.generate import generate
from backend.industries.segments import owners_of
from backend.seeds import Keys
from tests.banking_kit import AS_OF, LAST, movements, of_purpose, records
from tests.cohort_kit import DATES, FAKER, IDS, ONE_DAY, SESSION_IDS, SOME_DATES, people_of

BALANCING = ("own_in", "own_out", "received", "sent", "elsewhere_in", "elsewhere_out")


def check_books(told: BankingRecords, last: int) -> None:
    accounts, ledger = told.accounts, told.ledger
    days = max(last - int(told.recorded_from.min()) + 1, told.daily.shape[1])
    checking = daily_balances(ledger, CHECKING, last, days)
    assert (checking[:, -1] == accounts.checking).all()
    assert (checking[:, -told.daily.shape[1] :] == told.daily).all()
    savings = daily_balances(ledger, SAVINGS, last, days)
    assert (savings[:, -1] == accounts.savings).all()
    assert (savings >= 0).all()
    for card in range(MAX_CARDS):
        owed = -daily_balances(ledger, CARD + card, last, days)
        assert (owed[:, -1] == accounts.card_balance[:, card]).all()
        assert (owed >= 0).all()
        assert (owed <= accounts.card_limit[:, card, None]).all()
    assert (accounts.card_minimum <= np.maximum(accounts.card_statement, 0)).all()


@pytest.mark.parametrize("months", [1, 3, 7, 24])
@pytest.mark.parametrize("as_of", [*SOME_DATES, date(2025, 9, 30), date(2026, 1, 31)])
def test_opening_and_movements_are_the_closing_balance_every_day(as_of: date, months: int) -> None:
    check_books(generate(people_of(IDS[:150]), as_of, FAKER, (), months), as_of.toordinal())


@settings(max_examples=30, deadline=None)
@given(SESSION_IDS, DATES, st.integers(1, 24))
def test_the_books_of_anybody_on_any_date_balance(
    session_id: str, as_of: date, months: int
) -> None:
    check_books(generate(people_of([session_id]), as_of, FAKER, (), months), as_of.toordinal())


def test_the_books_of_three_thousand_customers_balance() -> None:
    ids = [f"balanced-{number}" for number in range(3000)]
    check_books(generate(people_of(ids), AS_OF, FAKER), LAST)


def test_each_account_has_one_opening_entry_and_it_comes_first() -> None:
    told = records()
    ledger = told.ledger
    opening = counting.opening(ledger)
    owners = owners_of(ledger.offsets)
    assert (ledger.day[opening] == told.recorded_from[owners[opening]]).all()
    slots = owners * len(ACCOUNT_KINDS) + ledger.account
    found = np.bincount(slots[opening], minlength=len(told.recorded_from) * len(ACCOUNT_KINDS))
    held = np.ones((len(told.recorded_from), len(ACCOUNT_KINDS)), dtype=np.int64)
    held[:, CARD:] = told.accounts.card_limit > 0
    assert (found.reshape(held.shape) == held).all()
    assert opening[ledger.offsets[:-1]].all()


@settings(max_examples=25, deadline=None)
@given(SESSION_IDS, DATES.filter(lambda day: day < date(2045, 12, 31)))
def test_a_day_later_one_day_is_added_and_no_other_movement_changes(
    session_id: str, as_of: date
) -> None:
    people = people_of([session_id])
    today, tomorrow = (generate(people, day, FAKER) for day in (as_of, as_of + ONE_DAY))
    if today.accounts.opened[0] != tomorrow.accounts.opened[0]:
        return  # a newcomer's yearly cycle begins anew
    before, after = movements(today.ledger, 0), movements(tomorrow.ledger, 0)
    assert {one.day for one in before - after} <= set(
        range(int(today.recorded_from[0]), int(tomorrow.recorded_from[0]))
    )
    assert {one.day for one in after - before} <= {
        as_of.toordinal() + 1,
        *range(int(tomorrow.recorded_from[0]), int(today.recorded_from[0])),
    }


@pytest.mark.parametrize("months", [1, 3, 7])
def test_a_longer_record_only_adds_days(months: int) -> None:
    cut, whole = records(40, months=months), records(40, months=24)
    for row in range(40):
        since = int(cut.recorded_from[row])
        expected = {one for one in movements(whole.ledger, row) if one.day >= since}
        assert set(movements(cut.ledger, row)) == expected


def test_a_customer_is_the_same_alone_in_a_block_and_in_another_order() -> None:
    from backend.industries.life import make_people  # noqa: PLC0415 - beside its only use

    keys = people_of(IDS[:400]).keys
    turned = Keys(keys.high[::-1], keys.low[::-1])
    backwards = generate(make_people(turned, FAKER), AS_OF, FAKER).ledger
    for row in range(0, 400, 37):
        alone = make_people(keys.take(slice(row, row + 1)), FAKER)
        own = movements(generate(alone, AS_OF, FAKER).ledger, 0)
        assert own == movements(records().ledger, row) == movements(backwards, 399 - row)


def test_the_lowest_day_of_a_month_is_above_zero_but_for_overdrafts_which_cost_a_fee() -> None:
    told = records(1000)
    daily = daily_balances(told.ledger, CHECKING, LAST, LAST - int(told.recorded_from.min()) + 1)
    overdrawn = (daily < 0).any(axis=1)
    fees = of_purpose(told.ledger, "overdraft_fee")
    charged = np.zeros(1000, dtype=np.bool_)
    charged[owners_of(told.ledger.offsets)[fees]] = True
    assert 0.02 < overdrawn.mean() < 0.15
    assert charged[overdrawn].mean() > 0.8  # the first month's fee may lie before the record
    assert not charged[daily.min(axis=1) > 50_000].any()


def test_balancing_transfers_are_modest_and_on_the_first_of_the_month() -> None:
    told = records(1000)
    ledger = told.ledger
    moved = of_purpose(ledger, *BALANCING)
    assert all(date.fromordinal(day).day == 1 for day in set(ledger.day[moved].tolist()))
    assert (ledger.cents[moved] % 2_500 == 0).all()
    assert np.median(np.abs(ledger.cents[moved])) < 120_000
    spared = of_purpose(ledger, "round_ups")
    assert (ledger.cents[spared] < 0).all()
    assert (ledger.cents[spared] > -2_500).all()


def test_whoever_is_no_newcomer_has_a_whole_record_on_every_date() -> None:
    for as_of, months in ((SOME_DATES[0], 24), (SOME_DATES[0], 7), (AS_OF, 24)):
        told = generate(people_of(IDS[:300]), as_of, FAKER, (), months)
        days = as_of.toordinal() - told.accounts.opened
        old = days > 365 + 20
        assert 0.9 < old.mean() < 0.98
        assert (told.recorded_from[old] == told.recorded_from.min()).all()
