"""From records to the session persona of one customer."""

from datetime import date
from typing import Final

from backend.domain.cover import (
    CLAIM_STATUSES,
    POLICY_KINDS,
    RISK_SCORES,
    Claims,
    Cover,
    Policies,
    PolicyKind,
    PremiumPayments,
)
from backend.domain.person import People
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import PENDING
from backend.industries.insurance.persona import Claim, InsurancePersona, Policy, PremiumPayment
from backend.industries.life import person_facts

_RECENT_PAYMENTS: Final = 6
_OPTIONAL: Final = {"collision", "comprehensive"}
_PREFIX: Final[dict[PolicyKind, str]] = {
    "auto": "AU", "home": "HO", "life": "LI", "renters": "RE", "umbrella": "UM",
}  # fmt: skip


def present(people: People, cover: Cover, row: int, _as_of: date) -> InsurancePersona:
    """Return the session persona of the customer at ``row``; records know their date."""
    mine = slice(int(cover.policies.offsets[row]), int(cover.policies.offsets[row + 1]))
    policies = tuple(_policy(cover.policies, at) for at in range(mine.start, mine.stop))
    claims = tuple(_claims(cover, row))
    payments = tuple(_payments(cover.payments, row))
    premium = sum(policy.premium for policy in policies)
    return InsurancePersona(
        **person_facts(people, row),
        member_since=str(min(policy.held_since for policy in policies).year),
        insurer=cover.insurer[row],
        agent=cover.agent[row],
        active_policies=policies,
        policy_count=len(policies),
        total_coverage=sum(policy.coverage for policy in policies),
        monthly_premium=premium,
        annual_premium=premium * 12,
        next_premium_due=date.fromordinal(int(cover.next_due[row])),
        next_renewal_date=min(policy.renewal_date for policy in policies),
        past_due_amount=sum(p.amount for p in payments if p.paid_on is None),
        recent_payments=payments[:_RECENT_PAYMENTS],
        claims_history=claims,
        pending_claims=sum(claim.status == "pending" for claim in claims),
        claims_paid_total=sum(claim.paid_amount for claim in claims),
        risk_score=RISK_SCORES[cover.risk[row]],
        dependants=int(cover.dependants[row]),
    )


def _policy(policies: Policies, at: int) -> Policy:
    kind = POLICY_KINDS[policies.kind[at]]
    return Policy(
        type=kind,
        policy_number=_policy_number(policies, at),
        coverage=int(policies.coverage[at]),
        premium=int(policies.premium[at]),
        deductible=int(policies.deductible[at]),
        term_start=date.fromordinal(int(policies.term_start[at])),
        renewal_date=date.fromordinal(int(policies.renewal[at])),
        held_since=date.fromordinal(int(policies.start[at])),
        covers=_covers(kind, collision=bool(policies.collision[at]),
                       comprehensive=bool(policies.comprehensive[at])),
        vehicles=int(policies.vehicles[at]) or None,
    )  # fmt: skip


def _policy_number(policies: Policies, at: int) -> str:
    return f"{_PREFIX[POLICY_KINDS[policies.kind[at]]]}-{policies.number[at]:012d}"


def _covers(kind: PolicyKind, *, collision: bool, comprehensive: bool) -> tuple[str, ...]:
    left_out = _OPTIONAL - ({"collision"} if collision else set())
    left_out -= {"comprehensive"} if comprehensive else set()
    if kind == "life":
        return ("death benefit",)
    return tuple(
        cause.type
        for cause in catalogue().causes
        if cause.kind == kind and cause.type not in left_out
    )


def _claims(cover: Cover, row: int) -> list[Claim]:
    offsets = cover.claims.offsets
    rows = range(int(offsets[row]), int(offsets[row + 1]))
    return [_claim(cover.claims, cover.policies, at) for at in reversed(rows)]


def _claim(claims: Claims, policies: Policies, at: int) -> Claim:
    policy = int(claims.policy[at])
    pending = claims.status[at] == PENDING
    return Claim(
        claim_id=f"CL-{claims.number[at]:012d}",
        date=date.fromordinal(int(claims.date[at])),
        type=catalogue().causes[claims.cause[at]].type,
        amount=int(claims.amount[at]),
        status=CLAIM_STATUSES[claims.status[at]],
        policy_type=POLICY_KINDS[policies.kind[policy]],
        policy_number=_policy_number(policies, policy),
        paid_amount=int(claims.paid[at]),
        decided_on=None if pending else date.fromordinal(int(claims.decided[at])),
    )


def _payments(payments: PremiumPayments, row: int) -> list[PremiumPayment]:
    rows = range(int(payments.offsets[row]), int(payments.offsets[row + 1]))
    return [_payment(payments, at) for at in reversed(rows)]


def _payment(payments: PremiumPayments, at: int) -> PremiumPayment:
    due, paid_on = int(payments.due[at]), int(payments.paid_on[at])
    return PremiumPayment(
        due_date=date.fromordinal(due),
        paid_on=date.fromordinal(paid_on) if paid_on else None,
        amount=int(payments.amount[at]),
        status="due" if not paid_on else "paid" if paid_on == due else "late",
    )
