"""Against the tables of textbooks."""

import pytest

from backend.population.score.significance import (
    chi_square_p,
    kolmogorov_p,
    mean_band,
    normal_p,
    wilson_band,
)


@pytest.mark.parametrize(
    ("freedom", "statistic", "p"),
    [
        (1, 3.841, 0.05), (2, 5.991, 0.05), (3, 7.815, 0.05), (4, 9.488, 0.05), (5, 15.086, 0.01),
        (7, 24.322, 0.001), (8, 20.090, 0.01), (6, 1.635, 0.95), (30, 43.773, 0.05), (1, 0.0, 1.0),
    ],
)  # fmt: skip
def test_chi_square_is_as_tabulated(freedom: int, statistic: float, p: float) -> None:
    assert chi_square_p(statistic, freedom) == pytest.approx(p, rel=2e-3)


def test_a_huge_chi_square_is_no_chance_at_all() -> None:
    assert chi_square_p(1e6, 4) == 0.0


@pytest.mark.parametrize(("z", "p"), [(1.96, 0.05), (-2.576, 0.01), (0.0, 1.0)])
def test_normal_is_as_tabulated(z: float, p: float) -> None:
    assert normal_p(z) == pytest.approx(p, rel=3e-3)


@pytest.mark.parametrize(("distance", "p"), [(0.0135, 0.05), (0.0122, 0.1), (0.0162, 0.01)])
def test_kolmogorov_is_as_tabulated(distance: float, p: float) -> None:
    # 1.358, 1.224 and 1.628 over the root of 10,000
    assert kolmogorov_p(distance, 10_000) == pytest.approx(p, rel=0.05)


def test_no_distance_is_certain_to_be_reached() -> None:
    assert kolmogorov_p(0.0, 100) == 1.0


def test_wilsons_band_is_as_published() -> None:
    low, high = wilson_band(15, 148)  # Newcombe 1998, his third example
    assert (low, high) == pytest.approx((0.0624, 0.1605), abs=1e-4)


def test_a_share_of_none_has_a_band_that_begins_at_none() -> None:
    low, high = wilson_band(0, 20)  # Newcombe 1998, his second example
    assert (low, high) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_the_band_of_a_mean_is_two_errors_wide() -> None:
    assert mean_band(10.0, 5.0, 100) == pytest.approx((9.02, 10.98), abs=1e-3)
