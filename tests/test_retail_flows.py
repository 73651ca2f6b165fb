from datetime import date
from typing import Final

import numpy as np

from backend.domain.ledger import CARD, CHECKING, Flows
from backend.domain.orders import Shopping
from backend.industries.retail import MODE
from backend.industries.retail.flows import flows, flows_of
from tests.cohort_kit import FAKER, IDS, ONE_DAY, cohort, people_of

AS_OF: Final = date(2026, 7, 15)
LAST: Final = AS_OF.toordinal()
COUNT: Final = 200


def records(as_of: date = AS_OF) -> Shopping:
    made = cohort(MODE, IDS[:COUNT], as_of).records
    assert isinstance(made, Shopping)
    return made


def rows(found: Flows) -> list[tuple[int, ...]]:
    names = ("row", "day", "cents", "purpose", "account")
    return sorted(zip(*(getattr(found, name).tolist() for name in names), strict=True))


def test_every_order_leaves_on_its_day_and_every_refund_comes_back() -> None:
    made = records()
    posted = flows_of(made, made.first, LAST)
    out, back = posted.cents < 0, posted.cents > 0
    assert sorted((-posted.cents[out]).tolist()) == sorted(made.orders.total.tolist())
    refunds = made.orders.refund[made.orders.refund > 0]
    assert sorted(posted.cents[back].tolist()) == sorted(refunds.tolist())
    assert set(posted.account.tolist()) == {CARD, CHECKING}
    assert posted.merchants == ("Brindlemoor",)
    assert all(p.category.startswith("GENERAL_MERCHANDISE_") for p in posted.purposes)


def test_flows_of_a_span_are_those_of_the_records() -> None:
    made = records()
    alone = flows(people_of(IDS[:COUNT]), LAST - 100, LAST, FAKER)
    assert rows(alone) == rows(flows_of(made, LAST - 100, LAST))


def test_a_window_only_drops_days() -> None:
    made = records()
    wide, narrow = (flows_of(made, LAST - back, LAST - 10) for back in (200, 60))
    assert [row for row in rows(wide) if row[1] >= LAST - 60] == rows(narrow)
    assert narrow.day.max() <= LAST - 10


def test_a_day_later_no_earlier_movement_has_changed() -> None:
    before, after = (
        flows_of(records(as_of), LAST - 200, LAST) for as_of in (AS_OF, AS_OF + ONE_DAY)
    )
    assert rows(before) == rows(after)


def test_a_refund_follows_its_purchase() -> None:
    made = records()
    orders = made.orders
    back = orders.returned_on > 0
    assert (orders.returned_on[back] > orders.day[back]).all()
    assert (orders.refund[back] <= orders.total[back]).all()
    assert np.all(orders.refund[~back] == 0)
