from datetime import date
from typing import Final

import numpy as np

from backend.domain.cover import Cover
from backend.industries.insurance import MODE
from backend.industries.insurance.flows import flows_of
from tests.cohort_kit import IDS, ONE_DAY, cohort, document, in_cents

AS_OF: Final = date(2026, 7, 15)
LAST: Final = AS_OF.toordinal()


def records(as_of: date = AS_OF) -> Cover:
    made = cohort(MODE, IDS[:300], as_of).records
    assert isinstance(made, Cover)
    return made


def test_premiums_leave_when_and_as_they_were_paid() -> None:
    customers = cohort(MODE, IDS[:300], AS_OF)
    posted = flows_of(customers.records, LAST - 100, LAST)
    for row in range(300):
        mine = (posted.row == row) & (posted.cents < 0)
        seen = set(zip(posted.day[mine].tolist(), (-posted.cents[mine]).tolist(), strict=True))
        shown = {
            (date.fromisoformat(p["paid_on"]).toordinal(), in_cents(p["amount"]))
            for p in document(customers, row)["recent_payments"]
            if p["paid_on"]
        }
        assert seen <= shown
        assert len(seen) >= 1


def test_what_claims_brought_comes_in_from_the_insurer() -> None:
    cover = records()
    posted = flows_of(cover, LAST - 365, LAST)
    arrived = posted.cents > 0
    assert arrived.any()
    assert set(posted.cents[arrived].tolist()) <= set(cover.claims.paid.tolist())
    names = [posted.merchants[at] for at in posted.merchant.tolist()]
    assert names == [cover.insurer[row] for row in posted.row.tolist()]


def test_a_window_only_drops_days() -> None:
    cover = records()
    wide, narrow = (flows_of(cover, LAST - back, LAST - 10) for back in (200, 60))
    kept = wide.day >= LAST - 60
    assert narrow.day.tolist() == wide.day[kept].tolist()
    assert narrow.cents.tolist() == wide.cents[kept].tolist()
    assert narrow.day.max() <= LAST - 10


def test_a_day_later_no_earlier_movement_has_changed() -> None:
    before, after = (
        flows_of(records(as_of), LAST - 200, LAST - 1) for as_of in (AS_OF, AS_OF + ONE_DAY)
    )
    columns = [np.lexsort((f.cents, f.day, f.row)) for f in (before, after)]
    for name in ("row", "day", "cents"):
        first, second = (getattr(f, name)[c] for f, c in zip((before, after), columns, strict=True))
        assert first.tolist() == second.tolist()
