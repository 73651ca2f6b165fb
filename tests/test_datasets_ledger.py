"""Ledgers of other people's making, and populations' own, measured by the chat's kernels."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from backend.datasets.dataset import WINDOWS, DataSet
from backend.datasets.ledger import read_ledger
from backend.datasets.opening import open_dataset
from backend.domain.signals import SignalTable
from backend.errors import InputError
from backend.modes import generate
from backend.population.build import Population
from backend.population.export import export
from backend.population.manifest import read_manifest
from backend.population.tables import load_table
from tests.cohort_kit import FAKER
from tests.ledger_kit import ACCOUNTS, FIRST, FOOD, LAST, account, life, moved, write

AS_OF = date(2026, 1, 15)


def figures(tables: list[SignalTable], row: int, window: int = 0) -> dict[str, float | None]:
    return {
        name: float(column.values[row]) if column.known[row] else None
        for name, column in tables[window].items()
    }


def measured(dataset: DataSet, user: str, window: int = 0) -> dict[str, float | None]:
    row = list(dataset.users.ids).index(user)
    return figures(dataset.measure(row, row + 1), 0, window)


def same(left: list[SignalTable], right: list[SignalTable]) -> bool:
    return all(
        np.array_equal(one[name].known, other[name].known)
        and np.array_equal(one[name].values[one[name].known], other[name].values[one[name].known])
        for one, other in zip(left, right, strict=True)
        for name in one
    )


@pytest.fixture(scope="module", params=["parquet", "csv"])
def population(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("population") / request.param
    export(Population("natural", 7, AS_OF, ("banking",)), 300, folder, request.param, FAKER)
    return folder


def test_an_exported_customer_is_measured_as_the_one_in_chat(population: Path) -> None:
    dataset = open_dataset(population, "banking")
    assert dataset.as_of == AS_OF
    assert dataset.notes == ()
    chat = generate("banking", dataset.users.ids, AS_OF, FAKER, identity="session")
    assert same(dataset.measure(0, 300), chat.signals_over(WINDOWS))


def test_a_customer_is_the_same_alone_and_in_any_block(population: Path) -> None:
    dataset = open_dataset(population, "banking")
    whole = dataset.measure(0, 300)
    for start, stop in ((0, 1), (17, 18), (250, 300), (3, 120)):
        part = dataset.measure(start, stop)
        for window in range(2):
            for row in (0, stop - start - 1):
                assert figures(part, row, window) == figures(whole, start + row, window)


@pytest.mark.parametrize("by", [["user_id"], []])
def test_rows_of_a_population_may_stand_in_any_order(
    population: Path, tmp_path: Path, by: list[str]
) -> None:
    rows = moved_about(population, tmp_path)
    write_rows(tmp_path, rows.sort(by, maintain_order=True) if by else rows)
    one, other = open_dataset(population, "banking"), open_dataset(tmp_path, "banking")
    assert same(one.measure(0, 300), other.measure(0, 300))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"account_id": "nobody's"}, "an account_id is not among the accounts"),
        ({"amount": None}, "a row has no amount"),
        ({"amount": float("nan")}, "a row has no amount"),
        ({"date": None}, "a row has no day"),
    ],
)
def test_a_population_that_was_edited_is_refused(
    population: Path, tmp_path: Path, wrong: dict[str, Any], sentence: str
) -> None:
    rows = moved_about(population, tmp_path)
    column, value = next(iter(wrong.items()))
    kind = rows.schema[column]
    first = pl.int_range(pl.len()) == 5
    cell = pl.lit(value, dtype=pl.String if kind == pl.Categorical else kind).cast(kind)
    write_rows(
        tmp_path, rows.with_columns(pl.when(first).then(cell).otherwise(column).alias(column))
    )
    with pytest.raises(InputError, match=rf"transactions can not be read: {sentence}\.$"):
        open_dataset(tmp_path, "banking")


def test_a_population_without_its_transactions_is_refused(population: Path, tmp_path: Path) -> None:
    moved_about(population, tmp_path)
    next(tmp_path.glob("transactions.*")).unlink()
    with pytest.raises(InputError, match="transactions can not be read: "):
        open_dataset(tmp_path, "banking")
    next(tmp_path.glob("accounts.*")).unlink()
    with pytest.raises(InputError, match=r"holds no accounts\.$"):
        open_dataset(tmp_path, "banking")


def moved_about(population: Path, folder: Path) -> pl.DataFrame:
    """Copy a population's files, and return its transactions in another order."""
    for path in population.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    rows = load_table(population, read_manifest(population), "transactions").collect()
    return rows.gather(np.arange(len(rows)) * 7919 % len(rows))


def write_rows(folder: Path, rows: pl.DataFrame) -> None:
    path = next(folder.glob("transactions.*"))
    if path.suffix == ".csv":
        rows.write_csv(path)
    else:
        rows.write_parquet(path)


def test_without_its_manifest_a_population_is_somebody_elses_with_the_same_figures(
    population: Path, tmp_path: Path
) -> None:
    for path in population.iterdir():
        if path.stem != "manifest":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    own, other = open_dataset(population, "banking"), open_dataset(tmp_path, "banking", AS_OF)
    assert same(own.measure(0, 300), other.measure(0, 300))


def test_other_modes_of_a_population_are_generated_by_their_ids(tmp_path: Path) -> None:
    export(Population("natural", 7, AS_OF, ("retail",)), 20, tmp_path / "r", "csv", FAKER)
    dataset = open_dataset(tmp_path / "r", "retail")
    assert dataset.source == "members"
    chat = generate("retail", dataset.users.ids, AS_OF, FAKER, identity="session")
    assert same(dataset.measure(0, 20), chat.signals_over(WINDOWS))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_foreign_ledger_is_read_by_hand_counted_figures(tmp_path: Path, ending: str) -> None:
    dataset = read_ledger(write(tmp_path, ending), None)
    assert dataset.as_of == LAST
    assert list(dataset.users.ids) == ["ann", "bob", "cyd"]
    ann = measured(dataset, "ann")
    assert ann["credit_max_utilization_pct"] == 90.0
    assert ann["credit_total_limits"] == 1000.0
    assert ann["credit_is_overdue"] == 1
    assert ann["credit_minimum_payment_only"] == 1
    assert ann["savings_net_inflow_monthly"] == 50.0
    assert ann["income_median_pay_gap_days"] == 7.0
    assert ann["income_variability_pct"] == 0.0
    assert ann["subscription_merchant_count"] == 1
    assert ann["subscription_monthly_spend"] == 15.99
    assert ann["transaction_history_days"] == (LAST - FIRST).days + 1
    # 900 of rent and 30 days of groceries on a month's mean over 90 days
    essential = (900 * 3 + 12.34 * 90) / 3
    assert ann["savings_emergency_fund_months"] == pytest.approx(5000 / essential, abs=0.005)


def test_who_has_no_card_lacks_credit_signals_and_no_others(tmp_path: Path) -> None:
    bob = measured(read_ledger(write(tmp_path), None), "bob")
    assert [bob[name] for name in bob if name.startswith("credit")] == [None] * 6
    assert bob["income_paycheck_count"] == 0
    assert bob["cash_flow_pct_days_below_100"] is not None


def test_who_has_no_transactions_is_there_with_nothing_known_of_the_past(tmp_path: Path) -> None:
    cyd = measured(read_ledger(write(tmp_path), None), "cyd", window=1)
    assert {name for name, value in cyd.items() if value is not None} == {
        "transaction_history_days"
    }
    assert cyd["transaction_history_days"] == 0


def test_balances_of_the_past_follow_from_the_balance_of_today(tmp_path: Path) -> None:
    rows = [moved("bob-cash", LAST - timedelta(days=at), 1.0, FOOD, "Shop", id=f"t{at}")
            for at in range(60)]  # fmt: skip
    dataset = read_ledger(write(tmp_path, transactions=rows), None)
    # 50.25 today and a dollar more each day before: 100 and above from the 50th day back
    assert measured(dataset, "bob")["cash_flow_pct_days_below_100"] == 100.0
    earlier = read_ledger(tmp_path, LAST - timedelta(days=30))
    assert measured(earlier, "bob")["cash_flow_pct_days_below_100"] == pytest.approx(66.7)
    assert any("after 2025-12-15 are left out" in note for note in earlier.notes)


def test_without_liabilities_what_only_they_tell_is_missing(tmp_path: Path) -> None:
    dataset = read_ledger(write(tmp_path, liabilities=None), None)
    ann = measured(dataset, "ann")
    assert ann["credit_is_overdue"] is None
    assert ann["credit_minimum_payment_only"] is None
    assert ann["credit_max_utilization_pct"] == 90.0
    assert any("no liabilities" in note for note in dataset.notes)


def test_any_number_of_accounts_and_cards_is_taken(tmp_path: Path) -> None:
    cards = [account("ann", f"card{at}", "credit", "credit card", 10.0 * at, limit=100.0)
             for at in range(5)]  # fmt: skip
    more = [*ACCOUNTS, *cards, account("ann", "old", "depository", "money market", 1000.0)]
    ann = measured(read_ledger(write(tmp_path, accounts=more), None), "ann")
    assert ann["credit_total_limits"] == 1500.0
    assert ann["credit_avg_utilization_pct"] == pytest.approx(
        (90 + 0 + 10 + 20 + 30 + 40) / 6, abs=0.05
    )
    alone = measured(read_ledger(write(tmp_path / "less"), None), "ann")
    fund, before = ann["savings_emergency_fund_months"], alone["savings_emergency_fund_months"]
    assert fund is not None
    assert before is not None
    assert fund == pytest.approx(before * 6000 / 5000, abs=0.01)


def test_loans_and_their_movements_are_left_out_with_a_note(tmp_path: Path) -> None:
    more = [*ACCOUNTS, account("bob", "loan", "loan", "student", 12_000.0)]
    rows = [*life(), moved("bob-loan", LAST, -100.0, "LOAN_PAYMENTS_OTHER_PAYMENT", "Loan")]
    dataset = read_ledger(write(tmp_path, accounts=more, transactions=rows), None)
    assert any("loan student" in note for note in dataset.notes)
    assert any(note.startswith("1 transactions in accounts") for note in dataset.notes)
    assert measured(dataset, "bob") == measured(read_ledger(write(tmp_path / "x"), None), "bob")


def test_order_of_rows_and_doubled_rows_change_nothing(tmp_path: Path) -> None:
    rows = life()
    shuffled = [*rows[::-2], *rows[-2::-2], rows[5]]
    dataset = read_ledger(write(tmp_path / "a", transactions=shuffled), None)
    assert any("seen before" in note for note in dataset.notes)
    straight = read_ledger(write(tmp_path / "b"), None)
    assert same(dataset.measure(0, 3), straight.measure(0, 3))


def test_plaids_nested_names_are_understood(tmp_path: Path) -> None:
    write(tmp_path / "plain", "parquet")
    (tmp_path / "nested").mkdir()
    accounts = pl.read_parquet(tmp_path / "plain" / "accounts.parquet")
    balances = pl.struct(
        current="balance_current", limit="balance_limit", iso_currency_code="iso_currency_code"
    )
    accounts.select("user_id", "account_id", "type", "subtype", balances=balances).write_parquet(
        tmp_path / "nested" / "accounts.parquet"
    )
    transactions = pl.read_parquet(tmp_path / "plain" / "transactions.parquet")
    category = pl.struct(detailed="personal_finance_category_detailed")
    transactions.with_columns(personal_finance_category=category).drop(
        "personal_finance_category_detailed"
    ).write_parquet(tmp_path / "nested" / "transactions.parquet")
    pl.read_parquet(tmp_path / "plain" / "liabilities.parquet").write_parquet(
        tmp_path / "nested" / "liabilities.parquet"
    )
    nested, plain = read_ledger(tmp_path / "nested", None), read_ledger(tmp_path / "plain", None)
    assert same(nested.measure(0, 3), plain.measure(0, 3))


BAD = [
    ({"date": "2025-13-45"}, "line 3: date: a date as YYYY-MM-DD was expected, and '2025-13-45'"),
    ({"date": "01/02/2025"}, "line 3: date"),
    ({"date": None}, "line 3: date: a date as YYYY-MM-DD was expected, and nothing came"),
    ({"amount": "a lot"}, "line 3: amount: an amount such as 12.50 was expected, and 'a lot' came"),
    ({"amount": "inf"}, "line 3: amount"),
    ({"account_id": "nobody's"}, "line 3: account_id: an account of accounts was expected"),
    ({"pending": "perhaps"}, "line 3: pending: true or false was expected"),
    ({"iso_currency_code": "EUR"}, "line 3: iso_currency_code: USD was expected"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD)
def test_a_row_that_can_not_be_read_is_refused_by_line_or_left_out_with_a_note(
    tmp_path: Path, wrong: dict[str, Any], sentence: str
) -> None:
    rows = [{**row, "iso_currency_code": "USD", "date": str(row["date"]),
             "amount": str(row["amount"]), "pending": "false"} for row in life()]  # fmt: skip
    rows[1] |= wrong
    folder = write(tmp_path, transactions=rows)
    with pytest.raises(InputError) as refused:
        read_ledger(folder, None)
    assert f"transactions.csv, {sentence}" in str(refused.value)
    dataset = read_ledger(folder, None, skip=True)
    assert any("1 rows left out" in note and "line 3" in note for note in dataset.notes)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("accounts", "expected accounts.parquet or accounts.csv"), ("transactions", "transactions")],
)
def test_a_missing_table_is_named(tmp_path: Path, name: str, sentence: str) -> None:
    folder = write(tmp_path)
    (folder / f"{name}.csv").unlink()
    with pytest.raises(InputError, match=sentence):
        read_ledger(folder, None)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    folder = write(tmp_path)
    frame = pl.read_csv(folder / "transactions.csv").drop("amount")
    frame.write_csv(folder / "transactions.csv")
    with pytest.raises(InputError, match=r"expected a column amount; the columns are .*date"):
        read_ledger(folder, None)


def test_an_account_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, accounts=[*ACCOUNTS, ACCOUNTS[0]])
    with pytest.raises(InputError, match="line 7: account_id: it stands there twice"):
        read_ledger(folder, None)


def test_a_population_is_told_up_to_its_own_date(population: Path) -> None:
    with pytest.raises(InputError, match="is told up to 2026-01-15"):
        open_dataset(population, "banking", date(2026, 1, 14))


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [("banking", "expected manifest.json, or accounts"), ("retail", "has no manifest.json"),
     ("sorcery", "mode: banking")],
)  # fmt: skip
def test_a_folder_of_nothing_is_refused(tmp_path: Path, mode: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        open_dataset(tmp_path, mode)


def test_users_bring_names_and_targets(tmp_path: Path) -> None:
    folder = write(tmp_path)
    rows = {"user_id": ["eve", "ann"], "name": ["Eve", "Ann"], "archetype": ["general", None]}
    pl.DataFrame(rows).write_csv(folder / "users.csv")
    users = read_ledger(folder, None).users
    assert list(users.ids) == ["eve", "ann", "bob", "cyd"]
    assert list(users.names) == ["Eve", "Ann", None, None]
    assert list(users.archetypes) == ["general", None, None, None]
