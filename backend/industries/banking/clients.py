"""What is settled of customers before any day of theirs is told: who they are and how they live."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People
from backend.industries.banking.draws import Draws
from backend.industries.banking.traits import Traits


class Work(NamedTuple):
    """How *n* customers are paid: cents a year after tax, who pays, and on which calendar.

    ``net_month`` is a twelfth of the year's, rounded down; ``calendar`` a position among the
    calendars of ``timeline``.
    """

    net_year: NDArray[np.int64]
    net_month: NDArray[np.int64]
    payer: NDArray[np.int64]
    calendar: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clients:
    """*n* customers of the bank.

    ``alone`` says that no other mode's records stand beside the bank's, which then tells itself
    of insurance and care.
    """

    people: People
    draws: Draws
    traits: Traits
    work: Work
    alone: bool

    def __len__(self) -> int:
        return len(self.people.birth)
