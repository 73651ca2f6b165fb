"""The benchmark of populations runs, with tiny ones."""

from datetime import date

import pytest
from faker import Faker  # noqa: TID251 - the other side's own

from benchmarks import generation, row_by_row, run


@pytest.mark.slow
def test_every_side_has_a_pace_beside_fakers() -> None:
    table = generation.measure(customers=3, rounds=1, by_hand=1)
    assert [row[0] for row in table.rows] == list(generation.TITLES.values())
    assert table.rows[-1][-1] == "1.00"
    assert all(float(row[1].replace(",", "")) > 0 for row in table.rows)


@pytest.mark.slow
def test_growth_has_a_row_for_each_size() -> None:
    table = generation.growth([1, 2])
    assert [row[0] for row in table.rows] == ["1 customers", "2 customers"]


def test_every_benchmark_can_be_asked_for_by_name() -> None:
    assert tuple(run.benchmarks(run.Sizes(), with_peers=False)) == run.NAMES


def test_row_by_row_makes_a_customer_with_all_that_ours_has() -> None:
    fake = Faker("en_US")
    fake.seed_instance(1)
    user, accounts, movements, _ = row_by_row.customer(fake, date(2026, 1, 15))
    assert {"name", "date_of_birth", "occupation", "zip_code", "email"} <= user.keys()
    assert len(accounts) == 3
    assert len(movements) > row_by_row.MOVEMENTS
    assert max(row["date"] for row in movements) <= date(2026, 1, 15)
