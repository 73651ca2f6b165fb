import importlib
from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from backend.domain.ledger import (
    CARD,
    CHECKING,
    ESSENTIAL,
    PAY,
    SPENDING,
    Flows,
    Ledger,
    Purpose,
)
from backend.domain.person import People
from backend.industries.almanac import federal_holidays, months_of
from backend.industries.banking import MODE, bills, counting
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.generate import generate
from backend.industries.banking.postings import Postings, joined
from backend.industries.shape import FlowSource
from backend.seeds import SeededFaker
from tests.banking_kit import Movement, lines, movements, of_purpose
from tests.cohort_kit import FAKER, IDS, SOME_DATES, people_of
from tests.test_banking_books import BALANCING, check_books

AS_OF = date(2026, 1, 15)
LAST = AS_OF.toordinal()
PEOPLE = people_of(IDS)
RECORDS = generate(PEOPLE, AS_OF, FAKER)
LEDGER = RECORDS.ledger


def by_purpose(ledger: Ledger, row: int, *purposes: str) -> list[Movement]:
    return sorted(lines(ledger, row, *purposes))


def is_working_day(ordinal: int) -> bool:
    day = date.fromordinal(ordinal)
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def test_a_ledger_is_sorted_and_lies_within_its_days() -> None:
    assert LEDGER.offsets[0] == 0
    assert LEDGER.offsets[-1] == len(LEDGER.day)
    old = RECORDS.accounts.opened < date(2025, 1, 1).toordinal()
    assert 0.9 < old.mean() < 0.97
    assert (RECORDS.recorded_from[old] == date(2025, 6, 16).toordinal()).all()
    assert LEDGER.day.max() <= LAST
    for row in range(len(IDS)):
        own = LEDGER.day[LEDGER.offsets[row] : LEDGER.offsets[row + 1]]
        assert (np.diff(own) >= 0).all()
        assert own[0] == RECORDS.recorded_from[row]
        assert len(own) > (100 if old[row] else 10)


def test_no_movement_is_of_nothing() -> None:
    moved = ~counting.opening(LEDGER)
    assert (LEDGER.cents[moved] != 0).all()
    assert (LEDGER.settles >= LEDGER.day).all()
    assert (LEDGER.settles - LEDGER.day <= 2).all()


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_pay_comes_on_working_days(as_of: date) -> None:
    records = generate(people_of(IDS[:200]), as_of, FAKER)
    paid = records.ledger.day[counting.pay(records.ledger)]
    assert len(paid) > 1000
    assert all(is_working_day(day) for day in set(paid.tolist()))
    known = records.next_pay[records.next_pay > 0]
    assert (known > as_of.toordinal()).all()
    assert (known <= as_of.toordinal() + 35).all()
    assert all(is_working_day(day) for day in set(known.tolist()))


def test_the_next_pay_day_is_the_day_of_the_next_pay() -> None:
    later = generate(PEOPLE, AS_OF + timedelta(days=36), FAKER)
    for row in range(0, 1000, 25):
        expected = int(RECORDS.next_pay[row])
        coming = by_purpose(later.ledger, row, "pay", "pension", "benefit")
        first = next((one[0] for one in coming if one[0] > LAST), 0)
        assert first == expected


def test_a_home_is_paid_for_once_a_month_and_either_rented_or_owned() -> None:
    whole_months = range(months_of(np.array([LAST - 213]))[0] + 1, months_of(np.array([LAST]))[0])
    newcomer = RECORDS.recorded_from > RECORDS.recorded_from.min()
    renters = 0
    for row in range(1000):
        rent, mortgage = by_purpose(LEDGER, row, "rent"), by_purpose(LEDGER, row, "mortgage")
        assert not (rent and mortgage)
        months = Counter(months_of(np.array([one[0] for one in rent or mortgage], dtype=np.int64)))
        if (rent or mortgage) and not newcomer[row]:
            assert all(months[month] == 1 for month in whole_months)
        assert len({(one[1], one[3]) for one in rent or mortgage}) <= 1
        renters += bool(rent)
    assert 250 < renters < 600


def test_a_subscription_is_charged_on_its_own_day_of_the_month() -> None:
    services = {catalogue().merchants[at] for at in catalogue().services.merchant}
    seen = 0
    for row in range(300):
        days: dict[str, set[int]] = {}
        for day, cents, _, merchant, _, _ in lines(LEDGER, row):
            if merchant in services:
                days.setdefault(merchant, set()).add(date.fromordinal(day).day)
                assert cents < 0
        assert all(len(own) == 1 for own in days.values())
        seen += len(days)
    assert seen > 600


def test_only_card_holders_pay_by_card() -> None:
    has_card = RECORDS.accounts.card_limit[:, 0] > 0
    for row in range(1000):
        own = slice(LEDGER.offsets[row], LEDGER.offsets[row + 1])
        assert has_card[row] or (LEDGER.account[own] < CARD).all()
    assert (LEDGER.account == CARD).any()


def test_a_refund_follows_its_purchase_at_the_same_merchant_in_the_same_account() -> None:
    refunds = 0
    for row in range(0, 1000, 3):
        own = lines(LEDGER, row)
        for back in own:
            if not back.purpose.endswith("_refund"):
                continue
            refunds += 1
            kind = back.purpose.removesuffix("_refund")
            bought = [
                one
                for one in own
                if one.purpose == kind
                and (one.merchant, one.account) == (back.merchant, back.account)
                and 3 <= back.day - one.day <= 25
                and -one.cents >= back.cents
            ]
            assert bought or back.day - RECORDS.recorded_from[row] < 25
            assert back.cents > 0
    assert 150 < refunds < 1500


def test_what_is_spent_is_plausible_against_pay() -> None:
    spent, paid = np.zeros(1000), np.zeros(1000)
    for row in range(1000):
        own = slice(LEDGER.offsets[row], LEDGER.offsets[row + 1])
        counts, cents = LEDGER.counts[own], LEDGER.cents[own]
        spent[row] = -cents[counts & SPENDING > 0].sum()
        paid[row] = cents[counts & PAY > 0].sum()
    ratio = spent / np.maximum(paid, 1)
    assert 0.7 < np.median(ratio) < 1.05
    assert (ratio < 1.8).mean() > 0.93


def test_payments_a_month_are_those_of_the_payment_diary() -> None:
    days = (LAST + 1 - RECORDS.recorded_from).sum()
    debits = (LEDGER.counts & SPENDING > 0).sum() / days * 30
    assert 36 < debits < 48


def test_few_purchases_are_round() -> None:
    everyday = {
        at
        for at, purpose in enumerate(LEDGER.purposes)
        if purpose.id in {"groceries", "restaurant", "marketplace", "fuel", "clothing"}
    }
    cents = -LEDGER.cents[np.isin(LEDGER.purpose, list(everyday))]
    assert len(cents) > 10_000
    assert (cents % 100 == 0).mean() < 0.02


def test_saturdays_see_more_shopping_than_mondays() -> None:
    groceries = LEDGER.purposes.index(next(p for p in LEDGER.purposes if p.id == "groceries"))
    weekday = (LEDGER.day[LEDGER.purpose == groceries] - 1) % 7
    counts = np.bincount(weekday, minlength=7)
    assert counts[5] > 1.4 * counts[0]


def test_a_town_has_its_own_five_shops_of_a_kind() -> None:
    shops: dict[str, set[str]] = {}
    for row in range(1000):
        own = {one[3] for one in by_purpose(LEDGER, row, "groceries")}
        shops.setdefault(PEOPLE.place[row].zip_code, set()).update(own)
    assert max(len(found) for found in shops.values()) == 5
    assert len(set().union(*shops.values())) > 100


def premiums(*days: int, account: int = CHECKING, cents: int = -12_345) -> FlowSource:
    def flows(_people: People, first: int, last: int, _faker: SeededFaker) -> Flows:
        told = np.array([day for day in days if first <= day <= last], dtype=np.int64)
        return Flows(
            row=np.zeros_like(told),
            day=told,
            cents=np.full_like(told, cents),
            purpose=np.zeros_like(told),
            merchant=np.zeros_like(told),
            account=np.full_like(told, account),
            settles=told,
            purposes=(PREMIUM,),
            merchants=("Larkenby Mutual",),
        )

    return flows


PREMIUM = Purpose("premium", "GENERAL_SERVICES_INSURANCE", "Premium to {merchant}")


def test_flows_of_another_mode_are_posted_beside_the_banks_own() -> None:
    people = people_of(IDS[:2])
    told = generate(people, AS_OF, FAKER, [premiums(LAST - 3, LAST - 300, LAST - 40)])
    assert [one[:4] for one in lines(told.ledger, 0, "premium")] == [
        (LAST - 40, -12_345, "premium", "Larkenby Mutual"),
        (LAST - 3, -12_345, "premium", "Larkenby Mutual"),
    ]
    assert not lines(told.ledger, 1, "premium")
    assert told.ledger.marks[told.ledger.purposes.index(PREMIUM)] == SPENDING | ESSENTIAL
    assert not of_purpose(told.ledger, "car_insurance", "health_insurance", "doctor").any()
    check_books(told, LAST)


def test_a_flow_to_a_card_goes_to_a_card_in_use_or_to_checking() -> None:
    for row in range(12):
        people = people_of([IDS[row]])
        told = generate(people, AS_OF, FAKER, [premiums(LAST - 5, account=CARD, cents=-900)])
        found = lines(told.ledger, 0, "premium")
        has_card = told.accounts.card_limit[0, 0] > 0
        assert [one.account for one in found] == [CHECKING] or has_card
        check_books(told, LAST)


def test_one_more_kind_of_bill_changes_no_other_movement(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what balances the account: it has to make up for the bill."""
    before = generate(people_of(IDS[:40]), AS_OF, FAKER).ledger
    real = bills.pay_bills

    def with_one_more(*arguments: Any) -> Postings:
        paid = real(*arguments)
        extra = paid.take(np.flatnonzero(np.diff(paid.row, prepend=-1) != 0))
        extra = extra.paid_from(np.full(len(extra), CHECKING))
        extra.table[1:3] = [[LAST - 4], [-1_234]]
        return joined([paid, extra])

    monkeypatch.setattr(importlib.import_module(generate.__module__), "pay_bills", with_one_more)
    after = generate(people_of(IDS[:40]), AS_OF, FAKER).ledger
    balancing = {*BALANCING, "round_ups", "overdraft_fee"}
    for row in range(40):
        changed = (movements(after, row) - movements(before, row)) + (
            movements(before, row) - movements(after, row)
        )
        others = [one for one in changed.elements() if one.purpose not in balancing]
        assert [(one.day, one.cents) for one in others] == [(LAST - 4, -1_234)]


def test_the_mode_generates_what_its_module_does() -> None:
    assert MODE.generate is generate
    assert MODE.folder.name == MODE.id
