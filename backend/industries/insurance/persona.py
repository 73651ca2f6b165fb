"""The session persona of an insured customer."""

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.domain.cover import ClaimStatus, PolicyKind, RiskScore
from backend.domain.fact import Fact, Money
from backend.domain.session_persona import SessionPersona


class Policy(Fact):
    """A policy in force."""

    type: PolicyKind
    policy_number: str
    coverage: Money = Field(description="limit of what the policy pays")
    premium: Money = Field(description="a month's premium")
    deductible: Money = Field(description="the customer's own share of a loss; 0 where none")
    term_start: dt.date = Field(description="first day of the present one-year term")
    renewal_date: dt.date = Field(description="when the next term begins")
    held_since: dt.date
    covers: tuple[str, ...] = Field(description="the types of claim that it pays for")
    vehicles: int | None = Field(description="insured cars; null for all but auto")


class Claim(Fact):
    """A claim of the last five years."""

    claim_id: str
    date: dt.date
    type: str
    amount: Money = Field(description="what was claimed")
    status: ClaimStatus
    policy_type: PolicyKind
    policy_number: str
    paid_amount: Money = Field(description="what was paid out; 0 unless approved")
    decided_on: dt.date | None = Field(description="null while pending")


class PremiumPayment(Fact):
    """A month's premium: when it fell due, and when it was paid."""

    due_date: dt.date
    paid_on: dt.date | None = Field(description="null while it is not paid")
    amount: Money
    status: Literal["paid", "late", "due"] = Field(description="late: paid after its due date")


class InsurancePersona(SessionPersona):
    """An insured customer. Payments and claims are told up to the session's date."""

    member_since: str = Field(description="year of the first policy in force")
    insurer: str
    agent: str
    active_policies: tuple[Policy, ...]
    policy_count: int
    total_coverage: Money = Field(description="sum of the policies' coverages")
    monthly_premium: Money = Field(description="sum of the policies' premiums")
    annual_premium: Money = Field(description="twelve times monthly_premium")
    next_premium_due: dt.date
    next_renewal_date: dt.date = Field(description="the earliest renewal of a policy")
    past_due_amount: Money = Field(description="premiums that fell due and are not paid")
    recent_payments: tuple[PremiumPayment, ...] = Field(description="the latest six, newest first")
    claims_history: tuple[Claim, ...] = Field(description="the last five years, newest first")
    pending_claims: int
    claims_paid_total: Money = Field(description="paid out over the last five years")
    risk_score: RiskScore
    dependants: int = Field(description="children under 19")
