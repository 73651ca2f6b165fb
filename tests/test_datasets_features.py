"""Five feature files hold what the ledger holds, and say what they lack."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.datasets.dataset import WINDOWS
from backend.datasets.features import KEYS, feature_frames, features, files, read_features
from backend.domain.signals import Column, SignalTable
from backend.errors import InputError
from backend.modes import all_modes, generate
from tests.cohort_kit import FAKER, IDS
from tests.test_datasets_ledger import figures, same

AS_OF = date(2026, 1, 15)
SOME = IDS[:150]


def write(folder: Path, ending: str = "parquet", as_of: date = AS_OF) -> list[SignalTable]:
    folder.mkdir(parents=True, exist_ok=True)
    tables = generate("banking", SOME, as_of, FAKER).signals_over(WINDOWS)
    for name, frame in feature_frames(SOME, as_of, tables):
        path = folder / f"{name}.{ending}"
        frame.write_parquet(path) if ending == "parquet" else frame.write_csv(path)
    return tables


def test_every_signal_of_banking_has_its_column() -> None:
    signals = [signal.name for signal in all_modes()["banking"].signals]
    assert sorted(one.signal.name for one in features()) == sorted(signals)
    assert files() == ("subscriptions", "savings", "credit", "income", "cash_flow")
    names = {one.name for one in features()}
    assert names >= {
        "max_utilization", "is_overdue", "growth_rate", "net_inflow", "subscription_share",
        "median_pay_gap_days", "pct_days_below_100",
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_what_is_written_is_read_again_to_the_last_digit(tmp_path: Path, ending: str) -> None:
    tables = write(tmp_path, ending)
    dataset = read_features(tmp_path, None)
    assert (dataset.as_of, list(dataset.users.ids), dataset.notes) == (AS_OF, list(SOME), ())
    assert same(dataset.measure(0, len(SOME)), tables)


@given(st.integers(-100_000, 100_000), st.sampled_from([0, 1, 2, 5]))
def test_a_percentage_survives_as_a_fraction(tenths: int, at: int) -> None:
    percent = [one for one in features() if one.percent]
    feature = percent[at]
    value = np.array([tenths / 10**feature.signal.decimals])
    assert np.rint(value / 100 * 100 * 10**feature.signal.decimals)[0] == tenths


def test_fractions_stand_where_signals_count_in_percent(tmp_path: Path) -> None:
    tables = write(tmp_path)
    used = pl.read_parquet(tmp_path / "credit.parquet").filter(window_days=30)["max_utilization"]
    column: Column = tables[0]["credit_max_utilization_pct"]
    assert used.null_count() == int((~column.known).sum())
    assert np.allclose(used.drop_nulls().to_numpy() * 100, column.values[column.known])


def test_missing_rows_files_and_columns_are_told_and_their_signals_missing(tmp_path: Path) -> None:
    write(tmp_path)
    income = pl.read_parquet(tmp_path / "income.parquet")
    gone = (pl.col("user_id") == SOME[3]) & (pl.col("window_days") == 30)
    income.filter(~gone).write_parquet(tmp_path / "income.parquet")
    (tmp_path / "credit.parquet").unlink()
    savings = pl.read_parquet(tmp_path / "savings.parquet").drop("growth_rate")
    savings.write_parquet(tmp_path / "savings.parquet")
    dataset = read_features(tmp_path, None)
    told = " ".join(dataset.notes)
    assert "income: 1 of 150 users have no row of 30 days." in told
    assert "no credit.parquet or credit.csv" in told
    assert "savings.parquet: no column growth_rate" in told
    tables = dataset.measure(0, 150)
    assert figures(tables, 3)["income_paycheck_count"] is None
    assert figures(tables, 3, 1)["income_paycheck_count"] is not None
    assert not tables[1]["credit_max_utilization_pct"].known.any()
    assert not tables[0]["savings_growth_rate"].known.any()


def test_nan_is_missing_and_columns_that_nobody_knows_are_named(tmp_path: Path) -> None:
    write(tmp_path)
    frame = pl.read_parquet(tmp_path / "savings.parquet")
    frame.with_columns(net_inflow=pl.lit(float("nan")), mood=pl.lit("blue")).write_parquet(
        tmp_path / "savings.parquet"
    )
    dataset = read_features(tmp_path, None)
    assert not dataset.measure(0, 150)[0]["savings_net_inflow_monthly"].known.any()
    assert any("not used: mood" in note for note in dataset.notes)


def test_the_latest_date_is_read_unless_another_is_asked_for(tmp_path: Path) -> None:
    earlier = write(tmp_path / "a", as_of=date(2025, 12, 1))
    write(tmp_path / "b")
    (tmp_path / "c").mkdir()
    for name in files():
        both = [pl.read_parquet(tmp_path / part / f"{name}.parquet") for part in "ab"]
        pl.concat(both).write_parquet(tmp_path / "c" / f"{name}.parquet")
    assert read_features(tmp_path / "c", None).as_of == AS_OF
    dataset = read_features(tmp_path / "c", date(2025, 12, 1))
    assert same(dataset.measure(0, 150), earlier)
    with pytest.raises(InputError, match="no feature is as of 2025-12-02"):
        read_features(tmp_path / "c", date(2025, 12, 2))


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("max_utilization", "much", "line 2: max_utilization: a number was expected"),
        ("is_overdue", "maybe", "line 2: is_overdue: true or false was expected"),
        ("window_days", "90", "line 2: window_days: 30 or 180 was expected"),
        ("user_id", "", "line 2: user_id: text was expected"),
        ("user_id", SOME[1], "line 3: a second row of one user, window and date"),
    ],
)
def test_a_row_that_can_not_be_read_is_refused_by_line(
    tmp_path: Path, column: str, value: str, sentence: str
) -> None:
    write(tmp_path, "csv")
    frame = pl.read_csv(tmp_path / "credit.csv", infer_schema=False)
    first = pl.int_range(pl.len()) == 0
    frame.with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(column).alias(column)
    ).write_csv(tmp_path / "credit.csv")
    with pytest.raises(InputError) as refused:
        read_features(tmp_path, None)
    assert f"credit.csv, {sentence}" in str(refused.value)
    assert any("1 rows left out" in note for note in read_features(tmp_path, None, skip=True).notes)


def test_a_file_without_its_keys_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "income.parquet"
    for key in KEYS:
        whole = pl.read_parquet(path)
        whole.drop(key).write_parquet(path)
        with pytest.raises(InputError, match=f"expected a column {key}"):
            read_features(tmp_path, None)
        whole.write_parquet(path)
