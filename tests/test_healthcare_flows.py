from datetime import date
from typing import Final

import numpy as np

from backend.domain.care import Care
from backend.industries.healthcare import MODE
from backend.industries.healthcare.flows import flows_of
from tests.cohort_kit import IDS, ONE_DAY, cohort, document, in_cents

AS_OF: Final = date(2026, 7, 15)
LAST: Final = AS_OF.toordinal() - 1


def records(as_of: date = AS_OF) -> Care:
    made = cohort(MODE, IDS[:300], as_of).records
    assert isinstance(made, Care)
    return made


def test_a_copay_is_paid_at_the_clinic_on_the_day_of_the_visit() -> None:
    customers = cohort(MODE, IDS[:300], AS_OF)
    posted = flows_of(customers.records, LAST - 30, LAST)
    seen = {
        (row, day, -cents, posted.merchants[merchant])
        for row, day, cents, merchant in zip(
            posted.row.tolist(), posted.day.tolist(), posted.cents.tolist(),
            posted.merchant.tolist(), strict=True,
        )
    }  # fmt: skip
    expected = {
        (row, date.fromisoformat(v["date"]).toordinal(), in_cents(v["your_cost"]), v["location"])
        for row in range(300)
        for v in document(customers, row)["recent_visits"]
        if v["your_cost"] > 0
        and v["specialty"] not in {"Emergency medicine", "Hospital medicine"}
        and date.fromisoformat(v["date"]).toordinal() >= LAST - 30
    }
    assert len(expected) > 20
    assert expected <= seen


def test_only_money_that_was_paid_leaves_and_nothing_comes_in() -> None:
    posted = flows_of(records(), LAST - 365, LAST)
    assert len(posted.cents) > 300
    assert (posted.cents < 0).all()


def test_the_year_s_flows_are_what_the_patients_spent_but_for_bills_to_come() -> None:
    care = records()
    posted = flows_of(care, date(2026, 1, 1).toordinal(), LAST + 30)
    paid = -np.bincount(posted.row, posted.cents, minlength=300).astype(np.int64)
    # bills of last December's emergencies fall into this year
    assert (paid >= care.this_year.out_of_pocket_spent).all()
    assert (paid == care.this_year.out_of_pocket_spent).mean() > 0.9


def test_a_window_only_drops_days() -> None:
    care = records()
    wide, narrow = (flows_of(care, LAST - back, LAST - 10) for back in (200, 60))
    kept = wide.day >= LAST - 60
    assert narrow.day.tolist() == wide.day[kept].tolist()
    assert narrow.cents.tolist() == wide.cents[kept].tolist()


def test_a_day_later_no_earlier_movement_has_changed() -> None:
    before, after = (
        flows_of(records(as_of), LAST - 200, LAST) for as_of in (AS_OF, AS_OF + ONE_DAY)
    )
    moved = [
        sorted(zip(f.row.tolist(), f.day.tolist(), f.cents.tolist(), strict=True))
        for f in (before, after)
    ]
    assert moved[0] == moved[1]


def test_places_are_numbered_by_name_so_that_no_other_patient_has_a_say_in_their_order() -> None:
    told = flows_of(records(), LAST - 200, LAST)
    assert list(told.merchants) == sorted(set(told.merchants))
