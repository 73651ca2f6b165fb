import numpy as np

from backend.industries.insurance.cars import model_years, types_of, worth
from backend.industries.insurance.draws import MOST_VEHICLES
from backend.industries.insurance.rates import rates
from backend.seeds import customer_keys

KEYS = customer_keys([f"driver-{number}" for number in range(2000)], "insurance/1")
PETROL = np.zeros((len(KEYS), MOST_VEHICLES), dtype=np.int64)
ELECTRIC = [vehicle.type for vehicle in rates().book.vehicles].index("electric car")


def in_year(year: int, types: np.ndarray = PETROL) -> np.ndarray:
    return model_years(KEYS, types, np.full(len(KEYS), year))


def test_every_type_of_car_is_driven() -> None:
    drawn = (np.arange(3000) + 0.5).reshape(-1, MOST_VEHICLES) / 3000
    assert set(types_of(drawn).ravel().tolist()) == set(range(len(rates().book.vehicles)))


def test_no_car_is_of_a_year_to_come_and_none_is_older_than_its_worth_is_told_for() -> None:
    age = 2026 - in_year(2026)
    assert age.min() == 0
    assert 18 <= age.max() <= max(rates().book.worth)


def test_a_car_stays_for_years_and_is_then_replaced_by_a_later_one() -> None:
    years = np.array([in_year(year)[:, 0] for year in range(2020, 2033)])
    changes = np.diff(years, axis=0)
    assert (changes >= 0).all()
    assert ((changes > 0).sum(axis=0) == 1).all()


def test_no_electric_car_is_older_than_they_are_sold() -> None:
    assert in_year(2020, np.full_like(PETROL, ELECTRIC)).min() == 2012


def test_a_car_is_worth_less_each_year_and_never_nothing() -> None:
    cents = worth(np.arange(40))
    assert cents[0] == 44_000_00
    assert (np.diff(cents) <= 0).all()
    assert cents[-1] == cents[21] == 4_500_00
