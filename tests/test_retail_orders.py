from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.domain.orders import SEGMENTS, Shopping
from backend.industries.retail import MODE
from backend.industries.retail.catalogue import catalogue
from backend.industries.retail.orders import make_shopping
from backend.industries.retail.reading import read_hierarchy, read_personas
from backend.industries.retail.season import FIRST_DAY, LAST_DAY, day_weights, month_shares
from backend.industries.retail.shoppers import MONTH_DAYS
from backend.industries.segments import owners_of, sums
from tests.cohort_kit import ONE_DAY, cohort, people_of

AS_OF: Final = date(2026, 7, 15)
LAST: Final = AS_OF.toordinal()
MANY: Final = tuple(f"buyer-{number}" for number in range(1500))


@cache
def shopping(as_of: date = AS_OF) -> Shopping:
    made = cohort(MODE, MANY, as_of).records
    assert isinstance(made, Shopping)
    return made


def personas_of_orders(made: Shopping) -> NDArray[np.int64]:
    return made.shoppers.persona[owners_of(made.orders.offsets)]


def test_departments_classes_and_orders_sum_to_the_same() -> None:
    made = shopping()
    orders, lines = made.orders, made.lines
    assert sums(lines.amount, orders.lines).tolist() == orders.total.tolist()
    assert sums(lines.quantity, orders.lines).tolist() == orders.pieces.tolist()
    assert (lines.amount == lines.price * lines.quantity).all()
    by_class = np.bincount(lines.product, weights=lines.amount)
    by_department = np.bincount(lines.department, weights=lines.amount)
    assert by_class.sum() == by_department.sum() == orders.total.sum()
    assert (catalogue().shelves.department[lines.product] == lines.department).all()


def test_orders_stand_by_customer_and_day_at_most_one_a_day() -> None:
    made = shopping()
    row = owners_of(made.orders.offsets)
    moment = row * 10**7 + made.orders.day
    assert (np.diff(moment) > 0).all()
    assert made.orders.day.min() >= made.first
    assert made.orders.day.max() <= LAST
    assert (made.orders.day >= made.shoppers.joined[row]).all()


def test_a_day_later_only_days_come_and_go() -> None:
    before, after = shopping(), shopping(AS_OF + ONE_DAY)
    first, last = after.first, before.last
    for name in ("day", "total", "pieces", "online", "by_card", "shipped", "delivered", "number"):
        found = [
            getattr(made.orders, name)[(made.orders.day >= first) & (made.orders.day <= last)]
            for made in (before, after)
        ]
        assert found[0].tolist() == found[1].tolist(), name
    for name in ("product", "quantity", "price"):
        found = []
        for made in (before, after):
            day = made.orders.day[made.lines.order]
            found.append(getattr(made.lines, name)[(day >= first) & (day <= last)])
        assert found[0].tolist() == found[1].tolist(), name


def test_a_shorter_history_holds_the_same_orders() -> None:
    people = people_of(MANY[:200])
    long, short = (
        make_shopping(people, LAST - back, LAST, catalogue()).orders for back in (700, 90)
    )
    kept = long.day >= LAST - 90
    assert long.number[kept].tolist() == short.number.tolist()
    assert long.total[kept].tolist() == short.total.tolist()


def test_each_personas_mean_order_lies_in_its_range() -> None:
    made, persona = shopping(), personas_of_orders(shopping())
    for code, (low, high) in enumerate(catalogue().ranges[:, 0].tolist()):
        assert low < made.orders.total[persona == code].mean() < high


def test_a_shoppers_own_mean_lies_near_the_persona() -> None:
    made = shopping()
    count = np.diff(made.orders.offsets)
    mean = sums(made.orders.total, made.orders.offsets) / np.maximum(count, 1)
    low, high = (catalogue().ranges[made.shoppers.persona, 0, side] for side in (0, 1))
    inside = (mean >= low) & (mean <= high)
    assert inside[count >= 10].mean() > 0.95
    often = count * MONTH_DAYS / np.maximum(made.active_days, 1)
    low, high = (catalogue().ranges[made.shoppers.persona, 1, side] for side in (0, 1))
    assert ((often > low * 0.75) & (often < high * 1.25))[made.active_days > 300].mean() > 0.9


def test_single_orders_are_log_normal_around_the_shoppers_mean() -> None:
    made = shopping()
    row = owners_of(made.orders.offsets)
    logs = np.log(made.orders.total / made.shoppers.order_value[row])
    assert logs.std() == pytest.approx(0.36, abs=0.05)
    assert abs(((logs - logs.mean()) ** 3).mean() / logs.std() ** 3) < 0.25


@pytest.mark.parametrize("name", ["teenage_girl", "professional_man", "mature_shopper"])
def test_departments_are_chosen_by_preference(name: str) -> None:
    made, tables = shopping(), catalogue()
    mine = personas_of_orders(made)[made.lines.order] == tables.personas.index(name)
    found = np.bincount(made.lines.department[mine], minlength=21) / mine.sum()
    for department, share in read_personas(read_hierarchy())[name].department_preferences.items():
        at = tables.shelves.departments.index(department)
        assert found[at] == pytest.approx(share, abs=0.025), department


def test_four_classes_in_five_come_from_the_personas_list() -> None:
    made, tables = shopping(), catalogue()
    name = "woman_with_baby"
    code = tables.shelves.departments.index("Kids Clothing")
    persona = personas_of_orders(made)[made.lines.order]
    mine = (persona == tables.personas.index(name)) & (made.lines.department == code)
    own = read_personas(read_hierarchy())[name].class_preferences["Kids Clothing"]
    listed = [tables.shelves.classes[at] in own for at in made.lines.product[mine].tolist()]
    # the whole department, which gives the other fifth, holds the list as well
    expected = 0.8 + 0.2 * len(own) / 22
    assert np.mean(listed) == pytest.approx(expected, abs=0.02)


def test_a_fifth_of_all_pieces_is_childrens() -> None:
    made, names = shopping(), catalogue().shelves.departments
    kids = [names.index(name) for name in ("Kids Clothing", "Kids Accessories")]
    pieces = np.bincount(made.lines.department, weights=made.lines.quantity)
    assert pieces[kids].sum() / pieces.sum() == pytest.approx(0.2, abs=0.025)


def test_the_largest_departments_are_the_expected_five() -> None:
    made, names = shopping(), catalogue().shelves.departments
    value = np.bincount(made.lines.department, weights=made.lines.amount)
    largest = {names[at] for at in np.argsort(-value)[:5].tolist()}
    assert largest == {
        "Ladies Clothing",
        "Mens Clothing",
        "Health & Beauty",
        "Kids Clothing",
        "Home",
    }


def test_the_segments_fit_the_personas() -> None:
    made, tables = shopping(), catalogue()
    for name, expected in (
        ("young_woman_fashion", "high_value_frequent"),
        ("young_man_fashion", "high_value_frequent"),
        ("woman_with_baby", "high_value_frequent"),
        ("woman_young_family", "high_value_frequent"),
        ("professional_woman", "high_value_frequent"),
        ("professional_man", "high_value_frequent"),
        ("budget_shopper", "low_value_occasional"),
    ):
        mine = made.segment[made.shoppers.persona == tables.personas.index(name)]
        assert (mine == SEGMENTS.index(expected)).mean() > 0.5, name
    assert 0.05 < (made.segment == SEGMENTS.index("churned_inactive")).mean() < 0.2


def test_the_xmas_shop_is_empty_from_february_to_august() -> None:
    made = shopping()
    code = catalogue().shelves.departments.index("Xmas Shop")
    days = made.orders.day[made.lines.order[made.lines.department == code]]
    months = {date.fromordinal(day).month for day in days.tolist()}
    assert months <= {9, 10, 11, 12, 1}


def test_saturday_is_the_strongest_day_and_december_the_strongest_month() -> None:
    made = shopping()
    weekdays = np.bincount((made.orders.day - 1) % 7)
    assert weekdays.argmax() == 5
    assert weekdays.argmin() == 1
    assert np.argmax(month_shares()) == 11
    assert sum(month_shares()) == pytest.approx(1)


def test_the_weights_of_days_have_the_mean_one() -> None:
    weights = day_weights()
    assert len(weights) == LAST_DAY - FIRST_DAY + 1
    assert weights.mean() == pytest.approx(1)
    black_friday = date(2025, 11, 28).toordinal() - FIRST_DAY
    assert weights[black_friday] == weights[black_friday - 60 : black_friday + 1].max()
    assert weights[date(2025, 12, 25).toordinal() - FIRST_DAY] == 0


def test_some_stop_for_months_and_come_back() -> None:
    made = shopping()
    day, row = made.orders.day, owners_of(made.orders.offsets)
    gaps = np.diff(day)[np.diff(row) == 0]
    assert (gaps > 200).sum() > 0.1 * len(MANY)
    assert (made.active_days <= LAST - made.first + 1).all()
    assert (made.active_days > 0).all()


def test_prices_end_a_cent_below_the_half_dollar() -> None:
    price = shopping().lines.price
    assert set((price % 50).tolist()) == {49}
