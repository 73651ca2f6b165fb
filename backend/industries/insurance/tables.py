"""The whole records as tables to export, in ACORD's words.

``policies`` holds a row a policy in force with its present one-year term, ``coverages`` what it
consists of, ``claims`` the losses of five years that were reported, ``premiums`` each policy's
instalments: those that fell due in the last year, and those to come within the present term. Ids
are made of the customer's key and of what the record is, never of the date it is looked at.
"""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import CLAIM_STATUSES, POLICY_KINDS, RISK_SCORES, Cover, Policies
from backend.domain.person import People
from backend.domain.table import Field, Table
from backend.industries.almanac import month_of, month_starts, months_of
from backend.industries.insurance.cars import model_years, types_of
from backend.industries.insurance.catalogue import catalogue
from backend.industries.insurance.claims import APPROVED, PENDING
from backend.industries.insurance.draws import draw
from backend.industries.insurance.flows import PAYMENT_DAYS
from backend.industries.insurance.payments import HISTORY_DAYS, instalments
from backend.industries.insurance.policies import AUTO, HOME, LIFE, RENTERS, UMBRELLA
from backend.industries.insurance.present import claim_number, policy_number
from backend.industries.insurance.rates import rates
from backend.industries.naming import key_names
from backend.industries.segments import owners_of
from backend.seeds import Sheet, uniforms

_LINES: Final = ("AUTOP", "HOME", "LIFE", "HOME", "UMBRP")
_FORMS: Final = ("personal auto", "HO-3", "level premium life", "HO-4", "personal umbrella")
_BUILT: Final[Sheet] = (("insurance/built", 1),)
_OLDEST_HOUSE, _LATEST_HOUSE = 1930, 2018
_STATUSES: Final = ("paid", "late", "due", "scheduled")
_PAID, _LATE, _DUE, _SCHEDULED = range(len(_STATUSES))
_MONTHS_BACK, _MONTHS_AHEAD = 13, 13


def tables(people: People, cover: Cover, as_of: date) -> tuple[Table, ...]:
    """Return ``policies``, ``coverages``, ``claims`` and ``premiums`` as on ``as_of``."""
    ids = _policy_ids(people, cover.policies)
    return (
        _policies(people, cover, ids),
        _coverages(cover, ids),
        _claims(people, cover, ids, as_of),
        _premiums(cover, ids, as_of),
    )


def _policy_ids(people: People, held: Policies) -> list[str]:
    keys = key_names(people.keys)
    owners = owners_of(held.offsets).tolist()
    prefix = [kind[:2] for kind in POLICY_KINDS]
    return [
        f"policy-{keys[owner]}-{prefix[kind]}"
        for owner, kind in zip(owners, held.kind.tolist(), strict=True)
    ]


def _named(names: tuple[str, ...], codes: NDArray[np.int64]) -> list[str]:
    return [names[code] for code in codes.tolist()]


def _policies(people: People, cover: Cover, ids: list[str]) -> Table:
    held, owner = cover.policies, owners_of(cover.policies.offsets)
    numbers = zip(held.kind.tolist(), held.number.tolist(), strict=True)
    premium = cover.premium[:, 0]
    return Table(
        "policies",
        owner,
        (
            Field("policy_id", "text", ids),
            Field("policy_number", "text", [policy_number(*each) for each in numbers]),
            Field("line_of_business", "text", _named(_LINES, held.kind)),
            Field("type", "text", _named(POLICY_KINDS, held.kind)),
            Field("form", "text", _named(_FORMS, held.kind)),
            Field("insurer", "text", [cover.insurer[at] for at in owner.tolist()]),
            Field("agent", "text", [cover.agent[at] for at in owner.tolist()]),
            Field("state", "text", [people.place[at].state for at in owner.tolist()]),
            Field("original_inception_date", "date", held.start),
            Field("effective_date", "date", held.term_start),
            Field("expiration_date", "date", held.renewal),
            Field("coverage_limit", "money", held.coverage),
            Field("deductible", "money", held.deductible),
            Field("monthly_premium", "money", premium),
            Field("term_premium", "money", premium * 12),
            Field("previous_term_premium", "money", cover.premium[:, 1] * 12),
            Field("payment_due_day", "integer", cover.due_day[owner]),
            Field("vehicles", "integer", held.vehicles, held.kind == AUTO),
            Field("has_collision", "flag", held.collision, held.kind == AUTO),
            Field("has_comprehensive", "flag", held.comprehensive, held.kind == AUTO),
            Field("insured_item", "text", _items(people, held)),
            Field("dependants", "integer", cover.dependants[owner]),
            Field("risk_score", "text", _named(RISK_SCORES, cover.risk[owner])),
        ),
    )


def _items(people: People, held: Policies) -> list[str]:
    """Return what each policy is on: cars by model year and type, a house, a life, a household."""
    (built,) = uniforms(people.keys, _BUILT)
    house = _OLDEST_HOUSE + (built[:, 0] * (_LATEST_HOUSE + 1 - _OLDEST_HOUSE)).astype(np.int64)
    owner = owners_of(held.offsets)
    types = types_of(draw(people).vehicle)
    # the policy takes note of another car at the next term
    year = months_of(held.term_start) // 12 + 1
    model = model_years(people.keys.take(owner), types[owner], year)
    names = [vehicle.type for vehicle in rates().book.vehicles]
    dwelling = {
        LIFE: "life of the insured",
        RENTERS: "contents of a rented home",
        UMBRELLA: "household",
    }
    rows = zip(
        held.kind.tolist(), held.vehicles.tolist(), owner.tolist(), model.tolist(), strict=True
    )
    listed, houses = types.tolist(), house.tolist()
    return [
        ", ".join(f"{years[at]} {names[listed[row][at]]}" for at in range(cars))
        if kind == AUTO
        else f"dwelling built in {houses[row]}"
        if kind == HOME
        else dwelling[kind]
        for kind, cars, row, years in rows
    ]


def _coverages(cover: Cover, ids: list[str]) -> Table:
    table, held = rates(), cover.policies
    count = np.diff(table.first)[held.kind]
    policy = np.arange(len(held.kind)).repeat(count)
    within = np.arange(len(policy)) - (count.cumsum() - count).repeat(count)
    which = table.first[held.kind[policy]] + within
    held_too = (which != table.collision) | held.collision[policy]
    held_too &= (which != table.comprehensive) | held.comprehensive[policy]
    policy, which = policy[held_too], which[held_too]
    limit = np.where(
        table.limit_pct[which] > 0,
        held.coverage[policy] * table.limit_pct[which] // 100,
        table.limit[which],
    )
    codes = [table.coverages[at].code for at in which.tolist()]
    return Table(
        "coverages",
        owners_of(held.offsets)[policy],
        (
            Field(
                "coverage_id",
                "text",
                [f"{ids[at]}-{code}" for at, code in zip(policy.tolist(), codes, strict=True)],
            ),
            Field("policy_id", "text", [ids[at] for at in policy.tolist()]),
            Field("coverage_code", "text", codes),
            Field("coverage", "text", [table.coverages[at].name for at in which.tolist()]),
            Field("limit", "money", limit, limit >= 0),
            Field("deductible", "money", held.deductible[policy] * table.deductible[which]),
            Field("term_premium", "money", _parts(cover.premium[:, 0] * 12, policy, which)),
        ),
    )


def _parts(
    whole: NDArray[np.int64], policy: NDArray[np.int64], which: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return each coverage's part of its policy's premium; together they are the whole."""
    weight = rates().rate[which]
    begins = np.searchsorted(policy, np.arange(len(whole)))
    upto = weight.cumsum()
    before = (upto[begins] - weight[begins])[policy]
    total = np.add.reduceat(weight, begins)[policy] if len(weight) else weight
    # rounding the running sum loses no cent
    return np.asarray(
        whole[policy] * (upto - before) // total - whole[policy] * (upto - before - weight) // total
    )


def _claims(people: People, cover: Cover, ids: list[str], as_of: date) -> Table:
    claims, owner = cover.claims, owners_of(cover.claims.offsets)
    keys, held = key_names(people.keys), cover.policies
    kind = held.kind[claims.policy]
    pending, approved = claims.status == PENDING, claims.status == APPROVED
    payment = claims.decided + PAYMENT_DAYS
    causes = catalogue().causes
    return Table(
        "claims",
        owner,
        (
            Field(
                "claim_id",
                "text",
                [
                    f"claim-{keys[at]}-{number:012d}"
                    for at, number in zip(owner.tolist(), claims.number.tolist(), strict=True)
                ],
            ),
            Field("claim_number", "text", [claim_number(n) for n in claims.number.tolist()]),
            Field("policy_id", "text", [ids[at] for at in claims.policy.tolist()]),
            Field("line_of_business", "text", _named(_LINES, kind)),
            Field("type", "text", _named(POLICY_KINDS, kind)),
            Field("cause_of_loss", "text", [causes[at].type for at in claims.cause.tolist()]),
            Field("date_of_loss", "date", claims.date),
            Field("report_date", "date", claims.reported),
            Field("term_effective_date", "date", _term_of(held, claims.policy, claims.date)),
            Field("status", "text", _named(CLAIM_STATUSES, claims.status)),
            Field("claimed_amount", "money", claims.amount),
            Field("deductible", "money", claims.excess),
            Field("paid_amount", "money", claims.paid),
            Field("reserve_amount", "money", (claims.amount - claims.excess) * pending),
            Field("decision_date", "date", claims.decided, ~pending),
            Field(
                "payment_date",
                "date",
                payment,
                approved & (claims.paid > 0) & (payment <= as_of.toordinal()),
            ),
        ),
    )


def _term_of(
    held: Policies, policy: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the first days of the terms that days lie in."""
    months = months_of(held.term_start)[policy]
    within = held.term_start[policy] - month_starts(months)
    back = months_of(day) // 12 - months // 12
    begins = month_starts(months + back * 12) + within
    return np.where(begins <= day, begins, month_starts(months + (back - 1) * 12) + within)


def _premiums(cover: Cover, ids: list[str], as_of: date) -> Table:
    held, today = cover.policies, as_of.toordinal()
    owner = owners_of(held.offsets)
    months = month_of(as_of) + np.arange(-_MONTHS_BACK, _MONTHS_AHEAD)
    due = (month_starts(months) + cover.due_day[:, None] - 1)[owner]
    told = (due >= today - HISTORY_DAYS) & (due < held.renewal[:, None])
    amount = instalments(held, cover.premium, due)[told]
    policy, due = told.nonzero()[0], due[told]
    paid_on = _paid_on(cover, owner[policy], due)
    status = np.where(paid_on == 0, _DUE, np.where(paid_on == due, _PAID, _LATE))
    status = np.where(due >= today, _SCHEDULED, status)
    days = zip(policy.tolist(), due.tolist(), strict=True)
    return Table(
        "premiums",
        owner[policy],
        (
            Field(
                "premium_id",
                "text",
                [f"{ids[at]}-{date.fromordinal(day):%Y%m%d}" for at, day in days],
            ),
            Field("policy_id", "text", [ids[at] for at in policy.tolist()]),
            Field("due_date", "date", due),
            Field("paid_date", "date", paid_on, paid_on > 0),
            Field("amount", "money", amount),
            Field("status", "text", _named(_STATUSES, status)),
        ),
    )


def _paid_on(cover: Cover, owner: NDArray[np.int64], due: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return when the customers paid what fell due on these days, 0 where they have not."""
    payments = cover.payments
    span = 1 << 21  # more than any ordinal
    known = owners_of(payments.offsets) * span + payments.due
    wanted = owner * span + due
    at = np.minimum(known.searchsorted(wanted), len(known) - 1)
    return np.asarray(np.where(known[at] == wanted, payments.paid_on[at], 0))
