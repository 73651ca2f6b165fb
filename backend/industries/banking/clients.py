"""What is settled of customers before any day of theirs is told: who they are and what they hold.

Every part is a function of the customers' keys alone, so that no date changes it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts
from backend.domain.person import People


@dataclass(frozen=True, slots=True)
class Work:
    """How *n* customers are paid: a pattern (``pay``), cents a year after tax, who pays.

    ``phase`` in [0, 1) sets the pay days within the pattern.
    """

    pattern: NDArray[np.int64]
    net_year: NDArray[np.int64]
    payer: NDArray[np.int64]
    phase: NDArray[np.float64]

    def net_month(self) -> NDArray[np.int64]:
        """Return cents a month after tax."""
        return self.net_year // 12


@dataclass(frozen=True, slots=True)
class Clients:
    """*n* customers of the bank."""

    people: People
    work: Work
    accounts: Accounts

    def __len__(self) -> int:
        return len(self.people)

    def has_card(self) -> NDArray[np.bool_]:
        """Return who has a card, ``(n,)``."""
        return self.accounts.card_limit[:, 0] > 0
