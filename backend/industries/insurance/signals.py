"""Signals of the insured: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from backend.domain.cover import Cover
from backend.domain.person import People
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.industries.insurance.claims import DENIED
from backend.industries.insurance.policies import AUTO, HOME, LIFE, RENTERS
from backend.industries.rounding import Rounding
from backend.industries.segments import count_column, largest, ratio_column, sums

_LATE_LOOK_BACK: Final = 180
_NEVER: Final = "never"

SIGNALS: Final = (
    SignalDefinition(
        "policy_count", "number of policies", "policies", 0, "policies in force", _NEVER
    ),
    SignalDefinition(
        "property_auto_count",
        "number of policies that bundle",
        "policies",
        0,
        "how many of the two that bundle are held: a car policy, and one on home or rented flat",
        _NEVER,
    ),
    SignalDefinition(
        "claims_count", "number of recent claims", "claims", 0, "claims dated in the window", _NEVER
    ),
    SignalDefinition(
        "five_year_claims_count",
        "number of claims in five years",
        "claims",
        0,
        "claims of the last five years",
        _NEVER,
    ),
    SignalDefinition(
        "five_year_denied_count",
        "number of denied claims in five years",
        "claims",
        0,
        "claims of the last five years, denied",
        _NEVER,
    ),
    SignalDefinition(
        "five_year_loss_ratio_pct",
        "five-year loss ratio",
        "%",
        1,
        "claims paid out over the last five years against five years of today's premiums",
        _NEVER,
    ),
    SignalDefinition(
        "premium_share_of_income_pct",
        "share of income spent on premiums",
        "%",
        2,
        "a year's premiums as a part of a year's income",
        "there is no income",
    ),
    SignalDefinition(
        "coverage_to_income_ratio",
        "ratio of total coverage to income",
        "times",
        1,
        "total coverage over a year's income",
        "there is no income",
    ),
    SignalDefinition(
        "life_coverage_to_income_ratio",
        "ratio of life coverage to income",
        "times",
        1,
        "life coverage over a year's income; 0 without life insurance",
        "there is no income",
    ),
    SignalDefinition(
        "dependants_count",
        "number of children under 19",
        "children",
        0,
        "children under 19",
        _NEVER,
    ),
    SignalDefinition(
        "late_payment_count",
        "number of late premiums",
        "payments",
        0,
        "premiums paid late or still unpaid, due within the window but at least 180 days back",
        _NEVER,
    ),
    SignalDefinition(
        "days_past_due",
        "delay of the oldest unpaid premium",
        "days",
        0,
        "days since the oldest unpaid premium fell due; 0 without one",
        _NEVER,
    ),
    SignalDefinition(
        "days_to_renewal",
        "time to the next renewal",
        "days",
        0,
        "days until the next renewal of a policy",
        _NEVER,
    ),
    SignalDefinition(
        "tenure_years",
        "time since the oldest policy began",
        "years",
        1,
        "years since the oldest policy in force began",
        _NEVER,
    ),
)


_rounded: Final = Rounding(SIGNALS)


def measure(people: People, cover: Cover, as_of: date, windows: Sequence[int]) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    today = as_of.toordinal()
    standing = _policy_signals(people, cover, today) | _history_signals(cover, today)
    return [_rounded(standing | _window_signals(cover, today, window)) for window in windows]


def _policy_signals(people: People, cover: Cover, today: int) -> dict[str, Column]:
    held, offsets = cover.policies, cover.policies.offsets
    premium = sums(held.premium, offsets) * 12
    dwelling = sums((held.kind == HOME) | (held.kind == RENTERS), offsets)
    life = sums(held.coverage * (held.kind == LIFE), offsets)
    oldest = today - -largest(-held.start, offsets, 0)
    return {
        "policy_count": count_column(offsets[1:] - offsets[:-1]),
        "property_auto_count": count_column(sums(held.kind == AUTO, offsets) + dwelling),
        "premium_share_of_income_pct": ratio_column(premium, people.income, 100),
        "coverage_to_income_ratio": ratio_column(sums(held.coverage, offsets), people.income),
        "life_coverage_to_income_ratio": ratio_column(life, people.income),
        "dependants_count": count_column(cover.dependants),
        "days_to_renewal": count_column(-largest(-held.renewal, offsets, 0) - today),
        "tenure_years": ratio_column(oldest * 100, np.full_like(oldest, 36525)),
    }


def _history_signals(cover: Cover, today: int) -> dict[str, Column]:
    claims, payments, offsets = cover.claims, cover.payments, cover.claims.offsets
    premiums = sums(cover.policies.premium, cover.policies.offsets) * 60
    overdue = (today - payments.due) * (payments.paid_on == 0)
    return {
        "five_year_claims_count": count_column(offsets[1:] - offsets[:-1]),
        "five_year_denied_count": count_column(sums(claims.status == DENIED, offsets)),
        "five_year_loss_ratio_pct": ratio_column(sums(claims.paid, offsets), premiums, 100),
        "days_past_due": count_column(largest(overdue, payments.offsets, 0)),
    }


def _window_signals(cover: Cover, today: int, window_days: int) -> dict[str, Column]:
    claims, payments = cover.claims, cover.payments
    late = (payments.paid_on == 0) | (payments.paid_on > payments.due)
    recent = payments.due >= today - max(window_days, _LATE_LOOK_BACK)
    return {
        "claims_count": count_column(sums(claims.date > today - window_days, claims.offsets)),
        "late_payment_count": count_column(sums(late & recent, payments.offsets)),
    }
