"""The risk score: one rule over claims and age.

A point for each claim of the last three years that was not denied; a point for a car policy
of somebody under 26 or of 80 and above. No point is low, one or two are medium, more are high.
The rule is this project's own, in the manner of insurers' surcharge schedules.
"""

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Claims, Policies
from backend.domain.person import People
from backend.industries.insurance.claims import DENIED
from backend.industries.insurance.policies import AUTO
from backend.industries.segments import sums

_CLAIM_DAYS: Final = 1096
_YOUNG_DAYS: Final = 9497  # 26 years
_OLD_DAYS: Final = 29220  # 80 years
_MEDIUM_FROM, _HIGH_FROM = 1, 3


def risk_scores(
    people: People, policies: Policies, claims: Claims, as_of: date
) -> NDArray[np.int64]:
    """Return positions in ``RISK_SCORES``."""
    today = as_of.toordinal()
    counted = (claims.date > today - _CLAIM_DAYS) & (claims.status != DENIED)
    lived = today - people.birth
    # an auto policy is a customer's first
    drives = policies.kind[policies.offsets[:-1]] == AUTO
    points = sums(counted, claims.offsets) + (
        drives & ((lived < _YOUNG_DAYS) | (lived >= _OLD_DAYS))
    )
    return np.asarray((points >= _MEDIUM_FROM).astype(np.int64) + (points >= _HIGH_FROM))
