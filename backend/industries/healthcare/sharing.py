"""Who pays a claim: copay or deductible, then coinsurance, up to the year's maximum."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.industries.healthcare.catalogue import AFTER_DEDUCTIBLE

_SUBJECT: Final = np.array(AFTER_DEDUCTIBLE)
_NOTHING, _HALF, _WHOLE = np.array(0), np.array(50), np.array(100)


class Terms(NamedTuple):
    """What a plan asks for each claim; cents, and whole per cent of coinsurance."""

    copay: NDArray[np.int64]
    deductible: NDArray[np.int64]
    coinsurance: NDArray[np.int64]
    maximum: NDArray[np.int64]


class Shares(NamedTuple):
    """The patient's part of each claim, and how much of that went to the deductible; cents."""

    own: NDArray[np.int64]
    to_deductible: NDArray[np.int64]


def share(allowed: NDArray[np.int64], accounts: NDArray[np.int64], terms: Terms) -> Shares:
    """Return who pays what of claims in the order in which they came.

    A claim with a copay costs the patient the copay, or its whole amount if that is less. One
    without goes to the deductible until that is met; of the rest the patient pays coinsurance,
    rounded to the cent. Once an account's payments reach the maximum the plan pays all.

    Args:
        allowed: the claims' amounts in cents, ``(m,)``.
        accounts: offsets of the claims of each patient and plan year.
        terms: the plan's terms for each claim.
    """
    begins, lengths = accounts[:-1], accounts[1:] - accounts[:-1]
    subject = terms.copay == _SUBJECT
    applied = allowed * subject
    deducted = _up_to(applied, terms.deductible, begins, lengths)
    coinsurance = ((applied - deducted) * terms.coinsurance + _HALF) // _WHOLE
    copay = np.maximum(np.minimum(terms.copay, allowed), _NOTHING)
    own = _up_to(deducted + coinsurance + copay, terms.maximum, begins, lengths)
    return Shares(own, np.minimum(deducted, own))


def by_account(amounts: NDArray[np.int64], accounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what claims of each account come to."""
    upto = _running(amounts)[accounts]
    return upto[1:] - upto[:-1]


def _running(amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    # from 0 on, so that an offset points to the sum of all before it
    running = np.zeros(len(amounts) + 1, dtype=np.int64)
    np.add.accumulate(amounts, out=running[1:])
    return running


def _up_to(
    amounts: NDArray[np.int64],
    limit: NDArray[np.int64],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return ``amounts``, cut where their running sum within an account passes ``limit``."""
    running = _running(amounts)
    before = running[begins].repeat(lengths)
    after = np.minimum(running[1:] - before, limit)
    return np.asarray(after - np.minimum(running[:-1] - before, limit))
