"""From records to the session persona of one customer."""

from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

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
from backend.industries.insurance.persona import InsurancePersona
from backend.industries.life import person_facts

_RECENT_PAYMENTS: Final = 6
_OPTIONAL: Final = {"collision", "comprehensive"}
_PREFIX: Final[dict[PolicyKind, str]] = {
    "auto": "AU", "home": "HO", "life": "LI", "renters": "RE", "umbrella": "UM",
}  # fmt: skip

Row: TypeAlias = dict[str, Any]
"""A record before its model checks it: a persona is checked whole, in one pass."""


def present(people: People, cover: Cover, row: int, _as_of: date) -> InsurancePersona:
    """Return the session persona of the customer at ``row``; records know their date."""
    held = _policies(cover, row)
    claims = _claims(cover, row)
    payments = _due(cover.payments, row)
    premium = sum([policy["premium"] for policy in held])
    known: Row = dict(
        person_facts(people, row),
        member_since=str(min([policy["held_since"] for policy in held]).year),
        insurer=cover.insurer[row],
        agent=cover.agent[row],
        active_policies=held,
        policy_count=len(held),
        total_coverage=sum([policy["coverage"] for policy in held]),
        monthly_premium=premium,
        annual_premium=premium * 12,
        next_premium_due=date.fromordinal(int(cover.next_due[row])),
        next_renewal_date=min([policy["renewal_date"] for policy in held]),
        past_due_amount=sum([amount for _, paid_on, amount in payments if not paid_on]),
        recent_payments=[_payment(*paid) for paid in payments[: -_RECENT_PAYMENTS - 1 : -1]],
        claims_history=claims,
        pending_claims=sum([claim["status"] == "pending" for claim in claims]),
        claims_paid_total=sum([claim["paid_amount"] for claim in claims]),
        risk_score=RISK_SCORES[cover.risk[row]],
        dependants=int(cover.dependants[row]),
    )
    return InsurancePersona.of(known)


def policy_number(kind: int, number: int) -> str:
    """Return the number that stands on a policy."""
    return f"{_PREFIX[POLICY_KINDS[kind]]}-{number:012d}"


def claim_number(number: int) -> str:
    """Return the number that stands on a claim."""
    return f"CL-{number:012d}"


def _policies(cover: Cover, row: int) -> list[Row]:
    held = cover.policies
    begin, end = held.offsets[row : row + 2].tolist()
    columns = (
        held.kind, held.number, held.coverage, cover.premium[:, 0], held.deductible,
        held.term_start, held.renewal, held.start, held.vehicles, held.collision,
        held.comprehensive,
    )  # fmt: skip
    rows = zip(*[column[begin:end].tolist() for column in columns], strict=True)
    return [_policy(*values) for values in rows]


def _policy(  # noqa: PLR0913, PLR0917 - one column each
    kind: int,
    number: int,
    coverage: int,
    premium: int,
    deductible: int,
    term_start: int,
    renewal: int,
    start: int,
    vehicles: int,
    collision: bool,  # noqa: FBT001 - a column
    comprehensive: bool,  # noqa: FBT001 - a column
) -> Row:
    return {
        "type": POLICY_KINDS[kind],
        "policy_number": policy_number(kind, number),
        "coverage": coverage,
        "premium": premium,
        "deductible": deductible,
        "term_start": date.fromordinal(term_start),
        "renewal_date": date.fromordinal(renewal),
        "held_since": date.fromordinal(start),
        "covers": _covers(POLICY_KINDS[kind], collision=collision, comprehensive=comprehensive),
        "vehicles": vehicles or None,
    }


@cache
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


def _claims(cover: Cover, row: int) -> list[Row]:
    begin, end = cover.claims.offsets[row : row + 2].tolist()
    return [_claim(cover.claims, cover.policies, at) for at in reversed(range(begin, end))]


def _claim(claims: Claims, policies: Policies, at: int) -> Row:
    policy = int(claims.policy[at])
    kind = int(policies.kind[policy])
    status = int(claims.status[at])
    return {
        "claim_id": claim_number(int(claims.number[at])),
        "date": date.fromordinal(int(claims.date[at])),
        "type": catalogue().causes[claims.cause[at]].type,
        "amount": int(claims.amount[at]),
        "status": CLAIM_STATUSES[status],
        "policy_type": POLICY_KINDS[kind],
        "policy_number": policy_number(kind, int(policies.number[policy])),
        "paid_amount": int(claims.paid[at]),
        "decided_on": None if status == PENDING else date.fromordinal(int(claims.decided[at])),
    }


def _due(payments: PremiumPayments, row: int) -> list[tuple[int, int, int]]:
    """Return when each premium fell due and was paid, and its cents, oldest first."""
    begin, end = payments.offsets[row : row + 2].tolist()
    columns = (payments.due, payments.paid_on, payments.amount)
    return list(zip(*[column[begin:end].tolist() for column in columns], strict=True))


def _payment(due: int, paid_on: int, amount: int) -> Row:
    return {
        "due_date": date.fromordinal(due),
        "paid_on": date.fromordinal(paid_on) if paid_on else None,
        "amount": amount,
        "status": "due" if not paid_on else "paid" if paid_on == due else "late",
    }
