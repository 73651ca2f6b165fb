"""Signals of the insured: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import POLICY_KINDS, Cover
from backend.domain.person import People
from backend.domain.signals import SignalDefinition, SignalTable
from backend.industries.insurance.claims import DENIED
from backend.industries.insurance.policies import AUTO, HOME, LIFE, RENTERS
from backend.industries.rounding import Rounding, Sheet
from backend.industries.segments import largest, sums

_LATE_LOOK_BACK: Final = 180
_YEAR_HUNDREDTHS: Final = 36525
"""Hundredths of a day in a year."""

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
_BUNDLES: Final = np.isin(np.arange(len(POLICY_KINDS)), (AUTO, HOME, RENTERS))


def measure(people: People, cover: Cover, as_of: date, windows: Sequence[int]) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    today, spans = as_of.toordinal(), np.array(windows)[:, None]
    sheet = _rounded.sheet(len(windows), len(cover.dependants))
    premium = _put_policies(sheet, people, cover, today)
    _put_claims(sheet, cover, premium, today - spans)
    _put_payments(sheet, cover, today, np.maximum(spans, _LATE_LOOK_BACK))
    return _rounded.tables(sheet)


def _put_policies(sheet: Sheet, people: People, cover: Cover, today: int) -> NDArray[np.int64]:
    """Write what follows from the policies, and return a year's premium in cents."""
    held, begins, kind = cover.policies, cover.policies.offsets[:-1], cover.policies.kind
    columns = np.array(
        [cover.premium[:, 0] * 12, held.coverage, held.coverage * (kind == LIFE), _BUNDLES[kind]]
    )
    # every customer holds a policy, so no segment is empty
    premium: NDArray[np.int64]
    premium, coverage, life, bundled = np.add.reduceat(columns, begins, axis=1)
    oldest, renewal = np.minimum.reduceat(np.array([held.start, held.renewal]), begins, axis=1)
    sheet.put("policy_count", held.offsets[1:] - begins)
    sheet.put("property_auto_count", bundled)
    sheet.put("premium_share_of_income_pct", premium * 100, people.income)
    sheet.put("coverage_to_income_ratio", coverage, people.income)
    sheet.put("life_coverage_to_income_ratio", life, people.income)
    sheet.put("dependants_count", cover.dependants)
    sheet.put("days_to_renewal", renewal - today)
    sheet.put("tenure_years", (today - oldest) * 100, _YEAR_HUNDREDTHS)
    return premium


def _put_claims(
    sheet: Sheet, cover: Cover, premium: NDArray[np.int64], since: NDArray[np.int64]
) -> None:
    claims, offsets = cover.claims, cover.claims.offsets
    told = np.array([claims.paid, claims.status == DENIED, *(claims.date > since)])
    found = sums(told, offsets)
    sheet.put("claims_count", found[2:])
    sheet.put("five_year_claims_count", offsets[1:] - offsets[:-1])
    sheet.put("five_year_denied_count", found[1])
    sheet.put("five_year_loss_ratio_pct", found[0] * 100, premium * 5)


def _put_payments(sheet: Sheet, cover: Cover, today: int, spans: NDArray[np.int64]) -> None:
    payments = cover.payments
    unpaid = payments.paid_on == 0
    late = unpaid | (payments.paid_on > payments.due)
    age = today - payments.due
    sheet.put("late_payment_count", sums(late & (age <= spans), payments.offsets))
    sheet.put("days_past_due", largest(age * unpaid, payments.offsets, 0))
