"""The risk score: one rule over claims and age.

A point for each claim of the last three years that was not denied; a point for a car policy
of somebody under 26 or of 80 and above. No point is low, one or two are medium, more are high.
The rule is this project's own, in the manner of insurers' surcharge schedules.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.cover import Claims, Policies
from backend.domain.person import People
from backend.industries.insurance.claims import DENIED
from backend.industries.insurance.period import Period
from backend.industries.insurance.policies import AUTO
from backend.industries.segments import owners_of

_CLAIM_DAYS: Final = np.array(1096)
_YOUNG_DAYS: Final = np.array(9497)  # 26 years
_OLD_DAYS: Final = np.array(29220)  # 80 years
_SCORE_FROM: Final = np.array([1, 3])  # medium, high
_DENIED, _AUTO = np.array(DENIED), np.array(AUTO)


def risk_scores(
    people: People, policies: Policies, claims: Claims, told: Period
) -> NDArray[np.int64]:
    """Return positions in ``RISK_SCORES``."""
    counted = (claims.date > told.today - _CLAIM_DAYS) & (claims.status != _DENIED)
    made = np.bincount(owners_of(claims.offsets)[counted], minlength=len(people))
    lived = told.today - people.birth
    # an auto policy is a customer's first
    drives = policies.kind[policies.offsets[:-1]] == _AUTO
    points = made + (drives & ((lived < _YOUNG_DAYS) | (lived >= _OLD_DAYS)))
    return np.asarray(_SCORE_FROM.searchsorted(points, side="right"))
