"""Who sees the patient, and where: stable for a patient and specialty, clinics for a town."""

from typing import Final

import numpy as np

from backend.domain.care import Appointments, Prescriptions, Visits
from backend.domain.person import People
from backend.industries.healthcare.catalogue import PRIMARY_CARE, catalogue
from backend.industries.segments import owners_of
from backend.seeds import SeededFaker, bits, customer_keys

_TOWN_SCOPE: Final = "care/town"


def name_providers(
    people: People,
    faker: SeededFaker,
    visits: Visits,
    ahead: Appointments,
    prescriptions: Prescriptions,
) -> tuple[dict[int, str], ...]:
    """Return each patient's doctors by specialty, as far as the records speak of them."""
    table = catalogue()
    primary = table.specialties.index(PRIMARY_CARE)
    of_occasion = table.occasion_arrays.specialty
    # the review of condition c is occasion 1 + c
    spoken_of = [
        (visits.offsets, of_occasion[visits.occasion]),
        (ahead.offsets, of_occasion[ahead.occasion]),
        (prescriptions.offsets, of_occasion[1 + prescriptions.condition]),
    ]
    pairs = np.concatenate([owners_of(o) * len(table.specialties) + s for o, s in spoken_of])
    named: tuple[dict[int, str], ...] = tuple(
        {primary: _doctor(people, faker, row, primary)} for row in range(len(people))
    )
    for pair in np.unique(pairs).tolist():
        row, specialty = divmod(pair, len(table.specialties))
        if specialty != primary:
            named[row][specialty] = _doctor(people, faker, row, specialty)
    return named


def name_places(people: People) -> tuple[tuple[dict[int, str], ...], tuple[str, ...]]:
    """Return each patient's clinics by specialty, and the pharmacy: those of the town."""
    clinics = catalogue().clinics
    kinds = tuple(dict.fromkeys(clinics.kinds.values()))
    towns = customer_keys([place.zip_code for place in people.place], _TOWN_SCOPE)
    words = bits(towns, "care/clinic", np.arange(len(kinds) + 1))
    names = (words[:, 1:] % np.uint64(len(clinics.names))).tolist()
    pharmacies = (words[:, 0] % np.uint64(len(clinics.pharmacies))).tolist()
    located = tuple(
        {
            code: f"{clinics.names[name[kinds.index(kind)]]} {kind}, {place.city}"
            for code, kind in enumerate(clinics.kinds.values())
        }
        for name, place in zip(names, people.place, strict=True)
    )
    return located, tuple(clinics.pharmacies[at] for at in pharmacies)


def _doctor(people: People, faker: SeededFaker, row: int, specialty: int) -> str:
    label = f"care/provider/{catalogue().specialties[specialty]}"
    given = faker.field(people.keys, row, f"{label}/given-name").first_name()
    family = faker.field(people.keys, row, f"{label}/family-name").last_name()
    return f"Dr. {given} {family}"
