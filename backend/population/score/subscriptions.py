"""Measures of subscriptions: merchants that charge about the same every month."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from backend.industries.banking.categories import category
from backend.population.score.categories import CODE, is_of
from backend.population.score.samples import Measure, Needs, Sample, Tables, mean_of

_CHARGES: Final = 3
_SHORTEST, _LONGEST = 26.0, 35.0  # days between two charges
_SAME: Final = 1.25  # the dearest charge, as so many times the cheapest
_PHONE_AND_NET: Final = ("RENT_AND_UTILITIES_INTERNET_AND_CABLE", "RENT_AND_UTILITIES_TELEPHONE")


def subscriptions(transactions: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return ``user_id``, ``amount`` (the mean charge) and category of every subscription.

    One is a merchant that charged at least three times, a month apart, about the same, and has
    done so up to now; what is metered or owed (rent, loans, insurance, care) is none.
    """
    codes = transactions[CODE].unique().to_list()
    takes = [code for code in codes if code and category(code).subscribable]
    charges = transactions.filter((pl.col("amount") > 0) & pl.col(CODE).is_in(takes))
    gap = (pl.col("date").max() - pl.col("date").min()).dt.total_days() / (pl.len() - 1)
    merchants = charges.group_by("user_id", "merchant_name").agg(
        pl.len().alias("count"), gap.alias("gap"), pl.col("date").max().alias("last"),
        pl.col("amount").mean(), pl.col("amount").max().alias("most"),
        pl.col("amount").min().alias("least"), pl.col(CODE).first(),
    )  # fmt: skip
    return merchants.filter(
        (pl.col("count") >= _CHARGES)
        & pl.col("gap").is_between(_SHORTEST, _LONGEST)
        & (pl.col("last") > as_of - timedelta(days=_LONGEST))
        & (pl.col("most") <= _SAME * pl.col("least"))
    )


def _spend(tables: Tables, as_of: date) -> Sample | None:
    return _monthly(tables, subscriptions(tables["transactions"], as_of))


def _digital_spend(tables: Tables, as_of: date) -> Sample | None:
    held = subscriptions(tables["transactions"], as_of)
    return _monthly(tables, held.filter(is_of("digital")))


def _monthly(tables: Tables, held: pl.DataFrame) -> Sample | None:
    paid = held.group_by("user_id").agg(pl.col("amount").sum())
    everybody = tables["users"].join(paid, on="user_id", how="left")["amount"].fill_null(0.0)
    return mean_of(everybody)


def _a_subscriber(tables: Tables, as_of: date) -> Sample | None:
    held = subscriptions(tables["transactions"], as_of)
    services = held.filter(~pl.col(CODE).is_in(_PHONE_AND_NET))
    return mean_of(services.group_by("user_id").len("count")["count"])


_NEEDS: Final[Needs] = {
    "users": (),
    "transactions": ("date", "amount", "merchant_name", CODE),
}

MEASURES: Final[Mapping[str, Measure]] = {
    "subscriptions.spend": Measure(_NEEDS, _spend),
    "subscriptions.digital_spend": Measure(_NEEDS, _digital_spend),
    "subscriptions.a_subscriber": Measure(_NEEDS, _a_subscriber),
}
