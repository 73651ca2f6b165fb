from itertools import groupby
from typing import Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.industries.healthcare.catalogue import AFTER_DEDUCTIBLE
from backend.industries.healthcare.sharing import Shares, Terms, by_account, share
from backend.industries.segments import offsets_of

COPAYS: Final = (AFTER_DEDUCTIBLE, 0, 2_500, 6_000)
ACCOUNTS: Final = 4
CLAIMS: Final = st.lists(
    st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(1, 2_000_000), st.sampled_from(COPAYS)),
    max_size=25,
).map(lambda claims: sorted(claims, key=lambda claim: claim[0]))

Claim = tuple[int, int, int]
PLAN: Final = (150_000, 20, 400_000)


def walked(claims: list[Claim], deductible: int, percent: int, maximum: int) -> list[int]:
    """What the patient pays, claim by claim, as a clerk would."""
    paid = []
    for _, own in groupby(claims, key=lambda claim: claim[0]):
        left, room = deductible, maximum
        for _, allowed, copay in own:
            if copay == AFTER_DEDUCTIBLE:
                first = min(allowed, left)
                left -= first
                asked = first + ((allowed - first) * percent + 50) // 100
            else:
                asked = min(copay, allowed)
            paid.append(min(asked, room))
            room -= paid[-1]
    return paid


def shared(claims: list[Claim], deductible: int, percent: int, maximum: int) -> Shares:
    account, allowed, copay = (np.array([c[at] for c in claims], dtype=np.int64) for at in range(3))
    same = np.ones(len(claims), dtype=np.int64)
    terms = Terms(copay, same * deductible, same * percent, same * maximum)
    return share(allowed, offsets_of(account, ACCOUNTS), terms)


@given(CLAIMS)
def test_arrays_share_as_a_clerk_would(claims: list[Claim]) -> None:
    assert shared(claims, *PLAN).own.tolist() == walked(claims, *PLAN)


@given(CLAIMS)
def test_deductible_and_maximum_are_never_passed(claims: list[Claim]) -> None:
    shares = shared(claims, *PLAN)
    accounts = offsets_of(np.array([claim[0] for claim in claims], dtype=np.int64), ACCOUNTS)
    found = [by_account(each, accounts).tolist() for each in (shares.to_deductible, shares.own)]
    for account, (met, spent) in enumerate(zip(*found, strict=True)):
        mine = np.array([claim[0] == account for claim in claims], dtype=np.bool_)
        assert (met, spent) == (shares.to_deductible[mine].sum(), shares.own[mine].sum())
        assert 0 <= met <= min(PLAN[0], spent)
        assert spent <= PLAN[2]


def test_the_deductible_comes_first_and_then_coinsurance() -> None:
    shares = shared([(0, 100_000, AFTER_DEDUCTIBLE), (0, 100_000, AFTER_DEDUCTIBLE)], *PLAN)
    assert shares.own.tolist() == [100_000, 50_000 + 10_000]
    assert shares.to_deductible.tolist() == [100_000, 50_000]


def test_a_copay_does_not_count_towards_the_deductible() -> None:
    shares = shared([(0, 20_000, 2_500), (0, 2_000, 2_500)], *PLAN)
    assert shares.own.tolist() == [2_500, 2_000]
    assert shares.to_deductible.tolist() == [0, 0]


def test_past_the_maximum_the_plan_pays_all() -> None:
    claims = [(0, 3_000_000, AFTER_DEDUCTIBLE), (0, 90_000, AFTER_DEDUCTIBLE), (0, 9_000, 2_500)]
    assert shared(claims, *PLAN).own.tolist() == [400_000, 0, 0]


def test_a_new_year_begins_anew() -> None:
    claims = [(1, 3_000_000, AFTER_DEDUCTIBLE), (2, 30_000, AFTER_DEDUCTIBLE)]
    assert shared(claims, *PLAN).own.tolist() == [400_000, 30_000]
