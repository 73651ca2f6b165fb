"""Who sees the patient, and where: stable for a patient and specialty, clinics for a town."""

from functools import cache
from typing import Final

import numpy as np

from backend.domain.care import Appointments, Prescriptions, Visits
from backend.domain.person import People, Place
from backend.industries.healthcare.catalogue import PRIMARY_CARE, catalogue
from backend.industries.segments import owners_of
from backend.seeds import SeededFaker, bits, customer_keys

_TOWN_SCOPE: Final = "care/town"
_REVIEW: Final = np.array(1)


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
    spoken_of = (visits, ahead, prescriptions)
    row = np.concatenate([owners_of(records.offsets) for records in spoken_of])
    # the review of condition c is occasion 1 + c
    occasion = np.concatenate([visits.occasion, ahead.occasion, prescriptions.condition + _REVIEW])
    pairs = row * len(table.specialties) + table.occasion_arrays.specialty[occasion]
    named: tuple[dict[int, str], ...] = tuple(
        [{primary: _doctor(people, faker, row, primary)} for row in range(len(people))]
    )
    for pair in set(pairs.tolist()):
        row, specialty = divmod(pair, len(table.specialties))
        if specialty != primary:
            named[row][specialty] = _doctor(people, faker, row, specialty)
    return named


def name_places(people: People) -> tuple[tuple[dict[int, str], ...], tuple[str, ...]]:
    """Return each patient's clinics by specialty, and the pharmacy: those of the town."""
    towns = [_town(place) for place in people.place]
    return tuple([clinics for clinics, _ in towns]), tuple([pharmacy for _, pharmacy in towns])


@cache
def _town(place: Place) -> tuple[dict[int, str], str]:
    clinics = catalogue().clinics
    kinds = tuple(dict.fromkeys(clinics.kinds.values()))
    town = customer_keys([place.zip_code], _TOWN_SCOPE)
    pharmacy, *names = bits(town, "care/clinic", np.arange(len(kinds) + 1))[0].tolist()
    located = {
        code: f"{clinics.names[names[kinds.index(kind)] % len(clinics.names)]} {kind}, {place.city}"
        for code, kind in enumerate(clinics.kinds.values())
    }
    return located, clinics.pharmacies[pharmacy % len(clinics.pharmacies)]


def _doctor(people: People, faker: SeededFaker, row: int, specialty: int) -> str:
    label = f"care/provider/{catalogue().specialties[specialty]}"
    name = faker.field(people.keys, row, label)
    return f"Dr. {name.first_name()} {name.last_name()}"
