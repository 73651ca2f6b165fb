"""Who pays a claim: copay or deductible, then coinsurance, up to the year's maximum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.industries.healthcare.catalogue import AFTER_DEDUCTIBLE


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan asks for each claim; cents, and whole per cent of coinsurance."""

    copay: NDArray[np.int64]
    deductible: NDArray[np.int64]
    coinsurance: NDArray[np.int64]
    maximum: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shares:
    """The patient's part of each claim, and how much of that went to the deductible; cents."""

    own: NDArray[np.int64]
    to_deductible: NDArray[np.int64]


def share(allowed: NDArray[np.int64], account: NDArray[np.int64], terms: Terms) -> Shares:
    """Return who pays what of claims in the order in which they came.

    A claim with a copay costs the patient the copay, or its whole amount if that is less. One
    without goes to the deductible until that is met; of the rest the patient pays coinsurance,
    rounded to the cent. Once an account's payments reach the maximum the plan pays all.

    Args:
        allowed: the claims' amounts in cents, ``(m,)``.
        account: which patient and plan year each belongs to; equal numbers stand together.
        terms: the plan's terms for each claim.
    """
    starts = np.ones(len(account), dtype=np.bool_)
    starts[1:] = account[1:] != account[:-1]
    begins = starts.nonzero()[0]
    subject = terms.copay == AFTER_DEDUCTIBLE
    applied = np.where(subject, allowed, 0)
    deducted = _up_to(applied, terms.deductible, begins)
    coinsurance = ((applied - deducted) * terms.coinsurance + 50) // 100
    asked = np.where(subject, deducted + coinsurance, np.minimum(terms.copay, allowed))
    own = _up_to(asked, terms.maximum, begins)
    return Shares(own, np.minimum(deducted, own))


def _up_to(
    amounts: NDArray[np.int64], limit: NDArray[np.int64], begins: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return ``amounts``, cut where their running sum within an account passes ``limit``."""
    running = amounts.cumsum()
    lengths = np.append(begins[1:], len(amounts)) - begins
    before = (running[begins] - amounts[begins]).repeat(lengths)
    after = np.minimum(running - before, limit)
    return np.asarray(after - np.minimum(running - before - amounts, limit))
