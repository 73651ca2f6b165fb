"""What a bank would see of a patient's care: own shares of visits and of pharmacy fills.

Plan premiums are kept back from pay before it reaches the bank, so none is here.
"""

from datetime import date
from typing import Final

import numpy as np

from backend.domain.care import Care
from backend.domain.ledger import CHECKING, Flows
from backend.domain.person import People
from backend.industries.healthcare.catalogue import PRIMARY_CARE, SETTINGS, catalogue
from backend.industries.healthcare.generate import generate
from backend.industries.segments import owners_of
from backend.seeds import SeededFaker

_VISIT, _PRIMARY, _PHARMACY = range(3)
_EMERGENCY: Final = SETTINGS.index("emergency")
_BILL_DAYS: Final = 21


def flows(people: People, first: int, last: int, faker: SeededFaker) -> Flows:
    """Return the movements of the days from ``first`` to ``last``, as ordinals, both included."""
    # records tell of the days before their date
    return flows_of(generate(people, date.fromordinal(last + 1), faker), first, last)


def flows_of(care: Care, first: int, last: int) -> Flows:
    """Return what ``flows`` does, of records that reach up to ``last``.

    Own shares are paid at the desk on the day, those of emergencies and hospital stays 21 days
    later, when the bill has come. Amounts go back as far as ``Care`` tells visits and fills.
    """
    table = catalogue()
    visits, fills = care.visits, care.fills
    specialty = table.occasion_arrays.specialty[visits.occasion]
    billed = table.occasion_arrays.setting[visits.occasion] >= _EMERGENCY
    primary = specialty == table.specialties.index(PRIMARY_CARE)
    row = np.concatenate([owners_of(visits.offsets), owners_of(fills.offsets)])
    day = np.concatenate([visits.date + np.where(billed, _BILL_DAYS, 0), fills.date])
    cents = -np.concatenate([visits.own_share, fills.own_share])
    at_pharmacy = np.full(len(fills.date), _PHARMACY)
    purpose = np.concatenate([np.where(primary, _PRIMARY, _VISIT), at_pharmacy])
    # -1 stands for the pharmacy
    place = np.concatenate([specialty, np.full(len(fills.date), -1)])
    kept = np.flatnonzero((day >= first) & (day <= last) & (cents < 0))
    names = [
        care.pharmacy[at] if code < 0 else care.clinic[at][code]
        for at, code in zip(row[kept].tolist(), place[kept].tolist(), strict=True)
    ]
    # by name: a ledger sorts by these numbers, and no other customer may have a say in its order
    merchants = {name: code for code, name in enumerate(sorted(set(names)))}
    return Flows(
        row=row[kept],
        day=day[kept],
        cents=cents[kept],
        purpose=purpose[kept],
        merchant=np.array([merchants[name] for name in names], dtype=np.int64),
        account=np.full(len(kept), CHECKING),
        settles=day[kept],
        purposes=table.purposes,
        merchants=tuple(merchants),
    )
