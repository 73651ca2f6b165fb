"""The bank's side of the ten thousand: accounts, their whole ledger in few bytes, balances."""

from functools import cache
from typing import Final

import polars as pl

from tests.identities_kit import FIRST_DAY, Told

PAY: Final = ("INCOME_WAGES", "INCOME_RETIREMENT_PENSION")
PAID_TO_CARD: Final = "Payment received, thank you"
MONTH: Final = pl.col("date").dt.month_start()
TEXT: Final = pl.col("name").cast(pl.String)
BEGINS: Final = pl.max_horizontal("opened_on", pl.lit(FIRST_DAY))
"""The first day that the ledger tells of an account."""


@cache
def accounts(told: Told) -> pl.DataFrame:
    return told.rows("accounts").with_columns(is_card=pl.col("type") == "credit")


@cache
def ledger(told: Told) -> pl.DataFrame:
    """All transactions in few bytes, with their account's owner, limit and first day."""
    held = accounts(told).select(
        pl.col("account_id", "subtype").cast(pl.Categorical),
        "is_card",
        "opened_on",
        account=pl.row_index(),
        owner=pl.col("user_id").rank("dense"),
    )
    words = pl.col("account_id", "merchant_name", "name").cast(pl.Categorical)
    moved = told.scan("transactions").select(
        words,
        "date",
        "amount",
        "pending",
        code=pl.col("personal_finance_category_detailed").cast(pl.Categorical),
        opening=pl.col("transaction_id").cast(pl.String).str.ends_with("-opening"),
    )
    return (
        moved.join(held.lazy(), on="account_id", how="left", maintain_order="left")
        .drop("account_id")
        .collect()
    )


@cache
def balances(told: Told) -> pl.DataFrame:
    """What each account holds, or owes if it is a card, at the end of each day that moves it."""
    sign = pl.when("is_card").then(1).otherwise(-1)
    daily = (
        ledger(told)
        .group_by("account", "date", maintain_order=True)
        .agg(
            (pl.col("amount") * sign).sum().alias("moved"),
            pl.col("owner", "subtype", "is_card").first(),
        )
    )
    return daily.with_columns(balance=pl.col("moved").cum_sum().over("account"))


def named(told: Told, *names: str) -> pl.DataFrame:
    return ledger(told).filter(pl.col("name").cast(pl.String).is_in(names))


def coded(told: Told, *codes: str) -> pl.DataFrame:
    return ledger(told).filter(pl.col("code").cast(pl.String).is_in(codes))


@cache
def owners(told: Told) -> pl.DataFrame:
    return accounts(told).select("user_id", owner=pl.col("user_id").rank("dense")).unique()
