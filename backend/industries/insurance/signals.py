"""Signals of the insured: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    standing, premium = _policy_signals(people, cover, today)
    claims, recent = _claim_signals(cover, premium, today, windows)
    late, due = _payment_signals(cover, today, windows)
    every = standing | claims | due
    return [
        _rounded(every | {"claims_count": count, "late_payment_count": unpaid})
        for count, unpaid in zip(recent, late, strict=True)
    ]


def _policy_signals(
    people: People, cover: Cover, today: int
) -> tuple[dict[str, Column], NDArray[np.int64]]:
    """Return what follows from the policies, and a year's premium in cents."""
    held, begins, kind = cover.policies, cover.policies.offsets[:-1], cover.policies.kind
    bundled = (kind == AUTO) | (kind == HOME) | (kind == RENTERS)
    columns = np.array(
        [cover.premium[:, 0] * 12, held.coverage, held.coverage * (kind == LIFE), bundled]
    )
    # every customer holds a policy, so no segment is empty
    premium, coverage, life, dwelling = np.add.reduceat(columns, begins, axis=1)
    oldest, renewal = np.minimum.reduceat(np.array([held.start, held.renewal]), begins, axis=1)
    tenure = (today - oldest) * 100
    return {
        "policy_count": count_column(held.offsets[1:] - begins),
        "property_auto_count": count_column(dwelling),
        "premium_share_of_income_pct": ratio_column(premium, people.income, 100),
        "coverage_to_income_ratio": ratio_column(coverage, people.income),
        "life_coverage_to_income_ratio": ratio_column(life, people.income),
        "dependants_count": count_column(cover.dependants),
        "days_to_renewal": count_column(renewal - today),
        "tenure_years": ratio_column(tenure, np.full_like(tenure, 36525)),
    }, premium


def _claim_signals(
    cover: Cover, premium: NDArray[np.int64], today: int, windows: Sequence[int]
) -> tuple[dict[str, Column], list[Column]]:
    claims, offsets = cover.claims, cover.claims.offsets
    recent = [claims.date > today - window for window in windows]
    paid, denied, *counts = sums(np.array([claims.paid, claims.status == DENIED, *recent]), offsets)
    return {
        "five_year_claims_count": count_column(offsets[1:] - offsets[:-1]),
        "five_year_denied_count": count_column(denied),
        "five_year_loss_ratio_pct": ratio_column(paid, premium * 5, 100),
    }, [count_column(count) for count in counts]


def _payment_signals(
    cover: Cover, today: int, windows: Sequence[int]
) -> tuple[list[Column], dict[str, Column]]:
    payments = cover.payments
    unpaid = payments.paid_on == 0
    late = unpaid | (payments.paid_on > payments.due)
    recent = [late & (payments.due >= today - max(days, _LATE_LOOK_BACK)) for days in windows]
    overdue = largest((today - payments.due) * unpaid, payments.offsets, 0)
    counts = sums(np.array(recent), payments.offsets)
    return [count_column(count) for count in counts], {"days_past_due": count_column(overdue)}
