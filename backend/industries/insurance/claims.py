"""Claims: keyed by absolute month, inside the policy's life, of a cause that it covers."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Claims, Policies
from backend.domain.person import People
from backend.industries.almanac import month_of, month_starts
from backend.industries.insurance.catalogue import Catalogue, catalogue
from backend.industries.insurance.policies import AUTO
from backend.industries.segments import offsets_of, owners_of
from backend.seeds import Keys, bits_each, lognormal_cents, uniform, unit

HISTORY_DAYS: Final = 1826  # five years
PENDING, APPROVED, DENIED = range(3)

_MONTHS: Final = HISTORY_DAYS // 28
_SLOTS: Final = 8  # room for kinds, so that a sixth moves no claim
_NUMBER_DIGITS: Final = np.uint64(10**12)
# half of all customers claim less than most, a tenth far more often; the mean is 0.95
_PRONE_EDGES: Final = np.array([0.5, 0.9])
_PRONE: Final = np.array([0.6, 1.0, 2.5]) / 0.95


@dataclass(frozen=True, slots=True)
class _Losses:
    """Losses as they happened: the owner's keys, the policy's row, the slot, day and cause."""

    keys: Keys
    policy: NDArray[np.int64]
    slot: NDArray[np.int64]
    day: NDArray[np.int64]
    cause: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> "_Losses":
        return _Losses(
            self.keys.take(rows), self.policy[rows], self.slot[rows], self.day[rows],
            self.cause[rows],
        )  # fmt: skip


def make_claims(people: People, policies: Policies, as_of: date) -> Claims:
    """Return the claims of the five years up to ``as_of``, that day included.

    A claim is decided 7 to 120 days after the loss, half of them within 35; until then it is
    pending.
    """
    book = catalogue()
    owner = owners_of(policies.offsets)
    losses = _losses(people, policies, owner, as_of, book)
    age = as_of.toordinal() - losses.day
    kept = (age >= 0) & (age < HISTORY_DAYS) & (losses.day >= policies.start[losses.policy])
    rows = (kept & _covered(policies, losses, book)).nonzero()[0]
    by_date = np.lexsort((losses.cause[rows], losses.day[rows], owner[losses.policy[rows]]))
    losses = losses.take(rows[by_date])
    offsets = offsets_of(owner[losses.policy], len(people))
    return _settled(losses, offsets, policies, as_of, book)


def _losses(
    people: People, policies: Policies, owner: NDArray[np.int64], as_of: date, book: Catalogue
) -> _Losses:
    months = np.arange(month_of(as_of) - _MONTHS, month_of(as_of) + 1)
    slots = months * _SLOTS + policies.kind[:, None]
    drawn = uniform(people.keys.take(owner), "insurance/loss", slots)
    prone = _PRONE_EDGES.searchsorted(uniform(people.keys, "insurance/prone"), side="right")
    exposure = np.where(policies.kind == AUTO, policies.vehicles, 1) * _PRONE[prone][owner]
    policy, column = np.nonzero(drawn < (book.kind_rate[policies.kind] * exposure)[:, None])
    keys, slot = people.keys.take(owner[policy]), slots[policy, column]
    first = month_starts(months[column])
    length = month_starts(months[column] + 1) - first
    day = first + (unit(bits_each(keys, "insurance/loss-day", slot)) * length).astype(np.int64)
    within = drawn[policy, column] / exposure[policy]
    kind = policies.kind[policy]
    passed = (book.kind == kind[:, None]) & (within[:, None] >= book.upto)
    # the division may round up to the kind's whole rate: its last cause is never passed
    passed &= book.upto < book.kind_rate[book.kind]
    cause = book.kind_first[kind] + passed.sum(axis=1)
    return _Losses(keys, policy, slot, day, cause)


def _covered(policies: Policies, losses: _Losses, book: Catalogue) -> NDArray[np.bool_]:
    collision = losses.cause == book.cause_code("auto", "collision")
    comprehensive = losses.cause == book.cause_code("auto", "comprehensive")
    uncovered = collision & ~policies.collision[losses.policy]
    uncovered |= comprehensive & ~policies.comprehensive[losses.policy]
    return np.asarray(~uncovered)


def _settled(
    losses: _Losses, offsets: NDArray[np.int64], policies: Policies, as_of: date, book: Catalogue
) -> Claims:
    keys, slot = losses.keys, losses.slot
    index = slot[:, None]
    median = book.median[losses.cause][:, None]
    above = lognormal_cents(keys, "insurance/loss-size", median, book.book.loss_sigma, index)[:, 0]
    excess = np.where(book.deductible[losses.cause], policies.deductible[losses.policy], 0)
    amount = np.minimum(above + excess, policies.coverage[losses.policy])
    settling = unit(bits_each(keys, "insurance/settling", slot))
    decided = losses.day + 7 + (settling * settling * 114).astype(np.int64)
    denied = unit(bits_each(keys, "insurance/denied", slot)) < book.book.denied_share
    decision = np.where(denied, DENIED, APPROVED)
    status = np.where(decided > as_of.toordinal(), PENDING, decision)
    number = bits_each(keys, "insurance/claim-number", slot) % _NUMBER_DIGITS
    return Claims(
        offsets=offsets,
        policy=losses.policy,
        date=losses.day,
        cause=losses.cause,
        amount=amount,
        paid=np.where(status == APPROVED, amount - excess, 0),
        decided=decided,
        status=status,
        number=number.astype(np.int64),
    )
