"""The natural mix against the public figures that it is set to."""

import numpy as np

from backend.industries.banking.accounts import make_accounts
from backend.industries.banking.pay import make_work
from backend.industries.life import EARLIEST_AS_OF
from tests.cohort_kit import people_of

PEOPLE = people_of([f"customer-{number}" for number in range(4000)])
ACCOUNTS = make_accounts(PEOPLE, make_work(PEOPLE))
HAS_CARD = ACCOUNTS.card_limit[:, 0] > 0
USED = (ACCOUNTS.card_balance / np.maximum(ACCOUNTS.card_limit, 1)).max(axis=1)


def test_credit_scores_have_the_bands_of_march_2025() -> None:
    edges = [300, 580, 670, 740, 800, 851]
    shares = np.histogram(ACCOUNTS.credit_score, bins=edges)[0] / len(PEOPLE)
    assert np.abs(shares - [0.142, 0.149, 0.204, 0.275, 0.230]).max() < 0.025
    assert 705 < ACCOUNTS.credit_score.mean() < 722


def test_one_in_seven_card_holders_uses_half_of_a_limit() -> None:
    assert 0.13 < (USED[HAS_CARD] >= 0.5).mean() < 0.17


def test_those_who_use_half_of_a_limit_have_lower_scores() -> None:
    heavy = HAS_CARD & (USED >= 0.5)
    light = HAS_CARD & (USED < 0.5)
    gap = ACCOUNTS.credit_score[light].mean() - ACCOUNTS.credit_score[heavy].mean()
    assert 25 < gap < 90


def test_cards_fill_from_the_left() -> None:
    held = ACCOUNTS.card_limit > 0
    assert (held[:, :-1] >= held[:, 1:]).all()
    assert 0.7 < HAS_CARD.mean() < 0.85


def test_nine_in_ten_limits_are_below_the_published_percentile() -> None:
    limits = ACCOUNTS.card_limit[ACCOUNTS.card_limit > 0] / 100
    assert 14_000 < np.quantile(limits, 0.9) < 22_000


def test_balances_together_have_the_median_of_the_survey() -> None:
    together = (ACCOUNTS.checking + ACCOUNTS.savings) / 100
    assert 6_500 < np.median(together) < 10_000
    assert together.mean() > 1.5 * np.median(together)
    assert np.median(ACCOUNTS.checking) < ACCOUNTS.checking.mean() * 0.8


def test_accounts_were_opened_before_every_date_and_by_nobody_below_sixteen() -> None:
    assert (ACCOUNTS.opened < EARLIEST_AS_OF.toordinal()).all()
    assert ((ACCOUNTS.opened - PEOPLE.birth) / 365.2425 >= 15.99).all()
