"""The whole records as tables to export, in FHIR's words.

``plans`` holds a row a patient with the plan year of the date, ``conditions``, ``visits``,
``prescriptions``, ``fills`` and ``appointments`` what they say, ``medical_claims`` a row for each
visit and each fill. Visits and fills go three years back. Ids are made of the patient's key and
of the record's own token or day, never of the date it is looked at.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.care import Care
from backend.domain.person import People
from backend.domain.table import Field, Table
from backend.industries.almanac import months_of
from backend.industries.healthcare.catalogue import (
    AFTER_DEDUCTIBLE,
    PRIMARY_CARE,
    SETTINGS,
    catalogue,
)
from backend.industries.healthcare.present import member_id, time_of
from backend.industries.healthcare.sheets import Setting
from backend.industries.naming import key_names
from backend.industries.segments import owners_of

_PHARMACY: Final = SETTINGS.index("pharmacy")
_COPAYS: Final[tuple[Setting, ...]] = (
    "primary", "specialist", "urgent", "emergency", "hospital", "pharmacy",
)  # fmt: skip
_INSTITUTIONAL: Final = frozenset({"emergency", "hospital"})


def tables(people: People, care: Care, as_of: date) -> tuple[Table, ...]:
    """Return the seven tables as on ``as_of``."""
    keys = key_names(people.keys)
    visits = _visit_ids(keys, owners_of(care.visits.offsets), care.visits.token)
    prescriptions = _prescription_ids(keys, care)
    fills = _fill_ids(care, prescriptions)
    return (
        _plans(care, keys, as_of),
        _conditions(care, keys),
        _visits(care, visits),
        _medical_claims(care, visits, fills),
        _prescriptions(care, prescriptions, as_of),
        _fills(care, fills, prescriptions),
        _appointments(care, keys),
    )


def _visit_ids(keys: list[str], owner: NDArray[np.int64], token: NDArray[np.int64]) -> list[str]:
    rows = zip(owner.tolist(), token.tolist(), strict=True)
    return [f"visit-{keys[at]}-{number:x}" for at, number in rows]


def _prescription_ids(keys: list[str], care: Care) -> list[str]:
    written = care.prescriptions
    rows = zip(owners_of(written.offsets).tolist(), written.token.tolist(), strict=True)
    return [f"prescription-{keys[at]}-{token:02d}" for at, token in rows]


def _fill_ids(care: Care, prescriptions: list[str]) -> list[str]:
    rows = zip(care.fills.prescription.tolist(), care.fills.date.tolist(), strict=True)
    return [f"{prescriptions[at]}-{date.fromordinal(day):%Y%m%d}" for at, day in rows]


def _picked(names: Sequence[str], codes: NDArray[np.int64]) -> list[str]:
    return [names[code] for code in codes.tolist()]


def _plans(care: Care, keys: list[str], as_of: date) -> Table:
    table, of, year = catalogue(), care.plan, as_of.year
    plans, arrays = table.plans, table.plan_arrays
    primary = table.specialties.index(PRIMARY_CARE)
    customers = np.arange(len(keys))
    numbers = zip(of.tolist(), care.member_number.tolist(), strict=True)
    copays = [(setting, arrays.copay[of, SETTINGS.index(setting)]) for setting in _COPAYS]
    allergy = [table.allergies[at] if at >= 0 else "" for at in care.allergy.tolist()]
    return Table(
        "plans",
        customers,
        (
            Field("plan_id", "text", [f"plan-{key}" for key in keys]),
            Field("member_id", "text", [member_id(plans[at], number) for at, number in numbers]),
            Field("plan_name", "text", _picked([plan.name for plan in plans], of)),
            Field("plan_type", "text", _picked([plan.type for plan in plans], of)),
            Field("insurer", "text", _picked([plan.insurer for plan in plans], of)),
            Field("member_since", "integer", care.member_since),
            Field("period_start", "date", np.full(len(keys), date(year, 1, 1).toordinal())),
            Field("period_end", "date", np.full(len(keys), date(year, 12, 31).toordinal())),
            Field("deductible", "money", arrays.deductible[of]),
            Field("deductible_met", "money", care.this_year.deductible_met),
            Field("out_of_pocket_max", "money", arrays.maximum[of]),
            Field("out_of_pocket_spent", "money", care.this_year.out_of_pocket_spent),
            Field("coinsurance_pct", "integer", arrays.coinsurance[of]),
            *(
                Field(f"{setting}_copay", "money", copay, copay != AFTER_DEDUCTIBLE)
                for setting, copay in copays
            ),
            Field("primary_care_provider", "text", [named[primary] for named in care.provider]),
            Field("pharmacy", "text", care.pharmacy),
            Field("allergy", "text", allergy, care.allergy >= 0),
        ),
    )


def _conditions(care: Care, keys: list[str]) -> Table:
    held, owner = care.conditions, owners_of(care.conditions.offsets)
    rows = zip(owner.tolist(), held.code.tolist(), strict=True)
    names = [condition.name for condition in catalogue().conditions]
    return Table(
        "conditions",
        owner,
        (
            Field("condition_id", "text", [f"condition-{keys[a]}-{code:02d}" for a, code in rows]),
            Field("condition", "text", _picked(names, held.code)),
            Field("clinical_status", "text", _picked(("resolved", "active"), held.active + 0)),
            Field("onset_date", "date", held.onset),
            Field("abatement_date", "date", held.ends, ~held.active),
        ),
    )


def _met(care: Care, owner: NDArray[np.int64], occasion: NDArray[np.int64]) -> tuple[Field, ...]:
    """Return who was or will be seen, where and why."""
    table = catalogue()
    specialty = table.occasion_arrays.specialty[occasion]
    rows = list(zip(owner.tolist(), specialty.tolist(), strict=True))
    setting = table.occasion_arrays.setting[occasion]
    return (
        Field("class", "text", _picked(SETTINGS, setting)),
        Field("reason", "text", _picked([each.reason for each in table.occasions], occasion)),
        Field("specialty", "text", _picked(table.specialties, specialty)),
        Field("provider", "text", [care.provider[at][code] for at, code in rows]),
        Field("location", "text", [care.clinic[at][code] for at, code in rows]),
    )


def _visits(care: Care, ids: list[str]) -> Table:
    visits, owner = care.visits, owners_of(care.visits.offsets)
    return Table(
        "visits",
        owner,
        (
            Field("visit_id", "text", ids),
            Field("visit_date", "date", visits.date),
            *_met(care, owner, visits.occasion),
        ),
    )


def _medical_claims(care: Care, visit_ids: list[str], fill_ids: list[str]) -> Table:
    table, visits, fills = catalogue(), care.visits, care.fills
    owner = np.concatenate([owners_of(visits.offsets), owners_of(fills.offsets)])
    day = np.concatenate([visits.date, fills.date])
    # on one day visits come before the pharmacy, as they were adjudicated: the order is stable
    order = np.lexsort((day, owner))
    visited = table.occasion_arrays.setting[visits.occasion]
    setting = np.concatenate([visited, np.full(len(fills.date), _PHARMACY)])[order]
    kinds = [
        "institutional" if name in _INSTITUTIONAL else "pharmacy" if at == _PHARMACY
        else "professional"
        for at, name in enumerate(SETTINGS)
    ]  # fmt: skip
    allowed = np.concatenate([visits.allowed, fills.allowed])[order]
    own = np.concatenate([visits.own_share, fills.own_share])[order]
    deducted = np.concatenate([visits.to_deductible, fills.to_deductible])[order]
    owner, day, sources = owner[order], day[order], [*visit_ids, *fill_ids]
    copay = own * (table.plan_arrays.copay[care.plan[owner], setting] != AFTER_DEDUCTIBLE)
    source, filled = [sources[at] for at in order.tolist()], setting == _PHARMACY
    return Table(
        "medical_claims",
        owner,
        (
            Field("claim_id", "text", [f"claim-{name}" for name in source]),
            Field("claim_type", "text", _picked(kinds, setting)),
            Field("class", "text", _picked(SETTINGS, setting)),
            Field("visit_id", "text", source, ~filled),
            Field("fill_id", "text", source, filled),
            Field("service_date", "date", day),
            Field("plan_year", "integer", months_of(day) // 12 + 1),
            Field("allowed_amount", "money", allowed),
            Field("plan_paid", "money", allowed - own),
            Field("patient_responsibility", "money", own),
            Field("deductible", "money", deducted),
            Field("copay", "money", copay),
            Field("coinsurance", "money", own - copay - deducted),
        ),
    )


def _prescriptions(care: Care, ids: list[str], as_of: date) -> Table:
    table, written = catalogue(), care.prescriptions
    told = (written.last_fill > 0).nonzero()[0]
    owner = owners_of(written.offsets)[told]
    medication, condition = written.medication[told], written.condition[told]
    active, coming = written.active[told], written.next_refill[told]
    drugs = [table.medications[at] for at in medication.tolist()]
    specialty = table.occasion_arrays.specialty[1 + condition].tolist()
    dosages = written.dosage[told].tolist()
    status = np.where(coming < as_of.toordinal(), 1, 0)
    return Table(
        "prescriptions",
        owner,
        (
            Field("prescription_id", "text", [ids[at] for at in told.tolist()]),
            Field("medication", "text", [drug.name for drug in drugs]),
            Field(
                "dosage",
                "text",
                [drug.dosages[at] for drug, at in zip(drugs, dosages, strict=True)],
            ),
            Field("frequency", "text", [drug.frequency for drug in drugs]),
            Field("condition", "text", _picked([c.name for c in table.conditions], condition)),
            Field(
                "prescriber",
                "text",
                [
                    care.provider[at][code]
                    for at, code in zip(owner.tolist(), specialty, strict=True)
                ],
            ),
            Field("status", "text", _picked(("completed", "active"), active + 0)),
            Field("days_supply", "integer", written.days[told]),
            Field("last_fill_date", "date", written.last_fill[told]),
            Field("next_refill_date", "date", coming, active),
            Field("refills_remaining", "integer", written.refills_remaining[told]),
            Field("refill_status", "text", _picked(("on time", "overdue"), status), active),
        ),
    )


def _fills(care: Care, ids: list[str], prescriptions: list[str]) -> Table:
    fills, owner = care.fills, owners_of(care.fills.offsets)
    written = care.prescriptions
    names = [medication.name for medication in catalogue().medications]
    return Table(
        "fills",
        owner,
        (
            Field("fill_id", "text", ids),
            Field(
                "prescription_id", "text", [prescriptions[a] for a in fills.prescription.tolist()]
            ),
            Field("medication", "text", _picked(names, written.medication[fills.prescription])),
            Field("fill_date", "date", fills.date),
            Field("days_supply", "integer", written.days[fills.prescription]),
            Field("pharmacy", "text", [care.pharmacy[at] for at in owner.tolist()]),
        ),
    )


def _appointments(care: Care, keys: list[str]) -> Table:
    booked, owner = care.appointments, owners_of(care.appointments.offsets)
    return Table(
        "appointments",
        owner,
        (
            Field("appointment_id", "text", _appointment_ids(keys, owner, booked.token)),
            Field("visit_id", "text", _visit_ids(keys, owner, booked.token)),
            Field("appointment_date", "date", booked.date),
            Field("time", "text", [time_of(quarter) for quarter in booked.quarter.tolist()]),
            *_met(care, owner, booked.occasion),
        ),
    )


def _appointment_ids(
    keys: list[str], owner: NDArray[np.int64], token: NDArray[np.int64]
) -> list[str]:
    rows = zip(owner.tolist(), token.tolist(), strict=True)
    return [f"appointment-{keys[at]}-{number:x}" for at, number in rows]
