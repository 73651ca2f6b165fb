"""Measures of spending: how often, how much, on what, on which days, in which figures."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl

from backend.population.score.categories import household_class, is_of
from backend.population.score.samples import (
    Figure,
    Fit,
    Measure,
    Needs,
    Sample,
    Share,
    Split,
    Tables,
    mean_of,
    split_of,
    total,
)

_MONTH_DAYS: Final = 30
_YEAR_DAYS: Final = 365
_WINDOW: Final = 180  # days; as far as every ledger of known length reaches
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SATURDAY, _FRIDAY = 6, 5
_DECEMBER, _CHRISTMAS = 12, 24
_FEW: Final = 100


def spent(transactions: pl.DataFrame, as_of: date, days: int = _WINDOW) -> pl.DataFrame:
    """Return what was paid for in the last days: money out, but to own accounts and own cards."""
    inside = pl.col("date") > as_of - timedelta(days=days)
    return transactions.filter((pl.col("amount") > 0) & inside & ~is_of("not_spent"))


def purchases(transactions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return what was bought at a till or in a web shop."""
    return spent(transactions, as_of).filter(is_of("purchases"))


def by_card(movements: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return the movements on credit cards."""
    cards = accounts.filter(pl.col("type") == "credit").select("account_id")
    return movements.join(cards, on="account_id", how="semi")


def _payments_a_month(tables: Tables, as_of: date) -> Sample | None:
    count = spent(tables["transactions"], as_of).group_by("user_id").len("count")
    everybody = tables["users"].join(count, on="user_id", how="left")["count"].fill_null(0)
    return mean_of(everybody * _MONTH_DAYS / _WINDOW)


def _paid_by_card(tables: Tables, as_of: date) -> Sample | None:
    payments = spent(tables["transactions"], as_of)
    cards = len(by_card(payments, tables["accounts"]))
    return Share(cards, len(payments)) if len(payments) else None


def _mean_payment(tables: Tables, as_of: date) -> Sample | None:
    return mean_of(spent(tables["transactions"], as_of)["amount"])


def _groceries_fuel_and_shopping(tables: Tables, as_of: date) -> Sample | None:
    payments = spent(tables["transactions"], as_of)
    return Share(len(payments.filter(is_of("shopping"))), len(payments)) if len(payments) else None


def _household_classes(tables: Tables, as_of: date) -> Sample | None:
    classes = spent(tables["transactions"], as_of).with_columns(kind=household_class())
    totals = classes.group_by("kind").agg(pl.col("amount").sum())
    parts = dict(zip(totals["kind"], totals["amount"], strict=True))
    return Split(parts, None) if parts else None


def _a_year(tables: Tables, as_of: date) -> Sample | None:
    totals = spent(tables["transactions"], as_of).group_by("user_id").agg(pl.col("amount").sum())
    return mean_of(totals["amount"] * _YEAR_DAYS / _WINDOW)


def _food_at_home(tables: Tables, as_of: date) -> Sample | None:
    food = spent(tables["transactions"], as_of).filter(household_class() == "food")
    whole = total(food["amount"])
    if not whole:
        return None
    return Figure(100 * total(food.filter(is_of("at_home"))["amount"]) / whole, len(food))


def _first_digit(tables: Tables, _: date) -> Sample | None:
    return split_of(_leading(tables["transactions"]["amount"], 1))


def _first_two_digits(tables: Tables, _: date) -> Sample | None:
    leading = _leading(tables["transactions"]["amount"], 2)
    return Share(int((leading == "10").sum()), len(leading)) if len(leading) else None


def _leading(amounts: pl.Series, digits: int) -> pl.Series:
    """Return the first digits of amounts as text, of those that have so many."""
    cents = (amounts.drop_nulls().abs() * 100).round().cast(pl.Int64)
    text = cents.filter(cents > 0).cast(pl.String)
    return text.filter(text.str.len_bytes() >= digits).str.head(digits)


def _by_weekday(tables: Tables, as_of: date) -> pl.DataFrame:
    """Return ``count`` purchases on each ``weekday``, Monday is 1, over whole weeks."""
    bought = purchases(tables["transactions"], as_of)
    whole = pl.col("date") > as_of - timedelta(days=_WINDOW // 7 * 7)
    days = bought.filter(whole).select(weekday=pl.col("date").dt.weekday())
    return days.group_by("weekday").len("count").sort("weekday")


def _saturday_above_friday(tables: Tables, as_of: date) -> Sample | None:
    counts = dict(_by_weekday(tables, as_of).iter_rows())
    friday = counts.get(_FRIDAY, 0)
    return Figure(counts.get(_SATURDAY, 0) / friday, sum(counts.values())) if friday else None


def _busiest_day_is_saturday(tables: Tables, as_of: date) -> Sample | None:
    counts = dict(_by_weekday(tables, as_of).iter_rows())
    others = [count for day, count in counts.items() if day != _SATURDAY]
    if not others:
        return None
    return Figure(counts.get(_SATURDAY, 0) / max(others), sum(counts.values()))


def _quietest_days(tables: Tables, as_of: date) -> Sample | None:
    counts = dict(_by_weekday(tables, as_of).iter_rows())
    if len(counts) < len(_WEEKDAYS):
        return None
    mean = sum(counts.values()) / len(counts)
    return Figure(counts[_WEEKDAYS.index("Tue") + 1] / mean, sum(counts.values()))


def _days_before_christmas(tables: Tables, as_of: date) -> Sample | None:
    """Compare the Saturdays of December and the 23rd with the Friday after Thanksgiving."""
    bought = purchases(tables["transactions"], as_of)
    years = [year for year in (as_of.year, as_of.year - 1) if date(year, 12, 24) <= as_of]
    if not years:
        return None
    friday = _black_friday(years[0])
    days = bought.filter(pl.col("date").dt.year() == years[0])["date"].value_counts()
    counts = dict(days.iter_rows())
    before = [date(years[0], _DECEMBER, day) for day in range(1, _CHRISTMAS)]
    rush = [day for day in before if day.isoweekday() == _SATURDAY or day == before[-1]]
    if not counts.get(friday):
        return None
    mean = sum(counts.get(day, 0) for day in rush) / len(rush)
    return Figure(mean / counts[friday], sum(counts.values()))


def _black_friday(year: int) -> date:
    first = date(year, 11, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    return thursday + timedelta(days=1)


def _lognormal(tables: Tables, as_of: date) -> Sample | None:
    """Hold the logarithms of purchases against the normal curve that fits them best."""
    amounts = purchases(tables["transactions"], as_of)["amount"]
    if len(amounts) < _FEW:
        return None
    logs = np.sort(np.log(amounts.to_numpy()))
    fitted = NormalDist(float(logs.mean()), float(logs.std()))
    # a thousand places of the curve stand for all: between two of them it hardly bends
    places = np.linspace(0, len(logs) - 1, 1000).astype(np.int64)
    running = (places + 0.5) / len(logs)
    curve = np.array([fitted.cdf(x) for x in logs[places].tolist()])
    return Fit(float(np.abs(running - curve).max()), len(logs))


SPENDING: Final[Needs] = {"transactions": ("date", "amount", "personal_finance_category_detailed")}
_BY_CARD: Final[Needs] = {
    "transactions": ("account_id", *SPENDING["transactions"]),
    "accounts": ("account_id", "type"),
}
_AMOUNTS: Final[Needs] = {"transactions": ("amount",)}

MEASURES: Final[Mapping[str, Measure]] = {
    "spending.payments_a_month": Measure({"users": (), **SPENDING}, _payments_a_month),
    "spending.paid_by_card": Measure(_BY_CARD, _paid_by_card),
    "spending.mean_payment": Measure(SPENDING, _mean_payment),
    "spending.groceries_fuel_and_shopping": Measure(SPENDING, _groceries_fuel_and_shopping),
    "spending.household_classes": Measure(SPENDING, _household_classes),
    "spending.a_year": Measure(SPENDING, _a_year),
    "spending.food_at_home": Measure(SPENDING, _food_at_home),
    "spending.first_digit": Measure(_AMOUNTS, _first_digit),
    "spending.first_two_digits": Measure(_AMOUNTS, _first_two_digits),
    "spending.busiest_day_is_saturday": Measure(SPENDING, _busiest_day_is_saturday),
    "spending.saturday_above_friday": Measure(SPENDING, _saturday_above_friday),
    "spending.quietest_days": Measure(SPENDING, _quietest_days),
    "spending.days_before_christmas": Measure(SPENDING, _days_before_christmas),
    "spending.lognormal": Measure(SPENDING, _lognormal),
}
