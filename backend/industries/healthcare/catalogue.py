"""The mode's tables, read once: plans, conditions with their medications, occasions, clinics."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Purpose
from backend.industries.healthcare.sheets import (
    Acute,
    BankLines,
    Checkup,
    Clinics,
    Condition,
    ConditionTable,
    Medication,
    Occasions,
    Plan,
    Plans,
    Review,
    Setting,
    read_table,
)

PRIMARY_CARE: Final = "Primary care"

SETTINGS: Final[tuple[Setting, ...]] = (
    "preventive", "primary", "specialist", "urgent", "emergency", "hospital", "pharmacy",
)  # fmt: skip
_SERIOUS: Final = frozenset({"emergency", "hospital"})
THREE_MONTHS: Final = len(SETTINGS)
"""In place of a setting: the pharmacy, for three months' supply at once."""

AFTER_DEDUCTIBLE: Final = -1
"""In place of a copay: the deductible first, then coinsurance."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a patient comes: a check-up, the review of a condition, or something acute."""

    reason: str
    specialty: int
    setting: int
    median: int
    sigma: float


@dataclass(frozen=True, slots=True)
class PlanArrays:
    """Plans as arrays, in cents.

    ``copay`` is ``(plans, settings + 1)``: last comes the pharmacy's for three months' supply.
    """

    weights: tuple[float, ...]
    deductible: NDArray[np.int64]
    maximum: NDArray[np.int64]
    coinsurance: NDArray[np.int64]
    copay: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MedicationArrays:
    """All medications in one line: where each condition's begin, how many, and their supply.

    ``begins`` and ``counts`` are ``(conditions * 2,)``, of the first and of the add-on in turn;
    ``taken``, ``(conditions, 2)``, the share of patients who take the one, and of those the share
    who take the other as well.
    ``days`` is the longest supply; ``price`` is in cents for 30 days.
    """

    taken: NDArray[np.float64]
    begins: NDArray[np.int64]
    counts: NDArray[np.int64]
    days: NDArray[np.int64]
    dosages: NDArray[np.int64]
    price: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OccasionArrays:
    """Occasions as arrays: the check-up first, then a review a condition, then the acute ones.

    ``acute`` is ``(kinds, 2)``: position of the first reason and count. ``median`` is in cents;
    ``serious`` are visits to an emergency department or a hospital.
    """

    specialty: NDArray[np.int64]
    setting: NDArray[np.int64]
    serious: NDArray[np.bool_]
    median: NDArray[np.int64]
    sigma: NDArray[np.float64]
    interval: NDArray[np.int64]
    acute: NDArray[np.int64]
    acute_yearly: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables, as people wrote them and as arrays."""

    plans: tuple[Plan, ...]
    plan_arrays: PlanArrays
    conditions: tuple[Condition, ...]
    prevalence: tuple[tuple[float, float, float, float], ...]
    medications: tuple[Medication, ...]
    medication_arrays: MedicationArrays
    allergies: tuple[str, ...]
    specialties: tuple[str, ...]
    occasions: tuple[Occasion, ...]
    occasion_arrays: OccasionArrays
    clinics: Clinics
    purposes: tuple[Purpose, ...]


CHECKUP: Final = 0
"""The occasion of a check-up; the review of condition *c* is occasion ``1 + c``."""


@cache
def catalogue() -> Catalogue:
    """Return the tables.

    Raises:
        ConfigurationError: a file is not what it should be; the sentence names file and line.
    """
    plans = read_table("plans.yaml", Plans).plans
    table = read_table("conditions.yaml", ConditionTable)
    clinics = read_table("clinics.yaml", Clinics)
    specialties = tuple(clinics.kinds)
    medications = tuple(m for c in table.conditions for m in (*c.first, *c.add_on))
    lines = read_table("purposes.yaml", BankLines)
    listed = read_table("occasions.yaml", Occasions)
    occasions = _occasions(listed, table.conditions, specialties)
    return Catalogue(
        plans=plans,
        plan_arrays=_plan_arrays(plans),
        conditions=table.conditions,
        prevalence=tuple(condition.prevalence for condition in table.conditions),
        medications=medications,
        medication_arrays=_medication_arrays(table.conditions, medications),
        allergies=table.allergies,
        specialties=specialties,
        occasions=occasions,
        occasion_arrays=_occasion_arrays(occasions, table.conditions, listed.acute),
        clinics=clinics,
        purposes=tuple(
            Purpose(**line.model_dump()) for line in (lines.visit, lines.primary, lines.pharmacy)
        ),
    )


def _plan_arrays(plans: tuple[Plan, ...]) -> PlanArrays:
    def copay(plan: Plan, setting: Setting) -> int:
        if setting == "preventive":
            return 0
        dollars = plan.copays.get(setting)
        return AFTER_DEDUCTIBLE if dollars is None else dollars * 100

    def copays(plan: Plan) -> list[int]:
        each = [copay(plan, setting) for setting in SETTINGS]
        month = each[SETTINGS.index("pharmacy")]
        # three months' supply costs two and a half copays, as mail order commonly does
        return [*each, month * 5 // 2 if month > 0 else month]

    return PlanArrays(
        weights=tuple(plan.weight for plan in plans),
        deductible=np.array([plan.deductible * 100 for plan in plans]),
        maximum=np.array([plan.out_of_pocket_max * 100 for plan in plans]),
        coinsurance=np.array([plan.coinsurance_pct for plan in plans]),
        copay=np.array([copays(plan) for plan in plans]),
    )


def _medication_arrays(
    conditions: tuple[Condition, ...], medications: tuple[Medication, ...]
) -> MedicationArrays:
    counts = np.array([len(line) for c in conditions for line in (c.first, c.add_on)])
    return MedicationArrays(
        taken=np.array([[c.treated, c.add_on_share] for c in conditions]),
        begins=counts.cumsum() - counts,
        counts=counts,
        days=np.array([m.days for m in medications]),
        dosages=np.array([len(m.dosages) for m in medications]),
        price=np.array([m.price * 100 for m in medications]),
    )


def _occasions(
    listed: Occasions, conditions: tuple[Condition, ...], specialties: tuple[str, ...]
) -> tuple[Occasion, ...]:
    def occasion(reason: str, specialty: str, like: Checkup | Review | Acute) -> Occasion:
        setting = SETTINGS.index(like.setting)
        return Occasion(reason, specialties.index(specialty), setting, like.median, like.sigma)

    planned = [occasion(listed.checkup.reason, listed.checkup.specialty, listed.checkup)]
    for condition in conditions:
        primary = condition.specialty == PRIMARY_CARE
        like = listed.primary_review if primary else listed.review
        planned.append(occasion(condition.reason, condition.specialty, like))
    acute = [occasion(reason, a.specialty, a) for a in listed.acute for reason in a.reasons]
    return (*planned, *acute)


def _occasion_arrays(
    occasions: tuple[Occasion, ...], conditions: tuple[Condition, ...], acute: tuple[Acute, ...]
) -> OccasionArrays:
    counts = np.array([len(kind.reasons) for kind in acute])
    begins = 1 + len(conditions) + np.concatenate([[0], np.cumsum(counts)[:-1]])
    return OccasionArrays(
        specialty=np.array([occasion.specialty for occasion in occasions]),
        setting=np.array([occasion.setting for occasion in occasions]),
        serious=np.array([SETTINGS[occasion.setting] in _SERIOUS for occasion in occasions]),
        median=np.array([occasion.median * 100 for occasion in occasions]),
        sigma=np.array([occasion.sigma for occasion in occasions]),
        interval=np.array([365, *(condition.interval_days for condition in conditions)]),
        acute=np.stack([begins, counts], axis=1),
        acute_yearly=np.array([kind.yearly for kind in acute]),
    )
