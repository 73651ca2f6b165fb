from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from backend.domain.ledger import CARD, CHECKING, Flows, Ledger, Purpose
from backend.industries.almanac import federal_holidays, months_of
from backend.industries.banking import MODE
from backend.industries.banking.catalogue import catalogue
from backend.industries.banking.generate import generate
from backend.industries.banking.posting import post
from backend.seeds import Keys
from tests.cohort_kit import DATES, FAKER, IDS, ONE_DAY, SESSION_IDS, SOME_DATES, people_of

AS_OF = date(2026, 1, 15)
LAST = AS_OF.toordinal()
PEOPLE = people_of(IDS)
RECORDS = generate(PEOPLE, AS_OF, FAKER)
LEDGER = RECORDS.ledger

Movement = tuple[int, int, str, str, int, int]


def movements(ledger: Ledger, row: int) -> Counter[Movement]:
    begin, end = int(ledger.offsets[row]), int(ledger.offsets[row + 1])
    return Counter(
        (
            int(ledger.day[at]),
            int(ledger.cents[at]),
            ledger.purposes[ledger.purpose[at]].id,
            ledger.merchants[ledger.merchant[at]],
            int(ledger.account[at]),
            int(ledger.settles[at]),
        )
        for at in range(begin, end)
    )


def by_purpose(ledger: Ledger, row: int, *purposes: str) -> list[Movement]:
    return sorted(one for one in movements(ledger, row).elements() if one[2] in purposes)


def is_working_day(ordinal: int) -> bool:
    day = date.fromordinal(ordinal)
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def test_a_ledger_is_sorted_and_lies_within_its_days() -> None:
    assert LEDGER.offsets[0] == 0
    assert LEDGER.offsets[-1] == len(LEDGER.day)
    assert LEDGER.day.min() >= RECORDS.recorded_from == LAST - 185
    assert LEDGER.day.max() <= LAST
    for row in range(len(IDS)):
        own = LEDGER.day[LEDGER.offsets[row] : LEDGER.offsets[row + 1]]
        assert (np.diff(own) >= 0).all()
        assert len(own) > 60


def test_no_movement_is_of_nothing() -> None:
    assert (LEDGER.cents != 0).all()
    assert (LEDGER.settles >= LEDGER.day).all()
    assert (LEDGER.settles - LEDGER.day <= 2).all()


@settings(max_examples=25, deadline=None)
@given(SESSION_IDS, DATES.filter(lambda day: day < date(2045, 12, 31)))
def test_a_day_later_one_day_is_added_one_is_dropped_and_nothing_else_changes(
    session_id: str, as_of: date
) -> None:
    people = people_of([session_id])
    today, tomorrow = (generate(people, day, FAKER) for day in (as_of, as_of + ONE_DAY))
    before, after = movements(today.ledger, 0), movements(tomorrow.ledger, 0)
    assert {one[0] for one in before - after} <= {today.recorded_from}
    assert {one[0] for one in after - before} <= {as_of.toordinal() + 1}
    for column in fields(today.accounts):
        name = column.name
        assert (getattr(today.accounts, name) == getattr(tomorrow.accounts, name)).all()


@pytest.mark.parametrize("record_days", [30, 95, 214])
def test_a_longer_record_only_adds_days(record_days: int) -> None:
    people = people_of(IDS[:5])
    cut = generate(people, AS_OF, FAKER, (), record_days)
    whole = generate(people, AS_OF, FAKER, (), 400)
    for row in range(5):
        expected = {one for one in movements(whole.ledger, row) if one[0] > LAST - record_days}
        assert set(movements(cut.ledger, row)) == expected


def test_a_customer_is_the_same_alone_in_a_block_and_in_another_order() -> None:
    keys = PEOPLE.keys
    backwards = _records(Keys(keys.high[::-1], keys.low[::-1]))
    for row in (0, 333, 999):
        alone = _records(keys.take(slice(row, row + 1)))
        assert movements(alone, 0) == movements(LEDGER, row) == movements(backwards, 999 - row)


def _records(keys: Keys) -> Ledger:
    from backend.industries.life import make_people  # noqa: PLC0415 - beside its only use

    return generate(make_people(keys, FAKER), AS_OF, FAKER).ledger


@pytest.mark.parametrize("as_of", SOME_DATES)
def test_pay_comes_on_working_days(as_of: date) -> None:
    records = generate(people_of(IDS[:200]), as_of, FAKER)
    paid = records.ledger.day[records.ledger.cents > 0]
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
    whole_months = range(months_of(np.array([LAST - 185]))[0] + 1, months_of(np.array([LAST]))[0])
    renters = 0
    for row in range(1000):
        rent, mortgage = by_purpose(LEDGER, row, "rent"), by_purpose(LEDGER, row, "mortgage")
        assert not (rent and mortgage)
        months = Counter(months_of(np.array([one[0] for one in rent or mortgage], dtype=np.int64)))
        if rent or mortgage:
            assert all(months[month] == 1 for month in whole_months)
        assert len({(one[1], one[3]) for one in rent or mortgage}) <= 1
        renters += bool(rent)
    assert 250 < renters < 600


def test_a_subscription_is_charged_on_its_own_day_of_the_month() -> None:
    services = {catalogue().merchants[at] for at in catalogue().services.merchant}
    seen = 0
    for row in range(300):
        days: dict[str, set[int]] = {}
        for day, cents, _, merchant, _, _ in movements(LEDGER, row):
            if merchant in services:
                days.setdefault(merchant, set()).add(date.fromordinal(day).day)
                assert cents < 0
        assert all(len(own) == 1 for own in days.values())
        seen += len(days)
    assert seen > 600


def test_only_card_holders_pay_by_card_and_nobody_without_debt_pays_a_card() -> None:
    has_card = RECORDS.accounts.card_limit[:, 0] > 0
    owes = RECORDS.accounts.card_balance.sum(axis=1) > 0
    for row in range(1000):
        own = slice(LEDGER.offsets[row], LEDGER.offsets[row + 1])
        assert has_card[row] or (LEDGER.account[own] == CHECKING).all()
        assert owes[row] == bool(by_purpose(LEDGER, row, "card_payment"))
    assert (LEDGER.account == CARD).any()


def test_a_card_is_never_used_beyond_its_limit() -> None:
    accounts = RECORDS.accounts
    assert (accounts.card_balance <= accounts.card_limit).all()
    assert (accounts.card_minimum <= accounts.card_balance).all()
    assert ((accounts.card_minimum > 0) == (accounts.card_balance > 0)).all()
    assert (accounts.card_limit % 10_000 == 0).all()


def test_what_is_spent_is_plausible_against_pay() -> None:
    spent, paid = np.zeros(1000), np.zeros(1000)
    for row in range(1000):
        own = slice(LEDGER.offsets[row], LEDGER.offsets[row + 1])
        marks, cents = LEDGER.marks[LEDGER.purpose[own]], LEDGER.cents[own]
        spent[row] = -cents[(marks & 1 > 0) & (cents < 0)].sum()
        paid[row] = cents[cents > 0].sum()
    ratio = spent / paid
    assert 0.7 < np.median(ratio) < 1.0
    assert (ratio < 1.6).mean() > 0.95


def test_payments_a_month_are_those_of_the_payment_diary() -> None:
    debits = (LEDGER.cents < 0).sum() / 1000 / 186 * 30
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


def test_flows_of_another_mode_are_posted_beside_the_banks_own() -> None:
    premium = Purpose("premium", "GENERAL_SERVICES_INSURANCE", "Premium to {merchant}")
    foreign = Flows(
        row=np.array([1, 0]),
        day=np.array([LAST - 3, LAST - 9]),
        cents=np.array([-12_345, -6_789]),
        purpose=np.array([0, 0]),
        merchant=np.array([0, 1]),
        account=np.array([CHECKING, CHECKING]),
        settles=np.array([LAST - 3, LAST - 9]),
        purposes=(premium,),
        merchants=("Larkenby Mutual", "Umberfold Casualty"),
    )
    own = _as_flows(2)
    ledger = post(2, [own, foreign])
    alone = post(2, [own])
    added = movements(ledger, 1) - movements(alone, 1)
    assert list(added) == [(LAST - 3, -12_345, "premium", "Larkenby Mutual", 0, LAST - 3)]
    assert next(iter(movements(ledger, 0) - movements(alone, 0)))[3] == "Umberfold Casualty"
    assert not movements(alone, 0) - movements(ledger, 0)
    assert ledger.marks[ledger.purposes.index(premium)] == 3  # spending, and essential


def _as_flows(customers: int) -> Flows:
    cut = slice(0, int(LEDGER.offsets[customers]))
    rows = np.repeat(np.arange(customers), np.diff(LEDGER.offsets[: customers + 1]))
    return Flows(
        row=rows,
        day=LEDGER.day[cut],
        cents=LEDGER.cents[cut],
        purpose=LEDGER.purpose[cut],
        merchant=LEDGER.merchant[cut],
        account=LEDGER.account[cut],
        settles=LEDGER.settles[cut],
        purposes=LEDGER.purposes,
        merchants=LEDGER.merchants,
    )


def test_the_mode_generates_what_its_module_does() -> None:
    assert MODE.generate is generate
    assert MODE.folder.name == MODE.id
