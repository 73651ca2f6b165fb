"""Measures of money in hand: income, pay, balances, and what they would last for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from backend.industries.banking.categories import category
from backend.industries.life import occupations
from backend.population.score.samples import (
    Measure,
    Needs,
    Sample,
    Tables,
    binned,
    mean_of,
    quantile_of,
    share_of,
    split_of,
)

_MONTH_DAYS: Final = 30
_ESSENTIAL_DAYS: Final = 90
_FUND_MONTHS: Final = 3
_CASH_NEED: Final = 400
_DAYS_A_YEAR: Final = 365.2425
_WAGES: Final = "INCOME_WAGES"
_EXPENSE_BANDS: Final = (100, 500, 1000, 2000)
_EXPENSES: Final = ("under $100", "$100-499", "$500-999", "$1,000-1,999", "$2,000 or more")

# the mean gap between pay days, in days, up to which pay is of a kind; semimonthly is 15.2
_GAPS: Final = (10.5, 14.6, 20.0)
_FREQUENCIES: Final = ("weekly", "biweekly", "semimonthly", "monthly")
_LONGEST_GAP: Final = 45.0
_REGULAR: Final = 4.0  # weekends and holidays move a pay day by three days at the most
_PAY_DAYS: Final = 3


def in_bank(accounts: pl.DataFrame, subtypes: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return ``held``, what each customer has in accounts of these kinds, all if left out."""
    own = pl.col("type") == "depository"
    if subtypes:
        own &= pl.col("subtype").is_in(subtypes)
    return accounts.filter(own).group_by("user_id").agg(held=pl.col("balance_current").sum())


def pay_frequencies(transactions: pl.DataFrame) -> pl.DataFrame:
    """Return ``frequency`` of each with regular wages, read off their pay days."""
    wages = (pl.col("personal_finance_category_detailed") == _WAGES) & (pl.col("amount") < 0)
    days = transactions.filter(wages).select("user_id", "date").unique().sort("user_id", "date")
    gap = pl.col("date").diff().over("user_id").dt.total_days()
    paid = (
        days.with_columns(gap=gap)
        .group_by("user_id")
        .agg(pl.col("gap").mean().alias("mean"), pl.col("gap").std().alias("swing"), pl.len())
    )
    regular = (
        (pl.col("len") >= _PAY_DAYS) & (pl.col("swing") <= _REGULAR)
        & (pl.col("mean") <= _LONGEST_GAP)
    )  # fmt: skip
    known = paid.filter(regular)
    kinds = binned(known["mean"], _GAPS, _FREQUENCIES)
    return known.select("user_id", frequency=kinds)


def _balances(tables: Tables, _: date) -> Sample | None:
    return quantile_of(in_bank(tables["accounts"])["held"])


def _mean_balance(tables: Tables, _: date) -> Sample | None:
    return mean_of(in_bank(tables["accounts"])["held"])


def _balances_at(youngest: int, oldest: int) -> Measure:
    def median(tables: Tables, as_of: date) -> Sample | None:
        years = (pl.lit(as_of) - pl.col("date_of_birth")).dt.total_days() / _DAYS_A_YEAR
        among = tables["users"].filter((years >= youngest) & (years < oldest + 1))
        return quantile_of(in_bank(tables["accounts"]).join(among, on="user_id")["held"])

    return Measure({"users": ("date_of_birth",), **_HELD}, median)


def _hold_one(tables: Tables, _: date) -> Sample | None:
    held = in_bank(tables["accounts"]).select("user_id", one=True)
    everybody = tables["users"].join(held, on="user_id", how="left")
    return share_of(everybody["one"].fill_null(value=False))


def _median_income(tables: Tables, _: date) -> Sample | None:
    return quantile_of(tables["users"]["income"])


def _mean_income(tables: Tables, _: date) -> Sample | None:
    return mean_of(tables["users"]["income"])


def _fund(tables: Tables, as_of: date) -> Sample | None:
    """Whose savings last for three months of what has to be paid: the share of all customers."""
    code = pl.col("personal_finance_category_detailed")
    codes = tables["transactions"]["personal_finance_category_detailed"].unique().to_list()
    essential = [one for one in codes if one and category(one).essential]
    late = pl.col("date") > as_of - timedelta(days=_ESSENTIAL_DAYS)
    spent = tables["transactions"].filter(code.is_in(essential) & (pl.col("amount") > 0) & late)
    monthly = pl.col("amount").sum() * _MONTH_DAYS / _ESSENTIAL_DAYS
    needed = spent.group_by("user_id").agg(needed=monthly * _FUND_MONTHS)
    saved = in_bank(tables["accounts"], ("savings",))
    known = needed.join(saved, on="user_id", how="left")
    return share_of(known["held"].fill_null(0.0) >= known["needed"])


def _largest_expense(tables: Tables, _: date) -> Sample | None:
    saved = in_bank(tables["accounts"], ("savings",))
    held = tables["users"].join(saved, on="user_id", how="left")["held"].fill_null(0.0)
    return split_of(binned(held, _EXPENSE_BANDS, _EXPENSES))


def _liquid(tables: Tables, _: date) -> Sample | None:
    held = tables["users"].join(in_bank(tables["accounts"]), on="user_id", how="left")["held"]
    return share_of(held.fill_null(0.0) >= _CASH_NEED)


def _pay_frequency(tables: Tables, _: date) -> Sample | None:
    return split_of(pay_frequencies(tables["transactions"])["frequency"])


def _weekly_pay_in_construction(tables: Tables, _: date) -> Sample | None:
    titles = [entry.title for entry in occupations() if entry.sector in _CONSTRUCTION]
    builders = tables["users"].filter(pl.col("occupation").is_in(titles))
    paid = pay_frequencies(tables["transactions"]).join(builders, on="user_id")
    return share_of(paid["frequency"] == _FREQUENCIES[0])


_CONSTRUCTION: Final = ("building", "trades")
_HELD: Final[Needs] = {"accounts": ("type", "subtype", "balance_current")}
_PAID: Final[Needs] = {"transactions": ("date", "amount", "personal_finance_category_detailed")}

MEASURES: Final[Mapping[str, Measure]] = {
    "money.balances": Measure(_HELD, _balances),
    "money.mean_balance": Measure(_HELD, _mean_balance),
    "money.balances_under_35": _balances_at(0, 34),
    "money.balances_65_to_74": _balances_at(65, 74),
    "money.balances_from_75": _balances_at(75, 150),
    "money.hold_one": Measure({"users": (), **_HELD}, _hold_one),
    "money.median_income": Measure({"users": ("income",)}, _median_income),
    "money.mean_income": Measure({"users": ("income",)}, _mean_income),
    "money.fund": Measure({**_HELD, **_PAID}, _fund),
    "money.largest_expense": Measure({"users": (), **_HELD}, _largest_expense),
    "money.liquid": Measure({"users": (), **_HELD}, _liquid),
    "money.pay_frequency": Measure(_PAID, _pay_frequency),
    "money.weekly_pay_in_construction": Measure(
        {"users": ("occupation",), **_PAID}, _weekly_pay_in_construction
    ),
}
