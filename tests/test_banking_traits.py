"""The mix of lives, and that each trait does what it says."""

from datetime import date

import numpy as np

from backend.domain.ledger import SPENDING
from backend.industries.banking.lives import clients_of
from backend.industries.banking.timeline import BIWEEKLY, MONTHLY, RETIRED, SEMIMONTHLY, WEEKLY
from backend.industries.banking.traits import archetypes
from tests.banking_kit import AS_OF, of_purpose, records, with_traits
from tests.cohort_kit import people_of

TRAITS = clients_of(people_of([f"life-{number}" for number in range(5000)]), alone=True).traits


def test_shares_of_the_archetypes_are_those_of_the_table() -> None:
    shares = np.array([kind.share for kind in archetypes().kinds])
    found = np.bincount(TRAITS.archetype, minlength=len(shares)) / len(TRAITS)
    assert abs(shares.sum() - 1) < 1e-9
    assert np.abs(found - shares).max() < 0.03


def test_pay_comes_as_the_bureau_counts() -> None:
    regular = TRAITS.pattern[TRAITS.pattern <= MONTHLY]
    shares = np.bincount(regular, minlength=4) / len(regular)
    wanted = {WEEKLY: 0.27, BIWEEKLY: 0.43, SEMIMONTHLY: 0.20, MONTHLY: 0.10}
    assert all(abs(shares[way] - share) < 0.04 for way, share in wanted.items())
    assert 0.15 < (TRAITS.pattern == RETIRED).mean() < 0.3


def test_utilisation_of_the_record_is_near_the_trait() -> None:
    for wanted in (0.2, 0.4, 0.65, 0.9):
        told = with_traits(
            300, utilization=wanted, cards=1, full_pay=False, overdue=False, newcomer=False
        )
        used = told.accounts.card_balance[:, 0] / told.accounts.card_limit[:, 0]
        assert abs(np.median(used) - wanted) < 0.07
        assert np.quantile(np.abs(used - wanted), 0.9) < 0.16


def test_a_count_and_a_spend_of_subscriptions_are_met() -> None:
    told = with_traits(100, subscription_count=5, subscription_spend=8_000, newcomer=False)
    plain = with_traits(100, subscription_count=0, newcomer=False)
    for row in range(100):
        mine = told.subscriptions.row == row
        without = plain.subscriptions.row == row
        assert mine.sum() - without.sum() == 5
        extra = told.subscriptions.cents[mine].sum() - plain.subscriptions.cents[without].sum()
        assert abs(int(extra) - 8_000) <= 5


def test_more_activity_is_more_purchases() -> None:
    few, many = with_traits(60, activity=15.0), with_traits(60, activity=45.0)
    counted = [(told.ledger.counts & SPENDING > 0).sum() for told in (few, many)]
    assert counted[1] > 1.7 * counted[0]


def test_a_larger_cushion_is_a_higher_lowest_day() -> None:
    for cushion in (2_000, 50_000, 400_000):
        told = with_traits(60, cushion=cushion, cushion_sigma=0.0, overdraft=0.0, newcomer=False)
        assert (told.daily.min(axis=1) == cushion).all()


def test_overdrafts_come_at_their_chance() -> None:
    told = with_traits(60, overdraft=1.0)
    assert (told.daily.min(axis=1) < 0).all()
    assert not of_purpose(with_traits(60, overdraft=0.0).ledger, "overdraft_fee").any()


def test_a_newcomer_joined_within_thirteen_months_and_stays_so_for_a_year() -> None:
    for as_of in (AS_OF, date(2026, 6, 1)):
        told = with_traits(60, as_of, newcomer=True)
        days = as_of.toordinal() - told.accounts.opened
        assert days.min() >= 20
        assert days.max() < 20 + 365
        assert (told.recorded_from >= told.accounts.opened).all()


def test_traits_hang_on_no_date() -> None:
    early, late = records(as_of=date(2021, 5, 5)), records(as_of=date(2035, 5, 5))
    old = (early.accounts.opened == late.accounts.opened).mean()
    assert old > 0.9
    assert (early.accounts.card_limit == late.accounts.card_limit).all()
    assert (early.accounts.credit_score == late.accounts.credit_score).all()
