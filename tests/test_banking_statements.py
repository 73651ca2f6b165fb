"""Cards month by month: statements, payments, interest, late fees."""

from datetime import date

import numpy as np

from backend.domain.ledger import CARD
from backend.industries.banking.lives import clients_of
from backend.industries.banking.statements import carry, statements
from backend.industries.banking.terms import LATE_FEE, MINIMUM, interest_of, make_terms, scores_of
from backend.industries.banking.timeline import timeline
from backend.seeds import uniform
from tests.banking_kit import AS_OF, LAST, lines, of_purpose, records, with_traits
from tests.cohort_kit import IDS, people_of

PEOPLE = people_of([f"card-{number}" for number in range(2000)])
CLIENTS = clients_of(PEOPLE, alone=True)
TERMS = make_terms(CLIENTS, scores_of(CLIENTS.draws))
TOLD = timeline(AS_OF, 24)
LATENESS = uniform(PEOPLE.keys, "lateness of the test", np.arange(TOLD.months + 1))
CARDS = TERMS.columns
BEHIND, ONLY_MINIMUM = CARDS.behind[:, 0] > 0, CARDS.minimum[:, 0] > 0
CARRIED = carry(CLIENTS, TERMS, LATENESS, TOLD)
NET = np.minimum(CARDS.room, 4_321) * np.ones(TOLD.months, dtype=np.int64)
STATED = statements(TERMS, CARRIED, NET + CARRIED.large, TOLD)


def test_every_payment_is_the_minimum_or_more_and_no_more_than_the_statement() -> None:
    assert BEHIND.any()
    assert ONLY_MINIMUM.any()
    assert (STATED.payment >= 0).all()
    assert (STATED.payment >= STATED.minimum)[~BEHIND].all()
    assert (STATED.payment <= STATED.balance).all()
    assert (STATED.payment[ONLY_MINIMUM] == STATED.minimum[ONLY_MINIMUM]).all()
    assert (STATED.minimum[ONLY_MINIMUM] >= MINIMUM * 0.9).all()


def test_whoever_pays_in_full_carries_nothing_and_pays_no_interest() -> None:
    full = CARDS.carries[:, 0] == 0
    assert full.any()
    assert (STATED.payment[full] == STATED.balance[full]).all()
    assert not CARRIED.interest[full].any()


def test_what_a_card_holds_fits_its_limit_before_and_after_it_is_paid() -> None:
    most = STATED.balance + CARDS.room + CARRIED.fee[:, 1:]
    assert (most <= CARDS.limit).all()


def test_a_statement_follows_from_the_one_before() -> None:
    left = STATED.balance[:, :-1] - STATED.payment[:, :-1]
    added = (NET + CARRIED.large + CARRIED.interest + CARRIED.fee)[:, 1:-1]
    assert (left + added == STATED.balance[:, 1:]).all()


def test_nobody_pays_late_twice_in_a_row_but_who_is_always_behind() -> None:
    late = CARRIED.late & ~BEHIND[:, None]
    assert late.any()
    assert not (late[:, 1:] & late[:, :-1]).any()
    assert CARRIED.late[BEHIND].all()


def test_interest_is_a_twelfth_of_the_rate_rounded_to_the_cent() -> None:
    assert interest_of(100_000, 2_400) == 2_000
    assert interest_of(12_345, 1_999) == 206
    assert (CARRIED.interest >= 0).all()
    carried, rates = CARRIED.before.ravel(), CARDS.rate.repeat(TOLD.months)
    each = [interest_of(*one) for one in zip(carried.tolist(), rates.tolist(), strict=True)]
    assert CARRIED.interest.ravel().tolist() == each


PEOPLE_IDS = tuple(f"score-{number}" for number in range(4000))


def test_scores_have_the_bands_of_march_2025() -> None:
    clients = clients_of(people_of(IDS[:1000] + PEOPLE_IDS), alone=True)
    score = np.array(scores_of(clients.draws))
    shares = np.histogram(score, bins=[300, 580, 670, 740, 800, 851])[0] / len(score)
    assert np.abs(shares - [0.142, 0.149, 0.204, 0.275, 0.230]).max() < 0.025
    assert 705 < score.mean() < 725


def test_nine_in_ten_limits_are_below_the_published_percentile() -> None:
    limits = TERMS.limit[TERMS.limit > 0] / 100
    assert 13_000 < np.quantile(limits, 0.9) < 22_000
    assert (TERMS.limit % 10_000 == 0).all()


def test_cards_fill_from_the_left() -> None:
    held = TERMS.limit > 0
    assert (held[:, :-1] >= held[:, 1:]).all()
    assert 0.7 < held[:, 0].mean() < 0.85


def test_card_payments_are_late_only_with_a_fee_on_the_day_after_the_due_date() -> None:
    told = with_traits(60, late=0.4, full_pay=False, utilization=0.6, cards=1, overdue=False)
    seen = 0
    for row in range(60):
        due = int(told.accounts.card_due[row])
        for fee in lines(told.ledger, row, "late_fee"):
            assert (fee.cents, date.fromordinal(fee.day).day) == (-LATE_FEE, due + 1)
            seen += 1
        for payment in lines(told.ledger, row, "card_payment"):
            day = date.fromordinal(payment.day).day
            assert day <= due or day == due + 2
    assert seen > 20


def test_whoever_is_overdue_is_so_on_every_day_and_buys_nothing_on_that_card() -> None:
    for as_of in (AS_OF, date(2026, 1, 31), date(2026, 2, 22)):
        told = with_traits(60, as_of, overdue=True, cards=2, full_pay=False)
        assert told.accounts.card_overdue[:, 0].all()
        first = told.ledger.account == CARD
        bought = of_purpose(told.ledger, "groceries", "restaurant", "marketplace")
        assert not (first & bought).any()
        assert of_purpose(told.ledger, "late_fee").any()


def test_the_last_payment_is_the_ledgers() -> None:
    told = records()
    for row in range(400):
        received = [one for one in lines(told.ledger, row, "card_received") if one.account == CARD]
        assert bool(received) == bool(told.accounts.card_paid_on[row, 0])
        if received:
            latest = received[-1]
            assert latest.day == told.accounts.card_paid_on[row, 0] <= LAST
            assert latest.cents == told.accounts.card_paid[row, 0]
