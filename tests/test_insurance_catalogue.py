import pytest

from backend.domain.cover import POLICY_KINDS
from backend.industries.insurance.catalogue import catalogue


def test_causes_stand_by_kind_and_sum_to_the_kinds_rate() -> None:
    book = catalogue()
    for code, kind in enumerate(POLICY_KINDS):
        mine = [cause for cause in book.causes if cause.kind == kind]
        paid = sum(cause.per_100 for cause in mine) / 1200
        rate = paid / (1 - book.book.denied_share)
        assert book.kind_rate[code] == pytest.approx(rate)
        first = int(book.kind_first[code])
        assert list(book.causes[first : first + len(mine)]) == mine


def test_a_median_is_below_its_mean() -> None:
    book = catalogue()
    for cause, median in zip(book.causes, book.median.tolist(), strict=True):
        drawn = cause.drawn or cause.mean
        assert drawn >= cause.mean
        assert median / (drawn * 100) == pytest.approx(0.6368, abs=0.001)


def test_a_cause_is_found_by_kind_and_type() -> None:
    book = catalogue()
    at = book.cause_code("renters", "theft")
    assert (book.causes[at].kind, book.causes[at].type) == ("renters", "theft")
